//! The main job without a browser's window: connect, look up, disconnect; the keychain and the portal's HTTP are real.

use demo::{Portal, PortalOptions};
use gmail_sync_host::vault::VaultError;
use serde_json::{Value, json};

use crate::support::{Home, Profile, runtime};

pub(crate) const MAILBOX: &str = "lena@brightline.example";
pub(crate) const MARIE: &str = "marie.rousseau@helion.example";

/// A portal whose redirect comes to a port that is free now, and the port.
pub(crate) fn portal() -> (Portal, u16) {
    let portal = Portal::start(PortalOptions::default()).unwrap();
    let port = portal.callback_port();
    (portal, port)
}

pub(crate) fn connecting(portal: &Portal, port: u16) -> Value {
    json!({
        "portal": portal.base_url(),
        "clientId": portal.client_id(),
        "clientSecret": portal.client_secret(),
        "callbackPort": port,
        "mailbox": MAILBOX,
    })
}

pub(crate) fn connect(profile: &mut Profile, portal: &Portal, port: u16) -> Value {
    let connected = profile.ask("connect", &connecting(portal, port)).unwrap();
    profile.keep_session(&connected);
    connected["status"].clone()
}

pub(crate) fn lookup(profile: &mut Profile, addresses: &[&str]) -> Value {
    profile.ask("lookup", &json!({"mailbox": MAILBOX, "addresses": addresses})).unwrap()
}

pub(crate) fn name(portal: &Portal) -> String {
    portal.base_url().trim_start_matches("http://").to_owned()
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn from_connecting_to_who_they_are_and_out_again() {
    let (home, (portal, port)) = (Home::new(), portal());
    let mut profile = home.profile();
    let status = connect(&mut profile, &portal, port);
    assert_eq!(status["user"]["name"], "Lena Hartmann");
    assert_eq!(status["mailboxes"], json!([{"address": MAILBOX, "on": true}]));

    let found = lookup(&mut profile, &[MARIE, "ann@brightline.example", "priya@corvus-logistics.example", MAILBOX]);
    let people = found["people"].as_array().unwrap();
    assert_eq!(people[0]["contacts"][0]["name"], "Marie Rousseau");
    assert_eq!(people[0]["contacts"][0]["company"]["title"], "Helion Automation SAS");
    assert_eq!(people[0]["dealsTotal"], 2);
    assert_eq!(people[1]["role"]["is"], "colleague");
    assert_eq!(people[2]["role"]["is"], "external");
    assert_eq!(people[2]["contacts"], json!([]));
    assert_eq!(people[3]["role"]["is"], "me");

    let asked = portal.stats().http_calls;
    assert_eq!(lookup(&mut profile, &[MARIE])["people"][0], people[0]);
    assert_eq!(portal.stats().http_calls, asked, "what was looked up a moment ago is remembered");

    let left = profile.ask("disconnect", &json!({"everywhere": false})).unwrap();
    assert_eq!(left, json!({"connectionEnded": true, "sessionsLeft": 0}));
    assert_eq!(profile.refused("lookup", &json!({"mailbox": MAILBOX, "addresses": [MARIE]})), "session_needed");
    assert_eq!(keychain_entry(&home, &portal), Err(VaultError::NoEntry));
    let stats = portal.stats();
    assert_eq!(stats.secrets_in_urls, 0);
    assert!(stats.sent_mail.is_empty() && stats.widened_filters.is_empty());
    assert!(profile.leave().0.success());
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn a_check_tells_of_this_computer_first_and_then_of_the_portal() {
    let (home, (portal, port)) = (Home::new(), portal());
    let mut profile = home.profile();
    connect(&mut profile, &portal, port);
    let id = profile.start("check", &json!({}));
    let part = profile.next();
    assert_eq!(part["id"], json!(id));
    let well = |report: &Value, probe: &str| {
        let findings = report["findings"].as_array().unwrap().iter().filter(|finding| finding["probe"] == probe);
        findings.map(|finding| finding["severity"] == "ok").collect::<Vec<_>>()
    };
    assert_eq!((well(&part["part"], "keychain"), well(&part["part"], "portal")), (vec![true], vec![]));
    let report = profile.answer(&id).unwrap();
    assert_eq!((well(&report, "keychain"), well(&report, "host")), (vec![true], vec![true]));
    assert_eq!(well(&report, "portal"), [true], "{report}");

    drop(portal);
    let report = profile.ask("check", &json!({})).unwrap();
    let gone = report["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "NW02");
    assert!(gone.is_some() && well(&report, "portal").is_empty(), "{report}");
    home.run(&["purge", "--yes"]);
}

pub(crate) fn keychain_entry(home: &Home, portal: &Portal) -> Result<(), VaultError> {
    runtime().block_on(home.vault().get(&name(portal))).map(drop)
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn a_mailbox_that_is_not_switched_on_sends_nothing() {
    let (home, (portal, port)) = (Home::new(), portal());
    let mut profile = home.profile();
    connect(&mut profile, &portal, port);
    let asked = portal.stats().http_calls;
    for (mailbox, reason) in
        [(json!("other@brightline.example"), "mailbox_unanswered"), (Value::Null, "mailbox_unanswered")]
    {
        assert_eq!(profile.refused("lookup", &json!({"mailbox": mailbox, "addresses": [MARIE]})), reason);
    }
    profile.ask("setMailbox", &json!({"address": MAILBOX, "on": false})).unwrap();
    assert_eq!(profile.refused("lookup", &json!({"mailbox": MAILBOX, "addresses": [MARIE]})), "mailbox_off");
    assert_eq!(portal.stats().http_calls, asked);
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn a_further_profile_needs_a_code_and_can_be_shut_out() {
    let (home, (portal, port)) = (Home::new(), portal());
    let (mut first, mut second) = (home.profile(), home.profile());
    connect(&mut first, &portal, port);
    assert_eq!(second.refused("connect", &connecting(&portal, port)), "already_connected");

    let code = home.run(&["sessions", "allow"]);
    let allowed = second.ask("allow", &json!({"code": code.trim()})).unwrap();
    second.keep_session(&allowed);
    assert_eq!(lookup(&mut second, &[MARIE])["people"][0]["contacts"][0]["name"], "Marie Rousseau");

    assert_eq!(first.ask("disconnect", &json!({})).unwrap(), json!({"connectionEnded": false, "sessionsLeft": 1}));
    home.run(&["sessions", "revoke", "--all"]);
    assert_eq!(second.refused("status", &json!({})), "session_needed");
    assert_eq!(keychain_entry(&home, &portal), Ok(()), "revoking sessions leaves the connection");
    home.run(&["disconnect"]);
    assert_eq!(keychain_entry(&home, &portal), Err(VaultError::NoEntry));
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn a_host_killed_at_any_moment_leaves_a_connection_that_works() {
    let (home, (portal, port)) = (Home::new(), portal());
    let mut profile = home.profile();
    connect(&mut profile, &portal, port);
    let session = profile.session.clone();
    profile.start("lookup", &json!({"mailbox": MAILBOX, "addresses": [MARIE]}));
    profile.kill();
    let mut profile = home.profile();
    profile.session = session;
    assert_eq!(lookup(&mut profile, &[MARIE])["people"][0]["contacts"][0]["name"], "Marie Rousseau");
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn giving_up_while_the_browser_is_open_frees_the_port() {
    let (home, (portal, port)) = (Home::new(), portal());
    portal.switch(|switches| switches.logged_in_user = None);
    let mut profile = home.profile();
    let connecting_id = profile.start("connect", &connecting(&portal, port));
    while profile.next()["part"]["stage"] != "browserOpened" {}
    profile.ask("cancel", &json!({"id": connecting_id})).unwrap();
    assert_eq!(profile.answer(&connecting_id).unwrap_err()["reason"], "cancelled");
    portal.switch(|switches| switches.logged_in_user = Some(7));
    assert_eq!(connect(&mut profile, &portal, port)["user"]["name"], "Lena Hartmann");
}
