//! Finding records by hand: by every name they have, in one request, and nothing that nobody searched for.

use gmail_sync_host::egress::Purpose;
use gmail_sync_host::failure::{Failure, Reason};
use gmail_sync_host::methods::search;
use gmail_sync_host::protocol::{RecordType, Search, SearchParams};

use crate::bench::Bench;

const ALL: [RecordType; 4] = [RecordType::Contact, RecordType::Company, RecordType::Lead, RecordType::Deal];

impl Bench {
    async fn search(&self, text: &str, types: &[RecordType], skip: u32) -> Result<Search, Failure> {
        let client = self.client();
        let params = SearchParams { text: text.to_owned(), types: types.to_vec(), skip };
        search(&self.crm(&client), &params).await
    }

    /// What is found, as `contact:19 Piet Hoekstra`.
    async fn found(&self, text: &str, types: &[RecordType]) -> Vec<String> {
        let Search { found, notices, .. } = self.search(text, types, 0).await.unwrap();
        assert_eq!(notices, []);
        found.iter().map(|row| format!("{}:{} {}", name(row.kind), row.id, row.title)).collect()
    }
}

fn name(kind: RecordType) -> &'static str {
    match kind {
        RecordType::Contact => "contact",
        RecordType::Company => "company",
        RecordType::Lead => "lead",
        RecordType::Deal => "deal",
    }
}

#[tokio::test]
async fn records_are_found_by_any_of_their_names() {
    let bench = Bench::connected().await;
    assert_eq!(bench.found("hoekstra", &ALL).await, ["contact:19 Piet Hoekstra"]);
    for text in ["Piet Hoekstra", "hoekstra PIET", "pie hoek"] {
        assert_eq!(bench.found(text, &ALL).await, ["contact:19 Piet Hoekstra"], "{text}");
    }
    assert_eq!(bench.found("freiherr von weitenburg", &ALL).await.len(), 1);
    assert_eq!(bench.found("лебедева", &ALL).await, ["contact:8 Ирина Павловна Лебедева"]);
    assert_eq!(bench.found("小野", &ALL).await.len(), 1);
    let pilot = bench.found("pilot order", &[RecordType::Deal]).await;
    assert!(!pilot.is_empty() && pilot.iter().all(|row| row.starts_with("deal:")), "{pilot:?}");
    assert_eq!(bench.found("nobody of that name", &ALL).await, [""; 0]);
}

#[tokio::test]
async fn people_are_found_by_their_companys_name_after_the_company() {
    let bench = Bench::connected().await;
    let both = bench.found("helion", &[RecordType::Contact, RecordType::Company]).await;
    assert_eq!(both.first().map(String::as_str), Some("company:2 Helion Automation SAS"));
    assert!(both.contains(&"contact:2 Marie Rousseau".to_owned()), "{both:?}");
    let people = bench.found("helion", &[RecordType::Contact]).await;
    assert!(!people.is_empty() && people.iter().all(|row| row.starts_with("contact:")), "{people:?}");
    let Search { found, .. } = bench.search("marie rousseau", &[RecordType::Contact], 0).await.unwrap();
    assert_eq!(found[0].company, "Helion Automation SAS");
    assert!(found[0].responsible.is_some());
}

#[tokio::test]
async fn a_phone_number_is_known_in_other_spellings() {
    let bench = Bench::connected().await;
    for text in ["+48 22 555 01 40", "0048225550140", "(48) 22-5550140", "+48 22 5"] {
        let found = bench.found(text, &[RecordType::Contact, RecordType::Company]).await;
        assert_eq!(found, ["contact:13 Bożena Żółkiewska"], "{text}");
    }
    assert_eq!(
        bench.found("+49 8151 555 040", &ALL).await.first().map(String::as_str),
        Some("company:5 Obermeier GmbH & Co. KG")
    );
}

#[tokio::test]
async fn one_request_asks_for_everything_and_the_ledger_says_why() {
    let bench = Bench::connected().await;
    bench.found("hoekstra", &ALL).await;
    bench.calls();
    bench.found("dubois nobody", &ALL).await;
    assert_eq!(bench.calls(), 1);
    let last = bench.ledger().pop().unwrap();
    assert_eq!((last.purpose, last.addresses), (Purpose::Search, 0));
    // Whatever stands around it, an address that is typed is one that leaves.
    bench.found("dubois <Marie@helion.example>, marie@helion.example", &ALL).await;
    assert_eq!(bench.ledger().iter().map(|entry| entry.addresses).max(), Some(1));
    bench.calls();
    assert_eq!(
        bench
            .portal
            .log()
            .iter()
            .filter(|entry| entry.method.ends_with(".add") || entry.method.ends_with(".update"))
            .count(),
        0
    );
}

#[tokio::test]
async fn hostile_words_find_nothing_that_does_not_hold_them() {
    let bench = Bench::connected().await;
    for text in [
        "%a%b%",
        "__a_b__",
        "$result[q0][0][ID] x",
        "'; DROP TABLE b_crm_contact --",
        "<script>alert(1)</script>",
        "ann\u{202e}",
    ] {
        let Search { found, .. } = bench.search(text, &ALL, 0).await.unwrap();
        assert_eq!(found, [], "{text}");
    }
    // Of these the reference is gone, and the words are left.
    assert_eq!(bench.found("Piet$Hoekstra", &ALL).await.len(), 1);
    for entry in bench.portal.log() {
        assert!(!entry.params.to_string().contains("%24"), "{}", entry.params);
    }
    assert_eq!(bench.search("%", &ALL, 0).await.unwrap_err().reason(), Reason::SearchTooShort);
    assert_eq!(bench.search(&"x".repeat(101), &ALL, 0).await.unwrap_err().reason(), Reason::TextTooLong);
}

#[tokio::test]
async fn a_long_list_comes_in_pages_without_repeating_itself() {
    let bench = Bench::connected().await;
    let mut all = Vec::new();
    loop {
        let skip = u32::try_from(all.len()).unwrap();
        let Search { found, more, .. } = bench.search("example", &[RecordType::Lead], skip).await.unwrap();
        all.extend(found.into_iter().map(|row| row.id));
        if !more {
            break;
        }
        assert_eq!(all.len() % 20, 0);
    }
    let mut distinct = all.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), all.len());
}

#[tokio::test]
async fn a_portal_without_leads_is_not_asked_for_them() {
    let bench = Bench::new();
    bench.portal.switch(|switches| switches.crm_mode = demo::CrmMode::Simple);
    bench.found("request", &ALL).await;
    assert!(bench.portal.log().iter().all(|entry| !entry.params.to_string().contains("crm.lead.list")));
    assert_eq!(bench.found("request", &[RecordType::Lead]).await, [""; 0]);
}

#[tokio::test]
async fn what_may_not_be_read_is_not_shown_and_what_fails_is_said() {
    let bench = Bench::connected().await;
    // Nightjar's records are nobody's to read.
    assert_eq!(bench.found("nightjar", &ALL).await, [""; 0]);
    bench.portal.switch(|switches| switches.missing_methods.push("crm.deal.list".to_owned()));
    let Search { found, notices, .. } = bench.search("hoekstra", &ALL, 0).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(notices.iter().map(|notice| notice.reason.as_str()).collect::<Vec<_>>(), ["method_missing"]);
}
