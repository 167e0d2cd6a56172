//! Hosts that still run while everything is purged or somebody is shut out, as those of open browsers do.

use demo::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::journey::{MAILBOX, MARIE, connect, portal};
use crate::support::{Home, runtime};

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

/// Until a program waits for a lock, instead of ending.
#[cfg(target_os = "linux")]
fn until_waiting(program: &mut std::process::Child) {
    let pid = program.id().to_string();
    // `12: -> FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF`: the process 4711 waits.
    let waits = |line: &str| {
        let words: Vec<_> = line.split_whitespace().collect();
        words.contains(&"->") && words.contains(&pid.as_str())
    };
    while !std::fs::read_to_string("/proc/locks").unwrap().lines().any(waits) {
        assert_eq!(program.try_wait().unwrap(), None, "it didn't wait");
        std::thread::yield_now();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn revoking_waits_for_whoever_is_being_let_in_and_shuts_them_out() {
    use gmail_sync_host::oauth::ConnectLock;
    use gmail_sync_host::paths::Paths;
    use gmail_sync_host::sessions::Sessions;

    use crate::support::ORIGIN;

    let home = Home::new();
    let paths = Paths::at(home.path()).unwrap();
    let connecting = runtime().block_on(ConnectLock::take(&paths)).unwrap();
    let mut revoke = home.command(&["sessions", "revoke", "--all"]).spawn().unwrap();
    until_waiting(&mut revoke);
    let sessions = Sessions::new(&paths);
    sessions.issue(&"acme.bitrix24.com".parse().unwrap(), ORIGIN, jiff::Timestamp::now()).unwrap();
    drop(connecting);
    assert!(revoke.wait().unwrap().success());
    assert!(sessions.list().unwrap().is_empty());
}

/// A host has looked at who may connect, and the keychain takes its time.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn purge_waits_for_whoever_is_storing_a_connection_and_takes_that_too() {
    use gmail_sync_host::oauth::ConnectLock;
    use gmail_sync_host::paths::Paths;
    use gmail_sync_host::vault::VaultError;

    let home = Home::new();
    let paths = Paths::at(home.path()).unwrap();
    let vault = home.vault();
    let connecting = runtime().block_on(ConnectLock::take(&paths)).unwrap();
    let mut purge = home.command(&["purge", "--yes"]).spawn().unwrap();
    until_waiting(&mut purge);
    runtime().block_on(vault.set("acme.bitrix24.com", "tokens".to_owned().into())).unwrap();
    drop(connecting);
    assert!(purge.wait().unwrap().success());
    assert_eq!(runtime().block_on(vault.get("acme.bitrix24.com")).map(drop), Err(VaultError::NoEntry));
    assert!(!home.path().exists());
}
