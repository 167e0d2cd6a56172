//! What a lookup tells of e-mails that were logged before, at no further request.

use demo::{Access, Fault, FaultKind};
use gmail_sync_host::methods::undo_log;
use gmail_sync_host::protocol::UndoLogParams;
use jiff::SignedDuration;

use crate::bench::{Bench, params};
use crate::log::{agreed, commit, incoming, lena, preview};
use crate::log_once::ann_logs;

const MARIE: &str = "marie.rousseau@helion.example";

#[tokio::test]
async fn what_a_colleague_logged_comes_with_the_records() {
    let bench = Bench::connected().await;
    ann_logs(&bench, &incoming()).await;
    bench.calls();
    let marie = bench.person(MARIE).await;
    let requests = bench.requests();
    assert_eq!(bench.calls(), 3);
    let [email, earlier] = marie.recent_emails.as_slice() else { panic!("{:?}", marie.recent_emails) };
    assert_eq!((email.subject.as_str(), email.sent_at), ("Re: Pilot order", 1_795_185_120_000));
    assert_eq!((email.emails[0].as_str(), email.by.as_ref().unwrap().name.as_str()), (MARIE, "Ann Keller"));
    assert!(email.at.is_some());
    assert_eq!(earlier.subject, "Your offer of 9 November");
    // Of the e-mail the portal isn't told anything, and one list is all it costs.
    let lists = |methods: &[String]| methods.iter().filter(|method| *method == "crm.activity.list").count();
    assert_eq!(requests.iter().map(|request| lists(&request.batched)).collect::<Vec<_>>(), [0, 1, 0]);
    let sent: Vec<String> = requests.iter().map(|request| request.params.to_string()).collect();
    assert!(!sent.iter().any(|text| text.contains("Pilot") || text.contains("2026")), "{sent:?}");
}

#[tokio::test]
async fn what_may_not_be_read_is_not_told() {
    let bench = Bench::connected().await;
    ann_logs(&bench, &incoming()).await;
    bench.portal.set_access("contact", 2, Access::None);
    let marie = bench.person(MARIE).await;
    let subjects: Vec<&str> = marie.recent_emails.iter().map(|email| email.subject.as_str()).collect();
    // Only what stands at a deal, too.
    assert_eq!((marie.hidden, subjects), (1, vec!["Your offer of 9 November"]));
}

#[tokio::test]
async fn what_was_logged_from_here_is_told_until_it_is_taken_back() {
    let bench = Bench::connected().await;
    assert_eq!(bench.lookup(&[MARIE]).await.logged, []);
    let done = commit(&bench, &agreed(&preview(&bench, &incoming()).await.unwrap())).await.unwrap();
    bench.calls();
    let lookup = bench.lookup(&[MARIE]).await;
    let [logged] = lookup.logged.as_slice() else { panic!("{:?}", lookup.logged) };
    assert_eq!((&logged.gmail_id, &logged.id), (&incoming().message.gmail_id, &done.id));
    assert_eq!(bench.calls(), 0);
    assert_eq!(bench.lookup(&["nobody@nowhere.example"]).await.logged, []);
    // Now the portal tells of it, too.
    bench.pass(SignedDuration::from_mins(10));
    assert_eq!(bench.lookup(&[MARIE]).await.people[0].recent_emails[0].id, done.id);

    let client = bench.client();
    undo_log(&bench.crm(&client), &UndoLogParams { id: done.id.clone() }, &lena()).await.unwrap();
    let lookup = bench.lookup(&[MARIE]).await;
    assert_eq!(lookup.logged, []);
    assert!(lookup.people[0].recent_emails.iter().all(|email| email.id != done.id));
}

#[tokio::test]
async fn what_somebody_else_deleted_is_not_said_to_be_there_once_the_preview_knows() {
    let bench = Bench::connected().await;
    commit(&bench, &agreed(&preview(&bench, &incoming()).await.unwrap())).await.unwrap();
    bench.portal.reset();
    assert_eq!(bench.lookup(&[MARIE]).await.logged.len(), 1);
    assert!(preview(&bench, &incoming()).await.unwrap().digest.is_some());
    assert_eq!(bench.lookup(&[MARIE]).await.logged, []);
}

#[tokio::test]
async fn a_portal_that_does_not_list_e_mails_shows_people_all_the_same() {
    let bench = Bench::connected().await;
    bench.portal.fault(Fault::on("crm.activity.list", FaultKind::OverloadLimit, 1));
    let (lookup, _) = bench.try_lookup(&params(&[MARIE])).await;
    let lookup = lookup.unwrap();
    assert_eq!((lookup.people[0].contacts.len(), lookup.people[0].recent_emails.len()), (1, 0));
    assert_eq!((lookup.notices, &lookup.people[0].problems), (vec![], &vec![]));
    // What is known of the people is remembered.
    bench.calls();
    bench.lookup(&[MARIE]).await;
    assert_eq!(bench.calls(), 0);
}
