//! From an e-mail and the chosen records to the entry that would be made.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::activity::{Binding, Course, NewActivity};
use super::clean::{self, LONGEST_TEXT};
use super::key::LogKey;
use crate::crm::normalize::Email;
use crate::crm::team::Team;
use crate::failure::{Failure, Reason};
use crate::protocol::{LoggedRecord, MailAddress, MailMessage};

/// Recipients named in an entry.
const MOST_RECIPIENTS: usize = 100;

/// What stands for a subject that is empty, which the portal refuses.
const NO_SUBJECT: &str = "(no subject)";

/// An entry, and how it differs from the e-mail.
#[derive(Debug)]
pub(crate) struct Composed {
    pub(crate) activity: NewActivity,
    pub(crate) notices: Vec<Failure>,
    /// The participants' addresses in it, each once.
    pub(crate) addresses: Vec<String>,
}

/// Draws up the entry, without the text if that may not be logged. Whoever wrote the e-mail decides which way it went: the
/// person themselves, or somebody else.
///
/// # Errors
/// [`Reason::MessageIncomplete`] when the page doesn't tell who wrote it or when; [`Reason::NoRecordChosen`]
pub(crate) fn compose(
    message: &MailMessage,
    records: &[LoggedRecord],
    team: &Team,
    responsible: u64,
    subject_only: bool,
) -> Result<Composed, Failure> {
    let incomplete = || Failure::new(Reason::MessageIncomplete);
    let shared_key = message.message_id.as_deref().and_then(LogKey::of_message_id);
    let own_key = LogKey::of_gmail_id(&message.gmail_id).ok_or_else(incomplete)?;
    let from = Email::parse(&message.from.email).ok_or_else(incomplete)?;
    let sent = i64::try_from(message.sent_at).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
    let sent = sent.ok_or_else(incomplete)?.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string();
    let (owner, others) = bindings(records)?;

    let mut notices = Vec::new();
    if shared_key.is_none() {
        notices.push(Failure::new(Reason::MessageIdUnknown));
    }
    let subject = clean::subject(&message.subject);
    if subject.shortened {
        notices.push(Failure::new(Reason::SubjectCut).with("limit", clean::LONGEST_SUBJECT));
    }
    if subject_only && message.text.is_some() {
        notices.push(Reason::TextNotAllowed.into());
    }
    let text = clean::text(message.text.as_deref().filter(|_| !subject_only).unwrap_or_default());
    if text.shortened {
        notices.push(Failure::new(Reason::TextCut).with("kilobytes", LONGEST_TEXT / 1000));
    }
    let recipients: Vec<(Email, String)> = message.to.iter().filter_map(readable).collect();
    if recipients.len() > MOST_RECIPIENTS {
        let more = recipients.len() - MOST_RECIPIENTS;
        notices.push(Failure::new(Reason::RecipientsCut).with("count", more).with("limit", MOST_RECIPIENTS));
    }
    let (to_addresses, to): (Vec<Email>, Vec<String>) = recipients.into_iter().take(MOST_RECIPIENTS).unzip();
    let tied = std::iter::once(&owner).chain(&others).filter_map(|binding| Email::parse(&binding.email));
    let addresses: BTreeSet<Email> = tied.chain(to_addresses).chain([from.clone()]).collect();
    let activity = NewActivity {
        course: if team.is_own(&from) { Course::OutgoingPlanned } else { Course::Incoming },
        owner,
        others,
        subject: if subject.text.is_empty() { NO_SUBJECT.to_owned() } else { subject.text },
        text: text.text,
        from: readable(&message.from).map(|(_, words)| words).unwrap_or_default(),
        to: to.join(", "),
        sent,
        responsible,
        key: shared_key.unwrap_or(own_key),
    };
    Ok(Composed { activity, notices, addresses: addresses.iter().map(Email::to_string).collect() })
}

fn bindings(records: &[LoggedRecord]) -> Result<(Binding, Vec<Binding>), Failure> {
    let binding = |logged: &LoggedRecord| {
        let id = logged.record.id.parse().map_err(|_| Failure::new(Reason::RecordNotOfThread))?;
        Ok(Binding { kind: logged.record.kind, id, email: logged.email.clone() })
    };
    let (owner, others) = records.split_first().ok_or(Reason::NoRecordChosen)?;
    Ok((binding(owner)?, others.iter().map(binding).collect::<Result<_, Failure>>()?))
}

/// `Marie Rousseau <marie@helion.example>`, or the address alone; nothing for what is no address.
fn readable(person: &MailAddress) -> Option<(Email, String)> {
    let email = Email::parse(&person.email)?;
    let name = clean::name(&person.name);
    let words = if name.is_empty() { email.to_string() } else { format!("{name} <{email}>") };
    Some((email, words))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::protocol::{RecordRef, RecordType};

    fn record(kind: RecordType, id: &str) -> LoggedRecord {
        let record = RecordRef { kind, id: id.into() };
        LoggedRecord { record, title: "T".into(), email: "marie@helion.example".into(), url: String::new() }
    }

    fn address(name: &str, email: &str) -> MailAddress {
        MailAddress { name: name.into(), email: email.into() }
    }

    fn mail(from: &str) -> MailMessage {
        MailMessage {
            gmail_id: "19aa1d1d0a3b3a10".into(),
            message_id: Some("<CAB1@mail.helion.example>".into()),
            from: address("Marie Rousseau", from),
            to: vec![address("", "lena@brightline.example"), address("Ann", "ANN@brightline.example")],
            bcc: vec![],
            incomplete: false,
            sent_at: 1_795_185_120_000,
            subject: "Re: Pilot order".into(),
            text: Some("Week 50 suits us.".into()),
        }
    }

    fn composed(message: &MailMessage) -> Result<Composed, Failure> {
        composed_under(message, false)
    }

    fn composed_under(message: &MailMessage, subject_only: bool) -> Result<Composed, Failure> {
        let team = Team::new(7, &["lena@brightline.example".to_owned()], &[]);
        compose(message, &[record(RecordType::Contact, "2"), record(RecordType::Deal, "3")], &team, 1, subject_only)
    }

    #[test]
    fn whoever_wrote_it_gives_the_direction() {
        let incoming = composed(&mail("marie@helion.example")).unwrap().activity;
        assert_eq!(incoming.course, Course::Incoming);
        assert_eq!(incoming.from, "Marie Rousseau <marie@helion.example>");
        assert_eq!(incoming.to, "lena@brightline.example, Ann <ann@brightline.example>");
        assert_eq!(incoming.sent, "2026-11-20T14:32:00+00:00");
        assert_eq!((incoming.owner.id, incoming.others[0].id), (2, 3));
        let outgoing = composed(&mail(" Lena@Brightline.example")).unwrap().activity;
        assert_eq!(outgoing.course, Course::OutgoingPlanned);
    }

    #[test]
    fn what_the_page_does_not_tell_is_said() {
        let refused = |change: &dyn Fn(&mut MailMessage)| {
            let mut mail = mail("marie@helion.example");
            change(&mut mail);
            composed(&mail).unwrap_err().reason()
        };
        assert_eq!(refused(&|mail| mail.gmail_id = "undefined".into()), Reason::MessageIncomplete);
        assert_eq!(refused(&|mail| mail.from.email = "Marie".into()), Reason::MessageIncomplete);
        assert_eq!(refused(&|mail| mail.sent_at = u64::MAX), Reason::MessageIncomplete);
    }

    #[test]
    fn a_key_that_colleagues_dont_share_is_said() {
        let mut mail = mail("marie@helion.example");
        let shared = composed(&mail).unwrap();
        mail.gmail_id = "19aa1d1d0a3b3a11".into();
        assert_eq!(composed(&mail).unwrap().activity.key, shared.activity.key);
        for unknown in [None, Some("not an id".to_owned())] {
            mail.message_id = unknown;
            let Composed { activity, notices, .. } = composed(&mail).unwrap();
            assert_eq!(Some(activity.key), LogKey::of_gmail_id(&mail.gmail_id));
            assert_eq!(notices[0].reason(), Reason::MessageIdUnknown);
        }
    }

    #[test]
    fn what_is_cut_is_said() {
        let mut mail = mail("marie@helion.example");
        assert!(composed(&mail).unwrap().notices.is_empty());
        mail.subject = "s".repeat(1000);
        mail.text = Some("t".repeat(5_000_000));
        mail.to = (0..150).map(|n| address("", &format!("p{n}@x.com"))).collect();
        let Composed { activity, notices, .. } = composed(&mail).unwrap();
        let reasons: Vec<_> = notices.iter().map(Failure::reason).collect();
        assert_eq!(reasons, [Reason::SubjectCut, Reason::TextCut, Reason::RecipientsCut]);
        assert_eq!((activity.text.len(), activity.to.split(", ").count()), (LONGEST_TEXT, MOST_RECIPIENTS));
    }

    #[test]
    fn a_text_that_may_not_be_logged_is_left_out_and_that_is_said() {
        let mut mail = mail("marie@helion.example");
        let Composed { activity, notices, .. } = composed_under(&mail, true).unwrap();
        assert_eq!((activity.subject.as_str(), activity.text.as_str()), ("Re: Pilot order", ""));
        assert_eq!(notices.iter().map(Failure::reason).collect::<Vec<_>>(), [Reason::TextNotAllowed]);
        // However long, it isn't looked at.
        mail.text = Some("t".repeat(5_000_000));
        assert_eq!(composed_under(&mail, true).unwrap().notices.len(), 1);
        mail.text = None;
        assert!(composed_under(&mail, true).unwrap().notices.is_empty());
    }

    #[test]
    fn an_empty_subject_gets_a_name_and_no_text_is_none() {
        let mut mail = mail("marie@helion.example");
        mail.subject = " \u{202e}\n".into();
        mail.text = None;
        let activity = composed(&mail).unwrap().activity;
        assert_eq!((activity.subject.as_str(), activity.text.as_str()), (NO_SUBJECT, ""));
        assert!(!serde_json::to_string(&activity).unwrap().contains("DESCRIPTION\":"));
    }

    proptest! {
        #[test]
        fn no_mail_makes_it_panic_or_adds_a_recipient(
            gmail_id in "[0-9a-f]{14,17}|undefined",
            [name, email, subject, text] in proptest::array::uniform4(any::<String>()),
            sent_at in any::<u64>(),
            message_id in any::<Option<String>>(),
        ) {
            let mut mail = mail("marie@helion.example");
            mail.to = vec![address(&name, "ann@brightline.example"), address(&name, &email)];
            mail.from.name = name;
            mail.message_id = message_id;
            (mail.gmail_id, mail.subject, mail.text, mail.sent_at) = (gmail_id, subject, Some(text), sent_at);
            if let Ok(Composed { activity, .. }) = composed(&mail) {
                prop_assert!(activity.to.split(", ").count() <= 2);
                prop_assert!(!activity.subject.is_empty());
            }
        }
    }
}
