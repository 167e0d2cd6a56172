//! What connecting again cures: the very command that a finding names is typed, and what it asks is answered.

use std::net::TcpListener;

use demo::{Fault, FaultKind, Portal, PortalOptions};
use gmail_sync_host::paths::Paths;
use gmail_sync_host::portal::PortalUrl;
use gmail_sync_host::vault::Vault;
use serde_json::Value;

use crate::machine::Machine;

/// Enter for the known portal, and Enter for what the keychain has.
const ENTER: &str = "\n\n";

fn finds(machine: &Machine, code: &str, reason: &str) -> Value {
    machine.finds_with(&["--online"], code, reason)
}

fn is_well(machine: &Machine) {
    assert_eq!(machine.new_faults(&["--online"]), Vec::<Value>::new());
}

/// Nothing is left behind in the keychain that all tests share.
fn is_cured(machine: &Machine, fault: &Value, answers: &str) {
    machine.shell_with(fault["command"].as_str().unwrap(), answers);
    is_well(machine);
    machine.shell("gmail-sync-host disconnect");
}

fn switch_scopes(portal: &Portal, scopes: &[&str]) {
    portal.switch(|switches| switches.scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect());
}

#[tokio::test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
async fn pt02_the_keychain_lost_the_tokens() {
    let (machine, portal) = Machine::signed_in();
    let vault = Vault::keychain(Paths::at(&machine.path("state")).unwrap().keychain_mark());
    let name: PortalUrl = portal.base_url().parse().unwrap();
    vault.delete(&name.to_string()).await.unwrap();
    let fault = finds(&machine, "PT02", "keychain_no_entry");
    is_cured(&machine, &fault, &format!("\n{}\n", portal.client_secret()));
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn pt02_the_tokens_are_no_longer_good() {
    let (machine, portal) = Machine::signed_in();
    portal.forget_tokens();
    let fault = finds(&machine, "PT02", "refresh_token_invalid");
    is_cured(&machine, &fault, ENTER);
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn pt02_a_new_token_is_refused_like_the_old_one() {
    let (machine, portal) = Machine::signed_in();
    portal.fault(Fault::next(FaultKind::InvalidToken, 20));
    let fault = finds(&machine, "PT02", "connection_refused");
    portal.clear_faults();
    is_cured(&machine, &fault, ENTER);
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn pt02_the_webhook_was_deleted() {
    let (machine, portal) = Machine::connected(PortalOptions::default());
    portal.switch(|switches| switches.deleted_webhooks = vec![7]);
    let fault = finds(&machine, "PT02", "webhook_refused");
    // Somebody else's, since this portal makes one for each employee.
    is_cured(&machine, &fault, &format!("{}\n", portal.webhook_of(8).unwrap()));
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn pt03_a_permission_is_missing() {
    let (machine, portal) = Machine::signed_in();
    switch_scopes(&portal, &["crm"]);
    let fault = finds(&machine, "PT03", "scope_missing");
    switch_scopes(&portal, &["crm", "user_basic"]);
    is_cured(&machine, &fault, ENTER);
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn pt12_a_permission_is_not_needed() {
    let (machine, portal) = Machine::signed_in();
    switch_scopes(&portal, &["crm", "user_basic", "disk"]);
    let fault = finds(&machine, "PT12", "scopes_unneeded");
    assert_eq!((&fault["severity"], &fault["evidence"]["scopes"]), (&"warning".into(), &"disk".into()));
    switch_scopes(&portal, &["crm", "user_basic"]);
    is_cured(&machine, &fault, ENTER);
}

/// The portal's own sentence is the cure: paying.
#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn pt06_the_licence_has_ended() {
    let (machine, portal) = Machine::signed_in();
    portal.switch(|switches| switches.rest_available = false);
    portal.fault(Fault::next(FaultKind::ExpiredToken, 1));
    finds(&machine, "PT06", "payment_required");
    portal.switch(|switches| switches.rest_available = true);
    is_well(&machine);
    machine.shell("gmail-sync-host disconnect");
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn nm18_the_port_that_was_connected_with_is_taken() {
    let (machine, portal) = Machine::signed_in();
    let port = portal.callback_port();
    let of_port = || machine.check(&[]).into_iter().find(|fault| fault["code"] == "NM18");
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    assert_eq!(of_port().unwrap()["evidence"]["port"], port.to_string());
    drop(listener);
    assert_eq!(of_port(), None);
    machine.shell("gmail-sync-host disconnect");
}
