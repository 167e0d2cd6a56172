//! Everything is done with marked secrets and marked people; afterwards the marks are looked for wherever something could have been
//! left, and in everything the host said.

use std::path::Path;
use std::time::Duration;

use demo::{Fault, FaultKind, Portal};
use gmail_sync_host::paths::Paths;
use gmail_sync_host::portal::PortalUrl;
use gmail_sync_host::protocol::Call;
use gmail_sync_host::vault::{PortalSecret, Vault};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::journey::{MAILBOX, connect, connecting, portal};
use crate::support::{Home, ORIGIN, Profile};

const STRANGER: &str = "canary-7f3a@marked-b81c.example";

/// The secrets of the connection as they are now.
fn secrets(home: &Home, portal: &Portal) -> Vec<String> {
    let vault = Vault::keychain(Paths::at(home.path()).unwrap().keychain_mark());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let url: PortalUrl = portal.base_url().parse().unwrap();
    match runtime.block_on(PortalSecret::load(&vault, &url)).unwrap() {
        PortalSecret::Oauth(tokens) => [&tokens.access, &tokens.refresh, &tokens.client_secret]
            .map(|secret| secret.expose_secret().to_owned())
            .to_vec(),
        PortalSecret::Webhook { secret, .. } => vec![secret.expose_secret().to_owned()],
    }
}

fn assert_nothing_of(marks: &[String], bytes: &[u8], place: &str) {
    for mark in marks {
        assert!(mark.len() >= 8, "{mark} isn't marked well enough");
        let found = bytes.windows(mark.len()).any(|window| window == mark.as_bytes());
        assert!(!found, "{place} holds {}…", &mark[..8]);
    }
}

fn assert_no_file_holds(marks: &[String], folder: &Path) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files += assert_no_file_holds(marks, &path);
        } else {
            assert_nothing_of(marks, path.to_string_lossy().as_bytes(), "a file's name");
            assert_nothing_of(marks, &std::fs::read(&path).unwrap(), &path.display().to_string());
            files += 1;
        }
    }
    files
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn sec_32_no_mark_is_left_in_any_file_or_said_by_any_command() {
    let (home, (portal, port)) = (Home::new(), portal());
    let temporary = tempfile::tempdir().unwrap();
    let mut host = home.command(&[ORIGIN]);
    host.env("TMPDIR", temporary.path()).env("RUST_LOG", "trace").env("RUST_BACKTRACE", "1");
    let mut profile = Profile::of(&mut host);
    connect(&mut profile, &portal, port);
    let mut marks = secrets(&home, &portal);
    let people = [STRANGER, "marie.rousseau@helion.example", "jonas.weber@nordlicht.example"];
    let ask = json!({"mailbox": MAILBOX, "addresses": people, "fresh": true});
    profile.ask("lookup", &ask).unwrap();
    // Everything goes wrong once, so that every way of saying so is gone.
    for fault in [
        FaultKind::QueryLimitExceeded,
        FaultKind::InvalidToken,
        FaultKind::BadGateway,
        FaultKind::HtmlForbidden,
        FaultKind::TruncatedBody,
        FaultKind::InsufficientScope,
        FaultKind::PortalDeleted,
        FaultKind::Redirect { to: "http://localhost:1".to_owned() },
    ] {
        portal.fault(Fault::on("batch", fault, 1));
        drop(profile.ask("lookup", &ask));
    }
    portal.advance(Duration::from_secs(3601));
    profile.ask("lookup", &ask).unwrap();
    marks.extend(secrets(&home, &portal));
    marks.push(profile.session.clone().unwrap());
    drop(profile.ask("pasteCallback", &json!({"address": format!("http://127.0.0.1/?code={}", marks[0])})));

    let mut said = Vec::new();
    for arguments in [
        &["--check"][..],
        &["--check", "--json"],
        &["status"],
        &["status", "--json"],
        &["sessions", "list"],
        &["ledger"],
        &["ledger", "--json"],
        &["settings"],
        &["lookup", "nonsense"],
    ] {
        let output = home.command(arguments).env("TMPDIR", temporary.path()).output().unwrap();
        said.extend([output.stdout, output.stderr].concat());
    }
    let (_, rest, errors) = profile.leave();
    said.extend(rest);
    said.extend(errors.into_bytes());
    assert_nothing_of(&marks, &said, "what was said");

    marks.extend(people.iter().map(|address| (*address).to_owned()));
    marks.extend(["marked-b81c", "Rousseau", "Helion Automation"].map(str::to_owned));
    let files = assert_no_file_holds(&marks, home.path());
    assert!(files >= 6, "state, ledger, hashes and log are there: {files}");
    assert_eq!(assert_no_file_holds(&marks, temporary.path()), 0, "temporary files are left");
    home.run(&["purge", "--yes"]);
}

/// Names and values that requests may be made of, valid ones and all the secrets among them.
fn params(secrets: &[String]) -> impl Strategy<Value = Value> {
    let names = [
        "address",
        "addresses",
        "on",
        "code",
        "url",
        "portal",
        "clientId",
        "clientSecret",
        "callbackPort",
        "mailbox",
        "fresh",
        "before",
        "protocols",
        "extension",
        "everywhere",
        "id",
    ];
    let mut words: Vec<String> = secrets.to_vec();
    words.extend(secrets.iter().map(|secret| format!("https://127.0.0.1:1/rest/1/{secret}/")));
    words.extend(secrets.iter().map(|secret| format!("http://127.0.0.1:17485/callback?code={secret}&state={secret}")));
    words.extend(["", "lena@brightline.example", "127.0.0.1:1"].map(str::to_owned));
    let value = prop_oneof![
        4 => proptest::sample::select(words.clone()).prop_map(Value::from),
        1 => any::<i32>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        2 => proptest::collection::vec(proptest::sample::select(words), 0..3).prop_map(Value::from),
    ];
    proptest::collection::btree_map(proptest::sample::select(names.to_vec()), value, 0..5)
        .prop_map(|fields| fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn sec_15_no_answer_contains_a_secret() {
    let (home, (portal, port)) = (Home::new(), portal());
    let mut profile = home.profile();
    connect(&mut profile, &portal, port);
    let session = profile.session.clone().unwrap();
    let mut secrets = secrets(&home, &portal);
    secrets.push(session);
    // Disconnecting would end the test's connection, and a cancelled request is another one's answer.
    let methods: Vec<&str> =
        Call::METHODS.iter().copied().filter(|method| !["disconnect", "cancel"].contains(method)).collect();
    let mut method = proptest::sample::select(methods).boxed();
    // A method that isn't one, with a secret for its name.
    for secret in secrets.clone() {
        let name: &'static str = String::leak(secret);
        method = prop_oneof![20 => method, 1 => Just(name)].boxed();
    }
    let asked = std::cell::RefCell::new(profile);
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    runner
        .run(&(method, params(&secrets)), |(method, params)| {
            let answer = asked.borrow_mut().ask(method, &params);
            let text = format!("{answer:?}");
            for secret in &secrets {
                prop_assert!(!text.contains(secret.as_str()), "{method}");
            }
            Ok(())
        })
        .unwrap();
    // And the ones that succeed: what connecting gives is a session of its own, and nothing more.
    let profile = asked.into_inner();
    assert!(profile.leave().0.success());
    let mut again = home.profile();
    again.session = secrets.pop();
    let connected = again.ask("connect", &connecting(&portal, port)).unwrap();
    let text = connected.to_string();
    assert!(secrets.iter().all(|secret| !text.contains(secret.as_str())));
    drop(again);
    home.run(&["purge", "--yes"]);
}
