//! Everything that can go wrong between host and portal, each by its own sentence.

use std::time::Duration;

use demo::{Fault, FaultKind};
use gmail_sync_host::bitrix24::Pace;
use gmail_sync_host::egress::Purpose;
use gmail_sync_host::failure::{Failure, Reason};
use gmail_sync_host::protocol::{Code, Role};
use serde_json::{Value, json};

use crate::bench::{Bench, HURRY, params};

async fn profile(bench: &Bench) -> Result<Value, Failure> {
    bench.client().call(Purpose::Check, "profile", &json!({}), Vec::new()).await.map(|success| success.result)
}

#[tokio::test]
async fn each_fault_has_its_own_sentence() {
    for (kind, reason, code) in [
        (FaultKind::BadGateway, Reason::PortalSentPage, Code::Unreachable),
        (FaultKind::HtmlForbidden, Reason::PortalSentPage, Code::Unreachable),
        (FaultKind::TruncatedBody, Reason::AnswerBroken, Code::Unreachable),
        (FaultKind::InternalServerError, Reason::PortalFailed, Code::Unreachable),
        (FaultKind::ConnectionError, Reason::AuthorizationServerDown, Code::Unreachable),
        (FaultKind::OverloadLimit, Reason::PortalOverloaded, Code::Refused),
        (FaultKind::PlanAccessDenied, Reason::PlanRequired, Code::Refused),
        (FaultKind::UserAccessError, Reason::NoApplicationAccess, Code::Refused),
        (FaultKind::InsufficientScope, Reason::ScopeMissing, Code::Refused),
        (FaultKind::ApplicationNotFound, Reason::ApplicationGone, Code::NotConnected),
        (FaultKind::ApplicationNotInstalled, Reason::ApplicationGone, Code::NotConnected),
        (FaultKind::PortalDeleted, Reason::PortalDeleted, Code::NotConnected),
        (FaultKind::Redirect { to: "http://localhost:1".into() }, Reason::PortalMoved, Code::NotConnected),
        (FaultKind::RestV3Error, Reason::PortalRefused, Code::Failed),
        (FaultKind::OperationTimeLimit { reset_in_seconds: 90 }, Reason::MethodResting, Code::TryLater),
    ] {
        let bench = Bench::new();
        bench.portal.fault(Fault::next(kind.clone(), 1));
        let failure = profile(&bench).await.unwrap_err();
        assert_eq!((failure.reason(), failure.code()), (reason, code), "{kind:?}");
        for text in [failure.message(), failure.hint()] {
            assert!(!text.contains('?'), "{text}");
        }
        assert_eq!(bench.calls(), 1, "{kind:?}");
    }
}

#[tokio::test]
async fn a_moved_portal_gets_nothing_at_its_new_address() {
    let new_home = Bench::new();
    let bench = Bench::new();
    // The same server under another name.
    let to = new_home.portal.base_url().replace("127.0.0.1", "localhost");
    bench.portal.fault(Fault::next(FaultKind::Redirect { to: to.clone() }, 1));
    let failure = profile(&bench).await.unwrap_err();
    assert_eq!((failure.reason(), failure.arg("to")), (Reason::PortalMoved, Some(to.as_str())));
    assert_eq!((bench.calls(), new_home.calls()), (1, 0));
}

#[tokio::test]
async fn a_slow_portal_meets_the_deadline() {
    let bench = Bench::new();
    bench.portal.fault(Fault::next(FaultKind::SlowAnswer, 1));
    let client = bench.client_at(Pace { deadline: Duration::from_millis(200), ..HURRY });
    let failure = client.call::<Value>(Purpose::Check, "profile", &json!({}), Vec::new()).await.unwrap_err();
    assert_eq!(failure.reason(), Reason::AnswerTooSlow);
    bench.portal.release();
}

#[tokio::test]
async fn a_stale_token_is_renewed_once_and_the_call_repeated() {
    let bench = Bench::with_stale_token().await;
    assert_eq!(profile(&bench).await.unwrap()["NAME"], "Lena");
    assert_eq!((bench.keys().renewals(), bench.calls()), (1, 2));
    // From then on the new one is used.
    profile(&bench).await.unwrap();
    assert_eq!((bench.keys().renewals(), bench.calls()), (1, 1));
    bench.portal.fault(Fault::next(FaultKind::ExpiredToken, 1));
    profile(&bench).await.unwrap();
    assert_eq!((bench.keys().renewals(), bench.calls()), (2, 2));
}

#[tokio::test]
async fn a_token_that_stays_refused_ends_the_connection() {
    let bench = Bench::with_stale_token().await;
    bench.portal.fault(Fault::next(FaultKind::ExpiredToken, 5));
    let failure = profile(&bench).await.unwrap_err();
    assert_eq!((failure.reason(), failure.code()), (Reason::ConnectionRefused, Code::NotConnected));
    assert_eq!((bench.keys().renewals(), bench.calls()), (1, 2));
}

#[tokio::test]
async fn a_webhook_is_never_renewed() {
    let bench = Bench::new();
    bench.portal.fault(Fault::next(FaultKind::ExpiredToken, 1));
    assert_eq!(profile(&bench).await.unwrap_err().reason(), Reason::WebhookRefused);
    assert_eq!((bench.keys().renewals(), bench.calls()), (0, 1));
}

#[tokio::test]
async fn a_crowded_portal_is_asked_three_times() {
    let bench = Bench::new();
    bench.portal.fault(Fault::next(FaultKind::QueryLimitExceeded, 2));
    profile(&bench).await.unwrap();
    assert_eq!(bench.calls(), 3);
    bench.portal.fault(Fault::next(FaultKind::QueryLimitExceeded, 5));
    let failure = profile(&bench).await.unwrap_err();
    assert_eq!((failure.reason(), failure.code(), bench.calls()), (Reason::PortalBusy, Code::TryLater, 3));
}

#[tokio::test]
async fn a_resting_method_is_not_called() {
    let bench = Bench::new();
    let client = bench.client();
    bench.portal.fault(Fault::next(FaultKind::OperationTimeLimit { reset_in_seconds: 300 }, 1));
    for _ in 0..2 {
        let failure = client.call::<Value>(Purpose::Check, "profile", &json!({}), Vec::new()).await.unwrap_err();
        assert_eq!(failure.reason(), Reason::MethodResting);
        let seconds: u64 = failure.arg("seconds").unwrap().parse().unwrap();
        assert!((10..=300).contains(&seconds), "{seconds}");
    }
    assert_eq!(bench.calls(), 1);
    client.call::<Value>(Purpose::Check, "scope", &json!({}), Vec::new()).await.unwrap();
}

#[tokio::test]
async fn one_request_at_a_time() {
    let bench = Bench::new();
    let client = bench.client();
    bench.portal.fault(Fault::next(FaultKind::SlowAnswer, 1));
    let nothing = json!({});
    let call = || client.call::<Value>(Purpose::Check, "profile", &nothing, Vec::new());
    let watch = async {
        bench.portal.until_held(1).await;
        assert_eq!(bench.portal.stats().http_calls, 1);
        bench.portal.release();
    };
    let (one, two, ()) = tokio::join!(call(), call(), watch);
    assert!(one.is_ok() && two.is_ok());
}

#[tokio::test]
async fn a_first_search_that_fails_is_the_failure() {
    let bench = Bench::connected().await;
    bench.portal.fault(Fault::next(FaultKind::BadGateway, 1));
    let (result, parts) = bench.try_lookup(&params(&["nobody@nowhere.example"])).await;
    assert_eq!((result.unwrap_err().reason(), parts.len()), (Reason::PortalSentPage, 0));
    // Nothing of it was remembered.
    bench.person("nobody@nowhere.example").await;
}

#[tokio::test]
async fn records_that_cannot_be_read_leave_roles_and_a_notice() {
    let bench = Bench::connected().await;
    let asked = params(&["marie.rousseau@helion.example", "ann@brightline.example"]);
    // Ann is told of as soon as it's known who is in which record.
    let break_down = |_| bench.portal.fault(Fault::next(FaultKind::BadGateway, 1));
    let lookup = bench.watch(&asked, break_down).await.unwrap();
    assert!(matches!(lookup.people[1].role, Role::Colleague { .. }));
    assert_eq!((lookup.people[0].contacts.len(), lookup.people[0].hidden), (0, 0));
    assert_eq!(lookup.notices[0].reason, "portal_sent_page");
    // It may go better the next time, so it's asked again.
    let marie = bench.person("marie.rousseau@helion.example").await;
    assert_eq!(marie.contacts.len(), 1);
}

#[tokio::test]
async fn people_not_reached_are_told_apart_from_strangers() {
    let bench = Bench::connected().await;
    let all: Vec<String> = (0..120).map(|n| format!("stranger{n}@nowhere.example")).collect();
    let addresses: Vec<&str> = all.iter().map(String::as_str).collect();
    let mut parts = 0;
    let break_down = |_| {
        parts += 1;
        if parts == 2 {
            bench.portal.fault(Fault::next(FaultKind::BadGateway, 9));
        }
    };
    let lookup = bench.watch(&params(&addresses), break_down).await.unwrap();
    let not_reached = lookup.people.iter().filter(|person| person.role == Role::NotLookedUp).count();
    assert_eq!((lookup.people.len(), not_reached), (120, 120 - 98));
    assert_eq!(lookup.people[119].problems[0].reason, "portal_sent_page");
}

#[tokio::test]
async fn an_answer_nobody_asked_for_is_dropped_and_told() {
    let bench = Bench::connected().await;
    // A batch that answers with other people's records.
    let body = r#"{"result":{"result":{"q0":[{"ID":"1","EMAIL":"boss@x.example","ACTIVE":true}],"q1":[]},"result_error":[],"result_total":[],"result_next":[],"result_time":[]},"time":[]}"#;
    let answer = FaultKind::Answer { status: 200, content_type: "application/json".into(), body: body.into() };
    bench.portal.fault(Fault::next(answer, 1));
    let lookup = bench.lookup(&["nobody@nowhere.example"]).await;
    assert_eq!(lookup.people[0].role, Role::External);
    assert_eq!((lookup.notices[0].reason.as_str(), lookup.notices[0].args["count"].as_str()), ("unasked_rows", "1"));
}
