//! The shapes of answers (keys and JSON types) against the bodies the vendor documents, where those are at hand.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::client::{Session, authorize, connect, query, token};

/// Facts about the outside world, beside the project. A clone without them skips this test and says so.
const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared");

/// Past the capture of `println!`, which keeps what a passing test says to itself. These words tell a run of all tests that nothing
/// is wrong with the machine.
fn skipped(what: &str) {
    writeln!(io::stdout(), "skipped: for want of ../shared: {what}").unwrap();
}

/// Documented keys that belong to the documented portal's own configuration, or are rights like `edit.plan`.
fn is_custom(key: &str) -> bool {
    ["UF_", "ufCrm_", "PARENT_ID_", "parentId"].iter().any(|prefix| key.starts_with(prefix)) || key.contains('.')
}

/// What of `documented` is missing or of another type in `ours`. PHP writes an empty map as a list, and null stands for
/// anything.
fn differences(at: &str, documented: &Value, ours: &Value, found: &mut Vec<String>) {
    match (documented, ours) {
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(documented), Value::Object(ours)) => {
            for (key, value) in documented.iter().filter(|(key, _)| !is_custom(key)) {
                match ours.get(key) {
                    Some(own) => differences(&format!("{at}.{key}"), value, own, found),
                    None => found.push(format!("{at}.{key} is missing")),
                }
            }
        }
        (Value::Array(documented), Value::Array(ours)) => {
            if let (Some(documented), Some(_)) = (merged(documented), merged(ours)) {
                for own in ours {
                    differences(&format!("{at}[]"), &documented, own, found);
                }
            }
        }
        (Value::Object(map), Value::Array(list)) | (Value::Array(list), Value::Object(map))
            if list.is_empty() || map.is_empty() => {}
        (Value::Bool(_), Value::Bool(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::String(_), Value::String(_)) => {}
        _ => found.push(format!("{at} is {} where {} is documented", kind(ours), kind(documented))),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}

/// The keys all rows of a list have, from its first row; the row itself if it isn't a map.
fn merged(rows: &[Value]) -> Option<Value> {
    let first = rows.first()?;
    let Some(first) = first.as_object() else { return Some(first.clone()) };
    let everywhere = |key: &String| rows.iter().all(|row| row.get(key).is_some());
    let common: Map<String, Value> =
        first.iter().filter(|(key, _)| everywhere(key)).map(|(key, value)| (key.clone(), value.clone())).collect();
    Some(Value::Object(common))
}

/// Documented file (without `.json`), method and parameters. `$contact` and the like stand for what is made in [`prepare`].
fn calls(made: &Made) -> Vec<(&'static str, &'static str, Value)> {
    let deal_fields = json!({ "title": "Example", "categoryId": 9, "contactIds": [2, 18], "opportunity": 999.99 });
    let task = json!({ "fields": { "TITLE": "Example", "RESPONSIBLE_ID": 7 } });
    let email = json!({ "fields": { "OWNER_TYPE_ID": 3, "OWNER_ID": 2, "TYPE_ID": 4, "DIRECTION": 1, "SUBJECT": "Example",
        "COMMUNICATIONS": [{ "VALUE": "marie.rousseau@helion.example" }] } });
    let comment = json!({ "fields": { "ENTITY_ID": 2, "ENTITY_TYPE": "contact", "COMMENT": "Example" } });
    let log = json!({ "fields": { "entityTypeId": 3, "entityId": 2, "title": "t", "text": "x", "iconCode": "info" } });
    let note = json!({ "ownerTypeId": 3, "ownerId": 2, "itemType": 2, "itemId": made.activity, "text": "Example" });
    let listed = |names: &[&str]| json!({ "select": names, "filter": { "ID": 2 } });
    let list_fields = ["ID", "NAME", "LAST_NAME", "EXPORT", "ASSIGNED_BY_ID", "DATE_CREATE", "EMAIL"];
    let find = |value: &str| json!({ "type": "EMAIL", "values": [value] });
    let binding = json!({ "activityId": made.activity, "entityTypeId": 3, "entityId": 18 });
    let moved = json!({ "activityId": made.activity, "sourceEntityTypeId": 3, "sourceEntityId": 18,
        "targetEntityTypeId": 3, "targetEntityId": 3 });
    let todo = json!({ "ownerTypeId": 3, "ownerId": 2, "deadline": "2026-12-01" });
    let stages = json!({ "filter": { "ENTITY_ID": "DEAL_STAGE" } });
    let bound = json!({ "fields": { "OWNER_ID": made.comment, "ENTITY_ID": 3, "ENTITY_TYPE": "deal" } });
    let id = |id: i64| json!({ "id": id });
    vec![
        ("app.info.response", "app.info", json!({})),
        ("profile.response", "profile", json!({})),
        ("scope.response", "scope", json!({})),
        ("server.time.response", "server.time", json!({})),
        ("method.get.response", "method.get", json!({ "name": "profile" })),
        ("methods.response", "methods", json!({})),
        ("user.admin.response", "user.admin", json!({})),
        ("user.current.response", "user.current", json!({})),
        ("user.get.response", "user.get", json!({})),
        ("user.get.response.short", "user.get", json!({})),
        ("user.search.response", "user.search", json!({ "FIND": "Ann" })),
        ("department.get.response", "department.get", json!({ "ID": 3 })),
        ("crm.settings.mode.get.response", "crm.settings.mode.get", json!({})),
        ("crm.duplicate.findbycomm.response", "crm.duplicate.findbycomm", find("sam@two-hats.example")),
        ("crm.duplicate.findbycomm.response.all-types", "crm.duplicate.findbycomm", find("info@obermeier.example")),
        ("crm.duplicate.findbycomm.response.nothing-found", "crm.duplicate.findbycomm", find("x@y.example")),
        ("crm.contact.list.response", "crm.contact.list", listed(&list_fields)),
        ("crm.contact.get.response", "crm.contact.get", id(2)),
        ("crm.contact.get.response.short", "crm.contact.get", id(2)),
        ("crm.contact.add.response", "crm.contact.add", json!({ "fields": { "NAME": "Example" } })),
        ("crm.contact.update.response", "crm.contact.update", json!({ "id": 2, "fields": {} })),
        ("crm.contact.fields.response", "crm.contact.fields", json!({})),
        ("crm.contact.company.items.get.response", "crm.contact.company.items.get", id(2)),
        ("crm.contact.company.items.set.response", "crm.contact.company.items.set", json!({ "id": 40, "items": [] })),
        ("crm.company.list.response", "crm.company.list", listed(&["*", "PHONE", "EMAIL"])),
        ("crm.company.get.response", "crm.company.get", id(2)),
        ("crm.company.add.response", "crm.company.add", json!({ "fields": { "TITLE": "Example" } })),
        ("crm.company.update.response", "crm.company.update", json!({ "id": 2, "fields": {} })),
        ("crm.company.fields.response", "crm.company.fields", json!({})),
        ("crm.company.contact.items.get.response", "crm.company.contact.items.get", id(2)),
        ("crm.lead.list.response", "crm.lead.list", json!({})),
        ("crm.lead.get.response", "crm.lead.get", id(2)),
        ("crm.lead.add.response", "crm.lead.add", json!({ "fields": {} })),
        ("crm.lead.update.response", "crm.lead.update", json!({ "id": 2, "fields": {} })),
        ("crm.lead.fields.response", "crm.lead.fields", json!({})),
        ("crm.deal.list.response", "crm.deal.list", json!({})),
        ("crm.deal.get.response", "crm.deal.get", id(2)),
        ("crm.deal.add.response", "crm.deal.add", json!({ "fields": {} })),
        ("crm.deal.update.response", "crm.deal.update", json!({ "id": 2, "fields": {} })),
        ("crm.deal.fields.response", "crm.deal.fields", json!({})),
        ("crm.deal.contact.add.response", "crm.deal.contact.add", json!({ "id": 2, "fields": { "CONTACT_ID": 5 } })),
        ("crm.deal.contact.items.get.response", "crm.deal.contact.items.get", id(3)),
        ("crm.deal.contact.items.set.response", "crm.deal.contact.items.set", json!({ "id": 2, "items": [] })),
        ("crm.deal.contact.items.delete.response", "crm.deal.contact.items.delete", id(2)),
        ("crm.item.list.response", "crm.item.list", json!({ "entityTypeId": 1 })),
        ("crm.item.list.response.lead-phone-email", "crm.item.list", json!({ "entityTypeId": 1 })),
        ("crm.item.get.response", "crm.item.get", json!({ "entityTypeId": 1, "id": 2 })),
        ("crm.item.add.response", "crm.item.add", json!({ "entityTypeId": 2, "fields": deal_fields })),
        ("crm.item.update.response", "crm.item.update", json!({ "entityTypeId": 2, "id": 2, "fields": {} })),
        ("crm.category.list.response", "crm.category.list", json!({ "entityTypeId": 2 })),
        ("crm.category.list.response.deals", "crm.category.list", json!({ "entityTypeId": 2 })),
        ("crm.category.get.response", "crm.category.get", json!({ "entityTypeId": 2, "id": 9 })),
        ("crm.category.fields.response", "crm.category.fields", json!({ "entityTypeId": 2 })),
        ("crm.status.list.response", "crm.status.list", stages.clone()),
        ("crm.status.list.response.lead-status", "crm.status.list", json!({ "filter": { "ENTITY_ID": "STATUS" } })),
        ("crm.status.list.response.deal-stage-7", "crm.status.list", stages),
        ("crm.status.get.response", "crm.status.get", id(1)),
        ("crm.status.entity.items.response", "crm.status.entity.items", json!({ "entityId": "DEAL_STAGE" })),
        ("crm.status.fields.response", "crm.status.fields", json!({})),
        ("crm.currency.list.response", "crm.currency.list", json!({})),
        ("crm.currency.base.get.response", "crm.currency.base.get", json!({})),
        ("crm.multifield.fields.response", "crm.multifield.fields", json!({})),
        ("crm.activity.fields.response", "crm.activity.fields", json!({})),
        ("crm.activity.add.response", "crm.activity.add", email),
        ("crm.activity.get.response", "crm.activity.get", id(made.activity)),
        ("crm.activity.list.response.email", "crm.activity.list", json!({ "select": ["*", "COMMUNICATIONS"] })),
        ("crm.activity.update.response", "crm.activity.update", json!({ "id": made.activity, "fields": {} })),
        ("crm.activity.todo.add.response", "crm.activity.todo.add", todo),
        ("crm.activity.binding.add.response", "crm.activity.binding.add", binding.clone()),
        ("crm.activity.binding.list.response", "crm.activity.binding.list", binding),
        ("crm.activity.binding.move.response", "crm.activity.binding.move", moved),
        ("crm.timeline.comment.add.response", "crm.timeline.comment.add", comment),
        ("crm.timeline.bindings.bind.response", "crm.timeline.bindings.bind", bound.clone()),
        (
            "crm.timeline.bindings.list.response",
            "crm.timeline.bindings.list",
            json!({ "filter": { "OWNER_ID": made.comment } }),
        ),
        ("crm.timeline.bindings.unbind.response", "crm.timeline.bindings.unbind", bound),
        (
            "crm.timeline.comment.update.response",
            "crm.timeline.comment.update",
            json!({ "id": made.comment, "fields": { "COMMENT": "x" } }),
        ),
        ("crm.timeline.comment.delete.response", "crm.timeline.comment.delete", id(made.comment)),
        ("crm.timeline.logmessage.add.response", "crm.timeline.logmessage.add", log),
        ("crm.timeline.logmessage.get.response", "crm.timeline.logmessage.get", id(1)),
        (
            "crm.timeline.logmessage.list.response",
            "crm.timeline.logmessage.list",
            json!({ "entityTypeId": 3, "entityId": 2 }),
        ),
        ("crm.timeline.logmessage.delete.response", "crm.timeline.logmessage.delete", id(1)),
        ("crm.timeline.note.save.response", "crm.timeline.note.save", note.clone()),
        ("crm.timeline.note.get.response", "crm.timeline.note.get", note.clone()),
        ("crm.timeline.note.delete.response", "crm.timeline.note.delete", note),
        ("crm.activity.delete.response", "crm.activity.delete", id(made.activity)),
        ("tasks.task.add.response", "tasks.task.add", task),
        (
            "batch.response",
            "batch",
            json!({ "cmd": { "get_department": "department.get", "get_user": "user.current" } }),
        ),
        // Errors a documented call provokes.
        ("crm.duplicate.findbycomm.error", "crm.duplicate.findbycomm", json!({})),
        ("crm.contact.add.error", "crm.contact.add", json!({})),
        ("crm.contact.get.error", "crm.contact.get", json!({})),
        ("crm.contact.update.error", "crm.contact.update", json!({ "id": 4711, "fields": {} })),
        ("crm.lead.get.error", "crm.lead.get", id(4711)),
        ("crm.deal.list.error", "crm.deal.list", json!({ "filter": "x" })),
        ("crm.item.list.error", "crm.item.list", json!({ "entityTypeId": 2, "filter": { "FIELD": 1 } })),
        ("crm.item.get.error", "crm.item.get", json!({ "entityTypeId": 2, "id": 4711 })),
        ("crm.item.add.error", "crm.item.add", json!({ "entityTypeId": 177, "fields": {} })),
        ("crm.category.list.error", "crm.category.list", json!({ "entityTypeId": 177 })),
        ("crm.deal.contact.items.get.error", "crm.deal.contact.items.get", id(4711)),
        ("crm.activity.add.error", "crm.activity.add", json!({ "fields": {} })),
        ("crm.activity.binding.add.error", "crm.activity.binding.add", json!({ "activityId": 4711 })),
        ("crm.timeline.comment.get.error", "crm.timeline.comment.get", id(4711)),
        ("crm.timeline.logmessage.list.error", "crm.timeline.logmessage.list", json!({})),
        ("tasks.task.add.error", "tasks.task.add", json!({ "fields": {} })),
    ]
}

/// What the calls need to exist.
struct Made {
    activity: i64,
    comment: i64,
}

async fn prepare(session: &Session) -> Made {
    let scopes = ["crm", "user", "department", "task"].map(str::to_owned).to_vec();
    session.portal.switch(|switches| {
        switches.scopes = scopes;
        switches.plan = demo::Plan::Enterprise;
    });
    let fields = json!({ "OWNER_TYPE_ID": 3, "OWNER_ID": 2, "TYPE_ID": 1, "SUBJECT": "Example" });
    let activity = session.result("crm.activity.add", json!({ "fields": fields })).await;
    let comment = json!({ "fields": { "ENTITY_ID": 2, "ENTITY_TYPE": "contact", "COMMENT": "Example" } });
    let comment = session.result("crm.timeline.comment.add", comment).await;
    Made { activity: activity.as_i64().unwrap(), comment: comment.as_i64().unwrap() }
}

fn documented(folder: &Path, name: &str) -> Option<Value> {
    serde_json::from_str(&fs::read_to_string(folder.join(format!("{name}.json"))).ok()?).ok()
}

#[tokio::test]
async fn answers_have_the_documented_shapes() {
    let folder = Path::new(SHARED).join("bitrix24-examples");
    let Ok(files) = fs::read_dir(&folder) else {
        skipped(&format!("the documented bodies aren't at {}", folder.display()));
        return;
    };
    let mut session = connect().await;
    let made = prepare(&session).await;
    let mut found = Vec::new();
    let mut compared = Vec::new();
    for (name, method, params) in calls(&made) {
        let Some(documented) = documented(&folder, name) else {
            skipped(&format!("{name} isn't there or isn't JSON"));
            continue;
        };
        differences(name, &documented, &session.call(method, params).await.json(), &mut found);
        compared.push(name.to_owned());
    }

    let code = query(&authorize(&session.portal).await.location, "code");
    let first = token(&session.portal, "authorization_code", "code", &code).await.json();
    session.refresh_token = first["refresh_token"].as_str().unwrap().to_owned();
    let second = token(&session.portal, "refresh_token", "refresh_token", &session.refresh_token).await.json();
    for (name, ours) in [("authorization_code", first), ("refresh_token", second)] {
        let name = format!("oauth.token.{name}.response");
        if let Some(documented) = documented(&folder, &name) {
            differences(&name, &documented, &ours, &mut found);
            compared.push(name);
        }
    }

    let names =
        files.filter_map(|file| file.ok()?.file_name().into_string().ok()?.strip_suffix(".json").map(str::to_owned));
    let mut left: Vec<String> = names.filter(|name| name.contains(".response") && !compared.contains(name)).collect();
    left.sort_unstable();
    eprintln!("compared {} bodies; not compared: {}", compared.len(), left.join(", "));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn differences_are_found() {
    let found = |documented: Value, ours: Value| {
        let mut found = Vec::new();
        differences("", &documented, &ours, &mut found);
        found
    };
    assert_eq!(found(json!({ "a": 1, "UF_X": 1 }), json!({})), [".a is missing"]);
    assert_eq!(found(json!([{ "a": "1" }]), json!([{ "a": "1" }, { "a": 1 }])).len(), 1);
    assert_eq!(found(json!({ "a": {} }), json!({ "a": [1] })), Vec::<String>::new());
    assert_eq!(found(json!({ "a": { "b": 1 } }), json!({ "a": [1] })).len(), 1);
    assert!(found(json!({ "a": null, "b": 1 }), json!({ "a": 1, "b": null })).is_empty());
}
