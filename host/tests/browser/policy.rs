//! What an administrator fixes, as an extension meets it: the program has a private `/etc`.

use std::fs;
use std::path::Path;
use std::process::Command;

use gmail_sync_host::vault::VaultError;
use serde_json::json;

use crate::canary::preview;
use crate::journey::{MAILBOX, MARIE, connect, keychain_entry, lookup, name, portal};
use crate::support::{Home, ORIGIN, PROTOCOL, Profile, documented_requests};

/// The program, on a machine with that policy; `None` if this account can't have a private `/etc`.
fn under(home: &Home, etc: &Path, policy: &str, arguments: &[&str]) -> Option<Command> {
    let folder = etc.join("gmail-sync-bitrix24");
    fs::create_dir_all(&folder).unwrap();
    for name in ["passwd", "group", "nsswitch.conf", "ld.so.cache"] {
        drop(fs::copy(Path::new("/etc").join(name), etc.join(name)));
    }
    fs::write(folder.join("policy.json"), policy).unwrap();
    home.mounting("mount --bind \"$0\" /etc", etc, arguments)
}

#[test]
fn a_policy_that_cant_be_read_is_the_answer_to_every_question() {
    let (home, etc) = (Home::new(), tempfile::tempdir().unwrap());
    let Some(mut browser) = under(&home, etc.path(), "{", &[ORIGIN]) else { return };
    let mut profile = Profile::of(&mut browser);
    let mut asked = 0;
    for (method, params) in documented_requests(PROTOCOL) {
        // What ends other requests is no question to the host.
        if method == "cancel" {
            continue;
        }
        let error = profile.ask(&method, &params).unwrap_err();
        assert_eq!((&error["code"], &error["reason"]), (&json!("failed"), &json!("policy_unreadable")), "{method}");
        assert!(error["message"].as_str().unwrap().contains("/etc/gmail-sync-bitrix24/policy.json"), "{error}");
        asked += 1;
    }
    assert!(asked > 20);
    assert!(profile.leave().0.success());
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "nothing was kept");
}

#[test]
fn a_running_host_obeys_what_the_policy_says_by_now() {
    const BY_POLICY: &str = "abcdefghijklmnopabcdefghijklmnop";
    let (home, etc) = (Home::new(), tempfile::tempdir().unwrap());
    let set = |policy: &str| fs::write(etc.path().join("gmail-sync-bitrix24/policy.json"), policy).unwrap();
    let hello = json!({"protocols": [1], "extension": env!("CARGO_PKG_VERSION")});
    let Some(mut browser) = under(&home, etc.path(), "{", &[ORIGIN]) else { return };
    let mut profile = Profile::of(&mut browser);
    assert_eq!(profile.refused("hello", &hello), "policy_unreadable");
    set("{}");
    profile.ask("hello", &hello).unwrap();
    set(r#"{"AllowOnPremHosts":false}"#);
    let connecting = json!({"portal": "http://127.0.0.1:9", "clientId": "local.5f0", "clientSecret": "s"});
    assert_eq!(profile.refused("connect", &connecting), "portal_not_allowed");
    set(r#"{"Portals":[]}"#);
    assert_eq!(profile.refused("connect", &connecting), "policy_unreadable");
    fs::remove_file(etc.path().join("gmail-sync-bitrix24/policy.json")).unwrap();
    profile.ask("hello", &hello).unwrap();
    assert!(profile.leave().0.success());

    let origin = format!("chrome-extension://{BY_POLICY}/");
    let allowing = format!(r#"{{"ExtensionIds":["{BY_POLICY}"]}}"#);
    let mut profile = Profile::of(&mut under(&home, etc.path(), &allowing, &[&origin]).unwrap());
    profile.ask("hello", &hello).unwrap();
    set("{}");
    assert_eq!(profile.refused("hello", &hello), "not_our_extension");
    set(&allowing);
    profile.ask("hello", &hello).unwrap();
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn what_was_shown_under_an_earlier_policy_is_not_sent() {
    let (home, etc, (portal, port)) = (Home::new(), tempfile::tempdir().unwrap(), portal());
    let mut first = home.profile();
    connect(&mut first, &portal, port);
    let Some(mut browser) = under(&home, etc.path(), "{}", &[ORIGIN]) else { return };
    // The private `/etc` has no authorities of its own.
    let authorities = etc.path().join("authorities.pem");
    fs::copy("/etc/ssl/certs/ca-certificates.crt", &authorities).unwrap();
    let mut profile = Profile::of(browser.env("SSL_CERT_FILE", authorities));
    profile.session = first.session.clone();
    let shown = preview(&mut profile, "1a1f95f130003a01").unwrap();
    assert_ne!(shown["text"], "");
    let written = portal.rows("activity");
    fs::write(etc.path().join("gmail-sync-bitrix24/policy.json"), r#"{"AllowBodies":false}"#).unwrap();
    assert_eq!(profile.refused("commitLog", &json!({"digest": shown["digest"]})), "preview_over");
    assert_eq!(portal.rows("activity"), written);
    assert_eq!(preview(&mut profile, "1a1f95f130003a01").unwrap()["text"], "");
    home.run(&["purge", "--yes"]);
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

    let (elsewhere, cloud) = (r#"{"Portals":["acme.bitrix24.com"]}"#, r#"{"AllowOnPremHosts":false}"#);
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
    for (policy, command) in
        [(elsewhere, &["lookup", MARIE][..]), (cloud, &["lookup", MARIE]), (elsewhere, &["sessions", "allow"])]
    {
        let output = under(&home, etc.path(), policy, command).unwrap().output().unwrap();
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
