//! What needs neither portal nor keychain.

use std::collections::BTreeSet;

use gmail_sync_host::protocol::Call;
use serde_json::json;

use crate::support::{Home, ORIGIN, PROTOCOL, documented_requests};

fn greeting() -> serde_json::Value {
    json!({"protocols": [1], "extension": "0.1.0"})
}

#[test]
fn greets_a_stranger_with_versions_and_nothing_else() {
    let home = Home::new();
    let mut profile = home.profile();
    let hello = profile.ask("hello", &greeting()).unwrap();
    assert_eq!(hello, json!({"protocol": 1, "protocols": [1], "host": env!("CARGO_PKG_VERSION")}));
    let (status, rest, errors) = profile.leave();
    assert!(status.success() && rest.is_empty() && errors.is_empty(), "{status} {rest:?} {errors}");
}

#[test]
fn a_newer_extension_is_answered_in_the_highest_version_both_speak() {
    let home = Home::new();
    let mut profile = home.profile();
    assert_eq!(profile.ask("hello", &json!({"protocols": [7, 1, 2], "extension": "9.0.0"})).unwrap()["protocol"], 1);
    assert_eq!(profile.refused("hello", &json!({"protocols": [7], "extension": "9.0.0"})), "unsupported_version");
    assert_eq!(profile.refused("hello", &json!({"protocols": [], "extension": "9.0.0"})), "unsupported_version");
}

#[test]
fn only_our_extension_is_served() {
    let home = Home::new();
    for origin in
        ["chrome-extension://abcdefghijklmnopabcdefghijklmnop/", "chrome-extension://*/", "chrome-extension://"]
    {
        let output = home.command(&[origin]).output().unwrap();
        assert!(!output.status.success() && output.stdout.is_empty(), "{origin}: {output:?}");
        assert!(!output.stderr.is_empty(), "{origin}");
    }
    let mut on_windows = home.command(&[ORIGIN, "--parent-window=133774"]);
    let output = on_windows.output().unwrap();
    assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
}

/// What may be asked without a session.
const OPEN: [&str; 7] = ["hello", "connect", "connectWebhook", "pasteCallback", "allow", "check", "cancel"];

#[test]
fn everything_but_connecting_needs_a_session() {
    let home = Home::new();
    let mut profile = home.profile();
    for session in [None, Some("made-up".to_owned())] {
        profile.session = session;
        let mut refused = BTreeSet::new();
        for (method, params) in documented_requests(PROTOCOL) {
            if !OPEN.contains(&method.as_str()) {
                assert_eq!(profile.refused(&method, &params), "session_needed", "{method}");
                refused.insert(method);
            }
        }
        assert!(Call::METHODS.iter().all(|method| refused.contains(*method) != OPEN.contains(method)), "{refused:?}");
        assert_eq!(profile.refused("allow", &json!({"code": "AAAA-AAAA"})), "no_code");
        assert_eq!(profile.refused("pasteCallback", &json!({"address": "http://127.0.0.1/"})), "no_connect_running");
        assert!(profile.ask("hello", &greeting()).unwrap().get("status").is_none());
    }
}

#[test]
fn a_check_without_a_session_looks_at_this_computer_alone() {
    let home = Home::new();
    let mut profile = home.profile();
    let report = profile.ask("check", &json!({})).unwrap();
    assert_eq!(report["schema"], 1);
    let probes: Vec<_> = report["findings"].as_array().unwrap().iter().map(|finding| &finding["probe"]).collect();
    assert!(probes.contains(&&json!("keychain")) && probes.contains(&&json!("port")), "{report}");
    for others in ["portal", "network", "ledger"] {
        assert!(!probes.contains(&&json!(others)), "{report}");
    }
    assert_eq!(home.run(&["ledger", "--json"]).trim(), "", "nobody was asked");
    assert_eq!(profile.refused("check", &json!({"browser": "brave"})), "bad_params");
}

#[test]
fn survives_whatever_comes_and_says_why() {
    let home = Home::new();
    let mut profile = home.profile();
    profile.send(&0_u32.to_ne_bytes());
    assert_eq!(profile.next()["error"]["reason"], "empty_frame");
    profile.send(&[&3_u32.to_ne_bytes()[..], b"\xff\xfe\xfd"].concat());
    assert_eq!(profile.next()["error"]["reason"], "not_json");
    for byte in [&2_u32.to_ne_bytes()[..], b"{}"].concat() {
        profile.send(&[byte]);
    }
    assert_eq!(profile.next()["error"]["reason"], "not_a_request");
    profile.send(&[7, 0]);
    let (status, rest, _) = profile.leave();
    assert!(!status.success() && rest.is_empty());
}

#[test]
fn a_folder_that_cannot_be_used_is_said_in_the_sidebar() {
    let home = Home::new();
    let file = home.path().join("file");
    std::fs::write(&file, "").unwrap();
    let mut host = home.command(&[ORIGIN]);
    host.env("GMAIL_SYNC_HOME", &file);
    let mut child = host.spawn().unwrap();
    let request = json!({"v": 1, "id": "1", "method": "hello", "params": greeting()}).to_string();
    gmail_sync_host::framing::write_frame(child.stdin.as_mut().unwrap(), request.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout[4..]).unwrap();
    assert_eq!((&answer["id"], &answer["error"]["reason"]), (&json!("1"), &json!("state_folder")));
}
