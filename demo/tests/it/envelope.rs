//! The envelope: order of checks, shapes, pages, and `batch`.

use demo::{Plan, StatusTable};
use serde_json::{Value, json};

use crate::client::{connect, get, http, post_form, post_json, read};

#[tokio::test]
async fn checks_come_in_the_portals_order() {
    let session = connect().await;
    let base = session.portal.base_url();
    // The method before the authorization, the authorization before the scope, the scope before the parameters.
    assert_eq!(get(&format!("{base}/rest/no.such.method")).await.code(), (404, "ERROR_METHOD_NOT_FOUND".to_owned()));
    assert_eq!(get(&format!("{base}/rest/department.get")).await.code(), (401, "NO_AUTH_FOUND".to_owned()));
    assert_eq!(session.call("department.get", json!({})).await.code(), (401, "insufficient_scope".to_owned()));
    let webhook = session.webhook("department.get", json!({})).await.error();
    assert!(webhook.2.ends_with("webhook token"));
    session.portal.switch(|switches| switches.statuses = StatusTable::Docs);
    assert_eq!(session.call("department.get", json!({})).await.status, 403);
    session.portal.operating_cost("crm.item.get", 480.0);
    assert_eq!(session.call("crm.item.get", json!({ "entityTypeId": 2, "id": 2 })).await.status, 200);
    assert_eq!(session.call("crm.item.get", json!({})).await.code(), (429, "OPERATION_TIME_LIMIT".to_owned()));
}

#[tokio::test]
async fn a_broken_body_is_no_parameters_at_all() {
    let session = connect().await;
    let url = format!("{}/rest/profile", session.portal.base_url());
    let send = |body: String| read(http().post(&url).header("content-type", "application/json").body(body));
    let broken = send(format!(r#"{{"auth":"{}""#, session.token)).await;
    assert_eq!(broken.code(), (401, "NO_AUTH_FOUND".to_owned()));
    let scalar = send("7".to_owned()).await;
    assert_eq!(scalar.code(), (401, "NO_AUTH_FOUND".to_owned()));
    let deep = format!(r#"{{"auth":"{}","a":{}{}}}"#, session.token, "[".repeat(5000), "]".repeat(5000));
    assert_eq!(send(deep).await.code(), (401, "NO_AUTH_FOUND".to_owned()));
    let not_json = read(http().post(&url).body(format!(r#"{{"auth":"{}"}}"#, session.token))).await;
    assert_eq!(not_json.code(), (401, "NO_AUTH_FOUND".to_owned()));
    let padding = "x".repeat(2_000_000);
    let huge = send(format!(r#"{{"auth":"{}","padding":"{padding}"}}"#, session.token)).await;
    assert_eq!(huge.status, 200);
}

#[tokio::test]
async fn answers_carry_their_times() {
    let session = connect().await;
    let answer = session.call("profile", json!({})).await;
    assert_eq!(answer.content_type, "application/json; charset=utf-8");
    let time = answer.json()["time"].clone();
    for (name, is) in [
        ("start", Value::is_number as fn(&Value) -> bool),
        ("finish", Value::is_number),
        ("duration", Value::is_number),
        ("processing", Value::is_number),
        ("date_start", Value::is_string),
        ("date_finish", Value::is_string),
        ("operating_reset_at", Value::is_i64),
        ("operating", Value::is_number),
    ] {
        assert!(is(&time[name]), "{name} in {time}");
    }
    session.portal.switch(|switches| switches.plan = Plan::SelfHosted);
    let time = session.call("profile", json!({})).await.json()["time"].clone();
    assert!(time.get("operating").is_none() && time.get("operating_reset_at").is_none());
}

#[tokio::test]
async fn get_post_json_and_form_are_the_same_call() {
    let session = connect().await;
    let webhook = session.portal.webhook_url();
    let by_get =
        get(&format!("{webhook}crm.contact.list?filter[@ID][]=2&filter[@ID][]=3&select[]=NAME&order[ID]=DESC")).await;
    let form = "filter%5B%40ID%5D%5B%5D=2&filter%5B%40ID%5D%5B%5D=3&select%5B0%5D=NAME&order%5BID%5D=DESC";
    let by_form = post_form(&format!("{webhook}crm.contact.list.json"), form).await;
    let body = json!({ "filter": { "@ID": [2, 3] }, "select": ["NAME"], "order": { "ID": "DESC" } });
    let by_json = post_json(&format!("{webhook}CRM.contact.list/"), &body).await;
    let wanted = json!([{ "ID": "3", "NAME": "Katharina" }, { "ID": "2", "NAME": "Marie" }]);
    for answer in [by_get, by_form, by_json] {
        assert_eq!(answer.result(), wanted);
    }
    let header = http().get(format!("{webhook}profile")).send().await.unwrap();
    assert_eq!(header.headers()["access-control-allow-origin"], "*");
}

#[tokio::test]
async fn pages_are_fifty_rows() {
    let session = connect().await;
    let page =
        |start: i64| session.call("crm.deal.list", json!({ "start": start, "select": ["ID"], "filter": { ">ID": 0 } }));
    let first = page(0).await.json();
    assert_eq!((&first["next"], first["result"].as_array().unwrap().len()), (&json!(50), 50));
    assert_eq!(first["total"], 59, "the deal nobody may read isn't counted");
    let last = page(50).await.json();
    assert!(last.get("next").is_none());
    assert_eq!(last["result"].as_array().unwrap().len(), 9);
    assert_eq!(page(57).await.json()["result"], last["result"], "an offset is rounded down to a page");
    let uncounted = page(-1).await.json();
    assert_eq!((&uncounted["total"], uncounted.get("next")), (&json!(0), None));
    assert_eq!(uncounted["result"].as_array().unwrap().len(), 50);
    let items = session.call("crm.item.list", json!({ "entityTypeId": 2, "start": -1 })).await.json();
    assert!(items.get("total").is_none() && items.get("next").is_none());
}

#[tokio::test]
async fn a_batch_succeeds_even_if_nothing_in_it_does() {
    let session = connect().await;
    let maps = session
        .batch(json!({
            "who": "user.get?filter%5B%40EMAIL%5D%5B%5D=ann%40brightline.example&select%5B%5D=ID",
            "none": "crm.duplicate.findbycomm?type=EMAIL&values%5B%5D=nobody%40nowhere.example",
            "bad": "crm.contact.get?id=0",
            "worse": "no.such.method",
            "deeper": "batch?cmd[a]=profile",
            "scope": "department.get",
        }))
        .await;
    assert_eq!(maps["result"], json!({ "who": [{ "ID": "8" }], "none": [] }));
    assert_eq!(maps["result_total"], json!({ "who": 1 }));
    assert_eq!(maps["result_next"], json!([]), "an empty map is a list");
    assert_eq!(
        maps["result_error"]["bad"],
        json!({ "error": "", "error_description": "ID is not defined or invalid." })
    );
    assert_eq!(maps["result_error"]["worse"]["error"], "ERROR_METHOD_NOT_FOUND");
    assert_eq!(maps["result_error"]["deeper"]["error"], "ERROR_BATCH_METHOD_NOT_ALLOWED");
    assert_eq!(maps["result_error"]["scope"]["error"], "insufficient_scope");
    assert!(maps["result_time"]["who"]["date_start"].is_string());

    let nothing = session.result("batch", json!({})).await;
    let empty = json!([]);
    for name in ["result", "result_error", "result_total", "result_next", "result_time"] {
        assert_eq!(nothing[name], empty, "{name}");
    }
}

#[tokio::test]
async fn a_batch_halts_when_told() {
    let session = connect().await;
    let commands = json!({ "a": "profile", "b": "crm.contact.get?id=0", "c": "profile" });
    let maps = session.result("batch", json!({ "halt": 1, "cmd": commands })).await;
    assert!(maps["result"].get("a").is_some() && maps["result"].get("c").is_none());
    let log = session.portal.log();
    assert_eq!(log.last().unwrap().batched, ["profile", "crm.contact.get"]);
}

#[tokio::test]
async fn numeric_keys_make_lists_and_the_fifty_first_command_fails() {
    let session = connect().await;
    let list = session.batch(json!(["server.time", "profile", 7])).await;
    assert_eq!(list["result"].as_array().unwrap().len(), 2);
    let many: serde_json::Map<String, Value> = (0..52).map(|n| (format!("k{n:02}"), json!("server.time"))).collect();
    let maps = session.batch(Value::Object(many)).await;
    assert_eq!(maps["result"].as_object().unwrap().len(), 50);
    assert_eq!(maps["result_error"]["k50"]["error"], "ERROR_BATCH_LENGTH_EXCEEDED");
    assert_eq!(maps["result_error"].as_object().unwrap().len(), 2);
}

#[tokio::test]
async fn a_plus_in_a_command_is_a_space() {
    let session = connect().await;
    let maps = session
        .batch(json!({
            "plus": "crm.duplicate.findbycomm?type=EMAIL&values[]=noor+brightline@meerwind.example",
            "encoded": "crm.duplicate.findbycomm?type=EMAIL&values[]=noor%2Bbrightline@meerwind.example",
        }))
        .await;
    assert_eq!(maps["result"], json!({ "plus": [], "encoded": { "CONTACT": [7] } }));
}

#[tokio::test]
async fn references_can_return_everybody() {
    let session = connect().await;
    // Commands run in the order of their keys here, since this client's maps are sorted.
    let maps = session
        .batch(json!({
            "a": "crm.duplicate.findbycomm?type=EMAIL&values[]=marie.rousseau%40helion.example",
            "b_good": "crm.contact.list?filter[@ID]=$result[a][CONTACT]&select[]=NAME",
            "c": "crm.duplicate.findbycomm?type=EMAIL&values[]=nobody%40nowhere.example",
            "d_everybody": "crm.contact.list?filter[@ID]=$result[c][CONTACT]&select[]=NAME",
            "e_bystander": "crm.contact.list?filter[@ID]=$result[a][COMPANY]&select[]=NAME",
        }))
        .await;
    assert_eq!(maps["result"]["b_good"], json!([{ "ID": "2", "NAME": "Marie" }]));
    assert!(maps["result_total"]["d_everybody"].as_i64().unwrap() > 35, "an empty array drops the condition");
    let bystander = &maps["result"]["e_bystander"][0];
    assert_eq!(bystander["NAME"], "Gerd", "the whole answer as an id list casts to 1");
    assert_eq!(session.portal.stats().widened_filters[0].why, "empty array");
}
