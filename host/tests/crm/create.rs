//! Making a record, and adding an address to one: never two of them, and nothing that nobody asked for.

use demo::{Fault, FaultKind};
use gmail_sync_host::failure::{Failure, Reason};
use gmail_sync_host::methods::{add_address, create, record_form};
use gmail_sync_host::protocol::{
    AddAddressParams, Change, CreateParams, Creation, NewCompany, NewContact, NewDeal, NewLead, NewRecord,
    RecordFormParams, RecordRef, RecordType, Same,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::bench::{Bench, LENA, NOW};

const PRIYA: &str = "priya@corvus-logistics.example";

fn priya() -> NewContact {
    NewContact {
        first_name: "Priya".to_owned(),
        last_name: "Menon".to_owned(),
        more: [("uf-crm-1731400000001".to_owned(), "43".to_owned())].into(),
        ..NewContact::default()
    }
}

fn params(contact: NewContact) -> CreateParams {
    CreateParams {
        mailbox: Some("lena@brightline.example".to_owned()),
        email: PRIYA.to_owned(),
        key: "0f6c2a54-7d0e-4a52-9a6e-1f7f5d0a9b11".to_owned(),
        record: Box::new(NewRecord::Contact(contact)),
        responsible: None,
        despite: Vec::new(),
        unconfirmed: None,
    }
}

fn contact(id: &str) -> RecordRef {
    RecordRef { kind: RecordType::Contact, id: id.to_owned() }
}

impl Bench {
    async fn create(&self, params: &CreateParams) -> Result<Creation, Failure> {
        let client = self.client();
        create(&self.about_people(&client), params).await
    }

    async fn add_address(&self, email: &str, record: RecordRef) -> Result<Change, Failure> {
        let client = self.client();
        let params = AddAddressParams { mailbox: None, email: email.to_owned(), record };
        add_address(&self.about_people(&client), &params).await
    }

    /// The contacts that have an address.
    fn contacts_with(&self, email: &str) -> Vec<Value> {
        let has = |row: &Value| row["EMAIL"].as_array().is_some_and(|all| all.iter().any(|one| one["VALUE"] == email));
        self.portal.rows("contact").into_iter().filter(has).collect()
    }

    fn writes(&self) -> usize {
        let is_write = |method: &str| method.ends_with(".add") || method.ends_with(".update");
        self.portal.log().iter().filter(|entry| is_write(&entry.method)).count()
    }
}

fn made(creation: Creation) -> (RecordRef, Vec<String>) {
    match creation {
        Creation::Created { record, person, notices, .. } => {
            let person = person.expect("looked up anew");
            assert_eq!(person.contacts.first().map(|contact| contact.id.as_str()), Some(record.id.as_str()));
            (record, notices.into_iter().map(|notice| notice.reason).collect())
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_form_asks_what_the_portal_asks() {
    let bench = Bench::connected().await;
    let client = bench.client();
    let (email, name) = (PRIYA.to_owned(), "Menon, Priya".to_owned());
    let params = RecordFormParams { kind: RecordType::Contact, email, name, fresh: false };
    let form = record_form(&bench.crm(&client), &params).await.unwrap();
    assert_eq!(form.fields.iter().map(|field| field.label.as_str()).collect::<Vec<_>>(), ["Sales region"]);
    assert_eq!((form.filled.first_name.as_str(), form.filled.company.as_str()), ("Priya", "Corvus Logistics"));
    assert_eq!(bench.calls(), 1);
    assert!(bench.portal.log().iter().all(|entry| !entry.params.to_string().to_lowercase().contains("priya")));
    record_form(&bench.crm(&client), &params).await.unwrap();
    assert_eq!(bench.calls(), 0);
    bench.pass(SignedDuration::from_hours(12));
    record_form(&bench.crm(&client), &params).await.unwrap();
    assert_eq!(bench.calls(), 1);
}

#[tokio::test]
async fn a_contact_is_made_as_typed_and_known_at_once() {
    let bench = Bench::connected().await;
    // Known as unknown: what was remembered of her must not outlive the contact.
    assert!(bench.person(PRIYA).await.contacts.is_empty());
    let typed = NewContact { position: "Dispatch".to_owned(), phone: "+31 10 555 0142".to_owned(), ..priya() };
    let (record, notices) = made(bench.create(&params(typed)).await.unwrap());
    assert_eq!(notices, [""; 0]);
    let [row] = bench.contacts_with(PRIYA).try_into().unwrap();
    for (name, value) in [
        ("ID", json!(record.id.parse::<u64>().unwrap())),
        ("NAME", json!("Priya")),
        ("LAST_NAME", json!("Menon")),
        ("POST", json!("Dispatch")),
        ("ASSIGNED_BY_ID", json!(LENA)),
        ("SOURCE_ID", json!("EMAIL")),
        ("UF_CRM_1731400000001", json!(43)),
        ("ORIGINATOR_ID", json!("gmail-sync")),
    ] {
        assert_eq!(row[name], value, "{name}");
    }
    assert_eq!(
        (row["EMAIL"][0]["VALUE_TYPE"].as_str(), row["PHONE"][0]["VALUE"].as_str()),
        (Some("WORK"), Some("+31 10 555 0142"))
    );
    assert_eq!(bench.person(PRIYA).await.contacts.len(), 1);
    assert_eq!(bench.writes(), 1);
}

#[tokio::test]
async fn no_text_of_a_persons_is_ever_in_a_batch() {
    let bench = Bench::connected().await;
    let typed = NewContact {
        first_name: "$result[key]".to_owned(),
        last_name: "$error".to_owned(),
        company: "$result[email] <b>".to_owned(),
        phone: "$result 123456".to_owned(),
        ..priya()
    };
    made(bench.create(&params(typed)).await.unwrap());
    let [row] = bench.contacts_with(PRIYA).try_into().unwrap();
    assert_eq!((row["NAME"].as_str(), row["LAST_NAME"].as_str()), (Some("$result[key]"), Some("$error")));
    for entry in bench.portal.log().iter().filter(|entry| entry.method == "batch") {
        assert!(!entry.params.to_string().contains("%24result"), "{}", entry.params);
    }
}

#[tokio::test]
async fn the_company_of_that_name_is_tied_and_no_other() {
    let bench = Bench::connected().await;
    let typed = NewContact { company: "helion automation sas".to_owned(), ..priya() };
    let (_, notices) = made(bench.create(&params(typed)).await.unwrap());
    assert_eq!(notices, [""; 0]);
    assert_eq!(bench.contacts_with(PRIYA)[0]["COMPANY_ID"], json!(2));

    let bench = Bench::connected().await;
    let typed = NewContact { company: "Helion".to_owned(), ..priya() };
    let (_, notices) = made(bench.create(&params(typed)).await.unwrap());
    assert_eq!(notices, ["company_not_tied"]);
    assert!(bench.contacts_with(PRIYA)[0]["COMPANY_ID"].is_null());
}

#[tokio::test]
async fn whoever_may_be_the_same_is_offered_first() {
    let bench = Bench::connected().await;
    let typed = || NewContact { first_name: "marie".to_owned(), last_name: "ROUSSEAU".to_owned(), ..priya() };
    let Creation::Duplicates { found } = bench.create(&params(typed())).await.unwrap() else { panic!() };
    let [same] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((same.record.title.as_str(), same.same), ("Marie Rousseau", Same::Name));
    assert_eq!(same.record.company, "Helion Automation SAS");
    assert_eq!(same.record.responsible.as_ref().map(|user| user.name.as_str()), Some("Ann Keller"));
    assert_eq!(bench.writes(), 0);

    // Seen, and somebody else: now there are two of that name.
    let mut again = params(typed());
    again.despite.push(contact(&same.record.id));
    made(bench.create(&again).await.unwrap());
    assert_eq!(bench.writes(), 1);
}

#[tokio::test]
async fn an_address_or_number_that_somebody_has_is_a_duplicate_even_if_hidden() {
    let bench = Bench::connected().await;
    let mut by_email = params(priya());
    by_email.email = "nadia@nightjar.example".to_owned();
    let Creation::Duplicates { found } = bench.create(&by_email).await.unwrap() else { panic!() };
    // Lena may not read her.
    assert_eq!((found[0].record.id.as_str(), found[0].record.title.as_str(), found[0].same), ("15", "", Same::Email));

    let by_phone = params(NewContact { phone: "(+41) 44 555-77-01".to_owned(), ..priya() });
    let Creation::Duplicates { found } = bench.create(&by_phone).await.unwrap() else { panic!() };
    assert_eq!((found[0].record.title.as_str(), found[0].same), ("Silvan Noaddress", Same::Phone));
}

#[tokio::test]
async fn a_portal_that_quotes_what_opens_it_is_not_quoted() {
    let bench = Bench::connected().await;
    let address = bench.portal.webhook_url();
    let secret = address.trim_end_matches('/').rsplit('/').next().unwrap();
    for (error, description) in [
        ("ERROR_CORE", format!("POST /rest/7/{secret}/crm.contact.add")),
        ("", secret.to_uppercase()),
        (secret, String::new()),
    ] {
        let (content_type, body) = ("application/json", json!({"error": error, "error_description": description}));
        let answer = FaultKind::Answer { status: 400, content_type: content_type.to_owned(), body: body.to_string() };
        bench.portal.fault(Fault::on("crm.contact.add", answer, 1));
        let told = format!("{:?}", bench.create(&params(priya())).await).to_lowercase();
        assert!(!told.contains(secret), "{told}");
    }
    assert!(bench.contacts_with(PRIYA).is_empty());
}

#[tokio::test]
async fn the_portals_words_come_back_and_the_next_try_works() {
    let bench = Bench::connected().await;
    bench.portal.switch(|switches| switches.require_custom_fields = true);
    let incomplete = NewContact { more: [].into(), ..priya() };
    let Creation::Refused { words } = bench.create(&params(incomplete)).await.unwrap() else { panic!() };
    assert_eq!(words, "The field \"Sales region\" is required.");
    assert!(bench.contacts_with(PRIYA).is_empty());
    made(bench.create(&params(priya())).await.unwrap());
    assert_eq!(bench.contacts_with(PRIYA).len(), 1);
}

#[tokio::test]
async fn a_lost_confirmation_is_looked_up_and_not_repeated() {
    for fault in [FaultKind::TruncatedBody, FaultKind::LostAnswer] {
        let bench = Bench::connected().await;
        bench.portal.fault(Fault::on("crm.contact.add", fault, 1));
        made(bench.create(&params(priya())).await.unwrap());
        // Pressed once more, since the sidebar was closed and opened again.
        made(bench.create(&params(priya())).await.unwrap());
        assert_eq!((bench.contacts_with(PRIYA).len(), bench.writes()), (1, 1));
    }
}

#[tokio::test]
async fn what_may_still_come_is_waited_for() {
    let bench = Bench::connected().await;
    // It wasn't carried out, which nobody can know.
    bench.portal.fault(Fault::on("crm.contact.add", FaultKind::BadGateway, 1));
    let failure = bench.create(&params(priya())).await.unwrap_err();
    assert_eq!((failure.reason(), failure.arg("seconds")), (Reason::CreateUnconfirmed, Some("60")));
    let mut again = params(priya());
    let sent_at = NOW.parse::<Timestamp>().unwrap().as_millisecond();
    again.unconfirmed = Some(u64::try_from(sent_at).unwrap());
    bench.pass(SignedDuration::from_secs(40));
    let failure = bench.create(&again).await.unwrap_err();
    assert_eq!((failure.reason(), failure.arg("seconds")), (Reason::CreateUnconfirmed, Some("20")));
    assert_eq!(bench.writes(), 1);
    bench.pass(SignedDuration::from_secs(20));
    made(bench.create(&again).await.unwrap());
    assert_eq!((bench.contacts_with(PRIYA).len(), bench.writes()), (1, 2));
}

#[tokio::test]
async fn a_portal_that_is_busy_is_asked_again_and_makes_one() {
    let bench = Bench::connected().await;
    bench.portal.fault(Fault::on("crm.contact.add", FaultKind::QueryLimitExceeded, 2));
    made(bench.create(&params(priya())).await.unwrap());
    assert_eq!(bench.contacts_with(PRIYA).len(), 1);
}

#[tokio::test]
async fn two_windows_at_once_make_one() {
    let bench = Bench::connected().await;
    let other = CreateParams { key: "another-window-0123".to_owned(), ..params(priya()) };
    let mine = params(priya());
    let (one, two) = tokio::join!(bench.create(&mine), bench.create(&other));
    let outcomes = [one.unwrap(), two.unwrap()];
    let found = outcomes.iter().find_map(|outcome| match outcome {
        Creation::Duplicates { found } => Some(found),
        Creation::Created { .. } | Creation::Refused { .. } => None,
    });
    assert_eq!(found.map(|found| (found.len(), found[0].same)), Some((1, Same::Email)));
    assert!(outcomes.iter().any(|outcome| matches!(outcome, Creation::Created { .. })));
    assert_eq!(bench.contacts_with(PRIYA).len(), 1);
}

#[tokio::test]
async fn who_may_not_create_is_told_so() {
    let bench = Bench::connected().await;
    bench.portal.switch(|switches| switches.cannot_create = vec!["contact".to_owned()]);
    let failure = bench.create(&params(priya())).await.unwrap_err();
    assert_eq!(failure.reason(), Reason::AccessDenied);
    assert!(bench.contacts_with(PRIYA).is_empty());
}

#[tokio::test]
async fn wrong_values_send_nothing() {
    let bench = Bench::connected().await;
    let wrong = NewContact { more: [("uf-crm-1731400000001".to_owned(), "99".to_owned())].into(), ..priya() };
    assert_eq!(bench.create(&params(wrong)).await.unwrap_err().reason(), Reason::FormChanged);
    assert_eq!(bench.writes(), 0);
    assert!(bench.portal.log().iter().all(|entry| !entry.batched.iter().any(|name| name.contains("duplicate"))));
}

#[tokio::test]
async fn an_address_is_added_once_and_nothing_else_changes() {
    let bench = Bench::connected().await;
    let row = |bench: &Bench| bench.portal.rows("contact").into_iter().find(|row| row["ID"] == 2).unwrap();
    let before = row(&bench);
    for _ in 0..2 {
        let Change::Done { person } = bench.add_address("M.Rousseau@private.example", contact("2")).await.unwrap()
        else {
            panic!()
        };
        assert_eq!(person.unwrap().contacts[0].name, "Marie Rousseau");
    }
    let after = row(&bench);
    let changed: Vec<_> =
        after.as_object().unwrap().iter().filter(|(name, value)| before[name.as_str()] != **value).collect();
    let names: Vec<_> = changed.iter().map(|(name, _)| name.as_str()).filter(|name| !name.contains("MODIFY")).collect();
    assert_eq!(names, ["EMAIL"]);
    let emails: Vec<_> =
        after["EMAIL"].as_array().unwrap().iter().map(|email| email["VALUE"].as_str().unwrap()).collect();
    assert_eq!(emails, ["marie.rousseau@helion.example", "m.rousseau@private.example"]);
    assert_eq!(bench.writes(), 1);
}

#[tokio::test]
async fn an_address_whose_confirmation_got_lost_is_not_added_twice() {
    let bench = Bench::connected().await;
    bench.portal.fault(Fault::on("crm.contact.update", FaultKind::TruncatedBody, 1));
    assert_eq!(bench.add_address(PRIYA, contact("2")).await.unwrap_err().reason(), Reason::AnswerBroken);
    bench.add_address(PRIYA, contact("2")).await.unwrap();
    assert_eq!(bench.writes(), 1);
    assert_eq!(bench.contacts_with(PRIYA).len(), 1);
}

#[tokio::test]
async fn a_record_that_is_gone_or_not_ours_to_change_is_told() {
    let bench = Bench::connected().await;
    let Change::Refused { words } = bench.add_address(PRIYA, contact("9999")).await.unwrap() else { panic!() };
    assert_eq!(words, "Not found");
    // Lena may read him only.
    assert_eq!(bench.add_address(PRIYA, contact("16")).await.unwrap_err().reason(), Reason::AccessDenied);
    assert_eq!(bench.add_address("no address", contact("2")).await.unwrap_err().reason(), Reason::AddressInvalid);
}

#[tokio::test]
async fn the_ledger_tells_of_both() {
    let bench = Bench::connected().await;
    made(bench.create(&params(priya())).await.unwrap());
    bench.add_address(PRIYA, contact("2")).await.unwrap();
    let lines: Vec<_> = bench.ledger().iter().map(|entry| serde_json::to_string(entry).unwrap()).collect();
    assert!(lines.iter().any(|line| line.contains(r#""purpose":"create""#) && line.contains("crm.contact.add")));
    assert!(lines.iter().any(|line| line.contains(r#""purpose":"change""#) && line.contains("crm.contact.update")));
    for word in ["Menon", "corvus", "@"] {
        assert!(lines.iter().all(|line| !line.contains(word)), "{word}");
    }
}

/// A record of another type for Priya, or for Marie where it needs somebody who is there.
fn other(record: NewRecord) -> CreateParams {
    CreateParams { record: Box::new(record), ..params(priya()) }
}

fn only_row(bench: &Bench, kind: &str, title: &str) -> Value {
    let rows = bench.portal.rows(kind).into_iter().filter(|row| row["TITLE"] == title);
    let [row] = rows.collect::<Vec<_>>().try_into().unwrap();
    row
}

fn made_elsewhere(creation: Creation) -> (RecordType, Box<gmail_sync_host::protocol::Person>) {
    match creation {
        Creation::Created { record, person: Some(person), .. } => (record.kind, person),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_company_gets_the_address_and_one_of_that_name_is_offered_first() {
    let bench = Bench::connected().await;
    let company = |title: &str| NewCompany { title: title.to_owned(), ..NewCompany::default() };
    let Creation::Duplicates { found } =
        bench.create(&other(NewRecord::Company(company("HELION automation sas")))).await.unwrap()
    else {
        panic!()
    };
    assert_eq!((found[0].record.id.as_str(), found[0].same), ("2", Same::Name));
    let creation = bench.create(&other(NewRecord::Company(company("Corvus Freight")))).await.unwrap();
    let (kind, person) = made_elsewhere(creation);
    assert_eq!((kind, person.companies[0].title.as_str()), (RecordType::Company, "Corvus Freight"));
    let row = only_row(&bench, "company", "Corvus Freight");
    assert_eq!((row["EMAIL"][0]["VALUE"].as_str(), row["ASSIGNED_BY_ID"].as_u64()), (Some(PRIYA), Some(LENA)));
    // The portal says what it wants: a company needs a name.
    let nameless = CreateParams {
        key: "another-form-01234".to_owned(),
        email: "x@new.example".to_owned(),
        ..other(NewRecord::Company(company("")))
    };
    let Creation::Refused { words } = bench.create(&nameless).await.unwrap() else { panic!() };
    assert_eq!(words, "The field \"Company name\" is required.");
}

fn lead() -> NewRecord {
    NewRecord::Lead(NewLead {
        title: "Two pallets to Lyon".to_owned(),
        first_name: "Priya".to_owned(),
        last_name: "Menon".to_owned(),
        company: "Corvus Logistics".to_owned(),
        amount: "412.50".to_owned(),
        currency: "EUR".to_owned(),
        ..NewLead::default()
    })
}

#[tokio::test]
async fn a_lead_holds_what_is_known_and_isnt_made_where_there_are_none() {
    let bench = Bench::connected().await;
    let (_, person) = made_elsewhere(bench.create(&other(lead())).await.unwrap());
    assert_eq!(person.leads[0].title, "Two pallets to Lyon");
    let row = only_row(&bench, "lead", "Two pallets to Lyon");
    for (name, value) in [
        ("COMPANY_TITLE", json!("Corvus Logistics")),
        ("OPPORTUNITY", json!(412.5)),
        ("CURRENCY_ID", json!("EUR")),
        ("STATUS_ID", json!("NEW")),
        ("SOURCE_ID", json!("EMAIL")),
    ] {
        assert_eq!(row[name], value, "{name}");
    }
    // Once more: now there is one with her address.
    let again = CreateParams { key: "another-form-01234".to_owned(), ..other(lead()) };
    let Creation::Duplicates { found } = bench.create(&again).await.unwrap() else { panic!() };
    assert_eq!((found.len(), found[0].same), (1, Same::Email));
    // Marie's lead was converted long ago.
    let marie = CreateParams {
        email: "marie.rousseau@helion.example".to_owned(),
        key: "maries-form-012345".to_owned(),
        ..other(lead())
    };
    made_elsewhere(bench.create(&marie).await.unwrap());

    let bench = Bench::new();
    bench.portal.switch(|switches| switches.crm_mode = demo::CrmMode::Simple);
    assert_eq!(bench.create(&other(lead())).await.unwrap_err().reason(), Reason::NoLeads);
    assert_eq!(bench.writes(), 0);
}

#[tokio::test]
async fn a_lead_becomes_no_deal_where_leads_were_switched_off_a_moment_ago() {
    let bench = Bench::connected().await;
    let deals = bench.portal.rows("deal").len();
    bench.portal.switch(|switches| switches.crm_mode = demo::CrmMode::Simple);
    let refused = bench.create(&other(lead())).await.unwrap_err();
    assert_eq!((refused.reason(), refused.arg("portal")), (Reason::NoLeads, Some(bench.url().to_string().as_str())));
    assert_eq!((bench.writes(), bench.portal.rows("deal").len()), (0, deals));
    // What was known of the portal isn't believed any longer.
    assert!(!bench.reference(false).await.unwrap().leads);
}

#[tokio::test]
async fn a_deal_is_tied_to_its_customer_and_stands_where_it_was_put() {
    let bench = Bench::connected().await;
    let deal = || NewDeal {
        title: "Second line".to_owned(),
        contact: "2".to_owned(),
        company: "2".to_owned(),
        pipeline: "9".to_owned(),
        stage: "C9:UC_NEGOTI".to_owned(),
        amount: "1250".to_owned(),
        currency: "EUR".to_owned(),
        ..NewDeal::default()
    };
    let marie = |deal: NewDeal, key: &str| CreateParams {
        email: "marie.rousseau@helion.example".to_owned(),
        key: key.to_owned(),
        ..other(NewRecord::Deal(deal))
    };
    let (kind, person) = made_elsewhere(bench.create(&marie(deal(), "first-form-0123456")).await.unwrap());
    assert_eq!(kind, RecordType::Deal);
    assert_eq!((person.deals[0].title.as_str(), person.deals[0].stage.id.as_str()), ("Second line", "C9:UC_NEGOTI"));
    let row = only_row(&bench, "deal", "Second line");
    for (name, value) in [
        ("CONTACT_IDS", json!([2])),
        ("COMPANY_ID", json!(2)),
        ("CATEGORY_ID", json!(9)),
        ("OPPORTUNITY", json!(1250)),
        ("IS_MANUAL_OPPORTUNITY", json!("Y")),
        ("ASSIGNED_BY_ID", json!(LENA)),
    ] {
        assert_eq!(row[name], value, "{name}");
    }
    let Creation::Duplicates { found } = bench.create(&marie(deal(), "second-form-012345")).await.unwrap() else {
        panic!()
    };
    assert_eq!((found[0].record.kind, found[0].same), (RecordType::Deal, Same::Name));

    for (wrong, reason) in [
        (NewDeal { stage: "NEW".to_owned(), ..deal() }, Reason::FormChanged),
        (NewDeal { pipeline: "77".to_owned(), ..deal() }, Reason::FormChanged),
        (NewDeal { currency: "XYZ".to_owned(), ..deal() }, Reason::FormChanged),
        (NewDeal { amount: "1,250".to_owned(), ..deal() }, Reason::ValueInvalid),
        (NewDeal { contact: "2; DROP".to_owned(), ..deal() }, Reason::BadParams),
    ] {
        assert_eq!(bench.create(&marie(wrong, "third-form-0123456")).await.unwrap_err().reason(), reason);
    }
    assert_eq!(bench.writes(), 1);
}

#[tokio::test]
async fn a_lost_confirmation_makes_one_of_each_type() {
    for (method, kind, record) in [
        (
            "crm.company.add",
            "company",
            NewRecord::Company(NewCompany { title: "One".to_owned(), ..NewCompany::default() }),
        ),
        ("crm.lead.add", "lead", NewRecord::Lead(NewLead { title: "One".to_owned(), ..NewLead::default() })),
        ("crm.deal.add", "deal", NewRecord::Deal(NewDeal { title: "One".to_owned(), ..NewDeal::default() })),
    ] {
        let bench = Bench::connected().await;
        bench.portal.fault(Fault::on(method, FaultKind::LostAnswer, 1));
        made_elsewhere(bench.create(&other(record)).await.unwrap());
        only_row(&bench, kind, "One");
        assert_eq!(bench.writes(), 1, "{method}");
    }
}
