//! The keychain, and the portal that is asked with what it holds.

use std::time::Duration;

use demo::{Fault, FaultKind, PortalOptions};
use serde_json::Value;

use crate::machine::{Machine, PROGRAM, codes};

#[test]
fn nm16_there_is_no_keychain() {
    let machine = Machine::new();
    let mut command = machine.command(PROGRAM);
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/no/such/bus").env_remove("XDG_RUNTIME_DIR");
    let output = command.args(["--check", "--json", "--offline", "--browser", "chromium"]).output().unwrap();
    assert!(codes(&machine.read(&output)).contains(&"NM16".to_owned()));
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn nm16_is_gone_with_a_keychain() {
    assert!(!codes(&Machine::new().check(&[])).contains(&"NM16".to_owned()));
}

fn online(machine: &Machine) -> Vec<Value> {
    machine.new_faults(&["--online"])
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn what_the_portal_says_has_a_code() {
    let (machine, portal) = Machine::connected(PortalOptions::default());
    assert_eq!(online(&machine), Vec::<Value>::new());
    let faults = [
        (FaultKind::InvalidToken, "PT02"),
        (FaultKind::InsufficientScope, "PT03"),
        (FaultKind::ApplicationNotFound, "PT04"),
        (FaultKind::UserAccessError, "PT04"),
        (FaultKind::PlanAccessDenied, "PT06"),
        (FaultKind::PortalDeleted, "PT07"),
        (FaultKind::OverloadLimit, "PT08"),
        (FaultKind::ConnectionError, "PT09"),
        (FaultKind::BadGateway, "PT09"),
        (FaultKind::HtmlForbidden, "PT09"),
        (FaultKind::TruncatedBody, "NW03"),
    ];
    for (kind, code) in faults {
        let told = format!("{kind:?}");
        portal.fault(Fault::next(kind, 20));
        assert_eq!(codes(&online(&machine)), [code], "{told}");
        portal.clear_faults();
        assert_eq!(online(&machine), Vec::<Value>::new(), "{told}");
    }
    portal.operating_cost("crm.duplicate.findbycomm", 200.0);
    assert_eq!(online(&machine), Vec::<Value>::new(), "the first call");
    let faults = online(&machine);
    assert_eq!(codes(&faults), ["PT11"]);
    assert_eq!(faults[0]["evidence"]["seconds"], "400");
    online(&machine);
    let rests = online(&machine);
    assert_eq!(rests[0]["reason"], "method_resting", "the limit is reached");
    portal.operating_cost("crm.duplicate.findbycomm", 0.0);
    portal.advance(Duration::from_secs(660));
    assert_eq!(codes(&online(&machine)), ["NW06"], "what was used is forgotten");
    portal.advance(Duration::from_secs(2940));
    assert_eq!(codes(&online(&machine)), ["NW06"]);
    let output = machine.command(PROGRAM).args(["ledger"]).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("  check  "));
    drop(portal);
    assert_eq!(codes(&online(&machine)), ["NW02"]);
    machine.shell("gmail-sync-host disconnect");
    let faults = online(&machine);
    assert_eq!(faults[0]["code"], "PT01");
    // Where there is no internet, the way to the authorization servers isn't open, which matters only for connecting.
    assert!(faults.iter().all(|fault| fault["severity"] == "warning"), "{faults:#?}");
    assert_eq!(faults[0]["command"], "gmail-sync-host connect");
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn nm17_the_portals_authority_is_not_trusted() {
    let (machine, _portal) = Machine::connected(PortalOptions { tls: true, ..PortalOptions::default() });
    assert_eq!(codes(&online(&machine)), ["NM17"]);
    // The cure, a root certificate more on this computer, without touching this computer's.
    let mut trusting = machine.command(PROGRAM);
    trusting.env("SSL_CERT_FILE", machine.path("authority.pem"));
    let output = trusting.args(["--check", "--json", "--browser", "chromium"]).output().unwrap();
    assert!(machine.read(&output).iter().all(|fault| fault["code"] == "NM18"), "{output:?}");
    machine.shell("gmail-sync-host disconnect");
}
