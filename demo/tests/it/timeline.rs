//! Comments, log records, notes, tasks.

use serde_json::{Value, json};

use crate::client::{column, connect, legacy_error};

#[tokio::test]
async fn comments_live_in_the_timeline() {
    let session = connect().await;
    let fields = |change: Value| {
        let mut fields = json!({ "ENTITY_ID": 2, "ENTITY_TYPE": "contact", "COMMENT": "Called [B]back[/B]" });
        fields.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        json!({ "fields": fields })
    };
    let add = "crm.timeline.comment.add";
    let id = session.result(add, fields(json!({ "FILES": [["offer.pdf", "aGVsbG8="]] }))).await;
    let comment = session.result("crm.timeline.comment.get", json!({ "id": id })).await;
    assert_eq!(
        (&comment["ENTITY_TYPE"], &comment["AUTHOR_ID"], &comment["FILES"]["1"]["name"]),
        (&json!("contact"), &json!("7"), &json!("offer.pdf"))
    );
    assert_eq!(session.call(add, fields(json!({ "COMMENT": " " }))).await.code().1, "INVALID_ARG_VALUE");
    assert_eq!(session.call(add, fields(json!({ "ENTITY_ID": 4711 }))).await.code().1, "OWNER_NOT_FOUND");
    assert_eq!(session.call(add, fields(json!({ "ENTITY_TYPE": "planet" }))).await.code().1, "OWNER_NOT_FOUND");
    assert_eq!(session.call(add, fields(json!({ "ENTITY_ID": 15 }))).await.code().1, "ACCESS_DENIED");
    let upper = json!({ "FIELDS": { "ENTITY_ID": 2, "ENTITY_TYPE": "contact", "COMMENT": "x" } });
    assert_eq!(session.call(add, upper).await.code().1, "100", "only lower-case fields");

    let bind = json!({ "fields": { "OWNER_ID": id, "ENTITY_ID": 3, "ENTITY_TYPE": "deal" } });
    assert_eq!(session.result("crm.timeline.bindings.bind", bind.clone()).await, true);
    let on_deal = json!({ "filter": { "ENTITY_ID": 3, "ENTITY_TYPE": "deal" } });
    assert_eq!(column(&session.result("crm.timeline.comment.list", on_deal).await, "COMMENT"), ["Called [B]back[/B]"]);
    assert_eq!(
        session.result("crm.timeline.bindings.list", json!({ "filter": { "OWNER_ID": id } })).await[1]["ENTITY_TYPE"],
        "deal"
    );
    assert_eq!(session.result("crm.timeline.bindings.unbind", bind).await, true);
    let wrong = session.error("crm.timeline.bindings.bind", json!({ "fields": {} })).await;
    assert_eq!(wrong, legacy_error("OWNER_ID is not defined or invalid."));
    session.result("crm.timeline.comment.update", json!({ "id": id, "fields": { "COMMENT": "Changed" } })).await;
    assert_eq!(session.result("crm.timeline.comment.delete", json!({ "id": id })).await, Value::Null);
    assert_eq!(session.error("crm.timeline.comment.get", json!({ "id": id })).await, legacy_error("Not found."));
    assert_eq!(session.call("crm.timeline.comment.delete", json!({ "id": id })).await.code().1, "NOT_FOUND");
}

#[tokio::test]
async fn log_records_come_ten_to_a_page() {
    let session = connect().await;
    let fields =
        json!({ "entityTypeId": 2, "entityId": 3, "title": "Synced", "text": "From Gmail", "iconCode": "info" });
    for _ in 0..11 {
        let message =
            session.result("crm.timeline.logmessage.add", json!({ "fields": fields })).await["logMessage"].clone();
        assert_eq!((&message["authorId"], &message["iconCode"]), (&json!(7), &json!("info")));
    }
    let page = session.call("crm.timeline.logmessage.list", json!({ "entityTypeId": 2, "entityId": 3 })).await.json();
    assert_eq!((&page["next"], &page["total"], page["result"].as_array().unwrap().len()), (&json!(10), &json!(11), 10));
    let mut without_title = fields.clone();
    without_title.as_object_mut().unwrap().remove("title");
    assert_eq!(session.call("crm.timeline.logmessage.add", json!({ "fields": without_title })).await.code().1, "0");
    assert_eq!(session.result("crm.timeline.logmessage.delete", json!({ "id": 1 })).await, true);
    let gone = session.error("crm.timeline.logmessage.get", json!({ "id": 1 })).await;
    assert_eq!(gone.2, "Timeline logmessage not found for id 1");
}

#[tokio::test]
async fn notes_hang_on_timeline_items() {
    let session = connect().await;
    let note = json!({ "ownerTypeId": 3, "ownerId": 2, "itemType": 2, "itemId": 1, "text": "Important" });
    assert_eq!(session.result("crm.timeline.note.save", note.clone()).await, true);
    let saved = session.result("crm.timeline.note.get", note.clone()).await;
    assert_eq!((&saved["text"], &saved["createdById"]), (&json!("Important"), &json!(7)));
    assert_eq!(session.result("crm.timeline.note.delete", note.clone()).await, true);
    assert_eq!(session.call("crm.timeline.note.get", note).await.code().1, "NOT_FOUND");
}

#[tokio::test]
async fn tasks_answer_strings_and_their_errors_are_html() {
    let session = connect().await;
    session.portal.switch(|switches| switches.scopes.push("task".to_owned()));
    let fields = json!({ "TITLE": "Send the offer", "RESPONSIBLE_ID": 8, "DEADLINE": "2026-12-01T10:00:00+01:00", "UF_CRM_TASK": ["C_2", "D_3"] });
    let task = session.result("tasks.task.add", json!({ "fields": fields })).await["task"].clone();
    assert_eq!((&task["responsibleId"], &task["deadline"]), (&json!("8"), &json!("2026-12-01T10:00:00+01:00")));
    assert_eq!(task["responsible"]["name"], "Ann Keller");
    let again = session.result("tasks.task.get", json!({ "taskId": task["id"] })).await;
    assert_eq!(again["task"]["title"], "Send the offer");
    let (status, code, text) = session.error("tasks.task.add", json!({ "fields": {} })).await;
    assert_eq!((status, code.as_str()), (400, "ERROR_CORE"));
    assert!(text.ends_with("<br>"));
}
