//! Comments, to-dos and what happened last: never twice, never unasked, and with nobody else's rights.

use demo::{Access, Fault, FaultKind};
use gmail_sync_host::failure::{Failure, Reason};
use gmail_sync_host::methods::{add_entry, recent};
use gmail_sync_host::protocol::{
    AddEntryParams, AddedEntry, BeforeEntry, EntryKind, MailDirection, NewComment, NewEntry, NewTodo, Recent,
    RecentParams, RecordRef, RecordType, Tried,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::bench::{Bench, NOW};

const LENA: u64 = 7;
/// 27 November 2026, 9 o'clock in Berlin.
const DEADLINE: u64 = 1_795_766_400_000;

fn marie() -> RecordRef {
    RecordRef { kind: RecordType::Contact, id: "2".to_owned() }
}

fn comment(text: &str) -> AddEntryParams {
    let entry = NewEntry::Comment(NewComment { text: text.to_owned() });
    AddEntryParams { record: marie(), entry, tried: None }
}

fn todo(title: &str) -> AddEntryParams {
    let entry =
        NewEntry::Todo(NewTodo { title: title.to_owned(), text: "About the pallets".to_owned(), deadline: DEADLINE });
    AddEntryParams { record: RecordRef { kind: RecordType::Deal, id: "2".to_owned() }, entry, tried: None }
}

fn now() -> u64 {
    u64::try_from(NOW.parse::<Timestamp>().unwrap().as_millisecond()).unwrap()
}

impl Bench {
    /// What came of it, and what the page was told to keep.
    async fn add_entry(&self, params: &AddEntryParams) -> (Result<AddedEntry, Failure>, Option<String>) {
        let client = self.client();
        let mut newest = None;
        let keep = |before: BeforeEntry| newest = Some(before.newest);
        let result = add_entry(&self.crm(&client), params, LENA, keep).await;
        (result, newest)
    }

    async fn recent(&self, record: RecordRef) -> Result<Recent, Failure> {
        let client = self.client();
        recent(&self.crm(&client), &RecentParams { record }).await
    }

    fn comments(&self) -> Vec<Value> {
        self.portal.rows("comment")
    }

    fn todos(&self) -> Vec<Value> {
        self.portal
            .rows("activity")
            .into_iter()
            .filter(|row| row["PROVIDER_ID"] == "CRM_TODO" && row["AUTHOR_ID"] == LENA)
            .collect()
    }
}

fn added(result: Result<AddedEntry, Failure>) {
    assert!(matches!(result.unwrap(), AddedEntry::Added { .. }));
}

#[tokio::test]
async fn a_comment_stands_at_its_record_as_typed() {
    let bench = Bench::connected().await;
    let text = "Week 50 suits her.\n$result[x] <script>alert(1)</script> [b]ok[/b] 🚚";
    let (result, newest) = bench.add_entry(&comment(text)).await;
    added(result);
    assert!(newest.is_some());
    let comments = bench.comments();
    let last = comments.last().unwrap();
    assert_eq!(
        (last["COMMENT"].as_str(), last["ENTITY_TYPE"].as_str(), last["ENTITY_ID"].as_str()),
        (Some(text), Some("contact"), Some("2"))
    );
    // No word of it is in a batch, or in the question that comes before it.
    let requests = bench.requests();
    let with_words = requests.iter().filter(|entry| entry.params.to_string().contains("Week 50"));
    assert_eq!(with_words.map(|entry| entry.method.as_str()).collect::<Vec<_>>(), ["crm.timeline.comment.add"]);
}

#[tokio::test]
async fn a_to_do_is_due_at_that_instant_in_the_portals_zone_too() {
    let bench = Bench::connected().await;
    added(bench.add_entry(&todo("Call Marie")).await.0);
    let [made] = bench.todos().try_into().unwrap();
    assert_eq!(
        (&made["SUBJECT"], &made["RESPONSIBLE_ID"], &made["OWNER_TYPE_ID"]),
        (&json!("Call Marie"), &json!(LENA), &json!(2))
    );
    let due: Timestamp = made["DEADLINE"].as_str().unwrap().parse().unwrap();
    assert_eq!(u64::try_from(due.as_millisecond()).unwrap(), DEADLINE);
    assert_eq!(made["DESCRIPTION"], "About the pallets");
}

#[tokio::test]
async fn an_answer_that_gets_lost_is_looked_for() {
    for kind in [FaultKind::LostAnswer, FaultKind::TruncatedBody] {
        let bench = Bench::connected().await;
        let before = bench.comments().len();
        bench.portal.fault(Fault::on("crm.timeline.comment.add", kind.clone(), 1));
        added(bench.add_entry(&comment("Once")).await.0);
        bench.portal.fault(Fault::on("crm.activity.todo.add", kind, 1));
        added(bench.add_entry(&todo("Once")).await.0);
        assert_eq!((bench.comments().len(), bench.todos().len()), (before + 1, 1));
    }
}

#[tokio::test]
async fn what_nobody_confirmed_is_looked_for_before_it_is_added_again() {
    for params in [comment("Once"), todo("Once")] {
        let bench = Bench::connected().await;
        let (method, list) = match params.entry {
            NewEntry::Comment(_) => ("crm.timeline.comment.add", "crm.timeline.comment.list"),
            NewEntry::Todo(_) => ("crm.activity.todo.add", "crm.activity.list"),
        };
        // It never arrives, so it isn't there.
        bench.portal.fault(Fault::on(method, FaultKind::BadGateway, 1));
        let (result, newest) = bench.add_entry(&params).await;
        assert_eq!(result.unwrap_err().reason(), Reason::EntryUnconfirmed);
        let tried = Tried { newest: newest.unwrap(), at: now() };
        let again = AddEntryParams { tried: Some(tried), ..params };
        // Too soon: the portal may be at work on it.
        let (result, newest) = bench.add_entry(&again).await;
        let failure = result.unwrap_err();
        assert_eq!((failure.reason(), failure.arg("seconds"), newest), (Reason::EntryUnconfirmed, Some("60"), None));
        bench.pass(SignedDuration::from_secs(60));
        // It does arrive this time, and both answer and question get lost.
        bench.portal.fault(Fault::on(method, FaultKind::LostAnswer, 1));
        let unconfirmed = {
            let client = bench.client();
            let context = bench.crm(&client);
            let adding = add_entry(&context, &again, LENA, |_| {});
            bench.portal.fault(Fault::on(list, FaultKind::SlowAnswer, 1));
            let release = async {
                bench.portal.until_held(1).await;
                bench.portal.fault(Fault::on(list, FaultKind::BadGateway, 1));
                bench.portal.release();
            };
            tokio::join!(adding, release).0
        };
        assert_eq!(unconfirmed.unwrap_err().reason(), Reason::EntryUnconfirmed);
        // The first question finds it, however soon.
        added(bench.add_entry(&again).await.0);
        let entries = bench.comments().len() + bench.todos().len();
        assert_eq!(entries, 1);
    }
}

#[tokio::test]
async fn what_the_portal_refuses_is_told_apart_from_a_missing_right() {
    let bench = Bench::connected().await;
    let gone = AddEntryParams { record: RecordRef { kind: RecordType::Deal, id: "4711".to_owned() }, ..todo("Call") };
    let refused = AddedEntry::Refused { words: "Owner was not found".to_owned() };
    assert_eq!(bench.add_entry(&gone).await.0.unwrap(), refused);
    bench.portal.set_access("contact", 2, Access::Read);
    bench.portal.set_access("deal", 2, Access::Read);
    for params in [comment("x"), todo("x")] {
        let failure = bench.add_entry(&params).await.0.unwrap_err();
        assert_eq!(failure.reason(), Reason::AccessDenied);
    }
    bench.portal.set_access("contact", 2, Access::Full);
    bench.portal.switch(|switches| switches.three_byte_utf8 = true);
    let result = bench.add_entry(&comment("🚚")).await.0.unwrap();
    assert_eq!(result, AddedEntry::Refused { words: "SQL query error!".to_owned() });
    assert_eq!((bench.comments().len(), bench.todos().len()), (0, 0));
}

#[tokio::test]
async fn the_newest_entries_come_with_their_authors() {
    let bench = Bench::connected().await;
    added(bench.add_entry(&comment("Asks for two pallets")).await.0);
    added(bench.add_entry(&AddEntryParams { record: marie(), ..todo("Call Marie") }).await.0);
    bench.calls();
    let shown = bench.recent(marie()).await.unwrap();
    assert_eq!((bench.calls(), shown.notices.as_slice()), (2, [].as_slice()));
    let mut own = shown.entries.iter().filter(|entry| entry.author.as_ref().is_some_and(|author| author.id == "7"));
    let subjects: Vec<&str> = own.by_ref().take(2).map(|entry| entry.subject.as_str()).collect();
    assert!(subjects.contains(&"Call Marie") && subjects.contains(&"Asks for two pallets"), "{:?}", shown.entries);
    let todo = shown.entries.iter().find(|entry| entry.kind == EntryKind::Todo).unwrap();
    assert_eq!((todo.due, todo.author.as_ref().unwrap().name.as_str()), (Some(DEADLINE), "Lena Hartmann"));
    // Names that were asked for once are known.
    bench.recent(marie()).await.unwrap();
    assert_eq!(bench.calls(), 1);
    let purposes: Vec<String> = bench.ledger().iter().rev().take(3).map(|entry| entry.purpose.name()).collect();
    assert_eq!(purposes, ["history"; 3]);
}

#[tokio::test]
async fn what_is_forbidden_is_said_and_the_rest_is_shown() {
    let bench = Bench::connected().await;
    added(bench.add_entry(&comment("Asks for two pallets")).await.0);
    bench.portal.switch(|switches| switches.missing_methods = vec!["crm.timeline.comment.list".to_owned()]);
    let shown = bench.recent(marie()).await.unwrap();
    assert_eq!(shown.notices.iter().map(|notice| notice.reason.as_str()).collect::<Vec<_>>(), ["method_missing"]);
    assert!(shown.entries.iter().all(|entry| entry.kind != EntryKind::Comment));
    bench.portal.switch(|switches| switches.missing_methods.push("crm.activity.list".to_owned()));
    assert_eq!(bench.recent(marie()).await.unwrap_err().reason(), Reason::MethodMissing);
    let nobody = RecordRef { kind: RecordType::Contact, id: "x".to_owned() };
    assert_eq!(bench.recent(nobody).await.unwrap_err().reason(), Reason::BadParams);
}

#[tokio::test]
async fn the_e_mails_of_the_seed_are_told_by_their_direction() {
    let bench = Bench::connected().await;
    let shown = bench.recent(marie()).await.unwrap();
    let incoming = EntryKind::Email { direction: MailDirection::Incoming };
    assert!(shown.entries.iter().any(|entry| entry.kind == incoming), "{:?}", shown.entries);
    let times: Vec<Option<u64>> = shown.entries.iter().map(|entry| entry.at).collect();
    assert!(times.is_sorted_by(|one, other| one >= other));
}
