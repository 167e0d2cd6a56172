//! What a lookup tells, and what it costs.

use std::time::Duration;

use demo::{Fault, FaultKind};
use gmail_sync_host::egress::Purpose;
use gmail_sync_host::methods::{LookupContext, lookup};
use gmail_sync_host::protocol::{LookupParams, Outcome, Person, Role};
use jiff::SignedDuration;
use serde_json::json;

use crate::bench::{Bench, LENA, NOW, params};

fn deal_ids(person: &Person) -> Vec<&str> {
    person.deals.iter().map(|deal| deal.id.as_str()).collect()
}

#[tokio::test]
async fn a_contact_with_company_deals_and_lead() {
    let bench = Bench::connected().await;
    let marie = bench.person("Marie.Rousseau@helion.example").await;
    assert_eq!(bench.calls(), 3);
    assert_eq!(
        (marie.email.as_str(), &marie.role, marie.hidden),
        ("marie.rousseau@helion.example", &Role::External, 0)
    );
    let [contact] = marie.contacts.as_slice() else { panic!("{:?}", marie.contacts) };
    assert_eq!((contact.name.as_str(), contact.position.as_str()), ("Marie Rousseau", "Head of Procurement"));
    assert_eq!(contact.emails, ["marie.rousseau@helion.example"]);
    assert_eq!(contact.phones.len(), 1);
    assert_eq!(contact.company.as_ref().unwrap().title, "Helion Automation SAS");
    assert_eq!(contact.responsible.as_ref().unwrap().name, "Ann Keller");
    assert_eq!(contact.url, format!("{}/crm/contact/details/2/", bench.portal.base_url()));
    // Won and lost deals are left out, the newest comes first.
    assert_eq!((deal_ids(&marie), marie.deals_total), (vec!["3", "2"], 2));
    let [service, pilot] = marie.deals.as_slice() else { panic!() };
    assert_eq!((service.pipeline_id.as_str(), service.stage.id.as_str(), service.step), ("9", "C9:UC_NEGOTI", 2));
    assert_eq!(
        (pilot.pipeline_id.as_str(), pilot.stage.outcome, pilot.amount.as_ref().unwrap().currency.as_str()),
        ("0", Outcome::Open, "EUR")
    );
    assert!(pilot.step > 0 && pilot.steps >= pilot.step && pilot.stage.color.is_some());
    let [lead] = marie.leads.as_slice() else { panic!() };
    assert_eq!((lead.id.as_str(), lead.status.outcome), ("4", Outcome::Won));
}

#[tokio::test]
async fn asking_again_costs_nothing_until_the_answer_is_old() {
    let bench = Bench::connected().await;
    let first = bench.lookup(&["marie.rousseau@helion.example", "nobody@nowhere.example"]).await;
    bench.calls();
    bench.pass(SignedDuration::from_mins(9));
    // In another order, and written otherwise.
    let again = bench.lookup(&["Nobody@nowhere.example", "marie.rousseau@helion.example"]).await;
    assert_eq!(bench.calls(), 0);
    assert_eq!(again.people.iter().rev().collect::<Vec<_>>(), first.people.iter().collect::<Vec<_>>());
    assert_eq!(again.as_of, first.as_of);
    assert_eq!(first.as_of, u64::try_from(NOW.parse::<jiff::Timestamp>().unwrap().as_millisecond()).unwrap());
    bench.pass(SignedDuration::from_mins(1));
    // Company and responsible people are still known.
    let later = bench.lookup(&["marie.rousseau@helion.example"]).await;
    assert_eq!((bench.calls(), later.as_of - first.as_of), (2, 600_000));
}

#[tokio::test]
async fn fresh_asks_again() {
    let bench = Bench::connected().await;
    bench.lookup(&["nobody@nowhere.example"]).await;
    bench.pass(SignedDuration::from_secs(1));
    bench.calls();
    let mut params = params(&["nobody@nowhere.example"]);
    params.fresh = true;
    bench.try_lookup(&params).await.0.unwrap();
    assert_eq!(bench.calls(), 1);
}

#[tokio::test]
async fn nobody_is_one_call() {
    let bench = Bench::connected().await;
    let person = bench.person("nobody@nowhere.example").await;
    assert_eq!(bench.calls(), 1);
    assert_eq!((person.role, person.contacts.len(), person.deals_total), (Role::External, 0, 0));
}

#[tokio::test]
async fn the_team_is_told_apart() {
    let mut bench = Bench::connected().await;
    bench.team_domain("stadtgarage-lindenhof.example");
    let addresses = [
        "lena@brightline.example",
        "ann@brightline.example",
        "henrik@brightline.example",
        "sofia@studio-marchetti.example",
        "dirk@aalbers-logistiek.example",
        "vera@agentur-lindqvist.example",
        "gerd@stadtgarage-lindenhof.example",
        "stranger@brightline.example",
    ];
    let lookup = bench.lookup(&addresses).await;
    let [lena, ann, henrik, sofia, dirk, vera, gerd, stranger] = lookup.people.as_slice() else { panic!() };
    assert_eq!(lena.role, Role::Me);
    let Role::Colleague { user: Some(user), position } = &ann.role else { panic!("{:?}", ann.role) };
    assert_eq!((user.id.as_str(), user.name.as_str(), position.as_str()), ("8", "Ann Keller", "Key account manager"));
    let Role::FormerColleague { user } = &henrik.role else { panic!("{:?}", henrik.role) };
    assert_eq!(user.name, "Henrik Lund");
    // He is an old lead, too.
    assert_eq!(henrik.leads.len(), 1);
    // Lena shares no group with Dirk, so the portal doesn't show her that he is its user.
    let Role::Extranet { user, dismissed: false } = &sofia.role else { panic!("{:?}", sofia.role) };
    assert_eq!(user.name, "Sofia Marchetti");
    assert_eq!(dirk.role, Role::External);
    let Role::Extranet { user, dismissed: true } = &vera.role else { panic!("{:?}", vera.role) };
    assert_eq!(user.name, "Vera Lindqvist");
    assert_eq!(gerd.role, Role::Colleague { user: None, position: String::new() });
    assert_eq!(stranger.role, Role::External);
}

#[tokio::test]
async fn the_portals_user_of_this_connection_is_the_person_whatever_their_mailbox() {
    let mut bench = Bench::connected().await;
    bench.own("lena.private@gmail.example");
    let lookup =
        bench.lookup(&["lena.private@gmail.example", "lena@brightline.example", "ann@brightline.example"]).await;
    let [own, work, ann] = lookup.people.as_slice() else { panic!() };
    assert_eq!((&own.role, &work.role), (&Role::Me, &Role::Me));
    assert!(matches!(ann.role, Role::Colleague { .. }));
}

#[tokio::test]
async fn a_stage_nobody_knew_is_asked_about_at_once_and_a_hidden_one_once() {
    const MARIE: &str = "marie.rousseau@helion.example";
    let bench = Bench::connected().await;
    let stages = |person: &Person| person.deals.iter().map(|deal| deal.stage.name.clone()).collect::<Vec<_>>();
    bench.person(MARIE).await;
    bench.portal.add_pipeline(12, "Rentals", &[("C12:NEW", "Asked for")]);
    bench.add_deal(&json!({ "TITLE": "For May", "CATEGORY_ID": 12, "STAGE_ID": "C12:NEW", "CONTACT_ID": 2 })).await;
    bench.pass(SignedDuration::from_mins(1));
    let fresh = LookupParams { fresh: true, ..params(&[MARIE]) };
    let known = bench.try_lookup(&fresh).await.0.unwrap();
    assert!(stages(&known.people[0]).contains(&"Asked for".to_owned()), "{:?}", known.people[0].deals);
    assert!(known.people[0].deals.iter().any(|deal| deal.pipeline == "Rentals"));

    // A stage that no list tells of: after one try it is left alone.
    bench.portal.add_pipeline(13, "Board", &[("C13:NEW", "Begun")]);
    bench.add_deal(&json!({ "TITLE": "For June", "CATEGORY_ID": 13, "STAGE_ID": "C13:NEW", "CONTACT_ID": 2 })).await;
    bench.portal.hide_pipeline(13);
    let mut lists = Vec::new();
    for _ in 0..3 {
        bench.pass(SignedDuration::from_mins(1));
        bench.calls();
        bench.try_lookup(&fresh).await.0.unwrap();
        let asked = bench.requests().iter().any(|request| request.batched.iter().any(|name| name == "crm.status.list"));
        lists.push(asked);
    }
    assert_eq!(lists, [true, false, false]);
}

#[tokio::test]
async fn a_changed_team_counts_for_people_already_known() {
    let mut bench = Bench::connected().await;
    let addresses = ["gerd@stadtgarage-lindenhof.example", "ann@brightline.example"];
    let before = bench.lookup(&addresses).await;
    bench.calls();
    bench.team_domain("stadtgarage-lindenhof.example");
    let after = bench.lookup(&addresses).await;
    assert_eq!(bench.calls(), 0);
    assert_eq!(before.people[0].role, Role::External);
    assert_eq!(after.people[0].role, Role::Colleague { user: None, position: String::new() });
    assert_eq!((&after.people[0].contacts, &after.people[1]), (&before.people[0].contacts, &before.people[1]));
}

#[tokio::test]
async fn own_addresses_are_never_sent() {
    let bench = Bench::connected().await;
    let person = bench.person("LENA@brightline.example").await;
    assert_eq!((bench.calls(), person.role), (0, Role::Me));
}

#[tokio::test]
async fn an_address_of_contact_company_and_lead_shows_all_three() {
    let bench = Bench::connected().await;
    let person = bench.person("info@obermeier.example").await;
    assert!(bench.calls() <= 3);
    assert_eq!((person.contacts.len(), person.companies.len(), person.leads.len()), (1, 1, 1));
    assert_eq!(person.contacts[0].name, "Katharina Obermeier-Szczepańska");
    // One deal through the contact, one through the company alone.
    assert_eq!(deal_ids(&person), ["47", "46"]);
}

#[tokio::test]
async fn a_deal_belongs_to_all_its_contacts() {
    let bench = Bench::connected().await;
    assert_eq!(deal_ids(&bench.person("sam@two-hats.example").await), ["55", "46"]);
}

#[tokio::test]
async fn records_nobody_may_read_are_counted() {
    let bench = Bench::connected().await;
    let nadia = bench.person("nadia@nightjar.example").await;
    assert_eq!((nadia.contacts.len(), nadia.leads.len(), nadia.hidden), (0, 0, 2));
    assert_eq!(nadia.deals_total, 0);
}

#[tokio::test]
async fn addresses_arrive_as_they_are_written() {
    let bench = Bench::connected().await;
    for (address, name) in [
        ("noor+brightline@meerwind.example", "Noor van der Meer"),
        ("uwe.uenal@gross-klein.example", "Uwe Ünal"),
        ("i.lebedeva@severny-most.example", "Ирина"),
        ("ingrid.privat@posten.example", "Ingrid Solberg"),
    ] {
        let person = bench.person(address).await;
        assert!(person.contacts.iter().any(|contact| contact.name.contains(name)), "{address}: {:?}", person.contacts);
    }
    assert!(bench.person("noorbrightline@meerwind.example").await.contacts.is_empty());
    assert!(bench.person("noor brightline@meerwind.example".replace(' ', "").as_str()).await.contacts.is_empty());
}

#[tokio::test]
async fn twenty_leads_hide_no_contact() {
    let bench = Bench::connected().await;
    bench.person("marie.rousseau@helion.example").await;
    bench.calls();
    let mut lookup = bench.lookup(&["reception@many-requests.example"]).await;
    // One call more than usual.
    assert_eq!(bench.calls(), 4);
    let rosa = lookup.people.remove(0);
    assert_eq!((rosa.contacts.len(), rosa.leads.len()), (1, 20));
    assert_eq!(rosa.contacts[0].name, "Rosa Reception");
    assert_eq!(rosa.problems.len(), 1);
    assert_eq!(rosa.problems[0].reason, "too_many_matches");
    assert!(rosa.leads.last().unwrap().status.outcome == Outcome::Lost);
}

#[tokio::test]
async fn many_deals_are_all_counted() {
    let bench = Bench::connected().await;
    let person = bench.person("compras@azul-pescados.example").await;
    assert_eq!((person.deals.len(), person.deals_total), (40, 40));
}

#[tokio::test]
async fn deals_that_did_not_fit_are_asked_for_again_by_person() {
    let bench = Bench::connected().await;
    let full = r#"{"result":{"result":{"q0":[{"ID":"2","NAME":"Marie","ASSIGNED_BY_ID":"8"}],"q1":[],"q2":{"items":[{"id":2,"contactIds":[2],"stageId":"EXECUTING"}]}},"result_error":[],"result_total":{"q2":73}}}"#;
    let answer = FaultKind::Answer { status: 200, content_type: "application/json".into(), body: full.into() };
    let asked = params(&["nobody@nowhere.example", "marie.rousseau@helion.example"]);
    let lookup = bench.watch(&asked, |_| bench.portal.fault(Fault::next(answer.clone(), 1))).await.unwrap();
    assert_eq!(deal_ids(&lookup.people[1]), ["3", "2"]);
    let batches: Vec<Vec<String>> = bench.requests().into_iter().map(|request| request.batched).collect();
    // Search, records, deals again, names.
    assert_eq!((batches.len(), batches[2].as_slice()), (4, ["crm.item.list".to_owned()].as_slice()));
}

#[tokio::test]
async fn forty_nine_people_are_three_calls() {
    let bench = Bench::connected().await;
    let contacts = [
        "gerd@stadtgarage-lindenhof.example",
        "marie.rousseau@helion.example",
        "info@obermeier.example",
        "hello@tandem-duo.example",
        "bozena.zolkiewska@zelazny.example",
        "sakura.onodera@hikari-keisoku.example",
        "otto@passant.example",
        "ann@brightline.example",
    ];
    let strangers: Vec<String> = (0..41).map(|n| format!("stranger{n}@nowhere.example")).collect();
    let all: Vec<&str> = contacts.into_iter().chain(strangers.iter().map(String::as_str)).collect();
    let lookup = bench.lookup(&all).await;
    assert_eq!((lookup.people.len(), bench.calls()), (49, 3));
    assert!(
        lookup.people[..7].iter().all(|person| person.contacts.len() + person.companies.len() + person.leads.len() > 0)
    );
    let again = bench.lookup(&all).await;
    assert_eq!((again, bench.calls()), (lookup, 0));
}

#[tokio::test]
async fn two_hundred_people_come_in_parts() {
    let bench = Bench::connected().await;
    let mut all: Vec<String> = (0..230).map(|n| format!("stranger{n}@nowhere.example")).collect();
    all[3] = "marie.rousseau@helion.example".to_owned();
    all[150] = "sakura.onodera@hikari-keisoku.example".to_owned();
    let addresses: Vec<&str> = all.iter().map(String::as_str).collect();
    let (result, parts) = bench.try_lookup(&params(&addresses)).await;
    let lookup = result.unwrap();
    // Five searches; records and names for the first 49 and for the rest.
    assert!(bench.calls() <= 9);
    assert_eq!(lookup.people.len(), 200);
    assert_eq!(lookup.notices.iter().map(|notice| notice.reason.as_str()).collect::<Vec<_>>(), ["too_many_people"]);
    assert_eq!((lookup.people[3].contacts.len(), lookup.people[150].contacts.len()), (1, 1));
    let sizes: Vec<usize> = parts.iter().map(|part| part.people.len()).collect();
    assert_eq!(sizes.first(), Some(&48));
    assert!(sizes.len() >= 5 && sizes.is_sorted());
    // What was in a part stays as it was.
    for person in &parts[0].people {
        assert!(lookup.people.contains(person));
    }
    // The first people are whole before anybody else is asked about.
    assert!(parts[1].people.iter().any(|person| person.contacts.len() == 1));
}

#[tokio::test]
async fn two_tabs_with_one_thread_cost_one_lookup() {
    let bench = Bench::connected().await;
    let params = params(&["marie.rousseau@helion.example", "info@obermeier.example"]);
    let (one, two) = tokio::join!(bench.try_lookup(&params), bench.try_lookup(&params));
    assert_eq!(one.0.unwrap(), two.0.unwrap());
    assert_eq!(bench.calls(), 3);
}

#[tokio::test]
async fn a_small_thread_does_not_wait_for_the_end_of_a_large_one() {
    let bench = Bench::connected().await;
    let all: Vec<String> = (0..200).map(|n| format!("stranger{n}@nowhere.example")).collect();
    let addresses: Vec<&str> = all.iter().map(String::as_str).collect();
    let (large, small) = (params(&addresses), params(&["otto@passant.example"]));
    let small_done = std::cell::Cell::new(0);
    let large = async {
        let (result, _) = bench.try_lookup(&large).await;
        (result.unwrap().people.len(), small_done.get())
    };
    let small = async {
        assert_eq!(bench.try_lookup(&small).await.0.unwrap().people[0].leads.len(), 1);
        small_done.set(bench.portal.stats().http_calls);
    };
    let (large, ()) = tokio::join!(large, small);
    // Reference data, the first 49, then Otto's search, record and responsible person.
    assert_eq!(large, (200, 5));
}

#[tokio::test]
async fn a_mailbox_that_is_off_asks_nobody() {
    let bench = Bench::connected().await;
    let client = bench.client();
    let off = gmail_sync_host::failure::Failure::new(gmail_sync_host::failure::Reason::Cancelled);
    let context = LookupContext {
        crm: bench.crm(&client),
        user: LENA,
        own_addresses: &[],
        team_domains: &[],
        may_look_up: &|mailbox| if mailbox == Some("on@x.example") { Ok(()) } else { Err(off.clone()) },
    };
    let result = lookup(&context, &params(&["nobody@nowhere.example"]), |_| panic!("no part")).await;
    assert_eq!((result, bench.calls()), (Err(off.clone()), 0));
}

#[tokio::test]
async fn addresses_a_portal_would_misread_are_not_sent() {
    let bench = Bench::connected().await;
    let lookup = bench.lookup(&["$result@evil.example", "not an address", "nobody@nowhere.example"]).await;
    assert_eq!(lookup.people.len(), 1);
    assert_eq!(lookup.notices[0].reason, "not_an_address");
    assert_eq!(lookup.notices[0].args["count"], "2");
    assert!(!bench.requests().iter().any(|request| request.params.to_string().contains("evil")));
}

#[tokio::test]
async fn the_ledger_says_what_left() {
    let bench = Bench::connected().await;
    bench.lookup(&["marie.rousseau@helion.example", "nobody@nowhere.example"]).await;
    let ledger = bench.ledger();
    let purposes: Vec<Purpose> = ledger.iter().map(|entry| entry.purpose).collect();
    assert_eq!(purposes, [Purpose::Reference, Purpose::Lookup, Purpose::Lookup, Purpose::Lookup]);
    let search = &ledger[1];
    assert_eq!((search.addresses, search.methods["crm.duplicate.findbycomm"], search.methods["user.get"]), (2, 2, 1));
    assert_eq!((ledger[2].addresses, ledger[2].outcome.as_str()), (0, "200"));
    let sent: u64 = ledger.iter().map(|entry| entry.sent).sum();
    let received: u64 = ledger.iter().map(|entry| entry.received).sum();
    let stats = bench.portal.stats();
    assert_eq!((usize::try_from(sent).unwrap(), usize::try_from(received).unwrap()), (stats.bytes_in, stats.bytes_out));
    let text = serde_json::to_string(&ledger).unwrap();
    for word in ["marie", "helion", "Rousseau", "/rest/"] {
        assert!(!text.contains(word), "{word}");
    }
}

#[tokio::test]
async fn sec_42_two_hundred_threads_are_opened_and_nothing_is_written() {
    let bench = Bench::connected().await;
    for thread in 0..200 {
        let addresses = ["marie.rousseau@helion.example".to_owned(), format!("person-{thread}@nowhere.example")];
        bench.lookup(&addresses.each_ref().map(String::as_str)).await;
        // The portal would ask a person who is that fast to wait.
        bench.portal.advance(Duration::from_secs(2));
    }
    let reads = |method: &str| {
        matches!(method, "batch" | "crm.duplicate.findbycomm" | "profile" | "scope" | "server.time")
            || [".get", ".list", ".fields", ".current"].iter().any(|end| method.ends_with(end))
    };
    let log = bench.portal.log();
    let called = log.iter().flat_map(|entry| std::iter::once(&entry.method).chain(&entry.batched));
    let others: Vec<_> = called.filter(|method| !reads(method)).collect();
    assert!(log.len() > 200 && others.is_empty(), "{others:?}");
}
