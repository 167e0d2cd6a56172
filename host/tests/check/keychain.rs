//! The keychain, and the portal that is asked with what it holds.

use std::time::Duration;

use demo::{Fault, FaultKind, Portal, PortalOptions};
use serde_json::Value;

use crate::machine::{Machine, PROGRAM, codes};

#[test]
fn nm16_there_is_no_keychain() {
    let machine = Machine::new();
    let mut command = machine.command(PROGRAM);
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/no/such/bus").env_remove("XDG_RUNTIME_DIR");
    let output = command.args(["--check", "--json", "--offline", "--browser", "chromium"]).output().unwrap();
    assert!(machine.read(&output).iter().any(|fault| fault["reason"] == "keychain_missing"));
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn nm16_is_gone_with_a_keychain() {
    assert!(!codes(&Machine::new().check(&[])).contains(&"NM16".to_owned()));
}

/// A word of the portal's that it has no switch for.
fn answer(status: u16, error: &str) -> FaultKind {
    let (content_type, body) = ("application/json".to_owned(), format!(r#"{{"error":"{error}"}}"#));
    FaultKind::Answer { status, content_type, body }
}

fn online(machine: &Machine) -> Vec<Value> {
    machine.new_faults(&["--online"])
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn what_the_portal_says_has_a_code() {
    let (machine, portal) = Machine::connected(PortalOptions::default());
    assert_eq!(online(&machine), Vec::<Value>::new());
    const ADMINISTRATOR: &str = "portal's administrator";
    const WAITING: &str = "ry again in";
    let faults = [
        (FaultKind::InvalidToken, "PT02", "webhook_refused", "Create a new inbound webhook"),
        (FaultKind::InsufficientScope, "PT03", "scope_missing", "Have crm and user_basic ticked"),
        (FaultKind::ApplicationNotFound, "PT04", "application_gone", ADMINISTRATOR),
        (FaultKind::UserAccessError, "PT04", "no_application_access", ADMINISTRATOR),
        (answer(401, "authorization_error"), "PT05", "user_dismissed", ADMINISTRATOR),
        (FaultKind::PlanAccessDenied, "PT06", "plan_required", ADMINISTRATOR),
        (FaultKind::Redirect { to: "https://moved.bitrix24.com".to_owned() }, "PT07", "portal_moved", "connect there"),
        (FaultKind::PortalDeleted, "PT07", "portal_deleted", "connect to the portal the company uses now"),
        (FaultKind::QueryLimitExceeded, "PT08", "portal_busy", "It can be asked again in"),
        (FaultKind::OverloadLimit, "PT08", "portal_overloaded", ADMINISTRATOR),
        (FaultKind::InternalServerError, "PT09", "portal_failed", WAITING),
        (FaultKind::ConnectionError, "PT09", "authorization_server_down", WAITING),
        (FaultKind::BadGateway, "PT09", "portal_sent_page", WAITING),
        (FaultKind::HtmlForbidden, "PT09", "portal_sent_page", WAITING),
        (FaultKind::TruncatedBody, "NW03", "answer_broken", "Try again."),
    ];
    for (kind, code, reason, cure) in faults {
        portal.fault(Fault::next(kind, 20));
        let fault = machine.finds_with(&["--online"], code, reason);
        assert!(fault["cure"].as_str().unwrap().contains(cure), "{fault:#?}");
        // What whoever it names does on their side; where it is to be typed here, reconnect.rs types it.
        portal.clear_faults();
        assert_eq!(online(&machine), Vec::<Value>::new(), "{reason}");
    }
    portal.switch(|switches| switches.missing_methods = vec!["crm.item.list".to_owned(), "crm.item.get".to_owned()]);
    let old = online(&machine);
    assert_eq!((codes(&old), &old[0]["reason"]), (vec!["PT13".to_owned()], &"portal_old".into()));
    assert_eq!(old[0]["evidence"]["methods"], "crm.item.list, crm.item.get");
    // One that doesn't even have the question tells nothing.
    portal.switch(|switches| switches.missing_methods = vec!["method.get".to_owned()]);
    assert_eq!(online(&machine), Vec::<Value>::new());
    portal.switch(|switches| switches.missing_methods.clear());
    portal.operating_cost("crm.duplicate.findbycomm", 200.0);
    assert_eq!(online(&machine), Vec::<Value>::new(), "the first call");
    let faults = online(&machine);
    assert_eq!((codes(&faults), &faults[0]["reason"]), (vec!["PT11".to_owned()], &"headroom_low".into()));
    assert_eq!(faults[0]["evidence"]["seconds"], "400");
    online(&machine);
    let rests = online(&machine);
    assert_eq!(rests[0]["reason"], "method_resting", "the limit is reached");
    portal.operating_cost("crm.duplicate.findbycomm", 0.0);
    portal.advance(Duration::from_secs(660));
    assert_eq!(codes(&online(&machine)), ["NW06"], "what was used is forgotten");
    let output = machine.command(PROGRAM).args(["ledger"]).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("  check  "));
    drop(portal);
    let gone = online(&machine);
    assert_eq!((codes(&gone), &gone[0]["reason"]), (vec!["NW02".to_owned()], &"cannot_connect".into()));
    machine.shell("gmail-sync-host disconnect");
    let faults = online(&machine);
    assert_eq!((&faults[0]["code"], &faults[0]["reason"]), (&"PT01".into(), &"not_connected".into()));
    // Where there is no internet, the way to the authorization servers isn't open, which matters only for connecting.
    assert!(faults.iter().all(|fault| fault["severity"] == "warning"), "{faults:#?}");
    assert_eq!(faults[0]["command"], "gmail-sync-host connect");
    let other = Portal::start(PortalOptions::default()).unwrap();
    machine.shell_with(faults[0]["command"].as_str().unwrap(), &format!("{}\n", other.webhook_url()));
    assert_eq!(online(&machine), Vec::<Value>::new());
    machine.shell("gmail-sync-host disconnect");
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn nw06_a_clock_is_wrong_until_it_is_set() {
    let (machine, portal) = Machine::connected(PortalOptions::default());
    portal.advance(Duration::from_secs(3600));
    machine.finds_with(&["--online"], "NW06", "clock_skew");
    portal.set_clock();
    assert_eq!(online(&machine), Vec::<Value>::new());
    machine.shell("gmail-sync-host disconnect");
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn pt05_the_person_left_the_company() {
    let (machine, portal) = Machine::connected(PortalOptions::default());
    let user = portal.webhook_url().split("/rest/").nth(1).unwrap().split('/').next().unwrap().parse().unwrap();
    portal.dismiss(user);
    let faults = online(&machine);
    assert_eq!((codes(&faults), &faults[0]["reason"]), (vec!["PT05".to_owned()], &"user_dismissed".into()));
    // The administrator takes them back.
    portal.reset();
    assert_eq!(online(&machine), Vec::<Value>::new());
    machine.shell("gmail-sync-host disconnect");
}
