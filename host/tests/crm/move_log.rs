//! An entry that was made from here goes to another record, and stays one completed entry whatever goes wrong.

use demo::{Access, Fault, FaultKind};
use gmail_sync_host::connection::ConnectedUser;
use gmail_sync_host::failure::{Failure, Reason};
use gmail_sync_host::methods::{CrmMemory, move_log, recent, undo_log};
use gmail_sync_host::protocol::{
    LoggedEmail, MoveLogParams, PreviewLogParams, RecentParams, RecordRef, RecordType, UndoLogParams,
};
use serde_json::{Value, json};

use crate::bench::Bench;
use crate::log::{agreed, commit, incoming, logged, outgoing, preview};

const ADD: &str = "crm.activity.binding.add";
const MOVE: &str = "crm.activity.binding.move";
const DELETE: &str = "crm.activity.binding.delete";

fn record(kind: RecordType, id: &str) -> RecordRef {
    RecordRef { kind, id: id.to_owned() }
}

fn marie() -> RecordRef {
    record(RecordType::Contact, "2")
}

fn deal() -> RecordRef {
    record(RecordType::Deal, "3")
}

/// Logged to these records.
async fn logged_to(bench: &Bench, records: &[RecordRef]) -> Result<LoggedEmail, Failure> {
    let params = PreviewLogParams { records: records.to_vec(), ..outgoing() };
    let shown = preview(bench, &params).await?;
    commit(bench, &agreed(&shown)).await
}

async fn moved_by(bench: &Bench, id: &str, from: &[RecordRef], to: RecordRef, me: u64) -> Result<LoggedEmail, Failure> {
    let client = bench.client();
    let me = ConnectedUser { id: me, name: "Lena Hartmann".to_owned() };
    let PreviewLogParams { mailbox, people, .. } = incoming();
    let params = MoveLogParams { id: id.to_owned(), mailbox, people, from: from.to_vec(), to };
    move_log(&bench.about_people(&client), &params, &me).await
}

async fn moved(bench: &Bench, id: &str, from: &[RecordRef], to: RecordRef) -> Result<LoggedEmail, Failure> {
    moved_by(bench, id, from, to, 7).await
}

/// The bindings that were changed.
fn writes(bench: &Bench) -> Vec<(String, Value)> {
    let log = bench.portal.log();
    let changed = log.iter().filter(|entry| [ADD, MOVE, DELETE].contains(&entry.method.as_str()));
    changed.map(|entry| (entry.method.clone(), entry.params.clone())).collect()
}

fn names(bench: &Bench) -> Vec<String> {
    writes(bench).into_iter().map(|(method, _)| method).collect()
}

fn stands(done: &LoggedEmail) -> Vec<RecordRef> {
    done.records.iter().map(|record| record.record.clone()).collect()
}

fn is_one_completed_entry(bench: &Bench) {
    let completed: Vec<_> = logged(bench).into_iter().map(|row| row["COMPLETED"].clone()).collect();
    assert_eq!(completed, [json!("Y")]);
}

#[tokio::test]
async fn goes_from_a_contact_to_a_deal_and_back() {
    let bench = Bench::connected().await;
    let done = logged_to(&bench, &[marie()]).await.unwrap();
    let there = moved(&bench, &done.id, &[marie()], deal()).await.unwrap();
    assert_eq!((stands(&there), &there.id, there.notices.len()), (vec![deal()], &done.id, 0));
    let id: u64 = done.id.parse().unwrap();
    let params = |kind: u64, record: u64| json!({"activityId": id, "entityTypeId": kind, "entityId": record});
    let added = (ADD.to_owned(), params(2, 3));
    let deleted = (DELETE.to_owned(), params(3, 2));
    assert_eq!(writes(&bench), [added, deleted]);
    is_one_completed_entry(&bench);
    // Said twice, it is done once.
    moved(&bench, &done.id, &[marie()], deal()).await.unwrap();
    assert_eq!(names(&bench).len(), 2);
    let back = moved(&bench, &done.id, &[deal()], marie()).await.unwrap();
    assert_eq!((stands(&back), names(&bench).len()), (vec![marie()], 4));
    is_one_completed_entry(&bench);
}

#[tokio::test]
async fn what_happened_last_with_a_record_shows_it_where_it_went() {
    let bench = Bench::connected().await;
    let done = logged_to(&bench, &[marie()]).await.unwrap();
    moved(&bench, &done.id, &[marie()], deal()).await.unwrap();
    let shown = async |record: RecordRef| {
        let client = bench.client();
        let recent = recent(&bench.crm(&client), &RecentParams { record }).await.unwrap();
        let has = recent.entries.iter().filter(|entry| entry.subject == outgoing().message.subject).count();
        (has, recent.notices.into_iter().map(|notice| notice.reason).collect::<Vec<_>>())
    };
    // Its row names the contact whose address it has; the portal is asked where it stands.
    assert_eq!(shown(deal()).await, (1, vec![]));
    assert_eq!(shown(marie()).await, (0, vec![]));
    // Where it doesn't tell, the row is one that nobody has asked for.
    bench.portal.switch(|switches| switches.missing_methods.push("crm.activity.binding.list".to_owned()));
    assert_eq!(shown(deal()).await, (0, vec!["unasked_rows".to_owned()]));
}

#[tokio::test]
async fn an_answer_that_got_lost_is_looked_for() {
    for (method, kind) in [
        (ADD, FaultKind::LostAnswer),
        (DELETE, FaultKind::LostAnswer),
        (ADD, FaultKind::TruncatedBody),
        (DELETE, FaultKind::TruncatedBody),
    ] {
        let bench = Bench::connected().await;
        let done = logged_to(&bench, &[marie()]).await.unwrap();
        bench.portal.fault(Fault::on(method, kind, 1));
        let there = moved(&bench, &done.id, &[marie()], deal()).await.unwrap();
        assert_eq!((stands(&there), names(&bench)), (vec![deal()], vec![ADD.to_owned(), DELETE.to_owned()]));
        is_one_completed_entry(&bench);
    }
}

#[tokio::test]
async fn stopped_between_two_steps_it_stands_at_both_and_the_next_try_goes_on() {
    let bench = Bench::connected().await;
    let done = logged_to(&bench, &[marie()]).await.unwrap();
    bench.portal.fault(Fault::on(DELETE, FaultKind::BadGateway, 1));
    let failure = moved(&bench, &done.id, &[marie()], deal()).await.unwrap_err();
    assert_eq!(failure.reason(), Reason::MoveLogUnconfirmed);
    is_one_completed_entry(&bench);
    let there = moved(&bench, &done.id, &[marie()], deal()).await.unwrap();
    assert_eq!(stands(&there), [deal()]);
    assert_eq!(names(&bench), [ADD, DELETE, DELETE]);
    is_one_completed_entry(&bench);
}

#[tokio::test]
async fn what_the_portal_refuses_is_said() {
    let bench = Bench::connected().await;
    let done = logged_to(&bench, &[marie()]).await.unwrap();
    // The new record may not be changed: nothing is.
    bench.portal.set_access("deal", 3, Access::Read);
    let failure = moved(&bench, &done.id, &[marie()], deal()).await.unwrap_err();
    assert_eq!((failure.reason(), names(&bench)), (Reason::AccessDenied, vec![ADD.to_owned()]));
    // The old one may not: the entry stands at both, and can be taken on later.
    bench.portal.set_access("deal", 3, Access::Full);
    bench.portal.set_access("contact", 2, Access::Read);
    let there = moved(&bench, &done.id, &[marie()], deal()).await.unwrap();
    assert_eq!(there.notices[0].reason, "moved_log_stays");
    assert_eq!(stands(&there), [deal(), marie()]);
    bench.portal.set_access("contact", 2, Access::Full);
    let at_last = moved(&bench, &done.id, &[deal(), marie()], deal()).await.unwrap();
    assert_eq!((stands(&at_last), at_last.notices.len()), (vec![deal()], 0));
    is_one_completed_entry(&bench);
}

#[tokio::test]
async fn an_old_portal_says_what_to_do_instead() {
    for method in ["crm.activity.binding.list", ADD] {
        let bench = Bench::connected().await;
        let done = logged_to(&bench, &[marie()]).await.unwrap();
        bench.portal.switch(|switches| switches.missing_methods.push(method.to_owned()));
        let failure = moved(&bench, &done.id, &[marie()], deal()).await.unwrap_err();
        assert_eq!(failure.reason(), Reason::MoveLogMissing, "{method}");
        is_one_completed_entry(&bench);
    }
}

#[tokio::test]
async fn nothing_else_is_moved() {
    let mut bench = Bench::connected().await;
    let done = logged_to(&bench, &[marie()]).await.unwrap();
    let refused = async |id: &str, from: RecordRef, to: RecordRef, me: u64| {
        moved_by(&bench, id, &[from], to, me).await.unwrap_err().reason()
    };
    // Ann's entry, no id, another person, another place than was said, and a record of nobody here.
    assert_eq!(refused("2", marie(), deal(), 7).await, Reason::LogNotFromHere);
    assert_eq!(refused("x", marie(), deal(), 7).await, Reason::BadParams);
    assert_eq!(refused(&done.id, marie(), deal(), 8).await, Reason::LogNotFromHere);
    assert_eq!(refused(&done.id, deal(), deal(), 7).await, Reason::LogElsewhere);
    let stranger = record(RecordType::Deal, "999");
    assert_eq!(refused(&done.id, marie(), stranger, 7).await, Reason::RecordNotOfThread);
    bench.memory = CrmMemory::default();
    let failure = moved(&bench, &done.id, &[marie()], deal()).await.unwrap_err();
    assert_eq!((failure.reason(), names(&bench)), (Reason::LogNotFromHere, vec![]));
}

#[tokio::test]
async fn what_was_moved_can_still_be_taken_back() {
    let bench = Bench::connected().await;
    let done = logged_to(&bench, &[marie()]).await.unwrap();
    moved(&bench, &done.id, &[marie()], deal()).await.unwrap();
    let client = bench.client();
    let me = ConnectedUser { id: 7, name: "Lena Hartmann".to_owned() };
    undo_log(&bench.crm(&client), &UndoLogParams { id: done.id }, &me).await.unwrap();
    assert_eq!(logged(&bench), [json!(null); 0]);
}
