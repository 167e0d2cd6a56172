//! The examples of docs/PROTOCOL.md are what this program reads and writes.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::*;
use crate::failure::{Failure, Reason};

/// One fenced block: `kind` is `request`, `result`, `part`, `error` or `event`.
struct Example {
    kind: &'static str,
    method: &'static str,
    json: &'static str,
}

fn examples() -> Vec<Example> {
    include_str!("../../../docs/PROTOCOL.md")
        .split("```json ")
        .skip(1)
        .map(|block| {
            let (title, rest) = block.split_once('\n').unwrap();
            let (kind, method) = title.split_once(' ').unwrap_or((title, ""));
            Example { kind, method, json: rest.split_once("\n```").unwrap().0 }
        })
        .collect()
}

fn of(kind: &str) -> Vec<Example> {
    examples().into_iter().filter(|example| example.kind == kind).collect()
}

/// The requests: one at least of every method.
pub(crate) fn requests() -> impl Iterator<Item = &'static str> {
    of("request").into_iter().map(|example| example.json)
}

fn user(id: &str, name: &str) -> PortalUser {
    let url = format!("https://brightline.bitrix24.com/company/personal/user/{id}/");
    PortalUser { id: id.to_owned(), name: name.to_owned(), url }
}

fn status(mode: ConnectionMode, mailboxes: &[&str]) -> Status {
    Status {
        portal: "brightline.bitrix24.com".to_owned(),
        origin: "https://brightline.bitrix24.com".to_owned(),
        mode,
        user: user("1", "Lena Hartmann"),
        mailboxes: mailboxes.iter().map(|address| Mailbox { address: (*address).to_owned(), on: true }).collect(),
        team: Team {
            own_addresses: vec!["sales@brightline.example".to_owned()],
            domains: vec![],
            policy_domains: vec!["brightline.example".to_owned()],
        },
        never_log: NeverLogList {
            entries: vec!["counsel@opal-law.example".to_owned()],
            policy_entries: vec!["works-council.example".to_owned()],
        },
        subject_only: mode == ConnectionMode::Webhook,
    }
}

fn stage(id: &str, name: &str, color: Option<&str>, outcome: Outcome) -> Stage {
    Stage { id: id.to_owned(), name: name.to_owned(), color: color.map(str::to_owned), outcome }
}

fn person(email: &str, role: Role) -> Person {
    Person {
        email: email.to_owned(),
        role,
        contacts: vec![],
        companies: vec![],
        leads: vec![],
        deals: vec![],
        deals_total: 0,
        hidden: 0,
        problems: vec![],
        recent_emails: vec![],
        chosen: None,
    }
}

fn marie() -> Person {
    let company = Company {
        id: "31".to_owned(),
        title: "Helion Automation SAS".to_owned(),
        responsible: None,
        url: "https://brightline.bitrix24.com/crm/company/details/31/".to_owned(),
    };
    let contact = Contact {
        id: "275".to_owned(),
        name: "Marie Rousseau".to_owned(),
        position: "Head of Procurement".to_owned(),
        emails: vec!["marie.rousseau@helion.example".to_owned()],
        phones: vec!["+33 1 99 00 12 34".to_owned()],
        company: Some(company),
        responsible: Some(user("2", "Ann Keller")),
        url: "https://brightline.bitrix24.com/crm/contact/details/275/".to_owned(),
    };
    let lead = Lead {
        id: "12".to_owned(),
        title: "Trade fair".to_owned(),
        name: String::new(),
        status: stage("CONVERTED", "Converted", None, Outcome::Won),
        amount: None,
        responsible: None,
        url: "https://brightline.bitrix24.com/crm/lead/details/12/".to_owned(),
    };
    let deal = Deal {
        id: "88".to_owned(),
        title: "Pilot order, 40 sensors".to_owned(),
        pipeline_id: "0".to_owned(),
        pipeline: "Sales".to_owned(),
        stage: stage("NEW", "New", Some("#39a8ef"), Outcome::Open),
        step: 1,
        steps: 6,
        amount: Some(Amount { value: "48600.00".to_owned(), currency: "EUR".to_owned() }),
        responsible: None,
        url: "https://brightline.bitrix24.com/crm/deal/details/88/".to_owned(),
    };
    let recent = RecentEmail {
        id: "3165".to_owned(),
        subject: "Re: Pilot order".to_owned(),
        sent_at: 1_795_185_120_000,
        emails: vec!["marie.rousseau@helion.example".to_owned()],
        by: Some(user("2", "Ann Keller")),
        at: Some(1_795_186_800_000),
    };
    Person {
        contacts: vec![contact],
        leads: vec![lead],
        deals: vec![deal],
        deals_total: 1,
        hidden: 1,
        recent_emails: vec![recent],
        ..person("marie.rousseau@helion.example", Role::External)
    }
}

fn ledger() -> Ledger {
    let entry = |at, purpose: &str, to: &str, methods: &[(&str, u32)], addresses, sent, received| LedgerEntry {
        at,
        purpose: purpose.to_owned(),
        to: to.to_owned(),
        methods: methods.iter().map(|(method, count)| ((*method).to_owned(), *count)).collect(),
        addresses,
        sent,
        received,
        outcome: "200".to_owned(),
    };
    let portal = "brightline.bitrix24.com";
    let looked_up = [("crm.duplicate.findbycomm", 3), ("user.get", 1)];
    let place = |to: &str, requests, sent, received| LedgerPlace { to: to.to_owned(), requests, sent, received };
    Ledger {
        entries: vec![
            entry(1_795_602_000_812, "lookup", portal, &looked_up, 3, 812, 4034),
            entry(1_795_602_000_201, "refresh", "oauth.bitrix.info", &[], 0, 310, 905),
        ],
        next: Some("2026-11-25:16".to_owned()),
        places: vec![place(portal, 16, 9012, 60_180), place("oauth.bitrix.info", 2, 655, 1810)],
        problem: None,
    }
}

fn check_report(finding: Finding) -> CheckReport {
    CheckReport { system: "linux", ..crate::check::report(vec![finding]) }
}

fn logged_record() -> LoggedRecord {
    let Contact { id, name: title, url, .. } = marie().contacts.remove(0);
    let record = RecordRef { kind: RecordType::Contact, id };
    LoggedRecord { record, title, email: "marie.rousseau@helion.example".to_owned(), url }
}

fn log_preview() -> LogPreview {
    LogPreview {
        digest: Some("9f2c".to_owned()),
        blocked: None,
        logged: None,
        expires_at: 1_795_185_720_000,
        direction: MailDirection::Incoming,
        from: "Marie Rousseau <marie.rousseau@helion.example>".to_owned(),
        to: "lena@brightline.example".to_owned(),
        sent_at: 1_795_185_120_000,
        subject: "Re: Pilot order".to_owned(),
        text: "Week 50 suits us.".to_owned(),
        records: vec![logged_record()],
        responsible: user("1", "Lena Hartmann"),
        request: REQUEST.to_owned(),
        notices: vec![],
        warnings: vec![Failure::new(Reason::BlindCopy).with("count", 1).to_wire()],
    }
}

/// The never-log list covers somebody.
fn blocked_preview() -> LogPreview {
    let (email, rule) = ("counsel@opal-law.example".to_owned(), "opal-law.example".to_owned());
    let blocked = Some(LogBlock::Listed { email, rule, by_policy: true });
    LogPreview { digest: None, blocked, request: String::new(), warnings: vec![], ..log_preview() }
}

/// Somebody was first.
fn logged_preview() -> LogPreview {
    let by = Some(user("8", "Ann Berg"));
    let logged = Some(EarlierLog { by, me: false, at: Some(1_793_700_000_000) });
    LogPreview { digest: None, logged, request: String::new(), warnings: vec![], ..log_preview() }
}

fn logged_email() -> LoggedEmail {
    LoggedEmail { id: "3165".to_owned(), records: vec![logged_record()], earlier: None, notices: vec![] }
}

fn moved_email() -> LoggedEmail {
    let record = RecordRef { kind: RecordType::Deal, id: "31".to_owned() };
    let url = "https://brightline.bitrix24.com/crm/deal/details/31/".to_owned();
    let deal = LoggedRecord { record, title: "Pilot order, 40 sensors".to_owned(), url, ..logged_record() };
    LoggedEmail { records: vec![deal], ..logged_email() }
}

fn recent() -> Recent {
    let entry = |kind, at, subject: &str| TimelineEntry {
        kind,
        at: Some(at),
        author: None,
        subject: subject.to_owned(),
        due: None,
    };
    let todo = TimelineEntry {
        author: Some(user("1", "Lena Hartmann")),
        due: Some(1_795_766_400_000),
        ..entry(EntryKind::Todo, 1_795_602_000_000, "Call Marie")
    };
    let email = EntryKind::Email { direction: MailDirection::Incoming };
    Recent { entries: vec![todo, entry(email, 1_795_185_120_000, "Re: Pilot order")], more: true, notices: vec![] }
}

/// As the portal gets it; what it holds is tested where it is made.
const REQUEST: &str = r#"{"fields":{"SUBJECT":"Re: Pilot order","DESCRIPTION":"Week 50 suits us."}}"#;

fn raw(value: &impl Serialize) -> Box<RawValue> {
    to_raw_value(value).unwrap()
}

/// What the host says in each `result` and `part` example, in the document's order.
fn answers() -> BTreeMap<(&'static str, &'static str), Vec<Box<RawValue>>> {
    let lena = || status(ConnectionMode::Oauth, &["lena@brightline.example"]);
    let hello = |status| Hello { protocol: 1, protocols: vec![1], host: "0.1.0".to_owned(), status };
    let logged = LoggedHere { gmail_id: "1a1f95f130003a01".to_owned(), id: "3165".to_owned(), at: 1_795_186_800_000 };
    let lookup = |person, logged| Lookup { people: vec![person], as_of: 1_795_602_000_000, notices: vec![], logged };
    let ann = Role::Colleague { user: Some(user("2", "Ann Keller")), position: "Account manager".to_owned() };
    let reference = Reference {
        pipelines: vec![Pipeline {
            id: "0".to_owned(),
            name: "Sales".to_owned(),
            stages: vec![stage("NEW", "New", Some("#39a8ef"), Outcome::Open), stage("WON", "Won", None, Outcome::Won)],
        }],
        lead_statuses: vec![stage("JUNK", "Not fit", None, Outcome::Lost)],
        sources: vec![Choice { id: "EMAIL".to_owned(), name: "E-mail".to_owned() }],
        currencies: vec!["EUR".to_owned()],
        leads: true,
    };
    let form = RecordForm {
        required: vec!["lastName".to_owned()],
        fields: vec![FormField {
            id: "uf-crm-1731400000001".to_owned(),
            label: "Sales region".to_owned(),
            input: FieldInput::Choice { choices: vec![Choice { id: "41".to_owned(), name: "DACH".to_owned() }] },
        }],
        filled: Filled {
            first_name: "Priya".to_owned(),
            last_name: "Menon".to_owned(),
            company: "Corvus Logistics".to_owned(),
        },
        users: true,
    };
    let priya = |id: &str| FoundRecord {
        kind: RecordType::Contact,
        id: id.to_owned(),
        title: "Priya Menon".to_owned(),
        emails: vec!["p.menon@corvus.example".to_owned()],
        phones: vec!["+31 10 555 0142".to_owned()],
        company: "Corvus Logistics".to_owned(),
        responsible: Some(user("3", "Tom Brandt")),
        url: format!("https://brightline.bitrix24.com/crm/contact/details/{id}/"),
    };
    let duplicates = Creation::Duplicates { found: vec![Duplicate { record: priya("301"), same: Same::Name }] };
    let refused = Creation::Refused { words: "The field \"Sales region\" is required.".to_owned() };
    let created = Creation::Created {
        record: RecordRef { kind: RecordType::Contact, id: "312".to_owned() },
        url: "https://brightline.bitrix24.com/crm/contact/details/312/".to_owned(),
        person: None,
        notices: vec![],
    };
    let not_registered = Finding::fault(
        "registration",
        &Failure::new(Reason::NotRegistered).with("browser", "Brave").with("target", "--browser brave"),
    );
    let kept = Finding::fine("keychain", "A secret was stored, read back and deleted.");
    let added = Change::Done { person: Some(Box::new(person("priya@corvus-logistics.example", Role::External))) };
    let deal = || Box::new(Deal { stage: stage("WON", "Won", None, Outcome::Won), step: 0, ..marie().deals.remove(0) });
    let not_moved = DealMove::Refused { words: "The field \"Amount\" is required.".to_owned() };
    let moves = [DealMove::Moved { deal: deal() }, DealMove::Elsewhere { deal: deal() }, not_moved];
    let no_owner = AddedEntry::Refused { words: "Owner was not found".to_owned() };
    let search = Search { found: vec![priya("301")], more: false, cut: false, notices: vec![] };
    let users = UserSearch {
        found: vec![FoundUser { user: user("2", "Ann Keller"), position: "Account manager".to_owned() }],
        cut: false,
    };
    BTreeMap::from([
        (("result", "search"), vec![raw(&search)]),
        (("part", "addEntry"), vec![raw(&BeforeEntry { newest: "998".to_owned() })]),
        (("result", "addEntry"), vec![raw(&AddedEntry::Added { id: "999".to_owned() }), raw(&no_owner)]),
        (("result", "recent"), vec![raw(&recent())]),
        (("result", "searchUsers"), vec![raw(&users)]),
        (("result", "moveDeal"), moves.iter().map(raw).collect()),
        (("result", "chooseRecord"), vec![raw(&Nothing {})]),
        (("result", "recordForm"), vec![raw(&form)]),
        (("result", "create"), vec![raw(&duplicates), raw(&refused), raw(&created)]),
        (("result", "addAddress"), vec![raw(&added)]),
        (("result", "hello"), vec![raw(&hello(None)), raw(&hello(Some(lena())))]),
        (("part", "connect"), vec![raw(&ConnectProgress::BrowserOpened), raw(&ConnectProgress::Checking)]),
        (("result", "connect"), vec![raw(&Connected { session: "b64url-token".to_owned(), status: lena() })]),
        (("result", "newCode"), vec![raw(&OneTimeCode { code: "K7QF-2MXD".to_owned(), seconds: 120 })]),
        (("result", "pasteCallback"), vec![raw(&Nothing {})]),
        (("result", "disconnect"), vec![raw(&Disconnected { connection_ended: true, sessions_left: 0 })]),
        (("result", "status"), vec![raw(&status(ConnectionMode::Webhook, &[]))]),
        (("result", "reference"), vec![raw(&reference)]),
        (("part", "lookup"), vec![raw(&lookup(person("ann@brightline.example", ann), vec![]))]),
        (("result", "lookup"), vec![raw(&lookup(marie(), vec![logged]))]),
        (("result", "ledger"), vec![raw(&ledger())]),
        (("part", "check"), vec![raw(&check_report(not_registered))]),
        (("result", "check"), vec![raw(&check_report(kept))]),
        (("result", "previewLog"), vec![raw(&log_preview()), raw(&logged_preview()), raw(&blocked_preview())]),
        (("result", "commitLog"), vec![raw(&logged_email())]),
        (("result", "undoLog"), vec![raw(&Nothing {})]),
        (("result", "moveLog"), vec![raw(&moved_email())]),
        (("result", "cancel"), vec![raw(&Nothing {})]),
    ])
}

#[test]
fn every_method_has_an_example_request_that_is_accepted() {
    let requests = of("request");
    for example in &requests {
        let accepted = crate::serve::accept(example.json.as_bytes());
        assert_eq!(accepted.ok().map(|accepted| accepted.call.method()), Some(example.method), "{}", example.json);
    }
    for method in Call::METHODS {
        assert!(requests.iter().any(|example| example.method == *method), "{method} has no example");
    }
}

#[test]
fn every_example_answer_is_what_the_host_writes() {
    let mut answers = answers();
    for example in examples().iter().filter(|example| matches!(example.kind, "result" | "part")) {
        let answers = answers.get_mut(&(example.kind, example.method)).unwrap_or_else(|| panic!("{}", example.json));
        let body = answers.remove(0);
        let id = serde_json::from_str::<serde_json::Value>(example.json).unwrap()["id"].as_str().unwrap().to_owned();
        let frame =
            if example.kind == "part" { Frame::Part { id, part: body } } else { Frame::Result { id, result: body } };
        assert_eq!(serde_json::to_string(&frame).unwrap(), example.json);
    }
    assert!(answers.values().all(Vec::is_empty), "an answer has no example");
}

#[test]
fn the_example_failures_and_events_are_what_the_host_writes() {
    let failures = [
        (Some("7".to_owned()), Failure::new(Reason::BadParams).with("method", "lookup")),
        (None, Failure::new(Reason::NotJson)),
    ];
    let written = failures
        .map(|(id, failure)| serde_json::to_string(&Frame::<()>::Error { id, error: failure.to_wire() }).unwrap());
    assert_eq!(of("error").iter().map(|example| example.json).collect::<Vec<_>>(), written);
    let event = serde_json::to_string(&Frame::<()>::Event { event: EventKind::Connection }).unwrap();
    assert_eq!(of("event").iter().map(|example| example.json).collect::<Vec<_>>(), [event]);
}
