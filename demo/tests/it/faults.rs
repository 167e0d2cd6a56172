//! Faults, limits, and a portal that moves.

use std::time::Duration;

use demo::{Fault, FaultKind, Plan};
use serde_json::json;

use crate::client::{connect, http, post_json, read, token};

#[tokio::test]
async fn each_fault_is_what_it_says() {
    let session = connect().await;
    for (kind, status, error) in [
        (FaultKind::QueryLimitExceeded, 503, "QUERY_LIMIT_EXCEEDED"),
        (FaultKind::OperationTimeLimit { reset_in_seconds: 30 }, 429, "OPERATION_TIME_LIMIT"),
        (FaultKind::ExpiredToken, 401, "expired_token"),
        (FaultKind::InvalidToken, 401, "invalid_token"),
        (FaultKind::InsufficientScope, 401, "insufficient_scope"),
        (FaultKind::PlanAccessDenied, 401, "ACCESS_DENIED"),
        (FaultKind::UserAccessError, 401, "user_access_error"),
        (FaultKind::ApplicationNotFound, 401, "APPLICATION_NOT_FOUND"),
        (FaultKind::ApplicationNotInstalled, 401, "ERROR_OAUTH"),
        (FaultKind::ConnectionError, 401, "CONNECTION_ERROR"),
        (FaultKind::OverloadLimit, 401, "OVERLOAD_LIMIT"),
        (FaultKind::PortalDeleted, 403, "PORTAL_DELETED"),
        (FaultKind::InternalServerError, 500, "INTERNAL_SERVER_ERROR"),
    ] {
        session.portal.fault(Fault::next(kind, 1));
        assert_eq!(session.call("profile", json!({})).await.code(), (status, error.to_owned()));
    }
    session.portal.fault(Fault::next(FaultKind::OperationTimeLimit { reset_in_seconds: 30 }, 1));
    assert!(session.call("profile", json!({})).await.json()["operating_reset_at"].is_i64());
    for (kind, status) in [(FaultKind::BadGateway, 502), (FaultKind::HtmlForbidden, 403)] {
        session.portal.fault(Fault::next(kind, 1));
        let answer = session.call("profile", json!({})).await;
        assert_eq!((answer.status, answer.content_type.as_str()), (status, "text/html"));
    }
    session.portal.fault(Fault::next(FaultKind::RestV3Error, 1));
    assert!(session.call("profile", json!({})).await.json()["error"]["code"].is_string());
    let answer = FaultKind::Answer { status: 200, content_type: "application/json".to_owned(), body: String::new() };
    session.portal.fault(Fault::next(answer, 1));
    assert_eq!(session.call("profile", json!({})).await.text, "");
    assert_eq!(session.call("profile", json!({})).await.status, 200);
}

#[tokio::test]
async fn a_fault_hits_one_method_even_inside_a_batch() {
    let session = connect().await;
    session.portal.fault(Fault::on("crm.item.list", FaultKind::OperationTimeLimit { reset_in_seconds: 9 }, 1));
    session.portal.fault(Fault::on("oauth.token", FaultKind::BadGateway, 1));
    let commands = json!({ "p": "profile", "i": "crm.item.list?entityTypeId=2" });
    let maps = session.batch(commands.clone()).await;
    assert_eq!(maps["result_error"]["i"]["error"], "OPERATION_TIME_LIMIT");
    assert_eq!(maps["result"]["p"]["ID"], "7");
    assert_eq!(session.batch(commands).await["result_error"], json!([]));
    let refresh = token(&session.portal, "refresh_token", "refresh_token", &session.refresh_token).await;
    assert_eq!(refresh.status, 502);
    session.portal.fault(Fault::next(FaultKind::BadGateway, 9));
    session.portal.clear_faults();
    assert_eq!(session.call("profile", json!({})).await.status, 200);
}

#[tokio::test]
async fn a_slow_answer_waits_for_the_test() {
    let session = connect().await;
    session.portal.fault(Fault::on("crm.contact.add", FaultKind::SlowAnswer, 1));
    let before = session.portal.rows("contact").len();
    let add = session.call("crm.contact.add", json!({ "fields": { "NAME": "Slow" } }));
    let watch = async {
        session.portal.until_held(1).await;
        assert_eq!(session.portal.rows("contact").len(), before + 1, "the write has happened");
        assert_eq!(session.call("profile", json!({})).await.status, 200, "others aren't held");
        assert_eq!(session.portal.stats().held, 1);
        session.portal.release();
    };
    let (answer, ()) = tokio::join!(add, watch);
    assert!(answer.result().is_i64());
    assert_eq!(session.portal.stats().held, 0);
}

#[tokio::test]
async fn a_truncated_answer_breaks_off() {
    let session = connect().await;
    session.portal.fault(Fault::next(FaultKind::TruncatedBody, 1));
    let url = format!("{}crm.contact.list", session.portal.webhook_url());
    let response = http().get(&url).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    assert!(response.content_length().unwrap() > 1000);
    assert!(response.bytes().await.is_err());
    assert_eq!(session.webhook("profile", json!({})).await.status, 200);
}

#[tokio::test]
async fn the_bucket_blocks_a_burst_and_drains() {
    let session = connect().await;
    let profile = format!("{}profile", session.portal.webhook_url());
    for _ in 0..50 {
        assert_eq!(post_json(&profile, &json!({})).await.status, 200);
    }
    assert_eq!(post_json(&profile, &json!({})).await.code(), (503, "QUERY_LIMIT_EXCEEDED".to_owned()));
    session.portal.advance(Duration::from_millis(500));
    assert_eq!(post_json(&profile, &json!({})).await.status, 200);
    assert_eq!(post_json(&profile, &json!({})).await.status, 503);
    session.portal.switch(|switches| switches.plan = Plan::SelfHosted);
    assert_eq!(post_json(&profile, &json!({})).await.status, 200);
}

#[tokio::test]
async fn operating_time_is_counted_per_method_and_inside_batches() {
    let session = connect().await;
    session.portal.operating_cost("crm.duplicate.findbycomm", 250.0);
    let find = "crm.duplicate.findbycomm?type=EMAIL&values[]=x%40y.example";
    let maps = session.batch(json!({ "a": find, "b": find, "c": find, "p": "profile" })).await;
    assert_eq!(maps["result_time"]["b"]["operating"], 500);
    assert_eq!(maps["result_error"]["c"]["error"], "OPERATION_TIME_LIMIT");
    assert_eq!(maps["result"]["p"]["ID"], "7");
    session.portal.advance(Duration::from_secs(660));
    assert_eq!(session.batch(json!({ "a": find })).await["result_error"], json!([]));
}

#[tokio::test]
async fn a_renamed_portal_redirects_and_answers_under_its_new_name() {
    let session = connect().await;
    let port = session.portal.base_url().rsplit_once(':').unwrap().1.to_owned();
    let new = format!("http://localhost:{port}");
    session.portal.switch(|switches| switches.renamed_to = Some(new.clone()));
    let moved = session.call("profile", json!({})).await;
    assert_eq!((moved.status, moved.location), (302, format!("{new}/rest/profile")));
    let request =
        http().post(format!("{}/rest/profile", session.portal.base_url())).header("host", format!("localhost:{port}"));
    let body = json!({ "auth": session.token }).to_string();
    let answer = read(request.header("content-type", "application/json").body(body)).await;
    assert_eq!(answer.result()["ID"], "7");
    let refreshed = token(&session.portal, "refresh_token", "refresh_token", &session.refresh_token).await.json();
    assert_eq!(refreshed["client_endpoint"], format!("{new}/rest/"));
    assert_eq!(refreshed["member_id"], session.portal.member_id());

    session.portal.switch(|switches| switches.renamed_to = None);
    session.portal.fault(Fault::next(FaultKind::Redirect { to: "https://new.example".to_owned() }, 1));
    assert_eq!(session.call("profile", json!({})).await.location, "https://new.example/rest/profile");
}
