//! An e-mail that is logged twice, by whomever and whatever goes wrong, has one completed entry.

use demo::{Fault, FaultKind};
use gmail_sync_host::connection::ConnectedUser;
use gmail_sync_host::failure::{Failure, Reason};
use gmail_sync_host::methods::{CrmMemory, commit_log, preview_log, undo_log};
use gmail_sync_host::protocol::{CommitLogParams, Nothing, PreviewLogParams, UndoLogParams};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::bench::Bench;
use crate::log::{agreed, commit, incoming, logged, outgoing, preview};

const ADD: &str = "crm.activity.add";
const LIST: &str = "crm.activity.list";
const UPDATE: &str = "crm.activity.update";
const DELETE: &str = "crm.activity.delete";

/// The same e-mail as it lies in another mailbox, where Gmail calls it something else.
fn elsewhere(mut params: PreviewLogParams) -> PreviewLogParams {
    params.message.gmail_id = "1a1f95f13000ffff".to_owned();
    params
}

fn without_text(mut params: PreviewLogParams) -> PreviewLogParams {
    params.message.text = None;
    params
}

/// How often the portal was asked to carry out a method.
fn times(bench: &Bench, method: &str) -> usize {
    bench.portal.log().iter().filter(|entry| entry.method == method).count()
}

/// All entries of the e-mails in these tests, whoever made them; the portal has one of Ann's from before.
fn all_logged(bench: &Bench) -> Vec<Value> {
    let ours = |row: &Value| row["ORIGINATOR_ID"] == json!("gmail-sync") && row["ID"] != json!(2);
    bench.portal.rows("activity").into_iter().filter(ours).collect()
}

#[tokio::test]
async fn what_is_logged_is_said_before_anything_is_sent() {
    let bench = Bench::connected().await;
    let shown = preview(&bench, &incoming()).await.unwrap();
    assert_eq!(shown.logged, None);
    commit(&bench, &agreed(&shown)).await.unwrap();
    // In another mailbox, with another choice.
    let again = preview(&bench, &elsewhere(without_text(incoming()))).await.unwrap();
    let logged = again.logged.unwrap();
    assert_eq!((logged.me, logged.by.unwrap().name.as_str()), (true, "Lena Hartmann"));
    assert!(logged.at.is_some());
    assert_eq!((again.digest, again.request.as_str()), (None, ""));
}

#[tokio::test]
async fn without_a_message_id_only_the_same_mailbox_knows() {
    let bench = Bench::connected().await;
    let nameless = || {
        let mut params = incoming();
        params.message.message_id = None;
        params
    };
    let shown = preview(&bench, &nameless()).await.unwrap();
    assert_eq!(shown.notices[0].reason, "message_id_unknown");
    commit(&bench, &agreed(&shown)).await.unwrap();
    assert!(preview(&bench, &nameless()).await.unwrap().logged.is_some());
    assert!(preview(&bench, &elsewhere(nameless())).await.unwrap().logged.is_none());
}

#[tokio::test]
async fn of_two_windows_the_second_finds_the_firsts_entry() {
    let bench = Bench::connected().await;
    let first = preview(&bench, &incoming()).await.unwrap();
    let second = preview(&bench, &without_text(incoming())).await.unwrap();
    let done = commit(&bench, &agreed(&first)).await.unwrap();
    let found = commit(&bench, &agreed(&second)).await.unwrap();
    assert_eq!((&found.id, found.earlier.unwrap().me), (&done.id, true));
    assert_eq!((logged(&bench).len(), times(&bench, ADD)), (1, 1));
}

#[tokio::test]
async fn an_answer_that_got_lost_is_looked_for() {
    for (params, kind) in [
        (incoming(), FaultKind::LostAnswer),
        (outgoing(), FaultKind::LostAnswer),
        (outgoing(), FaultKind::TruncatedBody),
    ] {
        let bench = Bench::connected().await;
        let shown = preview(&bench, &params).await.unwrap();
        bench.portal.fault(Fault::on(ADD, kind, 1));
        let done = commit(&bench, &agreed(&shown)).await.unwrap();
        let rows = logged(&bench);
        let [row] = rows.as_slice() else { panic!("{rows:?}") };
        assert_eq!((row["ID"].to_string(), &row["COMPLETED"]), (done.id, &json!("Y")));
        assert_eq!((done.records, done.earlier, times(&bench, ADD)), (shown.records, None, 1));
    }
}

#[tokio::test]
async fn a_request_that_may_still_be_at_work_is_not_repeated() {
    let bench = Bench::connected().await;
    let tried = async || {
        let shown = preview(&bench, &incoming()).await.unwrap();
        commit(&bench, &agreed(&shown)).await.map_err(|failure| failure.reason())
    };
    bench.portal.fault(Fault::on(ADD, FaultKind::BadGateway, 1));
    assert_eq!(tried().await.unwrap_err(), Reason::LogUnconfirmed);
    assert_eq!(times(&bench, ADD), 1);
    bench.pass(SignedDuration::from_secs(59));
    assert_eq!(tried().await.unwrap_err(), Reason::LogUnconfirmed);
    assert_eq!(times(&bench, ADD), 1);
    bench.pass(SignedDuration::from_secs(1));
    tried().await.unwrap();
    assert_eq!((times(&bench, ADD), logged(&bench).len()), (2, 1));
}

#[tokio::test]
async fn an_entry_left_planned_by_a_host_that_ended_is_completed_and_no_more() {
    let mut bench = Bench::connected().await;
    let shown = preview(&bench, &outgoing()).await.unwrap();
    bench.portal.fault(Fault::on(UPDATE, FaultKind::BadGateway, 2));
    assert_eq!(commit(&bench, &agreed(&shown)).await.unwrap_err().reason(), Reason::LoggedAsPlanned);
    assert_eq!(logged(&bench)[0]["COMPLETED"], json!("N"));

    bench.memory = CrmMemory::default();
    let again = preview(&bench, &outgoing()).await.unwrap();
    assert!(again.logged.as_ref().unwrap().me);
    let id = logged(&bench)[0]["ID"].clone();
    let request: Value = serde_json::from_str(&again.request).unwrap();
    assert_eq!(request, json!({"id": id, "fields": {"COMPLETED": "Y"}}));
    bench.calls();
    commit(&bench, &agreed(&again)).await.unwrap();
    let sent: Vec<_> = bench.requests().into_iter().map(|entry| (entry.method, entry.params)).collect();
    assert_eq!(sent, [(UPDATE.to_owned(), request)]);
    assert_eq!((logged(&bench).len(), &logged(&bench)[0]["COMPLETED"]), (1, &json!("Y")));
}

/// Ann's host, on another machine.
pub(crate) async fn ann_logs(bench: &Bench, params: &PreviewLogParams) {
    let (keys, memory, own) = (bench.keys_of(8), CrmMemory::default(), ["ann@brightline.example".to_owned()]);
    let client = bench.client_with(&keys);
    let ann = ConnectedUser { id: 8, name: "Ann Berg".to_owned() };
    let context = bench.elsewhere(&client, &memory, ann.id, &own);
    let shown = preview_log(&context, params, &ann, &bench.rules).await.unwrap();
    commit_log(&context.crm, &CommitLogParams { digest: agreed(&shown) }, &ann, &bench.rules).await.unwrap();
}

#[tokio::test]
async fn what_a_colleague_logged_is_said() {
    let bench = Bench::connected().await;
    ann_logs(&bench, &elsewhere(incoming())).await;
    let shown = preview(&bench, &incoming()).await.unwrap();
    let logged = shown.logged.unwrap();
    assert_eq!((logged.me, logged.by.unwrap().id.as_str(), shown.digest), (false, "8", None));
}

/// Lena's host has looked and found nothing; then Ann logs the e-mail; then Lena's host goes on.
async fn both_at_once(bench: &Bench) -> gmail_sync_host::protocol::LoggedEmail {
    let shown = preview(bench, &incoming()).await.unwrap();
    let lists = times(bench, LIST);
    bench.portal.fault(Fault::on(LIST, FaultKind::SlowAnswer, 1));
    let ann = async {
        while times(bench, LIST) == lists {
            tokio::task::yield_now().await;
        }
        ann_logs(bench, &elsewhere(incoming())).await;
        bench.portal.release();
    };
    let digest = agreed(&shown);
    let (done, ()) = tokio::join!(commit(bench, &digest), ann);
    done.unwrap()
}

#[tokio::test]
async fn of_two_machines_at_once_the_later_takes_its_entry_back() {
    let bench = Bench::connected().await;
    let done = both_at_once(&bench).await;
    let rows = all_logged(&bench);
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((row["ID"].to_string(), &row["AUTHOR_ID"]), (done.id, &json!(8)));
    assert_eq!(done.earlier.unwrap().by.unwrap().id, "8");
    assert_eq!((times(&bench, ADD), times(&bench, DELETE), done.notices.len()), (2, 1, 0));
}

#[tokio::test]
async fn an_entry_that_cant_be_taken_back_is_said() {
    let bench = Bench::connected().await;
    bench.portal.fault(Fault::on(DELETE, FaultKind::OverloadLimit, 1));
    let done = both_at_once(&bench).await;
    assert_eq!((done.notices[0].reason.as_str(), all_logged(&bench).len()), ("logged_twice", 2));
}

async fn undo(bench: &Bench, id: &str, me: u64) -> Result<Nothing, Failure> {
    let client = bench.client();
    let me = ConnectedUser { id: me, name: "Lena Hartmann".to_owned() };
    undo_log(&bench.crm(&client), &UndoLogParams { id: id.to_owned() }, &me).await
}

#[tokio::test]
async fn what_was_made_from_here_can_be_taken_back() {
    let bench = Bench::connected().await;
    let shown = preview(&bench, &outgoing()).await.unwrap();
    let done = commit(&bench, &agreed(&shown)).await.unwrap();
    assert_eq!(all_logged(&bench).len(), 1);
    // Somebody else who is connected now didn't make it.
    assert_eq!(undo(&bench, &done.id, 8).await.unwrap_err().reason(), Reason::LogNotFromHere);
    assert_eq!((all_logged(&bench).len(), times(&bench, DELETE)), (1, 0));
    undo(&bench, &done.id, 7).await.unwrap();
    assert_eq!((all_logged(&bench).len(), times(&bench, DELETE)), (0, 1));
    // What is gone isn't deleted again, and the e-mail can be logged anew.
    undo(&bench, &done.id, 7).await.unwrap();
    assert_eq!(times(&bench, DELETE), 1);
    let again = preview(&bench, &outgoing()).await.unwrap();
    commit(&bench, &agreed(&again)).await.unwrap();
    assert_eq!(all_logged(&bench).len(), 1);
}

#[tokio::test]
async fn a_deletion_whose_answer_gets_lost_is_looked_for() {
    let bench = Bench::connected().await;
    let shown = preview(&bench, &incoming()).await.unwrap();
    let done = commit(&bench, &agreed(&shown)).await.unwrap();
    bench.portal.fault(Fault::on(DELETE, FaultKind::BadGateway, 1));
    assert_eq!(undo(&bench, &done.id, 7).await.unwrap_err().reason(), Reason::UndoUnconfirmed);
    bench.portal.fault(Fault::on(DELETE, FaultKind::LostAnswer, 1));
    undo(&bench, &done.id, 7).await.unwrap();
    assert_eq!(all_logged(&bench), [json!(null); 0]);
}

#[tokio::test]
async fn nothing_else_can_be_taken_back() {
    let mut bench = Bench::connected().await;
    // An entry of Ann's, one of nobody's, and what is no id.
    for (id, reason) in [("2", Reason::LogNotFromHere), ("999", Reason::LogNotFromHere), ("x", Reason::BadParams)] {
        assert_eq!(undo(&bench, id, 7).await.unwrap_err().reason(), reason, "{id}");
    }
    // What another host made before this one started.
    let shown = preview(&bench, &incoming()).await.unwrap();
    let done = commit(&bench, &agreed(&shown)).await.unwrap();
    bench.memory = CrmMemory::default();
    assert_eq!(undo(&bench, &done.id, 7).await.unwrap_err().reason(), Reason::LogNotFromHere);
    assert_eq!((all_logged(&bench).len(), times(&bench, DELETE)), (1, 0));
}
