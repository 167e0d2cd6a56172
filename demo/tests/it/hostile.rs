//! Whatever a client sends, the portal answers, and goes on.

use demo::Plan;
use serde_json::{Value, json};

use crate::client::{builder, connect, http, post_form, read};

/// One value of every wrong kind for every parameter methods look at.
fn nonsense() -> Vec<Value> {
    let long = "x".repeat(1_000);
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e308),
        json!(""),
        json!("0x10"),
        json!("\u{0}\u{1f642}%00'\"<script>"),
        json!(long),
        json!([]),
        json!([[], {}, null, [[["deep"]]]]),
        json!({ "": "", "0": { "0": { "logic": "OR" } }, "!=%": [1], "ID": {}, ">=DATE_CREATE": "9999-99-99" }),
    ]
}

const PARAMETERS: &[&str] = &[
    "id",
    "ID",
    "fields",
    "filter",
    "select",
    "order",
    "start",
    "entityTypeId",
    "entityId",
    "type",
    "values",
    "entity_type",
    "name",
    "cmd",
    "halt",
    "items",
    "activityId",
    "ownerTypeId",
    "ownerId",
    "deadline",
    "layout",
    "text",
    "taskId",
    "itemType",
    "itemId",
    "FIND",
    "sort",
    "useOriginalUfNames",
    "sourceEntityTypeId",
    "targetEntityId",
];

const FIELDS: &[&str] =
    &["EMAIL", "fm", "CONTACT_IDS", "COMMUNICATIONS", "FILES", "SETTINGS", "STAGE_ID", "OPPORTUNITY", "BEGINDATE"];

#[tokio::test]
async fn every_method_survives_every_kind_of_parameter() {
    let session = connect().await;
    session.portal.switch(|switches| {
        switches.plan = Plan::SelfHosted;
        switches.scopes = ["crm", "user", "department", "task"].map(str::to_owned).to_vec();
    });
    let methods = session.result("methods", json!({})).await;
    assert!(methods.as_array().unwrap().len() > 90);
    // Thousands of calls: this client keeps its connection.
    let client = builder().pool_max_idle_per_host(1).build().unwrap();
    let call = async |method: &str, mut params: Value| {
        params["auth"] = json!(session.token);
        let request = client.post(format!("{}/rest/{method}", session.portal.base_url()));
        let answer = read(request.header("content-type", "application/json").body(params.to_string())).await;
        let body = answer.json();
        assert!(answer.status < 500, "{method} {params}: {body}");
        assert!(body.get("result").is_some() != body.get("error").is_some(), "{method} {params}: {body}");
    };
    for method in methods.as_array().unwrap().iter().filter_map(Value::as_str) {
        for value in nonsense() {
            let all = PARAMETERS.iter().map(|name| ((*name).to_owned(), value.clone()));
            call(method, Value::Object(all.collect())).await;
        }
    }
    for method in ["crm.contact.add", "crm.deal.update", "crm.item.add", "crm.activity.add", "crm.timeline.comment.add"]
    {
        for field in FIELDS {
            for value in nonsense() {
                let mut fields =
                    json!({ "TITLE": "x", "SUBJECT": "x", "TYPE_ID": 4, "OWNER_TYPE_ID": 3, "OWNER_ID": 2 });
                fields[field] = value;
                call(method, json!({ "id": 2, "entityTypeId": 3, "fields": fields })).await;
            }
        }
    }
    assert_eq!(session.result("profile", json!({})).await["ID"], "7");
}

#[tokio::test]
async fn every_command_of_a_batch_is_taken_somehow() {
    let session = connect().await;
    let commands = json!({
        "a": "", "b": "?", "c": "&&&===", "d": "profile?$result[", "e": "crm.contact.get?id=$result[zz][[[]]]", "f": "%00%ff?%ff=%",
        "g": "profile#crm.contact.list", "h": format!("crm.contact.list?filter{}=1", "[x]".repeat(5000)), "i": ["profile"],
        "j": format!("crm.contact.list?select[]={}", "$result".repeat(3000)), "k": "/profile/?x",
    });
    let maps = session.batch(commands).await;
    assert_eq!(maps["result"]["d"]["ID"], "7");
    assert_eq!(maps["result"]["g"]["ID"], "7");
    assert_eq!(maps["result"]["k"]["ID"], "7");
    assert_eq!(maps["result_error"]["a"]["error"], "ERROR_METHOD_NOT_FOUND");
}

#[tokio::test]
async fn odd_requests_are_answered() {
    let session = connect().await;
    let base = session.portal.base_url();
    for path in
        ["/rest/", "/rest//", "/rest/a/b/c/d", "/rest/-1/x/profile", "/rest/%00", "/oauth/authorize/", "/_fake/nothing"]
    {
        assert!(read(http().get(format!("{base}{path}"))).await.status < 500, "{path}");
    }
    for body in ["grant_type[]=refresh_token", "grant_type=authorization_code&client_id[x]=1", "%", "="] {
        assert_eq!(post_form(&format!("{base}/oauth/token/"), body).await.code(), (400, "invalid_request".to_owned()));
    }
    let binary =
        http().post(format!("{base}/rest/profile")).header("content-type", "application/json").body(vec![0xff; 5000]);
    assert_eq!(read(binary).await.code(), (401, "NO_AUTH_FOUND".to_owned()));
    assert_eq!(read(http().put(format!("{base}/rest/profile")).body("x")).await.status, 401);
    session.portal.operating_cost("profile", f64::MAX);
    session.portal.operating_cost("scope", 1e14);
    assert_eq!(session.call("profile", json!({})).await.status, 200);
    assert_eq!(session.call("scope", json!({})).await.status, 200);
}
