//! Whatever is asked, nothing that the host says has one of its secrets in it, and no failure has a word of the request.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

use demo::{Fault, FaultKind, Portal};
use gmail_sync_host::protocol::Call;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::canary::{log, preview, secrets};
use crate::journey::{connecting, portal};
use crate::support::{Home, PROTOCOL, Profile, documented_requests};

/// What isn't done as it stands in the document: there is no such webhook or code, and no attempt that waits for an address. The
/// last two come at the end.
const NOT_DONE: [&str; 5] = ["connectWebhook", "pasteCallback", "allow", "disconnect", "cancel"];

/// The documented requests, with what this portal has in the place of what the document's has. Not those that would end the
/// test's connection, or another request.
fn requests(portal: &Portal, port: u16, entry: &str, digest: &str) -> Vec<(String, Value)> {
    let authority = portal.base_url().trim_start_matches("http://");
    let mut document = PROTOCOL.to_owned();
    for (theirs, ours) in [
        ("https://brightline.bitrix24.com", portal.base_url()),
        ("brightline.bitrix24.com", portal.base_url()),
        ("crm.brightline.example", portal.base_url()),
        ("http://127.0.0.1:17485", &format!("http://{authority}")),
        ("17485", &port.to_string()),
        ("local.6741e2c09b1f58.20417733", portal.client_id()),
        ("typed-by-the-person", portal.client_secret()),
        ("9f2c", digest),
        ("\"3165\"", &format!("\"{entry}\"")),
        ("\"company\":\"31\"", "\"company\":\"1\""),
        ("\"type\":\"deal\",\"id\":\"31\"", "\"type\":\"deal\",\"id\":\"3\""),
        ("\"301\"", "\"2\""),
        ("\"275\"", "\"2\""),
        ("\"deal\":\"88\",\"from\":\"NEW\"", "\"deal\":\"1\",\"from\":\"NEW\""),
        ("\"88\"", "\"3\""),
    ] {
        assert!(document.contains(theirs), "{theirs} isn't in the document any more");
        document = document.replace(theirs, ours);
    }
    let mut requests = documented_requests(&document);
    requests.retain(|(method, _)| !["disconnect", "cancel"].contains(&method.as_str()));
    // A host that is started anew remembers neither preview nor entry, which is moved before it goes, and nor does a new connection.
    requests.sort_by_key(|(method, _)| match method.as_str() {
        "commitLog" => 0,
        "moveLog" => 1,
        "undoLog" => 2,
        "connect" | "connectWebhook" => 4,
        _ => 3,
    });
    requests
}

/// All texts in a value, wherever they stand; but a portal's name, which failures tell, and an application's id, since a browser
/// with a wrong one never comes back.
fn texts(value: &mut Value) -> Vec<&mut String> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter_mut().flat_map(texts).collect(),
        Value::Object(fields) => {
            let fields = fields.iter_mut().filter(|(name, _)| !["portal", "clientId"].contains(&name.as_str()));
            fields.flat_map(|(_, value)| texts(value)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// Marks that stand in requests where a code, a secret, a name or a text may be. The host may tell what it did with them (whom it
/// looked up, what it would log), but a failure quotes nothing.
const MARKS: [&str; 2] = ["mark-6f0c2d91ab", "mark7e55b3"];

/// One of the requests, or one with a mark for its method, in which some texts are marked.
fn marked(requests: Vec<(String, Value)>) -> impl Strategy<Value = (String, Value)> {
    let words = MARKS.iter().flat_map(|mark| {
        [
            (*mark).to_owned(),
            format!("https://127.0.0.1:1/rest/1/{mark}/"),
            format!("http://127.0.0.1:17485/callback?code={mark}&state={mark}"),
            format!("{mark}@brightline.example"),
        ]
    });
    let word = proptest::sample::select(words.collect::<Vec<_>>());
    let places = proptest::collection::vec(proptest::option::weighted(0.5, word), 16);
    let method = proptest::option::weighted(0.05, proptest::sample::select(&MARKS));
    (proptest::sample::select(requests), places, method).prop_map(|((known, mut params), places, method)| {
        for (text, word) in texts(&mut params).into_iter().zip(places) {
            *text = word.unwrap_or_else(|| text.clone());
        }
        (method.map_or(known, str::to_owned), params)
    })
}

/// Requests until the host is started anew, since one alone asks a portal twice a second and no more.
const EACH: u32 = 3;

/// The portal's methods whose refusal is told to the person in the portal's words.
const WRITES: &[&str] = &[
    "crm.contact.add",
    "crm.company.add",
    "crm.lead.add",
    "crm.deal.add",
    "crm.item.update",
    "crm.timeline.comment.add",
    "crm.activity.todo.add",
];

/// What the portal does to the next request: an error that quotes what it was asked with and somebody's words, at these methods or at
/// whichever is next.
#[derive(Clone, Copy, Debug)]
struct Quoting {
    in_code: bool,
    in_description: bool,
    status: u16,
    by: &'static [&'static str],
}

fn quoting() -> impl Strategy<Value = Option<Quoting>> {
    let by = proptest::sample::select(&[&[], WRITES, &["oauth.token"]]);
    let quoting = (any::<bool>(), any::<bool>(), proptest::sample::select(&[200, 400, 401, 403, 500]), by);
    proptest::option::of(quoting.prop_map(|(in_code, in_description, status, by)| Quoting {
        in_code,
        in_description,
        status,
        by,
    }))
}

/// A profile, and what it must not hear.
struct Asking<'a> {
    home: &'a Home,
    portal: &'a Portal,
    profile: Profile,
    secrets: Vec<String>,
    asked: u32,
}

impl Asking<'_> {
    /// From time to time, a new host.
    fn breathe(&mut self) {
        self.asked += 1;
        if self.asked.is_multiple_of(EACH) {
            self.start_anew();
        }
    }

    /// Starts the host anew, and lets the portal forget how often it was asked.
    fn start_anew(&mut self) {
        let session = self.profile.session.clone();
        std::mem::replace(&mut self.profile, self.home.profile()).leave();
        self.profile.session = session;
        self.portal.advance(Duration::from_secs(10));
    }

    /// Asks a portal that quotes the token of the request.
    fn ask_quoted(&mut self, quoting: Quoting, method: &str, params: &Value) -> bool {
        let access = secrets(self.home, self.portal).swap_remove(0);
        let quote = |does: bool| if does { format!("{access} {}", MARKS[0]) } else { "ERROR_CORE".to_owned() };
        let code = if quoting.in_code && !quoting.in_description { access.clone() } else { quote(quoting.in_code) };
        let body = json!({"error": code, "error_description": quote(quoting.in_description)});
        let content_type = "application/json".to_owned();
        let kind = FaultKind::Answer { status: quoting.status, content_type, body: body.to_string() };
        quoting.by.iter().for_each(|method| self.portal.fault(Fault::on(method, kind.clone(), 1)));
        if quoting.by.is_empty() {
            self.portal.fault(Fault::next(kind, 1));
        }
        let done = self.ask(method, params);
        self.portal.clear_faults();
        done
    }

    /// Whether the host did as it was asked. All that was heard meanwhile, parts and events too, is without a secret; the session
    /// that connecting gives is one from then on.
    fn ask(&mut self, method: &str, params: &Value) -> bool {
        let answer = self.profile.ask(method, params);
        let heard = std::mem::take(&mut self.profile.heard);
        for secret in &self.secrets {
            assert!(!heard.contains(secret.as_str()), "{method} says a secret");
        }
        let failure = answer.as_ref().err().map(Value::to_string).unwrap_or_default();
        assert!(!MARKS.iter().any(|mark| failure.contains(mark)), "{method} quotes what it was asked: {failure}");
        if let Ok(connected) = &answer
            && connected.get("session").is_some()
        {
            self.profile.keep_session(connected);
            self.secrets.extend(secrets(self.home, self.portal));
            self.secrets.extend(self.profile.session.clone());
        }
        answer.is_ok()
    }
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn sec_15_no_answer_contains_a_secret() {
    let (home, (portal, port)) = (Home::new(), portal());
    let mut asking = Asking { home: &home, portal: &portal, profile: home.profile(), secrets: Vec::new(), asked: 0 };
    assert!(asking.ask("connect", &connecting(&portal, port)));

    // Whoever types something is told the portal's own words, but not if a secret stands in them.
    let refusing = Quoting { in_code: false, in_description: true, status: 400, by: WRITES };
    for (method, params) in requests(&portal, port, "1", "none yet") {
        if ["create", "addAddress", "addEntry", "moveDeal"].contains(&method.as_str()) {
            asking.ask_quoted(refusing, &method, &params);
            asking.start_anew();
        }
    }

    let entry = log(&mut asking.profile).unwrap()["id"].as_str().unwrap().to_owned();
    let shown = preview(&mut asking.profile, "1a1f95f130003a02").unwrap();
    let requests = requests(&portal, port, &entry, shown["digest"].as_str().unwrap());

    // As they stand, so that what is said of the portal's records is heard, too.
    let mut done = BTreeSet::new();
    for (method, params) in &requests {
        if asking.ask(method, params) {
            done.insert(method.as_str());
        }
        if done.contains("undoLog") {
            asking.breathe();
        }
    }
    let refused: Vec<_> = Call::METHODS.iter().copied().filter(|method| !done.contains(method)).collect();
    assert_eq!(refused, NOT_DONE);

    let asking = RefCell::new(asking);
    let mut runner = TestRunner::new(Config { cases: 128, failure_persistence: None, ..Config::default() });
    runner
        .run(&(marked(requests), quoting()), |((method, params), quoting)| {
            let mut asking = asking.borrow_mut();
            asking.breathe();
            match quoting {
                Some(quoting) => asking.ask_quoted(quoting, &method, &params),
                None => asking.ask(&method, &params),
            };
            Ok(())
        })
        .unwrap();

    let mut asking = asking.into_inner();
    asking.ask("cancel", &json!({"id": asking.secrets[0].clone()}));
    assert!(asking.ask("disconnect", &json!({})));
    // Every page is told.
    while asking.profile.next().get("event").is_none() {}
    assert!(asking.secrets.iter().all(|secret| !asking.profile.heard.contains(secret.as_str())));
    assert!(asking.profile.leave().0.success());
    home.run(&["purge", "--yes"]);
}
