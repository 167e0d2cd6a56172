//! What an administrator fixes, as an extension meets it: the program has a private `/etc`.

use std::fs;
use std::path::Path;
use std::process::Command;

use gmail_sync_host::vault::VaultError;
use serde_json::{Value, json};

use crate::journey::{MAILBOX, MARIE, connect, keychain_entry, lookup, name, portal};
use crate::support::{Home, ORIGIN, Profile};

/// The program, on a machine with that policy; `None` if this account can't have a private `/etc`.
fn under(home: &Home, etc: &Path, policy: &str, arguments: &[&str]) -> Option<Command> {
    let can_unshare = ["-m", "mount", "--bind", "/tmp", "/tmp"];
    if !Command::new("unshare").args(can_unshare).status().is_ok_and(|status| status.success()) {
        eprintln!("left out: this account can't have mounts of its own");
        return None;
    }
    let folder = etc.join("gmail-sync-bitrix24");
    fs::create_dir_all(&folder).unwrap();
    for name in ["passwd", "group", "nsswitch.conf", "ld.so.cache"] {
        drop(fs::copy(Path::new("/etc").join(name), etc.join(name)));
    }
    fs::write(folder.join("policy.json"), policy).unwrap();
    let mut unshare = Command::new("unshare");
    unshare.args(["-m", "sh", "-c", "mount --bind \"$0\" /etc && exec \"$@\""]).arg(etc);
    Some(home.started_by(unshare, arguments))
}

#[test]
fn a_policy_that_cant_be_read_is_the_answer_to_every_question() {
    let (home, etc) = (Home::new(), tempfile::tempdir().unwrap());
    let Some(mut browser) = under(&home, etc.path(), "{", &[ORIGIN]) else { return };
    let mut profile = Profile::of(&mut browser);
    let requests = include_str!("../../../docs/PROTOCOL.md").split("```json request ").skip(1);
    let mut asked = 0;
    for block in requests {
        let (method, rest) = block.split_once('\n').unwrap();
        // What ends other requests is no question to the host.
        if method == "cancel" {
            continue;
        }
        let request: Value = serde_json::from_str(rest.split_once("\n```").unwrap().0).unwrap();
        let error = profile.ask(method, request.get("params").unwrap_or(&json!({}))).unwrap_err();
        assert_eq!((&error["code"], &error["reason"]), (&json!("failed"), &json!("policy_unreadable")), "{method}");
        assert!(error["message"].as_str().unwrap().contains("/etc/gmail-sync-bitrix24/policy.json"), "{error}");
        asked += 1;
    }
    assert!(asked > 20);
    assert!(profile.leave().0.success());
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "nothing was kept");
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn a_portal_that_policy_forbids_by_now_is_not_used_and_can_be_disconnected() {
    let (home, etc, (portal, port)) = (Home::new(), tempfile::tempdir().unwrap(), portal());
    let mut first = home.profile();
    connect(&mut first, &portal, port);
    lookup(&mut first, &[MARIE]);
    let code = first.ask("newCode", &json!({})).unwrap()["code"].clone();
    let asked = portal.stats().http_calls;

    let elsewhere = r#"{"Portals":["acme.bitrix24.com"]}"#;
    let Some(mut browser) = under(&home, etc.path(), elsewhere, &[ORIGIN]) else { return };
    let mut profile = Profile::of(&mut browser);
    profile.session = first.session.clone();
    for (method, params) in [
        ("lookup", json!({"mailbox": MAILBOX, "addresses": [MARIE]})),
        ("reference", json!({})),
        ("recent", json!({"record": {"type": "contact", "id": "2"}})),
        ("newCode", json!({})),
    ] {
        assert_eq!(profile.refused(method, &params), "portal_not_allowed", "{method}");
    }
    let mut further = Profile::of(&mut under(&home, etc.path(), elsewhere, &[ORIGIN]).unwrap());
    assert_eq!(further.refused("allow", &json!({"code": code})), "portal_not_allowed");
    for command in [&["lookup", MARIE][..], &["sessions", "allow"]] {
        let output = under(&home, etc.path(), elsewhere, command).unwrap().output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{command:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("administrator doesn't allow connecting to"), "{said}");
    }
    assert_eq!(portal.stats().http_calls, asked, "nothing was sent there");

    // The popup still tells of it, so that it can be left.
    assert_eq!(profile.ask("status", &json!({})).unwrap()["portal"], json!(name(&portal)));
    let left = profile.ask("disconnect", &json!({"everywhere": false})).unwrap();
    assert_eq!(left["connectionEnded"], json!(true));
    assert_eq!(keychain_entry(&home, &portal), Err(VaultError::NoEntry));
}
