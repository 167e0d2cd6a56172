//! Activities, and the wire that must not be tripped.

use serde_json::{Value, json};

use crate::client::{Session, column, connect, legacy_error};

fn email(direction: i64, completed: &str) -> Value {
    json!({
        "OWNER_TYPE_ID": 2, "OWNER_ID": 2, "TYPE_ID": 4, "DIRECTION": direction, "COMPLETED": completed,
        "SUBJECT": "Re: Pilot order", "DESCRIPTION": "See you on Monday", "DESCRIPTION_TYPE": 1,
        "COMMUNICATIONS": [{ "VALUE": "marie.rousseau@helion.example", "ENTITY_TYPE_ID": 3, "ENTITY_ID": 2 }],
        "START_TIME": "2026-11-12T14:00:00+00:00", "ORIGINATOR_ID": "gmail-sync", "ORIGIN_ID": "f00d",
        "SETTINGS": { "EMAIL_META": { "from": "lena@brightline.example" } },
        "DEADLINE": "2030-01-01T00:00:00+00:00", "AUTHOR_ID": 1, "BINDINGS": [{ "OWNER_TYPE_ID": 4, "OWNER_ID": 1 }],
    })
}

async fn add(session: &Session, fields: Value) -> i64 {
    session.result("crm.activity.add", json!({ "fields": fields })).await.as_i64().unwrap()
}

#[tokio::test]
async fn logging_never_trips_the_wire() {
    let session = connect().await;
    let incoming = add(&session, email(1, "Y")).await;
    let outgoing = add(&session, email(2, "N")).await;
    assert_eq!(
        session.result("crm.activity.update", json!({ "id": outgoing, "fields": { "COMPLETED": "Y" } })).await,
        true
    );
    assert!(session.portal.stats().sent_mail.is_empty());

    let row = session.result("crm.activity.get", json!({ "id": incoming })).await;
    assert_eq!((&row["PROVIDER_ID"], &row["PROVIDER_TYPE_ID"]), (&json!("CRM_EMAIL"), &json!("EMAIL")));
    assert_eq!(
        (&row["START_TIME"], &row["DEADLINE"]),
        (&json!("2026-11-12T15:00:00+01:00"), &json!("2026-11-12T15:00:00+01:00"))
    );
    assert_eq!((&row["AUTHOR_ID"], &row["RESPONSIBLE_ID"], &row["STATUS"]), (&json!("7"), &json!("8"), &json!("2")));
    assert_eq!(row["SETTINGS"]["EMAIL_META"]["from"], "lena@brightline.example");
    assert_eq!(row["PROVIDER_PARAMS"], json!([]));
    let bindings = session.result("crm.activity.binding.list", json!({ "activityId": incoming })).await;
    assert_eq!(bindings, json!([{ "entityTypeId": 2, "entityId": 2 }, { "entityTypeId": 3, "entityId": 2 }]));
}

#[tokio::test]
async fn the_triple_sends_and_is_noticed() {
    let session = connect().await;
    let id = add(&session, email(2, "Y")).await;
    let sent = session.portal.stats().sent_mail;
    assert_eq!(
        (sent[0].activity_id, sent[0].to.as_slice()),
        (id, ["marie.rousseau@helion.example".to_owned()].as_slice())
    );
    session.portal.switch(|switches| switches.mail_sending_fails = true);
    let before = session.portal.rows("activity").len();
    let (status, code, text) = session.error("crm.activity.add", json!({ "fields": email(2, "Y") })).await;
    assert_eq!((status, code.as_str()), (400, ""));
    assert!(text.starts_with("Email send error."));
    assert_eq!(session.portal.rows("activity").len(), before + 1, "the activity is there all the same");
}

#[tokio::test]
async fn fields_are_required_one_by_one() {
    let session = connect().await;
    let refused = async |change: Value| {
        let mut fields = email(1, "Y");
        for (name, value) in change.as_object().unwrap() {
            fields[name] = value.clone();
        }
        session.error("crm.activity.add", json!({ "fields": fields })).await
    };
    assert_eq!(refused(json!({ "SUBJECT": "  " })).await, legacy_error("The field SUBJECT is not defined or empty."));
    assert_eq!(
        refused(json!({ "RESPONSIBLE_ID": 99 })).await,
        legacy_error("The field RESPONSIBLE_ID is not defined or invalid.")
    );
    assert_eq!(refused(json!({ "TYPE_ID": 3 })).await, legacy_error("The field TYPE_ID is not defined or invalid."));
    let dropped =
        json!({ "COMMUNICATIONS": [{ "TYPE": "PHONE", "VALUE": "+49", "ENTITY_TYPE_ID": 3, "ENTITY_ID": 2 }] });
    assert_eq!(refused(dropped).await, legacy_error("The field COMMUNICATIONS is not defined or invalid."));
    let both = refused(json!({ "SUBJECT": "", "COMMUNICATIONS": [] })).await;
    assert_eq!(both.2.lines().count(), 2);
    let missing = json!({ "COMMUNICATIONS": [{ "VALUE": "a@b.example", "ENTITY_TYPE_ID": 3, "ENTITY_ID": 4711 }] });
    assert_eq!(refused(missing).await, legacy_error("Could not find 'CONTACT' with ID: 4711"));
    let readable_only =
        json!({ "COMMUNICATIONS": [{ "VALUE": "rolf@silent-mill.example", "ENTITY_TYPE_ID": 3, "ENTITY_ID": 16 }] });
    assert_eq!(refused(readable_only).await, legacy_error("Access denied."), "every bound record must be changeable");
    let nowhere = json!({ "OWNER_TYPE_ID": 0, "COMMUNICATIONS": [{ "VALUE": "a@b.example" }] });
    assert!(refused(nowhere).await.2.starts_with("Could not build binding."));
}

#[tokio::test]
async fn activities_are_found_by_origin_and_binding() {
    let session = connect().await;
    let id = add(&session, email(1, "Y")).await.to_string();
    let by_origin = json!({
        "filter": { "ORIGINATOR_ID": "gmail-sync", "ORIGIN_ID": "f00d" }, "start": -1,
        "select": ["ID", "OWNER_TYPE_ID", "OWNER_ID", "COMPLETED", "DIRECTION", "ORIGIN_ID", "COMMUNICATIONS"],
    });
    let answer = session.call("crm.activity.list", by_origin).await;
    let rows = answer.result();
    assert_eq!((column(&rows, "ID"), &answer.json()["total"]), (vec![json!(id)], &json!(0)));
    assert_eq!(rows[0]["COMMUNICATIONS"][0]["VALUE"], "marie.rousseau@helion.example");
    assert!(rows[0]["COMMUNICATIONS"][0]["ENTITY_ID"].is_string());
    let pair = |entity: i64, id: i64| json!({ "OWNER_TYPE_ID": entity, "OWNER_ID": id });
    let bound = json!({ "filter": { "BINDINGS": [pair(3, 2), pair(2, 2)], "ORIGIN_ID": "f00d" } });
    let rows = session.result("crm.activity.list", bound).await;
    assert_eq!(column(&rows, "ID"), [json!(id), json!(id)], "two bindings, two rows");
    assert!(rows[0].get("COMMUNICATIONS").is_none());
    let order = session.result("crm.activity.list", json!({ "filter": {}, "select": ["ID", "START_TIME"] })).await;
    let starts: Vec<String> =
        column(&order, "START_TIME").iter().map(|start| start.as_str().unwrap().to_owned()).collect();
    assert!(starts.is_sorted());
    assert!(!column(&order, "ID").contains(&json!("5")), "what may not be read is missing");
    assert_eq!(session.error("crm.activity.get", json!({ "id": 5 })).await, legacy_error("Access denied."));
    assert_eq!(session.result("crm.activity.delete", json!({ "id": id })).await, true);
    assert_eq!(session.error("crm.activity.get", json!({ "id": id })).await, legacy_error("Not found"));
}

#[tokio::test]
async fn bindings_are_added_moved_and_deleted() {
    let session = connect().await;
    let id = add(&session, email(1, "Y")).await;
    let bind = |method: &'static str, entity: i64, to: i64| {
        let params = json!({ "activityId": id, "entityTypeId": entity, "entityId": to });
        let session = &session;
        async move { session.call(method, params).await }
    };
    assert_eq!(bind("crm.activity.binding.add", 3, 18).await.result(), true);
    assert_eq!(bind("crm.activity.binding.add", 3, 18).await.code(), (400, "ACTIVITY_IS_ALREADY_BOUND".to_owned()));
    assert_eq!(bind("crm.activity.binding.add", 3, 4711).await.code(), (400, "OWNER_NOT_FOUND".to_owned()));
    assert_eq!(bind("crm.activity.binding.add", 3, 16).await.code(), (400, "ACCESS_DENIED".to_owned()));
    let mover = |from: (i64, i64), to: (i64, i64)| {
        let params = json!({ "activityId": id, "sourceEntityTypeId": from.0, "sourceEntityId": from.1,
            "targetEntityTypeId": to.0, "targetEntityId": to.1 });
        let session = &session;
        async move { session.call("crm.activity.binding.move", params).await }
    };
    let other_type = mover((3, 18), (4, 2)).await.code().1;
    assert_eq!(other_type, "SOURCE_AND_TARGET_ENTITY_TYPES_ARE_NOT_EQUAL");
    assert_eq!(mover((3, 18), (3, 18)).await.code().1, "SOURCE_AND_TARGET_ENTITY_ID_ARE_EQUAL_ERROR");
    assert_eq!(mover((3, 18), (3, 2)).await.code().1, "ACTIVITY_IS_ALREADY_BOUND");
    assert_eq!(mover((3, 18), (3, 3)).await.result(), true);
    assert_eq!(mover((3, 18), (3, 3)).await.code().1, "ACTIVITY_IS_ALREADY_BOUND");
    assert_eq!(bind("crm.activity.binding.delete", 3, 3).await.result(), true);
    assert_eq!(bind("crm.activity.binding.delete", 3, 3).await.code().1, "BINDING_NOT_FOUND");
    assert_eq!(
        session.call("crm.activity.binding.add", json!({ "activityId": id })).await.code(),
        (400, "100".to_owned())
    );
    assert_eq!(session.call("crm.activity.binding.list", json!({ "activityId": 4711 })).await.code().1, "NOT_FOUND");
}

#[tokio::test]
async fn the_signature_is_added_where_the_cloud_adds_it() {
    let session = connect().await;
    session.portal.switch(|switches| switches.append_mail_signature = true);
    let id = add(&session, email(1, "Y")).await;
    let text = session.result("crm.activity.get", json!({ "id": id })).await["DESCRIPTION"].clone();
    assert!(text.as_str().unwrap().starts_with("See you on Monday\n\n-- \n"));
    session.result("crm.activity.update", json!({ "id": id, "fields": { "DESCRIPTION": "See you on Monday" } })).await;
    assert_eq!(session.result("crm.activity.get", json!({ "id": id })).await["DESCRIPTION"], "See you on Monday");
}

#[tokio::test]
async fn to_dos_and_configurable_activities() {
    let session = connect().await;
    let todo =
        json!({ "ownerTypeId": 3, "ownerId": 2, "deadline": "2026-12-01T10:00:00+01:00", "title": "Call Marie" });
    let id = session.result("crm.activity.todo.add", todo.clone()).await["id"].as_i64().unwrap();
    let row = session.result("crm.activity.get", json!({ "id": id })).await;
    assert_eq!(
        (&row["SUBJECT"], &row["COMPLETED"], &row["DEADLINE"]),
        (&json!("Call Marie"), &json!("N"), &json!("2026-12-01T10:00:00+01:00"))
    );
    for (change, code) in [
        (json!({ "deadline": "soon" }), "WRONG_DATETIME_FORMAT"),
        (json!({ "ownerId": 4711 }), "OWNER_NOT_FOUND"),
        (json!({ "ownerId": 16 }), "ACCESS_DENIED"),
    ] {
        let mut params = todo.clone();
        params.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert_eq!(session.call("crm.activity.todo.add", params).await.code().1, code);
    }
    assert_eq!(session.call("crm.activity.todo.add", json!({ "ownerTypeId": 3, "ownerId": 2 })).await.code().1, "100");
    let own = json!({ "ownerTypeId": 3, "ownerId": 2, "fields": { "completed": true }, "layout": { "header": { "title": "Mail" } } });
    assert!(session.result("crm.activity.configurable.add", own.clone()).await["activity"]["id"].is_i64());
    let webhook = session.webhook("crm.activity.configurable.add", own).await;
    assert_eq!(webhook.code(), (400, "ERROR_WRONG_CONTEXT".to_owned()));
}
