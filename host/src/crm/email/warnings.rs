//! What to think about before an e-mail is logged. Nothing here forbids it.

use std::collections::BTreeSet;

use crate::crm::normalize::Email;
use crate::crm::team::Team;
use crate::failure::{Failure, Reason};
use crate::protocol::{LoggedRecord, MailAddress, MailMessage, Person, Role};

/// More recipients than this are rather an audience.
const MANY_RECIPIENTS: usize = 20;

/// `people`: who the thread's participants are; `records`: where the e-mail would stand.
pub(crate) fn warnings(
    message: &MailMessage,
    people: &[Person],
    team: &Team,
    records: &[LoggedRecord],
) -> Vec<Failure> {
    let from = Email::parse(&message.from.email);
    let open = addresses(&message.to);
    let blind: BTreeSet<Email> = addresses(&message.bcc).difference(&open).cloned().collect();
    let all: BTreeSet<&Email> = open.iter().chain(&blind).chain(&from).collect();
    let role = |email: &Email| people.iter().find(|person| person.email == email.as_str()).map(|person| &person.role);
    let is_own = |email: &Email| team.is_own(email) || role(email) == Some(&Role::Me);
    let is_colleague = |email: &Email| match role(email) {
        Some(role) => matches!(role, Role::Colleague { .. }),
        None => team.has_domain_of(email),
    };

    let mut warnings = Vec::new();
    let count = open.len() + blind.len();
    if count > MANY_RECIPIENTS {
        warnings.push(Failure::new(Reason::ManyRecipients).with("count", count));
    }
    let mut others = all.iter().copied().filter(|email| !is_own(email)).peekable();
    if !message.incomplete && others.peek().is_some() && others.all(is_colleague) {
        warnings.push(Failure::new(Reason::ColleaguesOnly));
    }
    let is_blind = |record: &LoggedRecord| Email::parse(&record.email).is_some_and(|email| blind.contains(&email));
    if records.iter().any(is_blind) {
        warnings.push(Failure::new(Reason::BlindCopyShown));
    } else if !blind.is_empty() {
        warnings.push(Failure::new(Reason::BlindCopy).with("count", blind.len()));
    }
    let is_incoming = from.as_ref().is_some_and(|from| !is_own(from));
    if is_incoming && !message.incomplete && !open.is_empty() && !open.iter().any(is_own) {
        warnings.push(Failure::new(Reason::BlindCopyOwn));
    }
    warnings
}

fn addresses(people: &[MailAddress]) -> BTreeSet<Email> {
    people.iter().filter_map(|person| Email::parse(&person.email)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::matching::nobody;
    use crate::protocol::{PortalUser, RecordRef, RecordType};

    const LENA: &str = "lena@brightline.example";
    const MARIE: &str = "marie@helion.example";
    const ANN: &str = "ann@partner.example";

    fn list(emails: &[&str]) -> Vec<MailAddress> {
        emails.iter().map(|&email| MailAddress { name: String::new(), email: email.to_owned() }).collect()
    }

    fn mail(from: &str, to: &[&str], bcc: &[&str]) -> MailMessage {
        let [from] = <[MailAddress; 1]>::try_from(list(&[from])).unwrap();
        MailMessage {
            gmail_id: String::new(),
            message_id: None,
            from,
            to: list(to),
            bcc: list(bcc),
            incomplete: false,
            sent_at: 0,
            subject: String::new(),
            text: None,
        }
    }

    fn warned(message: &MailMessage, record: &str) -> Vec<Reason> {
        let user = PortalUser { id: "3".into(), name: "Ann".into(), url: String::new() };
        // The portal knows Ann by an address outside of the company's domain.
        let ann = Role::Colleague { user: Some(user), position: String::new() };
        let people =
            [nobody(&Email::parse(ANN).unwrap(), ann, &[]), nobody(&Email::parse(MARIE).unwrap(), Role::External, &[])];
        let team = Team::new(7, &[LENA.to_owned()], &["brightline.example".to_owned()]);
        let record = LoggedRecord {
            record: RecordRef { kind: RecordType::Contact, id: "2".into() },
            title: String::new(),
            email: record.to_owned(),
            url: String::new(),
        };
        warnings(message, &people, &team, &[record]).iter().map(Failure::reason).collect()
    }

    #[test]
    fn an_ordinary_mail_is_nothing_to_think_about() {
        assert_eq!(warned(&mail(MARIE, &[LENA, ANN], &[]), MARIE), []);
        assert_eq!(warned(&mail(LENA, &[MARIE], &[]), MARIE), []);
    }

    #[test]
    fn more_than_twenty_are_many() {
        let people: Vec<String> = (0..20).map(|number| format!("p{number}@x.com")).collect();
        let mut to: Vec<&str> = people.iter().map(String::as_str).collect();
        assert_eq!(warned(&mail(LENA, &to, &["P1@x.com"]), MARIE), []);
        to.push(ANN);
        assert_eq!(warned(&mail(LENA, &to, &[]), MARIE), [Reason::ManyRecipients]);
        to.pop();
        // Blind copies are recipients, too.
        assert_eq!(warned(&mail(LENA, &to, &[ANN]), MARIE), [Reason::ManyRecipients, Reason::BlindCopy]);
    }

    #[test]
    fn a_mail_among_colleagues_is_said_to_be() {
        let colleagues = mail(LENA, &[ANN, "tom@brightline.example"], &[]);
        assert_eq!(warned(&colleagues, MARIE), [Reason::ColleaguesOnly]);
        assert_eq!(warned(&mail(ANN, &[LENA], &[]), MARIE), [Reason::ColleaguesOnly]);
        assert_eq!(warned(&mail(LENA, &[ANN, "unknown@helion.example"], &[]), MARIE), []);
        assert_eq!(warned(&mail(LENA, &[ANN], &[MARIE]), "x@x.com"), [Reason::BlindCopy]);
        // Whom the page doesn't show may be anybody.
        assert_eq!(warned(&MailMessage { incomplete: true, ..colleagues }, MARIE), []);
        assert_eq!(warned(&mail(LENA, &[LENA], &[]), MARIE), []);
    }

    #[test]
    fn a_blind_copy_is_said_and_more_so_if_the_entry_shows_it() {
        let blind = mail(LENA, &["tom@corvus.example"], &[MARIE]);
        assert_eq!(warned(&blind, "tom@corvus.example"), [Reason::BlindCopy]);
        assert_eq!(warned(&blind, MARIE), [Reason::BlindCopyShown]);
        // Whom everybody sees is no secret.
        assert_eq!(warned(&mail(LENA, &[MARIE], &[MARIE]), MARIE), []);
    }

    #[test]
    fn an_own_blind_copy_is_said() {
        let blind = mail(MARIE, &["tom@corvus.example"], &[]);
        assert_eq!(warned(&blind, MARIE), [Reason::BlindCopyOwn]);
        assert_eq!(warned(&MailMessage { incomplete: true, ..blind }, MARIE), []);
    }
}
