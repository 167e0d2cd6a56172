//! The interface for tests that speak HTTP, the pages, the log, TLS.

use demo::{Portal, PortalOptions, Proof};
use serde_json::{Value, json};

use crate::client::{builder, column, connect, get, http, post_json, read, start};

#[tokio::test]
async fn every_switch_is_within_reach_of_http() {
    let session = connect().await;
    let fake = |path: &str| format!("{}/_fake/{path}", session.portal.base_url());
    let switches =
        post_json(&fake("switches"), &json!({ "crmMode": "simple", "plan": "enterprise", "scopes": ["crm"] }))
            .await
            .json();
    assert_eq!((&switches["crmMode"], &switches["rotation"]), (&json!("simple"), &json!("oldTokenInvalid")));
    assert_eq!(get(&fake("switches")).await.json(), switches);
    let typo = post_json(&fake("switches"), &json!({ "crmmode": "simple" })).await;
    assert!(typo.status == 400 && typo.json()["error"].as_str().unwrap().contains("crmmode"));
    assert_eq!(session.result("crm.settings.mode.get", json!({})).await, 2);

    let faults = json!([{ "kind": "queryLimitExceeded", "times": 2 }, { "kind": "expiredToken", "method": "profile" }]);
    assert_eq!(post_json(&fake("faults"), &faults).await.status, 200);
    assert_eq!(session.call("profile", json!({})).await.status, 503);
    assert_eq!(get(&fake("stats")).await.json()["faultsPending"], 2);
    assert_eq!(read(http().delete(fake("faults"))).await.status, 200);
    assert_eq!(post_json(&fake("faults"), &json!({ "kind": "gremlin" })).await.status, 422);

    assert_eq!(post_json(&fake("dismiss"), &json!({ "user": 9 })).await.status, 200);
    assert_eq!(post_json(&fake("dismiss"), &json!({ "user": 999 })).await.status, 400);
    assert_eq!(post_json(&fake("access"), &json!({ "kind": "contact", "id": 2, "access": "none" })).await.status, 200);
    assert_eq!(session.error("crm.contact.get", json!({ "id": 2 })).await.2, "Access denied.");
    let rows = get(&fake("rows/contact")).await.json();
    assert!(column(&rows, "NAME").contains(&json!("Marie")));
    assert_eq!(get(&fake("rows/planet")).await.status, 400);
    post_json(&fake("operating"), &json!({ "method": "scope", "seconds": 480 })).await;
    session.result("scope", json!({})).await;
    assert_eq!(session.call("scope", json!({})).await.status, 429);
    post_json(&fake("clock"), &json!({ "advanceSeconds": 3600 })).await;
    assert_eq!(session.call("profile", json!({})).await.code().1, "expired_token");
    post_json(&fake("delete-app"), &json!({})).await;
    assert_eq!(session.call("profile", json!({})).await.code().1, "APPLICATION_NOT_FOUND");

    post_json(&fake("reset"), &json!({})).await;
    assert_eq!(get(&fake("log")).await.json(), json!([]));
    assert_eq!(session.webhook("crm.contact.get", json!({ "id": 2 })).await.result()["NAME"], "Marie");
}

#[tokio::test]
async fn held_answers_are_released_over_http() {
    let session = connect().await;
    let fake = |path: &str| format!("{}/_fake/{path}", session.portal.base_url());
    post_json(&fake("faults"), &json!({ "kind": "slowAnswer" })).await;
    let release = async {
        get(&fake("held?atLeast=1")).await;
        post_json(&fake("release"), &json!({})).await;
    };
    let (answer, ()) = tokio::join!(session.call("profile", json!({})), release);
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn the_log_knows_sizes_methods_and_parameters_but_no_tokens() {
    let session = connect().await;
    session.batch(json!({ "a": "profile", "b": "scope" })).await;
    session.webhook("crm.contact.get", json!({ "id": 0 })).await;
    let log = session.portal.log();
    assert_eq!(column(&serde_json::to_value(&log).unwrap(), "method"), ["oauth.token", "batch", "crm.contact.get"]);
    assert_eq!(log[1].batched, ["profile", "scope"]);
    assert_eq!((log[1].proof, log[2].proof), (Proof::Token, Proof::Webhook));
    assert_eq!((log[2].status, log[2].error.as_deref()), (400, Some("")));
    assert_eq!((log[1].user_agent.as_str(), &log[2].params), ("portal-test/1", &json!({ "id": 0 })));
    assert!(!serde_json::to_string(&log).unwrap().contains(&session.token));
    let stats = session.portal.stats();
    assert_eq!((stats.http_calls, stats.method_calls, stats.secrets_in_urls), (2, 3, 0));
    assert_eq!(stats.bytes_in, log.iter().map(|entry| entry.bytes_in).sum::<usize>());
    assert!(log.iter().all(|entry| entry.bytes_in > 0 && entry.bytes_out > 0));
    let url = format!("{}/rest/profile?auth={}", session.portal.base_url(), session.token);
    assert_eq!(get(&url).await.status, 200);
    assert_eq!(session.portal.stats().secrets_in_urls, 1);
}

#[tokio::test]
async fn links_from_the_sidebar_open_something() {
    let portal = start();
    let page = |path: &str| format!("{}{path}", portal.base_url());
    assert!(get(&page("/crm/contact/details/2/")).await.text.contains("Rousseau"));
    assert!(get(&page("/crm/deal/details/2")).await.text.contains("Offer sent"));
    assert!(get(&page("/company/personal/user/8/")).await.text.contains("Ann Keller"));
    assert!(get(&page("/crm/contact/merge/?id=2,3")).await.text.contains("Katharina"));
    assert_eq!(get(&page("/crm/contact/details/4711/")).await.status, 404);
    assert_eq!(get(&page("/nothing/here")).await.status, 404);
}

#[tokio::test]
async fn https_is_trusted_through_its_own_authority() {
    let portal = Portal::start(PortalOptions { tls: true, ..PortalOptions::default() }).unwrap();
    let authority = reqwest::Certificate::from_pem(portal.ca_pem().unwrap().as_bytes()).unwrap();
    let client = builder().tls_certs_only([authority]).build().unwrap();
    assert!(portal.base_url().starts_with("https://127.0.0.1:"));
    let profile: Value = read(client.get(format!("{}profile", portal.webhook_url()))).await.result();
    assert_eq!(profile["ID"], "7");
    assert!(http().get(portal.base_url()).send().await.is_err(), "unknown authority");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "whether the portal listens")]
fn a_portal_serves_synchronous_code_and_stops_when_dropped() {
    let portal = start();
    let address = portal.base_url().trim_start_matches("http://").to_owned();
    let connection = std::net::TcpStream::connect(&address).unwrap();
    drop(portal);
    assert!(std::net::TcpStream::connect(&address).is_err());
    drop(connection);
}
