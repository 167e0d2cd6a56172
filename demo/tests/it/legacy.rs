//! The legacy family of methods.

use demo::{Access, CrmMode};
use serde_json::{Value, json};

use crate::client::{column, connect, legacy_error};

#[tokio::test]
async fn rows_are_strings_and_multifields_come_only_when_named() {
    let session = connect().await;
    let all = session.result("crm.contact.list", json!({ "filter": { "ID": 2 } })).await;
    let row = all[0].as_object().unwrap();
    assert!(row.values().all(|value| value.is_string() || value.is_null()), "{row:?}");
    assert!(!row.contains_key("EMAIL") && row.contains_key("UF_CRM_1731400000001"));
    assert_eq!((&row["COMPANY_ID"], &row["HAS_EMAIL"], &row["PHOTO"]), (&json!("2"), &json!("Y"), &Value::Null));

    let select = json!({ "filter": { "@ID": [5, 17] }, "select": ["ID", "EMAIL", "COMPANY_ID", "NO_SUCH"], "order": { "ID": "ASC" } });
    let rows = session.result("crm.contact.list", select).await;
    let emails = column(&rows[0]["EMAIL"], "VALUE");
    assert_eq!(emails, ["ingrid.solberg@fjordkraft.example", "ingrid.privat@posten.example"]);
    assert_eq!(
        (&rows[0]["EMAIL"][1]["VALUE_TYPE"], &rows[0]["EMAIL"][1]["TYPE_ID"]),
        (&json!("HOME"), &json!("EMAIL"))
    );
    assert!(rows[0]["EMAIL"][0]["ID"].is_string());
    assert!(rows[1].get("EMAIL").is_none() && rows[1].get("NO_SUCH").is_none());
    assert_eq!(rows[1]["COMPANY_ID"], "0");
}

#[tokio::test]
async fn filters_widen_without_a_word() {
    let session = connect().await;
    let count = async |filter: Value| {
        let answer = session.call("crm.contact.list", json!({ "filter": filter, "select": ["ID"] })).await;
        answer.json()["total"].as_i64().unwrap()
    };
    let all = count(json!({})).await;
    assert!(all > 35);
    assert_eq!(count(json!({ "@ID": [] })).await, all);
    assert_eq!(count(json!({ "NO_SUCH": 1 })).await, all);
    assert_eq!(count(json!({ "@EMAIL": ["marie.rousseau@helion.example"] })).await, all);
    assert_eq!(count(json!({ "%EMAIL": "helion" })).await, all);
    assert_eq!(count(json!({ "EMAIL": "marie.rousseau@helion" })).await, 1, "a prefix is enough");
    assert_eq!(count(json!({ "EMAIL": ["marie.rousseau@helion.example", "sam@two-hats.example"] })).await, 1);
    assert_eq!(count(json!({ "=EMAIL": "UWE.UENAL@gross-klein.example" })).await, 1);
    assert_eq!(count(json!({ "%COMPANY_ID": "2" })).await, 3, "LIKE on a reference is equality");
    assert_eq!(count(json!({ ">=DATE_CREATE": "2026-01-01", "!ID": [1, 2], "=%LAST_NAME": "rou%" })).await, 0);
    assert_eq!(count(json!({ "%LAST_NAME": "rou_s%au" })).await, 1, "what is searched for is a pattern");
    assert_eq!(count(json!({ "PHONE": "+48 22 555" })).await, 1, "a prefix of a number as it was written");
    assert_eq!(count(json!({ "PHONE": "+4822555" })).await, 0);
    let widened: Vec<String> =
        session.portal.stats().widened_filters.into_iter().map(|widened| widened.field).collect();
    assert_eq!(widened, ["@ID", "NO_SUCH", "@EMAIL", "%EMAIL"]);
    assert_eq!(
        session.error("crm.contact.list", json!({ "filter": "x" })).await,
        legacy_error("Parameter 'filter' must be array.")
    );
}

#[tokio::test]
async fn what_may_not_be_read_is_missing() {
    let session = connect().await;
    let rows = session.result("crm.contact.list", json!({ "filter": { "@ID": [14, 15, 16] }, "select": ["ID"] })).await;
    assert_eq!(column(&rows, "ID"), ["14", "16"]);
    assert_eq!(session.error("crm.contact.get", json!({ "id": 15 })).await, legacy_error("Access denied."));
    assert_eq!(session.error("crm.contact.get", json!({ "id": 4711 })).await, legacy_error("Not found"));
    assert_eq!(session.error("crm.contact.get", json!({})).await, legacy_error("ID is not defined or invalid."));
    let denied = session.error("crm.contact.update", json!({ "id": 16, "fields": { "NAME": "R" } })).await;
    assert_eq!(denied, legacy_error("Access denied."));
    session.portal.set_access("contact", 15, Access::Full);
    assert_eq!(session.result("crm.contact.get", json!({ "ID": "15" })).await["NAME"], "Nadia");
}

#[tokio::test]
async fn a_record_is_created_changed_and_deleted() {
    let session = connect().await;
    let fields = json!({
        "NAME": "Priya", "LAST_NAME": "Menon", "EMAIL": [{ "VALUE": "priya@corvus-logistics.example", "VALUE_TYPE": "WORK" }],
        "COMPANY_ID": 4, "NO_SUCH": "x", "ID": 999, "CREATED_BY_ID": 1, "ORIGINATOR_ID": "gmail-sync", "ORIGIN_ID": "abc",
    });
    let id =
        session.result("crm.contact.add", json!({ "fields": fields, "params": { "REGISTER_SONET_EVENT": "N" } })).await;
    assert!(id.is_i64());
    let found = json!({ "type": "EMAIL", "values": ["priya@corvus-logistics.example"] });
    assert_eq!(session.result("crm.duplicate.findbycomm", found).await, json!({ "CONTACT": [id] }), "found at once");
    let row = session.result("crm.contact.get", json!({ "id": id })).await;
    assert_eq!(
        (&row["CREATED_BY_ID"], &row["ASSIGNED_BY_ID"], &row["OPENED"]),
        (&json!("7"), &json!("7"), &json!("Y"))
    );
    assert_eq!(row["ORIGIN_ID"], "abc");

    let multi = row["EMAIL"][0]["ID"].clone();
    let change = json!([{ "ID": multi, "VALUE": "p.menon@corvus-logistics.example" }, { "VALUE": "priya@home.example", "VALUE_TYPE": "HOME" }]);
    assert_eq!(session.result("crm.contact.update", json!({ "id": id, "fields": { "EMAIL": change } })).await, true);
    let row = session.result("crm.contact.get", json!({ "id": id })).await;
    assert_eq!(column(&row["EMAIL"], "VALUE"), ["p.menon@corvus-logistics.example", "priya@home.example"]);
    let gone = json!({ "id": id, "FIELDS": { "EMAIL": [{ "ID": multi, "DELETE": "Y" }] } });
    session.result("crm.contact.update", gone).await;
    let row = session.result("crm.contact.get", json!({ "id": id })).await;
    assert_eq!(column(&row["EMAIL"], "VALUE"), ["priya@home.example"]);
    assert_eq!(session.result("crm.contact.delete", json!({ "id": id })).await, true);
    let again = session.error("crm.contact.update", json!({ "id": id, "fields": {} })).await;
    assert_eq!(again, legacy_error("Contact is not found"));
}

#[tokio::test]
async fn adding_is_refused_with_a_sentence() {
    let session = connect().await;
    assert_eq!(session.error("crm.lead.add", json!({})).await, legacy_error("Parameter 'fields' must be array."));
    let add = |fields: Value| session.error("crm.contact.add", json!({ "fields": fields }));
    let (status, code, text) = add(json!({ "NAME": "A", "EMAIL": [{ "VALUE": "nonsense" }] })).await;
    assert_eq!((status, code.as_str()), (400, "ERROR_CORE"));
    assert!(text.contains("contains an invalid address"));
    assert_eq!(add(json!({ "EMAIL": "a@b.example" })).await.1, "100");
    let stage = session.error("crm.deal.add", json!({ "fields": { "CATEGORY_ID": 9, "STAGE_ID": "NEW" } })).await;
    assert_eq!(stage.1, "CRM_FIELD_ERROR_VALUE_NOT_VALID");
    session.portal.switch(|switches| {
        switches.require_custom_fields = true;
        switches.three_byte_utf8 = true;
    });
    assert!(add(json!({ "NAME": "A" })).await.2.contains("Sales region"));
    let emoji = add(json!({ "NAME": "🙂", "UF_CRM_1731400000001": 41 })).await;
    assert_eq!(emoji, (500, "ERROR_CORE".to_owned(), "SQL query error!".to_owned()));
}

#[tokio::test]
async fn deals_follow_their_pipeline() {
    let session = connect().await;
    let id = session
        .result("crm.deal.add", json!({ "fields": { "CATEGORY_ID": 9, "CONTACT_IDS": [2, 18], "OPPORTUNITY": "15" } }))
        .await;
    let deal = session.result("crm.deal.get", json!({ "id": id })).await;
    assert_eq!(
        (&deal["STAGE_ID"], &deal["STAGE_SEMANTIC_ID"], &deal["CLOSED"]),
        (&json!("C9:NEW"), &json!("P"), &json!("N"))
    );
    assert_eq!((&deal["OPPORTUNITY"], &deal["TITLE"]), (&json!("15.00"), &json!(format!("Deal #{id}"))));
    assert_eq!((&deal["CONTACT_ID"], deal.get("CONTACT_IDS")), (&json!("2"), None));
    assert_eq!(deal["CLOSEDATE"], "");
    session.result("crm.deal.update", json!({ "id": id, "fields": { "STAGE_ID": "C9:WON", "CATEGORY_ID": 9 } })).await;
    let deal = session.result("crm.deal.get", json!({ "id": id })).await;
    assert_eq!((&deal["STAGE_SEMANTIC_ID"], &deal["CLOSED"]), (&json!("S"), &json!("Y")));

    let items = session.result("crm.deal.contact.items.get", json!({ "id": id })).await;
    assert_eq!(column(&items, "CONTACT_ID"), [2, 18]);
    assert_eq!(column(&items, "IS_PRIMARY"), ["Y", "N"]);
    let set = json!({ "id": id, "items": [{ "CONTACT_ID": 5, "SORT": 20 }, { "CONTACT_ID": 9, "SORT": 10, "IS_PRIMARY": "Y" }] });
    assert_eq!(session.result("crm.deal.contact.items.set", set).await, true);
    let add = json!({ "id": id, "fields": { "CONTACT_ID": 2 } });
    assert_eq!(session.result("crm.deal.contact.add", add).await, true);
    let items = session.result("crm.deal.contact.items.get", json!({ "id": id })).await;
    assert_eq!(column(&items, "CONTACT_ID"), [9, 5, 2]);
    assert_eq!(session.error("crm.deal.contact.items.get", json!({ "id": 4711 })).await, legacy_error("Not found."));
    let denied = session.error("crm.deal.contact.items.set", json!({ "id": 54, "items": [] })).await;
    assert_eq!((denied.0, denied.1.as_str()), (400, "ACCESS_DENIED"));
}

#[tokio::test]
async fn in_simple_crm_a_lead_becomes_a_deal_at_once() {
    let session = connect().await;
    session.portal.switch(|switches| switches.crm_mode = CrmMode::Simple);
    assert_eq!(session.result("crm.settings.mode.get", json!({})).await, 2);
    let fields = json!({ "TITLE": "Inquiry", "NAME": "Vera", "COMPANY_TITLE": "Vera & Co", "EMAIL": [{ "VALUE": "vera@vera.example" }] });
    let id = session.result("crm.lead.add", json!({ "fields": fields })).await;
    let lead = session.result("crm.lead.get", json!({ "id": id })).await;
    assert_eq!((&lead["STATUS_ID"], &lead["STATUS_SEMANTIC_ID"]), (&json!("CONVERTED"), &json!("S")));
    let deals = session.result("crm.deal.list", json!({ "filter": { "LEAD_ID": id } })).await;
    assert_eq!(column(&deals, "TITLE"), ["Inquiry"]);
    let found =
        session.result("crm.duplicate.findbycomm", json!({ "type": "EMAIL", "values": ["vera@vera.example"] })).await;
    assert_eq!(found["CONTACT"][0].to_string(), deals[0]["CONTACT_ID"].as_str().unwrap());
}

#[tokio::test]
async fn fields_describe_themselves() {
    let session = connect().await;
    let fields = session.result("crm.contact.fields", json!({})).await;
    let region = &fields["UF_CRM_1731400000001"];
    assert_eq!(
        (&region["isDynamic"], &region["isRequired"], &region["formLabel"]),
        (&json!(true), &json!(true), &json!("Sales region"))
    );
    assert_eq!(region["items"][0], json!({ "ID": "41", "VALUE": "DACH" }));
    assert_eq!((&fields["EMAIL"]["isMultiple"], &fields["ID"]["isReadOnly"]), (&json!(true), &json!(true)));
    assert_eq!(session.result("crm.lead.fields", json!({})).await["STATUS_ID"]["statusType"], "STATUS");
    let item = session.result("crm.item.fields", json!({ "entityTypeId": 2 })).await;
    assert_eq!(item["fields"]["assignedById"]["upperName"], "ASSIGNED_BY_ID");
}
