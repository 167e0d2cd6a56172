//! Everything is done with marked secrets and marked people; afterwards the marks are looked for wherever something could have been
//! left, and in everything the host said.

use std::path::Path;
#[cfg(unix)]
use std::process::Command;
use std::time::Duration;

use demo::{Fault, FaultKind, Portal};
use gmail_sync_host::portal::PortalUrl;
use gmail_sync_host::vault::PortalSecret;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::journey::{MAILBOX, MARIE, connect, portal};
use crate::support::{Home, ORIGIN, Profile, runtime};

const STRANGER: &str = "canary-7f3a@marked-b81c.example";

/// Words of an e-mail, and of what is typed into the sidebar's forms.
const WORDS: [&str; 10] = [
    "canary-subject-4e1d",
    "canary-text-93be",
    "canary-sender-5c7a",
    "canary-message-08fd",
    "canary-first-71c2",
    "canary-last-88ab",
    "canary-company-2f90",
    "canary-comment-6d3e",
    "canary-todo-a41b",
    "canary-search-c05f",
];

/// The secrets of the connection as they are now.
pub(crate) fn secrets(home: &Home, portal: &Portal) -> Vec<String> {
    let url: PortalUrl = portal.base_url().parse().unwrap();
    match runtime().block_on(PortalSecret::load(&home.vault(), &url)).unwrap() {
        PortalSecret::Oauth(tokens) => [&tokens.access, &tokens.refresh, &tokens.client_secret]
            .map(|secret| secret.expose_secret().to_owned())
            .to_vec(),
        PortalSecret::Webhook { secret, .. } => vec![secret.expose_secret().to_owned()],
    }
}

/// What would be sent of an e-mail of marked words from somebody the portal knows.
pub(crate) fn preview(profile: &mut Profile, gmail_id: &str) -> Result<Value, Value> {
    let [subject, text, sender, message, ..] = WORDS;
    let email = json!({
        "mailbox": MAILBOX,
        "people": [MARIE],
        "message": {
            "gmailId": gmail_id,
            "messageId": format!("<{message}-{gmail_id}@mail.helion.example>"),
            "from": {"name": sender, "email": MARIE},
            "to": [{"email": MAILBOX}],
            "sentAt": 1_795_185_120_000_u64,
            "subject": subject,
            "text": text,
        },
        "records": [{"type": "contact", "id": "2"}],
    });
    profile.ask("previewLog", &email)
}

pub(crate) fn log(profile: &mut Profile) -> Result<Value, Value> {
    let shown = preview(profile, "1a1f95f130003a01")?;
    profile.ask("commitLog", &json!({"digest": shown["digest"]}))
}

fn create(profile: &mut Profile) -> Result<Value, Value> {
    let [first, last, company] = [4, 5, 6].map(|at| WORDS[at]);
    let more = json!({"uf-crm-1731400000001": "43"});
    let record = json!({"type": "contact", "firstName": first, "lastName": last, "company": company, "more": more});
    let key = "0f6c2a54-7d0e-4a52-9a6e-1f7f5d0a9b11";
    profile.ask("create", &json!({"mailbox": MAILBOX, "email": STRANGER, "key": key, "record": record}))
}

fn add(profile: &mut Profile, entry: &Value) -> Result<Value, Value> {
    profile.ask("addEntry", &json!({"record": {"type": "contact", "id": "2"}, "entry": entry}))
}

fn comment(profile: &mut Profile) -> Result<Value, Value> {
    add(profile, &json!({"type": "comment", "text": WORDS[7]}))
}

fn todo(profile: &mut Profile) -> Result<Value, Value> {
    add(profile, &json!({"type": "todo", "title": WORDS[8], "text": WORDS[8], "deadline": 4_102_444_800_000_u64}))
}

fn search(profile: &mut Profile) -> Result<Value, Value> {
    profile.ask("search", &json!({"text": WORDS[9], "types": ["contact", "company", "deal"]}))
}

/// Whatever the person can do with words, each with the portal's method that gets them.
type Deed = fn(&mut Profile) -> Result<Value, Value>;
const DEEDS: [(&str, Deed); 5] = [
    ("crm.activity.add", log),
    ("crm.contact.add", create),
    ("crm.timeline.comment.add", comment),
    ("crm.activity.todo.add", todo),
    ("crm.contact.list", search),
];

/// A portal that refuses what it got, and quotes it.
fn quoting() -> FaultKind {
    let body = json!({"error": WORDS[0], "error_description": WORDS.join(" ")}).to_string();
    FaultKind::Answer { status: 400, content_type: "application/json".to_owned(), body }
}

/// Each deed is refused and quoted once, and forbidden once; then it is done.
fn do_everything(profile: &mut Profile, portal: &Portal) {
    for (method, deed) in DEEDS {
        for fault in [quoting(), FaultKind::InsufficientScope] {
            portal.fault(Fault::on(method, fault, 1));
            drop(deed(profile));
            portal.clear_faults();
        }
        deed(profile).unwrap();
    }
    let left = |word: &str, kind: &str| portal.rows(kind).iter().any(|row| row.to_string().contains(word));
    assert!(left(WORDS[0], "activity") && left(WORDS[1], "activity") && left(WORDS[4], "contact"));
}

/// Lets the host crash while all of it is in its memory. Cores are allowed; where they are left is the system's to say (core(5)):
/// usually in the folder that the program runs in.
#[cfg(unix)]
fn crash(host: &mut Command, session: Option<String>, deed: Deed) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Core).maximum;
    setrlimit(Resource::Core, Rlimit { current: maximum, maximum }).unwrap();
    let mut profile = Profile::of(host);
    profile.session = session;
    deed(&mut profile).unwrap();
    profile.crash();
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

/// Everything by a connection that this makes.
fn leaves_no_mark(connect: fn(&mut Profile, &Portal, u16)) {
    let (home, (portal, port)) = (Home::new(), portal());
    let (temporary, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut host = home.command(&[ORIGIN]);
    host.env("TMPDIR", temporary.path()).env("RUST_LOG", "trace").env("RUST_BACKTRACE", "1");
    host.current_dir(temporary.path());
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
    // And whatever else was good for a while.
    marks.extend(portal.tokens());
    marks.push(profile.session.clone().unwrap());
    drop(profile.ask("pasteCallback", &json!({"address": format!("http://127.0.0.1/?code={}", marks[0])})));
    // Of a webhook, the secret is a part of an address: of one that nobody may be asked at, and of one that isn't whole.
    for address in
        ["http://crm.brightline.example/rest/7/SECRET/", "https://127.0.0.1:1/rest/7/SECRET/", "/rest/7/SECRET/"]
    {
        let refused = profile.ask("connectWebhook", &json!({"url": address.replace("SECRET", &marks[0])})).unwrap_err();
        assert!(!refused.to_string().contains(&marks[0]), "{address}");
    }
    do_everything(&mut profile, &portal);
    marks.extend(WORDS.map(str::to_owned));

    let bundle = outside.path().join("bundle.json");
    let mut said = Vec::new();
    for arguments in [
        &["--check"][..],
        &["--check", "--json"],
        &["--check", "--bundle", bundle.to_str().unwrap()],
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
    #[cfg(unix)]
    let session = profile.session.clone();
    let (_, rest, errors) = profile.leave();
    said.extend(rest);
    said.extend(errors.into_bytes());
    assert_nothing_of(&marks, &said, "what was said");

    #[cfg(unix)]
    crash(&mut host, session, search);

    marks.extend(people.iter().map(|address| (*address).to_owned()));
    marks.extend(["marked-b81c", "Rousseau", "Helion Automation"].map(str::to_owned));
    let files = assert_no_file_holds(&marks, home.path());
    assert!(files >= 6, "state, ledger, hashes and log are there: {files}");
    assert_eq!(assert_no_file_holds(&marks, outside.path()), 1, "the bundle");
    assert_eq!(assert_no_file_holds(&marks, temporary.path()), 0, "temporary files are left");
    home.run(&["purge", "--yes"]);
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn sec_32_no_mark_is_left_in_any_file_or_said_by_any_command() {
    leaves_no_mark(|profile, portal, port| drop(connect(profile, portal, port)));
}

/// By a webhook, whose secret stands in the address of every request.
#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn sec_32_nor_is_one_of_a_connection_by_a_webhook() {
    leaves_no_mark(|profile, portal, _| {
        let webhook = json!({"url": portal.webhook_url(), "mailbox": MAILBOX});
        let connected = profile.ask("connectWebhook", &webhook).unwrap();
        profile.keep_session(&connected);
        // A webhook that was deleted is refused, and with it whatever is asked.
        portal.switch(|switches| switches.deleted_webhooks = vec![7]);
        assert_eq!(profile.refused("lookup", &json!({"mailbox": MAILBOX, "addresses": [MARIE]})), "webhook_refused");
        portal.switch(|switches| switches.deleted_webhooks.clear());
    });
}
