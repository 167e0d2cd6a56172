//! Hosts that still run while everything is purged, as those of open browsers do.

use demo::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::journey::{MAILBOX, MARIE, connect, portal};
use crate::support::Home;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn a_host_that_runs_on_after_a_purge_sends_nothing_and_brings_nothing_back() {
    let (home, (portal, port)) = (Home::new(), portal());
    let mut profile = home.profile();
    connect(&mut profile, &portal, port);
    let look_up = json!({"mailbox": MAILBOX, "addresses": [MARIE]});
    // Of several requests the first is on its way.
    portal.fault(Fault::next(FaultKind::SlowAnswer, 1));
    let looking_up = profile.start("lookup", &look_up);
    runtime().block_on(portal.until_held(1));
    home.run(&["purge", "--yes"]);
    let asked = portal.stats().http_calls;
    portal.release();
    let reason = |answer: Result<Value, Value>| answer.unwrap_err()["reason"].clone();
    assert_eq!(reason(profile.answer(&looking_up)), "ledger_unwritable");

    assert_eq!(reason(profile.ask("lookup", &look_up)), "session_needed");
    profile.session = None;
    let webhook = json!({"url": portal.webhook_url(), "mailbox": MAILBOX});
    assert_eq!(reason(profile.ask("connectWebhook", &webhook)), "ledger_unwritable");
    profile.ask("hello", &json!({"protocols": [1], "extension": "9.9.9"})).unwrap();
    assert_eq!(portal.stats().http_calls, asked);
    assert!(profile.leave().0.success());
    assert!(!home.path().exists());
}
