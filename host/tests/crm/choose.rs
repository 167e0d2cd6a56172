//! Picking one of several records with an address.

use gmail_sync_host::failure::Reason;
use gmail_sync_host::methods::{CrmMemory, choose_record, lookup};
use gmail_sync_host::protocol::{ChooseRecordParams, Person, RecordRef, RecordType};

use crate::bench::{Bench, LENA, params};

const OBERMEIER: &str = "info@obermeier.example";

fn company() -> RecordRef {
    RecordRef { kind: RecordType::Company, id: "5".to_owned() }
}

fn choose(memory: &CrmMemory, email: &str, record: Option<RecordRef>) -> Result<(), Reason> {
    let params = ChooseRecordParams { email: email.to_owned(), record };
    choose_record(memory, params).map(|_| ()).map_err(|failure| failure.reason())
}

fn chosen(person: &Person) -> Option<&RecordRef> {
    person.chosen.as_ref()
}

#[tokio::test]
async fn a_choice_holds_until_it_is_changed_and_asks_nobody() {
    let bench = Bench::connected().await;
    assert_eq!(chosen(&bench.person(OBERMEIER).await), None);
    bench.calls();
    choose(&bench.memory, " Info@Obermeier.example", Some(company())).unwrap();
    assert_eq!(chosen(&bench.person(OBERMEIER).await), Some(&company()));
    let contact = RecordRef { kind: RecordType::Contact, id: "3".to_owned() };
    choose(&bench.memory, OBERMEIER, Some(contact.clone())).unwrap();
    assert_eq!(chosen(&bench.person(OBERMEIER).await), Some(&contact));
    choose(&bench.memory, OBERMEIER, None).unwrap();
    assert_eq!(chosen(&bench.person(OBERMEIER).await), None);
    assert_eq!(bench.calls(), 0);
    assert_eq!(choose(&bench.memory, "nobody", Some(company())), Err(Reason::AddressInvalid));
}

#[tokio::test]
async fn a_choice_outlives_the_cache_but_not_the_process() {
    let bench = Bench::connected().await;
    choose(&bench.memory, OBERMEIER, Some(company())).unwrap();
    bench.pass(jiff::SignedDuration::from_hours(13));
    assert_eq!(chosen(&bench.person(OBERMEIER).await), Some(&company()));
    // Another process of the host knows nothing of it.
    let (client, memory) = (bench.client(), CrmMemory::default());
    let found = lookup(&bench.elsewhere(&client, &memory, LENA, &[]), &params(&[OBERMEIER]), |_| {}).await.unwrap();
    assert_eq!(chosen(&found.people[0]), None);
}
