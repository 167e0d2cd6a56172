//! A host that is killed at any step, a full disk, and a folder that can't be written: nothing is lost, nothing is done twice, and
//! somebody is told.

use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;
use std::time::Duration;

use demo::{Fault, FaultKind, Rotation};
use gmail_sync_host::vault::VaultError;
use serde_json::{Value, json};

use crate::journey::{MAILBOX, MARIE, connect, connecting, keychain_entry, lookup, portal};
use crate::support::{Home, ORIGIN, Profile, runtime};

const SIGKILL: i32 = 9;

/// A host that will be killed at that place.
fn doomed(home: &Home, place: &str) -> Profile {
    Profile::of(home.command(&[ORIGIN]).env("GMAIL_SYNC_DIE_AT", place))
}

/// Connects, ends that host, and gives its session to those that come.
fn connected(home: &Home, portal: &demo::Portal, port: u16) -> Option<String> {
    let mut first = home.profile();
    connect(&mut first, portal, port);
    // As a browser does at once: from here on the session counts.
    first.ask("status", &json!({})).unwrap();
    let session = first.session.clone();
    assert!(first.leave().0.success());
    session
}

fn asks_for_marie() -> Value {
    json!({"mailbox": MAILBOX, "addresses": [MARIE]})
}

fn finds_marie(profile: &mut Profile) {
    assert_eq!(lookup(profile, &[MARIE])["people"][0]["contacts"][0]["name"], "Marie Rousseau");
}

/// The names of all that is still in the keychain for this state folder, which is forgotten by that.
fn keychain_leftovers(home: &Home) -> Vec<String> {
    runtime().block_on(home.vault().forget_all()).unwrap()
}

/// The ledger holds, and purge leaves nothing behind.
fn nothing_is_left(home: &Home, portal: &demo::Portal, place: &str) {
    home.run(&["ledger", "--verify"]);
    home.run(&["purge", "--yes"]);
    assert!(!home.path().exists(), "{place}");
    assert_eq!(keychain_leftovers(home), [""; 0], "{place}");
    assert_eq!(portal.stats().secrets_in_urls, 0);
}

/// The places a connecting host passes.
const CONNECTING: [&str; 9] = [
    "ledger line",
    "ledger head",
    "connect answered",
    "state connections.json",
    "connect listed",
    "connect stored",
    "state settings.json",
    "state sessions.json",
    "session issued",
];

fn dies_connecting(home: &Home, portal: &demo::Portal, port: u16, place: &str) {
    let mut profile = doomed(home, place);
    profile.start("connect", &connecting(portal, port));
    assert_eq!(profile.end().signal(), Some(SIGKILL), "{place}");
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn killed_at_any_step_of_connecting_it_leaves_nothing_that_purge_would_not_find() {
    for place in CONNECTING {
        let (home, (portal, port)) = (Home::new(), portal());
        dies_connecting(&home, &portal, port, place);
        nothing_is_left(&home, &portal, place);
    }
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn killed_at_any_step_of_connecting_it_connects_the_next_time() {
    for place in CONNECTING {
        let (home, (portal, port)) = (Home::new(), portal());
        dies_connecting(&home, &portal, port, place);
        let mut profile = home.profile();
        let connected = match profile.ask("connect", &connecting(&portal, port)) {
            Ok(connected) => connected,
            // The connection is whole, but nobody heard of the session: a code lets the profile in.
            Err(error) => {
                assert_eq!(error["reason"], "already_connected", "{place}");
                assert_eq!(keychain_entry(&home, &portal), Ok(()), "{place}");
                let code = home.run(&["sessions", "allow"]);
                profile.ask("allow", &json!({"code": code.trim(), "mailbox": MAILBOX})).unwrap()
            }
        };
        profile.keep_session(&connected);
        profile.ask("setMailbox", &json!({"address": MAILBOX, "on": true})).unwrap();
        finds_marie(&mut profile);
        // A session that nobody heard of is shown as such, and is no profile that would keep the tokens here.
        let unheard = home.run(&["sessions", "list"]).matches("never").count();
        assert_eq!(unheard, usize::from(place == "session issued"), "{place}");
        let status = home.run(&["status"]);
        let mut lines = status.lines();
        assert!(lines.any(|line| line.starts_with("browser profiles") && line.ends_with(" 1")), "{place}: {status}");
        let ended = profile.ask("disconnect", &json!({"everywhere": false})).unwrap();
        assert_eq!(ended, json!({"connectionEnded": true, "sessionsLeft": 0}), "{place}");
        assert_eq!(keychain_entry(&home, &portal), Err(VaultError::NoEntry), "{place}");
        assert!(home.run(&["sessions", "list"]).is_empty(), "{place}");
        drop(profile);
        nothing_is_left(&home, &portal, place);
    }
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn killed_at_any_step_of_renewing_it_goes_on_or_says_to_connect_again() {
    for rotation in [Rotation::OldTokenValid, Rotation::OldTokenInvalid] {
        for place in ["refresh locked", "refresh answered", "refresh stored"] {
            let (home, (portal, port)) = (Home::new(), portal());
            portal.switch(|switches| switches.rotation = rotation);
            let session = connected(&home, &portal, port);
            portal.advance(Duration::from_secs(3601));

            let mut profile = doomed(&home, place);
            profile.session = session.clone();
            profile.start("lookup", &asks_for_marie());
            assert_eq!(profile.end().signal(), Some(SIGKILL), "{place}");
            let renewed = portal.stats().refreshes;
            assert_eq!(renewed, usize::from(place != "refresh locked"), "{place}");

            let mut profile = home.profile();
            profile.session = session;
            // The server has taken the old token back, and the new one died with the host: only the person can help.
            let lost = place == "refresh answered" && rotation == Rotation::OldTokenInvalid;
            if lost {
                let error = profile.ask("lookup", &asks_for_marie()).unwrap_err();
                assert_eq!(
                    (&error["code"], &error["reason"]),
                    (&json!("not_connected"), &json!("refresh_token_invalid"))
                );
                assert_eq!(error["hint"], "Connect again.");
                connect(&mut profile, &portal, port);
            }
            finds_marie(&mut profile);
            // What the keychain had accepted is used, and nobody renews it again.
            let expected = renewed + usize::from(!lost && place != "refresh stored");
            assert_eq!(portal.stats().refreshes, expected, "{place} {rotation:?}");
            drop(profile);
            nothing_is_left(&home, &portal, place);
        }
    }
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn killed_at_any_step_of_disconnecting_it_can_be_disconnected_and_connected_again() {
    for place in ["disconnect forgotten", "state connections.json", "disconnect removed", "state sessions.json"] {
        let (home, (portal, port)) = (Home::new(), portal());
        let session = connected(&home, &portal, port);

        let mut profile = doomed(&home, place);
        profile.session = session.clone();
        profile.start("disconnect", &json!({"everywhere": false}));
        assert_eq!(profile.end().signal(), Some(SIGKILL), "{place}");
        assert_eq!(keychain_entry(&home, &portal), Err(VaultError::NoEntry), "{place}");

        // A stranger, and so without session, isn't kept out by what is left of the connection.
        let mut stranger = home.profile();
        connect(&mut stranger, &portal, port);
        finds_marie(&mut stranger);
        drop(stranger);
        let mut profile = home.profile();
        profile.session = session;
        let ended = profile.ask("disconnect", &json!({"everywhere": true}));
        assert!(ended.as_ref().is_ok() || ended.as_ref().unwrap_err()["code"] == "session_needed", "{ended:?}");
        drop(profile);
        nothing_is_left(&home, &portal, place);
    }
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn killed_at_any_step_of_following_a_moved_portal_it_follows_the_next_time() {
    for place in ["connect stored", "moved forgotten", "moved followed", "session issued"] {
        let (home, (portal, port)) = (Home::new(), portal());
        let session = connected(&home, &portal, port);
        let to = portal.base_url().replace("127.0.0.1", "localhost");
        portal.switch(|switches| switches.renamed_to = Some(to.clone()));
        let follow = json!({"portal": to, "moved": true, "mailbox": MAILBOX});

        let mut profile = doomed(&home, place);
        profile.session = session.clone();
        profile.start("connect", &follow);
        assert_eq!(profile.end().signal(), Some(SIGKILL), "{place}");

        let mut profile = home.profile();
        profile.session = session;
        // Once the session has followed, there is nothing to do again.
        if !["moved followed", "session issued"].contains(&place) {
            let connected = profile.ask("connect", &follow).unwrap_or_else(|error| panic!("{place}: {error}"));
            profile.keep_session(&connected);
        }
        profile.ask("setMailbox", &json!({"address": MAILBOX, "on": true})).unwrap();
        finds_marie(&mut profile);
        assert_eq!(keychain_entry(&home, &portal), Err(VaultError::NoEntry), "{place}");
        profile.ask("disconnect", &json!({"everywhere": true})).unwrap();
        assert_eq!(keychain_leftovers(&home), ["ledger addresses"], "{place}");
        drop(profile);
        nothing_is_left(&home, &portal, place);
    }
}

/// An e-mail of the mailbox's owner to Marie: its entry is made, then completed.
fn to_marie() -> Value {
    json!({
        "mailbox": MAILBOX,
        "people": [MARIE],
        "message": {
            "gmailId": "1a1f95f130003a01",
            "messageId": "<CAB1@mail.brightline.example>",
            "from": {"name": "Lena Hartmann", "email": MAILBOX},
            "to": [{"name": "", "email": MARIE}],
            "incomplete": false,
            "sentAt": 1_795_185_120_000_u64,
            "subject": "Cold store, phase 2",
            "text": "Week 50 it is.",
        },
        "records": [{"type": "contact", "id": "2"}],
    })
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn killed_at_any_step_of_logging_the_next_try_ends_in_one_completed_entry() {
    for place in ["log added", "log listed", "log completed"] {
        let (home, (portal, port)) = (Home::new(), portal());
        let session = connected(&home, &portal, port);

        let mut profile = doomed(&home, place);
        profile.session = session.clone();
        let shown = profile.ask("previewLog", &to_marie()).unwrap();
        profile.start("commitLog", &json!({"digest": shown["digest"]}));
        assert_eq!(profile.end().signal(), Some(SIGKILL), "{place}");

        let mut profile = home.profile();
        profile.session = session;
        let shown = profile.ask("previewLog", &to_marie()).unwrap();
        assert_eq!(shown["logged"]["me"], json!(true), "{place}");
        // What was left planned can be completed; what is whole can't be logged again.
        assert_eq!(shown["digest"].is_string(), place != "log completed", "{place}");
        if let Some(digest) = shown["digest"].as_str() {
            profile.ask("commitLog", &json!({"digest": digest})).unwrap();
        }
        let ours = |row: &Value| row["ORIGINATOR_ID"] == "gmail-sync" && row["AUTHOR_ID"] == 7;
        let entries: Vec<Value> = portal.rows("activity").into_iter().filter(ours).collect();
        let [entry] = entries.as_slice() else { panic!("{place}: {entries:?}") };
        assert_eq!(entry["COMPLETED"], "Y", "{place}");
        drop(profile);
        nothing_is_left(&home, &portal, place);
    }
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn killed_while_moving_it_leaves_one_entry_and_the_next_host_says_that_it_leaves_it_alone() {
    let (home, (portal, port)) = (Home::new(), portal());
    let session = connected(&home, &portal, port);
    let mut profile = doomed(&home, "log moved");
    profile.session = session.clone();
    let shown = profile.ask("previewLog", &to_marie()).unwrap();
    let done = profile.ask("commitLog", &json!({"digest": shown["digest"]})).unwrap();
    let contact = json!({"type": "contact", "id": "2"});
    let params = json!({
        "id": done["id"], "mailbox": MAILBOX, "people": [MARIE], "from": [contact], "to": {"type": "deal", "id": "2"},
    });
    profile.start("moveLog", &params);
    assert_eq!(profile.end().signal(), Some(SIGKILL));

    // Stopped after the first of two steps, it stands at both records, once and completed; nothing is lost.
    let entry = |portal: &demo::Portal| {
        let ours = |row: &Value| row["ORIGINATOR_ID"] == "gmail-sync" && row["AUTHOR_ID"] == 7;
        let entries: Vec<Value> = portal.rows("activity").into_iter().filter(ours).collect();
        let [entry] = entries.as_slice() else { panic!("{entries:?}") };
        (entry["COMPLETED"].clone(), entry["BINDINGS"].clone())
    };
    let at_both = json!([{"OWNER_TYPE_ID": 3, "OWNER_ID": 2}, {"OWNER_TYPE_ID": 2, "OWNER_ID": 2}]);
    assert_eq!(entry(&portal), (json!("Y"), at_both.clone()));

    // Another host hasn't made it, so neither moves nor deletes it, and says so.
    let mut profile = home.profile();
    profile.session = session;
    let error = profile.ask("moveLog", &params).unwrap_err();
    assert_eq!(error["reason"], "log_not_from_here");
    assert!(error["hint"].as_str().is_some_and(|hint| hint.starts_with("Change it in ")), "{error}");
    assert_eq!(profile.refused("undoLog", &json!({"id": done["id"]})), "log_not_from_here");
    // Nor is it logged once more.
    let shown = profile.ask("previewLog", &to_marie()).unwrap();
    assert_eq!((&shown["logged"]["me"], &shown["digest"]), (&json!(true), &Value::Null));
    assert_eq!(entry(&portal), (json!("Y"), at_both));
    assert_eq!(portal.stats().sent_mail.len(), 0);
    drop(profile);
    nothing_is_left(&home, &portal, "log moved");
}

/// Eight windows wake up after an hour, each with a host of its own.
#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn eight_hosts_with_an_expired_token_renew_it_once() {
    let (home, (portal, port)) = (Home::new(), portal());
    let mut first = home.profile();
    connect(&mut first, &portal, port);
    portal.switch(|switches| switches.rotation = Rotation::OldTokenInvalid);
    portal.advance(Duration::from_secs(3601));
    let mut profiles: Vec<Profile> = (0..8).map(|_| home.profile()).collect();
    let asked: Vec<String> = profiles
        .iter_mut()
        .map(|profile| {
            profile.session = first.session.clone();
            profile.start("lookup", &asks_for_marie())
        })
        .collect();
    for (profile, id) in profiles.iter_mut().zip(asked) {
        let found = profile.answer(&id).unwrap();
        assert_eq!(found["people"][0]["contacts"][0]["name"], "Marie Rousseau");
    }
    assert_eq!(portal.stats().refreshes, 1);
    // They made one key between them, too: each finds what the others wrote.
    let about = home.run(&["ledger", "--address", MARIE, "--json"]);
    let requests = about.lines().filter(|line| line.contains(r#""outcome":"200""#)).count();
    assert_eq!(requests, 8, "{about}");
    drop(profiles);
    drop(first);
    nothing_is_left(&home, &portal, "eight");
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn killed_while_the_portal_answers_the_ledger_knows_what_was_sent() {
    let (home, (portal, port)) = (Home::new(), portal());
    let mut profile = home.profile();
    connect(&mut profile, &portal, port);
    // Names of stages and the like are known from here on.
    finds_marie(&mut profile);
    let lines = || -> Vec<Value> {
        let text = home.run(&["ledger", "--json"]);
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let (before, counted) = (lines().len(), portal.stats());
    portal.fault(Fault::next(FaultKind::SlowAnswer, 1));
    profile.start("lookup", &json!({"mailbox": MAILBOX, "addresses": ["nobody@nowhere.example"]}));
    runtime().block_on(portal.until_held(1));
    profile.kill();
    portal.release();

    let [left] = &lines()[before..] else { panic!("{:?}", lines()) };
    assert_eq!((&left["outcome"], &left["addresses"], &left["received"]), (&json!("begun"), &json!(1), &json!(0)));
    assert!(left["methods"]["crm.duplicate.findbycomm"].is_number(), "{left}");
    let sent = portal.stats().bytes_in - counted.bytes_in;
    assert_eq!((&left["sent"], portal.stats().http_calls - counted.http_calls), (&json!(sent), 1));
    assert_eq!(home.run(&["ledger", "--address", "nobody@nowhere.example", "--json"]).lines().count(), 1);
    nothing_is_left(&home, &portal, "while the portal answers");
}

/// The same program where no file can grow beyond so many blocks of 512 bytes: to a program, that is a full disk.
fn on_a_disk_of(blocks: usize, home: &Home, arguments: &[&str]) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!(r#"trap "" XFSZ; ulimit -f {blocks}; exec "$0" "$@""#)]);
    home.started_by(shell, arguments)
}

fn on_a_full_disk(home: &Home, arguments: &[&str]) -> Command {
    on_a_disk_of(0, home, arguments)
}

/// A line of which only a part has room isn't left there.
#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn on_a_disk_that_fills_up_the_ledger_stays_whole() {
    let (home, (portal, port)) = (Home::new(), portal());
    drop(connected(&home, &portal, port));
    let look_up = || on_a_disk_of(12, &home, &["lookup", MARIE]).output().unwrap();
    let full = std::iter::repeat_with(look_up).take(20).find(|output| !output.status.success()).unwrap();
    assert!(String::from_utf8_lossy(&full.stderr).contains("The ledger can't be written"), "{full:?}");
    for _ in 0..5 {
        assert!(!look_up().status.success());
        home.run(&["ledger", "--verify"]);
    }
    let files = std::fs::read_dir(home.path().join("ledger")).unwrap().map(|file| file.unwrap().path());
    let days: Vec<_> = files.filter(|file| file.extension().is_some_and(|extension| extension == "jsonl")).collect();
    assert!(!days.is_empty() && days.iter().all(|day| std::fs::read(day).unwrap().ends_with(b"\n")), "{days:?}");
    home.run(&["lookup", MARIE]);
    nothing_is_left(&home, &portal, "fills up");
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn on_a_full_disk_nothing_is_sent_and_a_sentence_says_so() {
    let (home, (portal, port)) = (Home::new(), portal());
    let session = connected(&home, &portal, port);
    let asked = portal.stats().http_calls;

    let mut profile = Profile::of(&mut on_a_full_disk(&home, &[ORIGIN]));
    profile.session = session.clone();
    let hello = profile.ask("hello", &json!({"protocols": [1], "extension": "9.9.9"}));
    assert!(hello.is_ok() || hello.as_ref().unwrap_err()["reason"] == "state_file_unusable", "{hello:?}");
    let error = profile.ask("lookup", &asks_for_marie()).unwrap_err();
    assert_eq!(error["reason"], "ledger_unwritable");
    assert_eq!(profile.refused("setMailbox", &json!({"address": MAILBOX, "on": false})), "state_file_unusable");
    assert_eq!(profile.refused("connect", &connecting(&portal, port)), "ledger_unwritable");
    assert!(profile.leave().0.success());
    assert_eq!(portal.stats().http_calls, asked, "nothing was sent that could not be recorded");
    let output = on_a_full_disk(&home, &["settings", "--add-domain", "acme.com"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("Free some disk space"), "{output:?}");

    // With room again all is as it was.
    let mut profile = home.profile();
    profile.session = session;
    finds_marie(&mut profile);
    drop(profile);
    nothing_is_left(&home, &portal, "full");
}

/// Root writes everywhere, so this runs as nobody where tests run as root.
#[test]
fn in_a_folder_that_cannot_be_written_a_sentence_says_so() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
    use std::os::unix::process::CommandExt as _;
    const NOBODY: u32 = 65534;
    let home = Home::new();
    let root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o500)).unwrap();
    if root {
        chown(home.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    let command = |arguments: &[&str]| {
        let mut command = home.command(arguments);
        if root {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    };
    let output = command(&["settings", "--add-domain", "acme.com"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("can't be used: permission denied") && said.contains("hint: "), "{said}");
    let mut profile = Profile::of(&mut command(&[ORIGIN]));
    let hello = profile.ask("hello", &json!({"protocols": [1], "extension": "9.9.9"}));
    assert!(hello.is_ok() || hello.as_ref().unwrap_err()["reason"] == "state_file_unusable", "{hello:?}");
    assert_eq!(profile.refused("status", &json!({})), "session_needed");
    assert!(profile.leave().0.success());
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn in_a_folder_that_became_read_only_nothing_is_sent_and_nothing_is_lost() {
    let (home, (portal, port)) = (Home::new(), portal());
    let session = connected(&home, &portal, port);
    let read_only = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\"";
    let Some(mut browser) = home.mounting(read_only, home.path(), &[ORIGIN]) else { return };

    let asked = portal.stats().http_calls;
    let mut profile = Profile::of(&mut browser);
    profile.session = session.clone();
    for (method, params) in [
        ("lookup", json!({"mailbox": MAILBOX, "addresses": [MARIE]})),
        ("connect", connecting(&portal, port)),
        ("disconnect", json!({"everywhere": true})),
    ] {
        let refused = profile.ask(method, &params).unwrap_err();
        let reasons = ["ledger_unwritable", "state_file_unusable"];
        assert!(reasons.contains(&refused["reason"].as_str().unwrap()), "{method}: {refused}");
        assert!(!refused["hint"].as_str().unwrap().is_empty(), "{method}: {refused}");
    }
    assert!(profile.leave().0.success());
    assert_eq!(portal.stats().http_calls, asked);

    let mut profile = home.profile();
    profile.session = session;
    assert_eq!(lookup(&mut profile, &[MARIE])["people"][0]["email"], MARIE);
    assert!(profile.leave().0.success());
    home.run(&["purge", "--yes"]);
}
