//! Somebody else made responsible: colleagues found by name, and nobody who doesn't work at the portal.

use gmail_sync_host::failure::{Failure, Reason};
use gmail_sync_host::methods::{create, record_form, search_users};
use gmail_sync_host::protocol::{
    CreateParams, Creation, NewContact, NewRecord, RecordFormParams, RecordType, UserSearch, UserSearchParams,
};
use serde_json::json;

use crate::bench::Bench;

impl Bench {
    async fn users(&self, text: &str) -> Result<UserSearch, Failure> {
        let client = self.client();
        search_users(&self.crm(&client), &UserSearchParams { text: text.to_owned() }).await
    }

    async fn names(&self, text: &str) -> Vec<String> {
        self.users(text).await.unwrap().found.into_iter().map(|found| found.user.name).collect()
    }

    async fn hand_over(&self, responsible: Option<&str>, more: &[(&str, &str)]) -> Result<Creation, Failure> {
        let region = [("uf-crm-1731400000001", "43")];
        let more = region.iter().chain(more).map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect();
        let contact = NewContact { first_name: "Priya".to_owned(), more, ..NewContact::default() };
        let params = CreateParams {
            mailbox: None,
            email: "priya@corvus-logistics.example".to_owned(),
            key: "0f6c2a54-7d0e-4a52-9a6e-1f7f5d0a9b11".to_owned(),
            record: Box::new(NewRecord::Contact(contact)),
            responsible: responsible.map(str::to_owned),
            despite: Vec::new(),
            unconfirmed: None,
        };
        let client = self.client();
        create(&self.about_people(&client), &params).await
    }
}

fn reason<T: std::fmt::Debug>(result: Result<T, Failure>) -> Reason {
    result.unwrap_err().reason()
}

#[tokio::test]
async fn colleagues_are_found_by_name_or_position_and_only_those_who_work_here() {
    let bench = Bench::connected().await;
    assert_eq!(bench.names("kel").await, ["Ann Keller"]);
    assert_eq!(bench.names("Keller Ann").await, ["Ann Keller"]);
    assert_eq!(bench.names("самойлов").await, ["Олег Самойлов"]);
    assert_eq!(bench.names("managing").await, ["Grace Okafor"]);
    assert_eq!(bench.names("nobody@nowhere.example").await, [""; 0]);
    assert_eq!(bench.ledger().pop().unwrap().addresses, 1);
    // Dismissed; of the extranet; an address is no name.
    for nobody in ["henrik", "sofia", "ann@brightline.example", "zz"] {
        assert_eq!(bench.names(nobody).await, [""; 0], "{nobody}");
    }
    assert_eq!(bench.users("service").await.unwrap().found[0].position, "Service engineer");
    assert_eq!(reason(bench.users("k").await), Reason::SearchTooShort);
}

#[tokio::test]
async fn nothing_typed_for_a_name_refers_to_another_command() {
    let bench = Bench::connected().await;
    assert_eq!(bench.names("$result[word0] ann").await, [""; 0]);
    assert!(bench.portal.log().iter().all(|entry| !entry.params.to_string().contains("%24result")));
}

#[tokio::test]
async fn a_connection_that_may_not_read_users_says_so_and_asks_for_none() {
    let bench = Bench::new();
    bench.portal.switch(|switches| {
        switches.scopes = vec!["crm".to_owned()];
        switches.required_fields = vec!["UF_CRM_1731400000002".to_owned()];
    });
    assert_eq!(reason(bench.users("ann").await), Reason::ScopeMissing);
    let client = bench.client();
    let params =
        RecordFormParams { kind: RecordType::Contact, email: "a@b.example".into(), name: "".into(), fresh: false };
    let form = record_form(&bench.crm(&client), &params).await.unwrap();
    assert!(!form.users);
    assert_eq!(json!(form.fields[1].input), json!({ "is": "elsewhere" }));
}

#[tokio::test]
async fn a_colleague_becomes_responsible_and_a_field_of_the_portals_own_names_another() {
    let bench = Bench::connected().await;
    bench.portal.switch(|switches| switches.required_fields = vec!["UF_CRM_1731400000002".to_owned()]);
    let made = bench.hand_over(Some("8"), &[("uf-crm-1731400000002", "11")]).await.unwrap();
    assert!(matches!(made, Creation::Created { .. }), "{made:?}");
    let rows = bench.portal.rows("contact");
    let row = rows.iter().find(|row| row["NAME"] == "Priya").unwrap();
    assert_eq!((&row["ASSIGNED_BY_ID"], &row["UF_CRM_1731400000002"]), (&json!(8), &json!(11)));
}

#[tokio::test]
async fn nobody_gets_a_record_who_does_not_work_at_the_portal() {
    let bench = Bench::connected().await;
    bench.portal.switch(|switches| switches.required_fields = vec!["UF_CRM_1731400000002".to_owned()]);
    // Dismissed, of the extranet, unknown.
    for id in ["15", "21", "4711"] {
        assert_eq!(reason(bench.hand_over(Some(id), &[]).await), Reason::UserGone, "{id}");
        assert_eq!(reason(bench.hand_over(None, &[("uf-crm-1731400000002", id)]).await), Reason::UserGone, "{id}");
    }
    assert!(bench.portal.log().iter().all(|entry| entry.method != "crm.contact.add"));
}
