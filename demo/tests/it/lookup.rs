//! `crm.duplicate.findbycomm` over HTTP; its limits are tested beside it.

use demo::{Access, StatusTable};
use serde_json::{Value, json};

use crate::client::{connect, legacy_error};

#[tokio::test]
async fn ids_come_by_type_and_nothing_is_a_list() {
    let session = connect().await;
    let find = |values: Value| session.result("crm.duplicate.findbycomm", json!({ "type": "EMAIL", "values": values }));
    assert_eq!(find(json!(["INFO@obermeier.example "])).await, json!({ "LEAD": [3], "CONTACT": [3], "COMPANY": [5] }));
    assert_eq!(find(json!(["nobody@nowhere.example"])).await, json!([]));
    assert_eq!(find(json!(["hello@tandem-duo.example"])).await, json!({ "CONTACT": [6], "COMPANY": [11] }));
    session.portal.set_access("contact", 2, Access::None);
    assert_eq!(find(json!(["marie.rousseau@helion.example"])).await["CONTACT"], json!([2]), "permissions aren't asked");
    let crowded = find(json!(["reception@many-requests.example"])).await;
    assert_eq!((crowded["LEAD"].as_array().unwrap().len(), crowded.get("CONTACT")), (20, None));
    let contact = json!({ "type": "EMAIL", "values": ["reception@many-requests.example"], "entity_type": "CONTACT" });
    assert_eq!(session.result("crm.duplicate.findbycomm", contact).await, json!({ "CONTACT": [41] }));
}

#[tokio::test]
async fn wrong_questions_are_answered_with_sentences() {
    let session = connect().await;
    for (params, text) in [
        (json!({}), "Communication type is not defined."),
        (json!({ "type": "FAX", "values": ["1"] }), "Communication type 'FAX' is not supported in current context."),
        (json!({ "type": "EMAIL" }), "Communication values is not defined."),
        (json!({ "type": "EMAIL", "values": "a@b.example" }), "Communication values is not defined."),
        (
            json!({ "type": "EMAIL", "values": ["a"], "entity_type": "DEAL" }),
            "Deal is not supported in current context.",
        ),
    ] {
        assert_eq!(session.error("crm.duplicate.findbycomm", params).await, legacy_error(text));
    }
    session.portal.switch(|switches| switches.statuses = StatusTable::Docs);
    let documented = session.error("crm.duplicate.findbycomm", json!({})).await;
    assert_eq!(documented.1, "Communication type is not defined");
}
