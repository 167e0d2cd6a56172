//! What keeps an e-mail from being logged, and what makes a person think twice.

use gmail_sync_host::failure::Reason;
use gmail_sync_host::protocol::{LogBlock, LogPreview, MailAddress, PreviewLogParams};

use crate::bench::Bench;
use crate::log::{agreed, commit, incoming, logged, outgoing, preview};

fn person(email: &str) -> MailAddress {
    MailAddress { name: String::new(), email: email.to_owned() }
}

fn listed(email: &str, rule: &str, by_policy: bool) -> Option<LogBlock> {
    Some(LogBlock::Listed { email: email.to_owned(), rule: rule.to_owned(), by_policy })
}

fn warned(shown: &LogPreview) -> Vec<&str> {
    shown.warnings.iter().map(|warning| warning.reason.as_str()).collect()
}

#[tokio::test]
async fn one_listed_participant_is_enough_wherever_they_stand() {
    let changes: [&dyn Fn(&mut PreviewLogParams); 4] = [
        &|params| params.message.from = person("counsel@opal-law.example"),
        &|params| params.message.to.push(person("counsel@opal-law.example")),
        &|params| params.message.bcc.push(person("counsel@opal-law.example")),
        &|params| params.people.push("counsel@opal-law.example".to_owned()),
    ];
    for change in changes {
        let mut bench = Bench::connected().await;
        bench.list_never(&["opal-law.example"], &[]);
        let mut params = incoming();
        change(&mut params);
        bench.lookup(&params.people.iter().map(String::as_str).collect::<Vec<_>>()).await;
        bench.calls();
        let shown = preview(&bench, &params).await.unwrap();
        assert_eq!(shown.blocked, listed("counsel@opal-law.example", "opal-law.example", true));
        assert_eq!((&shown.digest, shown.request.as_str()), (&None, ""));
        // The portal isn't even asked whether it has an entry.
        assert_eq!(bench.calls(), 0);
    }
}

#[tokio::test]
async fn the_persons_own_list_holds_and_cant_loosen_the_policy() {
    let mut bench = Bench::connected().await;
    bench.list_never(&["helion.example"], &[]);
    let rule = listed("marie.rousseau@helion.example", "helion.example", true);
    assert_eq!(preview(&bench, &incoming()).await.unwrap().blocked, rule);
    bench.list_never(&[], &["marie.rousseau@helion.example"]);
    let rule = listed("marie.rousseau@helion.example", "marie.rousseau@helion.example", false);
    assert_eq!(preview(&bench, &incoming()).await.unwrap().blocked, rule);
    // Nor does calling a listed address one's own.
    bench.list_never(&["lena@brightline.example"], &[]);
    assert!(preview(&bench, &outgoing()).await.unwrap().blocked.is_some());
}

#[tokio::test]
async fn whoever_is_listed_after_the_preview_is_not_logged_either() {
    let mut bench = Bench::connected().await;
    let shown = preview(&bench, &incoming()).await.unwrap();
    bench.list_never(&[], &["helion.example"]);
    bench.calls();
    assert_eq!(commit(&bench, &agreed(&shown)).await.unwrap_err().reason(), Reason::NeverLogged);
    assert_eq!((bench.calls(), logged(&bench).len()), (0, 0));
}

#[tokio::test]
async fn with_a_list_everybody_must_be_known() {
    let mut bench = Bench::connected().await;
    let mut params = incoming();
    params.message.incomplete = true;
    assert_eq!(preview(&bench, &params).await.unwrap().blocked, None);
    bench.list_never(&[], &["opal-law.example"]);
    assert_eq!(preview(&bench, &params).await.unwrap().blocked, Some(LogBlock::RecipientsUnknown));
    assert_eq!(preview(&bench, &incoming()).await.unwrap().blocked, None);
}

#[tokio::test]
async fn warnings_come_before_agreeing_and_blind_copies_stay_here() {
    let bench = Bench::connected().await;
    assert_eq!(warned(&preview(&bench, &incoming()).await.unwrap()), [""; 0]);
    let mut params = outgoing();
    params.message.bcc = vec![person("secret@quiet.example")];
    let shown = preview(&bench, &params).await.unwrap();
    assert_eq!(warned(&shown), ["blind_copy"]);
    assert!(!shown.request.contains("secret@quiet.example"));
    (params.message.to, params.message.bcc) = (params.message.bcc, params.message.to);
    assert_eq!(warned(&preview(&bench, &params).await.unwrap()), ["blind_copy_shown"]);
    // The portal knows Ann as an employee.
    (params.message.to, params.message.bcc) = (vec![person("ann@brightline.example")], vec![]);
    params.people.push("ann@brightline.example".to_owned());
    let shown = preview(&bench, &params).await.unwrap();
    assert_eq!((warned(&shown), shown.digest.is_some()), (vec!["colleagues_only"], true));
}
