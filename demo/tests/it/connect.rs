//! Authorization, tokens, webhooks, and the methods a client asks first.

use std::time::Duration;

use demo::{Plan, Rotation, StatusTable, Switches};
use serde_json::json;

use crate::client::{
    Session, authorize, connect, get, http, post_form, post_json, query, read, start, token, token_form,
};

#[tokio::test]
async fn a_logged_in_browser_is_redirected_at_once_with_six_parameters() {
    let portal = start();
    let url = format!("{}/oauth/authorize/?client_id={}&state=a%20b", portal.base_url(), portal.client_id());
    let answer = get(&format!("{url}&redirect_uri=http%3A%2F%2Fevil.example&response_type=code&scope=im")).await;
    assert_eq!(answer.status, 302);
    assert!(answer.location.starts_with(&format!("{}?code=", portal.callback())), "{}", answer.location);
    assert_eq!(query(&answer.location, "state"), "a+b");
    let authority = portal.base_url().trim_start_matches("http://").replace(':', "%3A");
    assert_eq!(query(&answer.location, "domain"), authority);
    assert_eq!(query(&answer.location, "server_domain"), authority);
    assert_eq!(query(&answer.location, "member_id"), portal.member_id());
    assert_eq!(query(&answer.location, "scope"), "crm%2Cuser_basic");
}

#[tokio::test]
async fn failures_are_pages_and_never_redirects() {
    let portal = start();
    let unknown = get(&format!("{}/oauth/authorize/?client_id=local.1.2&state=s", portal.base_url())).await;
    assert_eq!((unknown.status, unknown.location.as_str()), (200, ""));
    assert!(unknown.text.contains("Application was not found."));
    portal.switch(|switches| switches.app_deleted = true);
    assert!(authorize(&portal).await.text.contains("Application was not found."));
}

#[tokio::test]
async fn without_a_login_the_form_comes_first() {
    let portal = start();
    portal.switch(|switches| switches.logged_in_user = None);
    let form = authorize(&portal).await;
    assert!(form.text.contains("USER_LOGIN") && form.status == 200);
    let url = format!("{}/oauth/authorize/?client_id={}&state=s2", portal.base_url(), portal.client_id());
    let refused = post_form(&url, "USER_LOGIN=nobody%40brightline.example&USER_PASSWORD=x").await;
    assert!(refused.text.contains("USER_LOGIN"));
    let answer = post_form(&url, "USER_LOGIN=tom%40brightline.example&USER_PASSWORD=x").await;
    assert_eq!((answer.status, query(&answer.location, "state").as_str()), (302, "s2"));
    let code = query(&answer.location, "code");
    let body = token(&portal, "authorization_code", "code", &code).await.json();
    let profile =
        get(&format!("{}/rest/profile?auth={}", portal.base_url(), body["access_token"].as_str().unwrap())).await;
    assert_eq!(profile.result()["NAME"], "Tom");
    assert_eq!(portal.stats().secrets_in_urls, 1);
}

#[tokio::test]
async fn codes_and_refresh_tokens_answer_different_bodies() {
    let portal = start();
    let code = query(&authorize(&portal).await.location, "code");
    let get_url =
        format!("{}/oauth/token/?{}", portal.base_url(), token_form(&portal, "authorization_code", "code", &code));
    let first = get(&get_url).await.json();
    let endpoint = format!("{}/rest/", portal.base_url());
    assert_eq!(first["client_endpoint"], endpoint);
    assert_eq!(first["server_endpoint"], endpoint);
    assert_eq!(
        (&first["expires_in"], &first["status"], &first["member_id"]),
        (&json!(3600), &json!("L"), &json!(portal.member_id()))
    );
    assert!(first.get("expires").is_none() && first.get("user_id").is_none());
    assert_eq!(get(&get_url).await.code(), (400, "invalid_grant".to_owned()), "a code works once");

    let refresh = first["refresh_token"].as_str().unwrap();
    let second = token(&portal, "refresh_token", "refresh_token", refresh).await.json();
    assert_eq!(second["user_id"], 7);
    assert!(second["expires"].as_i64().unwrap() > 1_700_000_000);
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_eq!(
        token(&portal, "refresh_token", "refresh_token", refresh).await.code(),
        (400, "invalid_grant".to_owned())
    );
    assert_eq!(portal.stats().refreshes, 1);
    assert_eq!(portal.stats().secrets_in_urls, 2, "both GETs carried the client secret");

    portal.switch(|switches| switches.rotation = Rotation::OldTokenValid);
    let newest = second["refresh_token"].as_str().unwrap();
    for _ in 0..2 {
        assert_eq!(token(&portal, "refresh_token", "refresh_token", newest).await.status, 200);
    }
}

#[tokio::test]
async fn every_token_that_was_issued_is_told() {
    let session = connect().await;
    let second = token(&session.portal, "refresh_token", "refresh_token", &session.refresh_token).await.json();
    session.portal.forget_tokens();
    post_json(&format!("{}/_fake/reset", session.portal.base_url()), &json!({})).await;
    let told = get(&format!("{}/_fake/tokens", session.portal.base_url())).await.json();
    assert_eq!(
        told,
        json!([session.token, session.refresh_token, second["access_token"], second["refresh_token"]]),
        "those that are no good any more, too"
    );
    assert_eq!(told, json!(session.portal.tokens()));
}

#[tokio::test]
async fn an_authorization_server_of_another_name_is_spoken_to_as_the_portal_is() {
    let portal = start();
    let name = portal.base_url().replace("http://127.0.0.1", "localhost");
    portal.switch(|switches| switches.authorization_server = Some(name.clone()));
    let location = authorize(&portal).await.location;
    assert_eq!(query(&location, "server_domain"), name.replace(':', "%3A"));
    let granted = token(&portal, "authorization_code", "code", &query(&location, "code")).await.json();
    assert_eq!(granted["server_endpoint"], format!("http://{name}/rest/"));
}

#[tokio::test]
async fn time_ends_codes_and_tokens() {
    let session = connect().await;
    let code = query(&authorize(&session.portal).await.location, "code");
    session.portal.advance(Duration::from_secs(30));
    let late = token(&session.portal, "authorization_code", "code", &code).await;
    assert_eq!(late.code(), (400, "invalid_grant".to_owned()));
    assert_eq!(session.call("profile", json!({})).await.status, 200);
    session.portal.advance(Duration::from_secs(3600));
    assert_eq!(session.call("profile", json!({})).await.code(), (401, "expired_token".to_owned()));
    session.portal.advance(Duration::from_secs(180 * 24 * 3600));
    let late = token(&session.portal, "refresh_token", "refresh_token", &session.refresh_token).await;
    assert_eq!(late.code(), (400, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn the_authorization_server_refuses_in_its_own_way() {
    let portal = start();
    let url = format!("{}/oauth/token/", portal.base_url());
    let (id, secret) = (portal.client_id().to_owned(), portal.client_secret().to_owned());
    assert_eq!(post_form(&url, "").await.code(), (400, "invalid_request".to_owned()));
    let wrong_client = format!("grant_type=refresh_token&client_id=x&client_secret={secret}&refresh_token=x");
    assert_eq!(post_form(&url, &wrong_client).await.code(), (200, "wrong_client".to_owned()));
    let wrong_secret = format!("grant_type=refresh_token&client_id={id}&client_secret=x&refresh_token=x");
    assert_eq!(post_form(&url, &wrong_secret).await.code(), (400, "invalid_client".to_owned()));
    portal.switch(|switches| {
        switches.wrong_client_status = 400;
        switches.invalid_client_status = 401;
    });
    assert_eq!(post_form(&url, &wrong_client).await.status, 400);
    assert_eq!(post_form(&url, &wrong_secret).await.status, 401);
    portal.switch(|switches| switches.rest_available = false);
    assert_eq!(
        token(&portal, "refresh_token", "refresh_token", "x").await.code(),
        (401, "PAYMENT_REQUIRED".to_owned())
    );
    portal.switch(|switches| switches.app_deleted = true);
    assert_eq!(token(&portal, "refresh_token", "refresh_token", "x").await.code(), (401, "NOT_INSTALLED".to_owned()));
}

#[tokio::test]
async fn the_first_questions_have_their_answers() {
    let session = connect().await;
    let profile = session.result("profile", json!({})).await;
    assert_eq!(profile["ID"], "7");
    assert_eq!(profile["ADMIN"], false);
    assert_eq!(session.result("scope", json!({})).await, json!(["crm", "user_basic"]));
    assert!(session.result("scope", json!({ "full": true })).await.as_array().unwrap().len() > 5);
    let info = session.result("app.info", json!({})).await;
    assert_eq!((&info["LICENSE_FAMILY"], &info["CODE"]), (&json!("std"), &json!(session.portal.client_id())));
    assert_eq!(session.result("crm.settings.mode.get", json!({})).await, 1);
    assert!(session.result("server.time", json!({})).await.as_str().unwrap().ends_with("+01:00"));
    let exists = session.result("method.get", json!({ "name": "CRM.Item.List" })).await;
    assert_eq!(exists, json!({ "isExisting": true, "isAvailable": true }));
    let ungranted = session.result("method.get", json!({ "name": "department.get" })).await;
    assert_eq!(ungranted, json!({ "isExisting": true, "isAvailable": false }));

    session.portal.switch(|switches| {
        switches.plan = Plan::SelfHosted;
        switches.missing_methods = vec!["crm.item.add".to_owned()];
    });
    assert_eq!(session.result("app.info", json!({})).await["LICENSE"], "en_selfhosted");
    let missing = session.result("method.get", json!({ "name": "crm.item.add" })).await;
    assert_eq!(missing, json!({ "isExisting": false, "isAvailable": false }));
    assert_eq!(session.call("crm.item.add", json!({})).await.code(), (404, "ERROR_METHOD_NOT_FOUND".to_owned()));
}

#[tokio::test]
async fn a_webhook_acts_as_its_creator() {
    let session = connect().await;
    assert_eq!(session.webhook("profile.json/", json!({})).await.result()["NAME"], "Lena");
    let info = session.webhook("app.info", json!({})).await.result();
    assert!(info.get("SCOPE").is_some() && info.get("CODE").is_none());
    let bad = format!("{}/rest/7/wrong/profile", session.portal.base_url());
    assert_eq!(get(&bad).await.code(), (401, "INVALID_CREDENTIALS".to_owned()));
    let foreign = session.portal.webhook_url().replace("/rest/7/", "/rest/8/");
    assert_eq!(get(&format!("{foreign}profile")).await.code(), (401, "INVALID_CREDENTIALS".to_owned()));
    session.portal.switch(|switches| switches.statuses = StatusTable::Docs);
    assert_eq!(session.webhook("app.info", json!({})).await.code(), (403, "ACCESS_DENIED".to_owned()));
    session.portal.switch(|switches| switches.statuses = StatusTable::Server);
    session.portal.switch(|switches| switches.webhook_needs_https = true);
    assert_eq!(session.webhook("profile", json!({})).await.code(), (401, "INVALID_REQUEST".to_owned()));
    assert!(session.portal.webhook_of(8).is_some() && session.portal.webhook_of(21).is_none());
}

async fn refused(session: &Session, change: impl FnOnce(&mut Switches)) -> (u16, String) {
    session.portal.switch(change);
    let refused = session.call("profile", json!({})).await.code();
    session.portal.switch(|switches| *switches = Switches::default());
    refused
}

#[tokio::test]
async fn an_authorization_can_end_in_many_ways() {
    let session = connect().await;
    assert_eq!(refused(&session, |on| on.app_deleted = true).await, (401, "APPLICATION_NOT_FOUND".to_owned()));
    assert_eq!(refused(&session, |on| on.app_access = false).await, (401, "user_access_error".to_owned()));
    assert_eq!(refused(&session, |on| on.rest_available = false).await, (401, "ACCESS_DENIED".to_owned()));
    session.portal.dismiss(7);
    assert_eq!(refused(&session, |_| ()).await, (401, "authorization_error".to_owned()));
    let refresh = token(&session.portal, "refresh_token", "refresh_token", &session.refresh_token).await;
    assert_eq!(refresh.code(), (400, "invalid_grant".to_owned()));
    session.portal.switch(|on| on.dismissed_still_authorized = true);
    assert_eq!(session.result("profile", json!({})).await, json!([]));
}

#[tokio::test]
async fn the_token_is_taken_from_three_places_and_the_header_wins() {
    let session = connect().await;
    let url = format!("{}/rest/profile", session.portal.base_url());
    let bearer = |token: &str| http().post(&url).header("authorization", format!("Bearer {token}"));
    assert_eq!(read(bearer(&session.token)).await.status, 200);
    let form = format!("access_token={}", session.token);
    assert_eq!(post_form(&url, &form).await.status, 200);
    let both = bearer("wrong").header("content-type", "application/x-www-form-urlencoded").body(form);
    assert_eq!(read(both).await.code(), (401, "invalid_token".to_owned()));
    assert_eq!(get(&url).await.code(), (401, "NO_AUTH_FOUND".to_owned()));
    assert_eq!(session.portal.stats().secrets_in_urls, 0);
}
