//! Employees.

use serde_json::{Value, json};

use crate::client::{authorize, column, connect, query, token};

#[tokio::test]
async fn several_addresses_are_one_question() {
    let session = connect().await;
    let ask = json!({
        "filter": { "@EMAIL": ["ANN@brightline.example", "tom@brightline.example", "henrik@brightline.example", "x@y.example"] },
        "select": ["ID", "EMAIL", "ACTIVE", "USER_TYPE", "UF_DEPARTMENT"],
    });
    let answer = session.call("user.get", ask).await;
    let rows = answer.result();
    assert_eq!(column(&rows, "ID"), ["8", "9", "15"]);
    assert_eq!(column(&rows, "ACTIVE"), [true, true, false]);
    assert_eq!((&rows[0]["UF_DEPARTMENT"], &rows[0]["USER_TYPE"]), (&json!([3]), &json!("employee")));
    assert_eq!(answer.json()["total"], 3);
    let active = json!({ "filter": { "EMAIL": "henrik@brightline.example", "ACTIVE": true } });
    let nobody = session.call("user.get", active).await.json();
    assert_eq!((&nobody["result"], nobody.get("total")), (&json!([]), None));
    let without_filter = session.result("user.get", json!({ "EMAIL": "ann@brightline.example" })).await;
    assert_eq!(column(&without_filter, "ID"), ["8"]);
    let both = json!({ "filter": { "ID": 9 }, "EMAIL": "ann@brightline.example" });
    assert_eq!(column(&session.result("user.get", both).await, "ID"), ["9"], "with a filter nothing else filters");
}

#[tokio::test]
async fn scopes_decide_the_fields_and_widen_the_filter() {
    let session = connect().await;
    let ask = json!({ "filter": { "@EMAIL": ["ann@brightline.example"] } });
    let basic = session.result("user.get", ask.clone()).await;
    assert!(basic[0].get("EMAIL").is_some() && basic[0].get("LAST_LOGIN").is_none());
    session.portal.switch(|switches| switches.scopes = vec!["crm".to_owned(), "user_brief".to_owned()]);
    let brief = session.result("user.get", ask.clone()).await;
    assert_eq!(brief.as_array().unwrap().len(), 12, "everybody but an extranet user of other groups");
    assert!(brief[0].get("EMAIL").is_none());
    assert_eq!(session.portal.stats().widened_filters[0].field, "@EMAIL");
    session.portal.switch(|switches| switches.scopes = vec!["user".to_owned(), "department".to_owned()]);
    let full = session.result("user.get", ask).await;
    assert_eq!((&full[0]["TIMESTAMP_X"], full[0]["LAST_LOGIN"].is_string()), (&json!({}), true));
    assert_eq!(session.result("user.current", json!({})).await["EMAIL"], "lena@brightline.example");
    assert_eq!(session.result("department.get", json!({ "ID": 3 })).await[0]["NAME"], "Sales");
    session.portal.switch(|switches| switches.scopes = vec!["crm".to_owned()]);
    assert_eq!(session.call("user.get", json!({})).await.code(), (401, "insufficient_scope".to_owned()));
}

#[tokio::test]
async fn search_knows_names_but_no_addresses() {
    let session = connect().await;
    let find = |what: &str| session.result("user.search", json!({ "FIND": what }));
    assert_eq!(column(&find("kel").await, "NAME"), ["Ann"]);
    assert_eq!(find("ann@brightline.example").await, json!([]));
}

#[tokio::test]
async fn an_extranet_user_may_not_use_crm() {
    let mut session = connect().await;
    session.portal.switch(|switches| switches.logged_in_user = Some(21));
    let code = query(&authorize(&session.portal).await.location, "code");
    let body: Value = token(&session.portal, "authorization_code", "code", &code).await.json();
    session.token = body["access_token"].as_str().unwrap().to_owned();
    let refused = session.call("crm.contact.list", json!({})).await.code();
    assert_eq!(refused, (403, "allowed_only_intranet_user".to_owned()));
    assert_eq!(column(&session.result("user.get", json!({})).await, "ID"), ["21"]);
}
