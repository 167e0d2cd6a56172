//! Logging an e-mail: what the preview shows is what the portal gets, once.

use demo::{Access, Fault, FaultKind};
use gmail_sync_host::connection::ConnectedUser;
use gmail_sync_host::failure::{Failure, Reason};
use gmail_sync_host::methods::{LookupContext, commit_log, preview_log, search};
use gmail_sync_host::protocol::{
    CommitLogParams, LogPreview, LoggedEmail, MailAddress, MailDirection, MailMessage, PreviewLogParams, RecordRef,
    RecordType, SearchParams,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::bench::Bench;

const MARIE: &str = "marie.rousseau@helion.example";
const LENA: &str = "lena@brightline.example";

fn address(name: &str, email: &str) -> MailAddress {
    MailAddress { name: name.to_owned(), email: email.to_owned() }
}

/// Marie's contact, company and one of her two open deals.
fn records() -> Vec<RecordRef> {
    let record = |kind, id: &str| RecordRef { kind, id: id.to_owned() };
    vec![record(RecordType::Contact, "2"), record(RecordType::Deal, "3")]
}

pub(crate) fn incoming() -> PreviewLogParams {
    PreviewLogParams {
        mailbox: Some(LENA.to_owned()),
        people: vec![MARIE.to_owned()],
        message: MailMessage {
            gmail_id: "1a1f95f130003a01".to_owned(),
            message_id: Some("<CAB1@mail.helion.example>".to_owned()),
            from: address("Marie Rousseau", MARIE),
            to: vec![address("", LENA)],
            bcc: vec![],
            incomplete: false,
            sent_at: 1_795_185_120_000,
            subject: "Re: Pilot order".to_owned(),
            text: Some("Week 50 suits us.\n\u{202e}<b>Marie</b> $result[x]".to_owned()),
        },
        records: records(),
    }
}

pub(crate) fn outgoing() -> PreviewLogParams {
    let mut params = incoming();
    (params.message.from, params.message.to) = (address("Lena", LENA), vec![address("", MARIE)]);
    params
}

/// The sum of a preview that can be agreed to.
pub(crate) fn agreed(shown: &LogPreview) -> String {
    shown.digest.clone().unwrap()
}

pub(crate) fn lena() -> ConnectedUser {
    ConnectedUser { id: 7, name: "Lena Hartmann".to_owned() }
}

pub(crate) async fn preview(bench: &Bench, params: &PreviewLogParams) -> Result<LogPreview, Failure> {
    let client = bench.client();
    preview_log(&bench.about_people(&client), params, &lena(), &bench.rules).await
}

pub(crate) async fn commit(bench: &Bench, digest: &str) -> Result<LoggedEmail, Failure> {
    let client = bench.client();
    commit_log(&bench.crm(&client), &CommitLogParams { digest: digest.to_owned() }, &lena(), &bench.rules).await
}

/// The activities that Lena logged; the portal has one of Ann's from before.
pub(crate) fn logged(bench: &Bench) -> Vec<Value> {
    let ours = |row: &Value| row["ORIGINATOR_ID"] == json!("gmail-sync") && row["AUTHOR_ID"] == json!(7);
    bench.portal.rows("activity").into_iter().filter(ours).collect()
}

/// Asked for it all the same, by an extension that is older or another one.
#[tokio::test]
async fn a_text_that_may_not_be_logged_is_neither_shown_nor_sent() {
    let mut bench = Bench::connected().await;
    bench.rules.subject_only = true;
    let shown = preview(&bench, &incoming()).await.unwrap();
    assert_eq!(shown.notices.iter().map(|notice| notice.reason.as_str()).collect::<Vec<_>>(), ["text_not_allowed"]);
    assert_eq!((shown.subject.as_str(), shown.text.as_str()), ("Re: Pilot order", ""));
    assert!(!shown.request.contains("50 suits"), "{}", shown.request);
    commit(&bench, &agreed(&shown)).await.unwrap();
    assert!(!bench.requests().iter().any(|request| format!("{request:?}").contains("50 suits")));
    let [entry] = logged(&bench).try_into().unwrap();
    assert_eq!(entry["SUBJECT"], "Re: Pilot order");
    assert!(!entry.to_string().contains("50 suits"), "{entry}");
}

#[tokio::test]
async fn what_was_shown_is_sent_byte_for_byte() {
    let bench = Bench::connected().await;
    bench.lookup(&[MARIE]).await;
    bench.calls();
    let shown = preview(&bench, &incoming()).await.unwrap();
    // Looking at it tells the portal the key and nothing else.
    let asked = bench.requests();
    let [question] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(question.method, "crm.activity.list");
    let filter = json!({"ORIGINATOR_ID": "gmail-sync", "ORIGIN_ID": &question.params["filter"]["ORIGIN_ID"]});
    assert_eq!((&question.params["filter"], logged(&bench).len()), (&filter, 0));
    bench.calls();
    assert_eq!(shown.direction, MailDirection::Incoming);
    assert_eq!(shown.text, "Week 50 suits us.\n<b>Marie</b> $result[x]");
    let titles: Vec<&str> = shown.records.iter().map(|record| record.title.as_str()).collect();
    assert_eq!((titles[0], titles.len()), ("Marie Rousseau", 2));

    let done = commit(&bench, &agreed(&shown)).await.unwrap();
    let requests = bench.requests();
    let [before, request, after] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!((&before.method, &before.params), (&question.method, &question.params));
    assert_eq!((&after.method, &after.params), (&question.method, &question.params));
    assert_eq!(request.method, "crm.activity.add");
    assert_eq!(request.body, shown.request);
    let rows = logged(&bench);
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!(row["ID"].to_string(), done.id);
    assert_eq!((&row["COMPLETED"], &row["DIRECTION"]), (&json!("Y"), &json!(1)));
    assert_eq!(row["DESCRIPTION"], json!(shown.text));
    assert_eq!(row["SUBJECT"], json!(shown.subject));
    let adds = |entry: &gmail_sync_host::ledger::Entry| entry.methods.contains_key("crm.activity.add");
    let entry = bench.ledger().into_iter().find(adds).unwrap();
    assert_eq!((entry.purpose, entry.addresses), (gmail_sync_host::egress::Purpose::Log, 2));
}

#[tokio::test]
async fn outgoing_mail_is_planned_and_then_completed() {
    let bench = Bench::connected().await;
    let shown = preview(&bench, &outgoing()).await.unwrap();
    assert_eq!(shown.direction, MailDirection::Outgoing);
    let planned: Value = serde_json::from_str(&shown.request).unwrap();
    assert_eq!((&planned["fields"]["DIRECTION"], &planned["fields"]["COMPLETED"]), (&json!(2), &json!("N")));
    bench.calls();
    let done = commit(&bench, &agreed(&shown)).await.unwrap();
    let methods: Vec<String> = bench.requests().into_iter().map(|request| request.method).collect();
    let list = "crm.activity.list";
    assert_eq!(methods, [list, "crm.activity.add", list, "crm.activity.update"]);
    let rows = logged(&bench);
    assert_eq!((rows.len(), rows[0]["ID"].to_string()), (1, done.id));
    assert_eq!(rows[0]["COMPLETED"], json!("Y"));
    // The bench asserts at its end that no mail was sent.
}

#[tokio::test]
async fn the_subject_goes_alone_if_the_person_wants_that() {
    let bench = Bench::connected().await;
    let mut params = incoming();
    params.message.text = None;
    let shown = preview(&bench, &params).await.unwrap();
    assert_eq!(shown.text, "");
    assert!(!shown.request.contains("Week 50") && !shown.request.contains("\"DESCRIPTION\":"));
}

#[tokio::test]
async fn a_preview_serves_once_and_not_for_ever() {
    let bench = Bench::connected().await;
    let shown = preview(&bench, &incoming()).await.unwrap();
    commit(&bench, &agreed(&shown)).await.unwrap();
    let over = async |digest: &str| commit(&bench, digest).await.unwrap_err().reason();
    assert_eq!(over(&agreed(&shown)).await, Reason::PreviewOver);
    assert_eq!(over("0").await, Reason::PreviewOver);
    let mut other = outgoing();
    other.message.message_id = Some("<CAB2@mail.helion.example>".to_owned());
    let late = preview(&bench, &other).await.unwrap();
    bench.pass(SignedDuration::from_mins(10));
    assert_eq!(over(&agreed(&late)).await, Reason::PreviewOver);
    assert_eq!(logged(&bench).len(), 1);
}

#[tokio::test]
async fn each_choice_has_a_sum_of_its_own() {
    let bench = Bench::connected().await;
    let first = preview(&bench, &incoming()).await.unwrap();
    assert_eq!(preview(&bench, &incoming()).await.unwrap().digest, first.digest);
    let mut other = incoming();
    other.records.truncate(1);
    assert_ne!(preview(&bench, &other).await.unwrap().digest, first.digest);
    let mut other = incoming();
    other.message.subject.push('!');
    assert_ne!(preview(&bench, &other).await.unwrap().digest, first.digest);
}

#[tokio::test]
async fn records_of_nobody_in_the_thread_are_refused() {
    let bench = Bench::connected().await;
    let mut params = incoming();
    params.people = vec!["nobody@nowhere.example".to_owned()];
    assert_eq!(preview(&bench, &params).await.unwrap_err().reason(), Reason::RecordNotOfThread);
    params.records.clear();
    assert_eq!(preview(&bench, &params).await.unwrap_err().reason(), Reason::NoRecordChosen);
}

#[tokio::test]
async fn a_record_that_a_search_has_shown_can_be_chosen_for_an_hour() {
    let bench = Bench::connected().await;
    let client = bench.client();
    let mut params = incoming();
    let piet = RecordRef { kind: RecordType::Contact, id: "19".to_owned() };
    params.records = vec![piet.clone()];
    assert_eq!(preview(&bench, &params).await.unwrap_err().reason(), Reason::RecordNotOfThread);
    let wanted = SearchParams { text: "hoekstra".to_owned(), types: vec![RecordType::Contact], skip: 0 };
    assert_eq!(search(&bench.crm(&client), &wanted).await.unwrap().found.len(), 1);
    let shown = preview(&bench, &params).await.unwrap();
    let [record] = shown.records.try_into().unwrap();
    assert_eq!((record.record, record.title.as_str()), (piet, "Piet Hoekstra"));
    assert_eq!(record.email, params.message.from.email);
    // The same id of another type was never shown.
    params.records = vec![RecordRef { kind: RecordType::Company, id: "19".to_owned() }];
    assert_eq!(preview(&bench, &params).await.unwrap_err().reason(), Reason::RecordNotOfThread);
    params.records = vec![RecordRef { kind: RecordType::Contact, id: "19".to_owned() }];
    bench.pass(SignedDuration::from_hours(1));
    assert_eq!(preview(&bench, &params).await.unwrap_err().reason(), Reason::RecordNotOfThread);
}

#[tokio::test]
async fn a_mailbox_that_is_off_has_no_preview() {
    let bench = Bench::connected().await;
    bench.calls();
    let client = bench.client();
    let off: &dyn Fn(Option<&str>) -> Result<(), Failure> = &|_| Err(Reason::MailboxOff.into());
    let context = LookupContext { may_look_up: off, ..bench.about_people(&client) };
    let me = ConnectedUser { id: 7, name: String::new() };
    assert_eq!(preview_log(&context, &incoming(), &me, &bench.rules).await.unwrap_err().reason(), Reason::MailboxOff);
    assert_eq!(bench.calls(), 0);
}

#[tokio::test]
async fn what_the_portal_forbids_is_said_and_leaves_nothing() {
    let bench = Bench::connected().await;
    let shown = preview(&bench, &incoming()).await.unwrap();
    bench.portal.set_access("deal", 3, Access::Read);
    assert_eq!(commit(&bench, &agreed(&shown)).await.unwrap_err().reason(), Reason::AccessDenied);
    assert!(logged(&bench).is_empty());
}

#[tokio::test]
async fn completing_is_tried_twice_and_its_failure_is_said() {
    let bench = Bench::connected().await;
    let fault = |times| Fault { kind: FaultKind::BadGateway, method: Some("crm.activity.update".to_owned()), times };
    let shown = preview(&bench, &outgoing()).await.unwrap();
    bench.portal.fault(fault(1));
    commit(&bench, &agreed(&shown)).await.unwrap();
    assert_eq!(logged(&bench)[0]["COMPLETED"], json!("Y"));

    let mut second = outgoing();
    second.message.message_id = Some("<CAB2@mail.helion.example>".to_owned());
    let shown = preview(&bench, &second).await.unwrap();
    bench.portal.fault(fault(2));
    assert_eq!(commit(&bench, &agreed(&shown)).await.unwrap_err().reason(), Reason::LoggedAsPlanned);
}
