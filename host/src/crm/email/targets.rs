//! Which records an e-mail can be logged to: those of the thread's people and those the person has found by a search, and no other.
//!
//! The portal takes any id of a record the person may change, so this is what stands between a page gone wrong and an e-mail in the file
//! of somebody who has nothing to do with it: what the person was never shown can't be chosen, and its name in the preview is the
//! portal's, not the page's.

use crate::crm::normalize::Email;
use crate::crm::team::Team;
use crate::failure::{Failure, Reason};
use crate::protocol::{FoundRecord, LoggedRecord, MailMessage, Person, RecordRef, RecordType};

/// More records than this nobody means.
const MOST_RECORDS: usize = 20;

/// The chosen records with their names, in the order chosen, each once. `found` tells of a record that a search has shown; an e-mail
/// stands there with the address of its `correspondent`.
///
/// # Errors
/// [`Reason::NoRecordChosen`], [`Reason::TooManyRecords`], [`Reason::RecordNotOfThread`]
pub(crate) fn chosen(
    records: &[RecordRef],
    people: &[Person],
    found: impl Fn(&RecordRef) -> Option<FoundRecord>,
    correspondent: &str,
) -> Result<Vec<LoggedRecord>, Failure> {
    let mut distinct: Vec<&RecordRef> = Vec::new();
    records.iter().for_each(|record| {
        if !distinct.contains(&record) {
            distinct.push(record);
        }
    });
    match distinct.len() {
        0 => Err(Reason::NoRecordChosen.into()),
        1..=MOST_RECORDS => {
            let find = |record| people.iter().find_map(|person| find(record, person));
            let searched = |record| found(record).map(|found| of_search(record, found, correspondent));
            let known = |record| find(record).or_else(|| searched(record)).ok_or(Reason::RecordNotOfThread.into());
            distinct.into_iter().map(known).collect()
        }
        _ => Err(Failure::new(Reason::TooManyRecords).with("limit", MOST_RECORDS)),
    }
}

/// Whom the person writes with: who wrote the e-mail, or of their own e-mail the first recipient who isn't themselves.
pub(crate) fn correspondent(message: &MailMessage, team: &Team) -> String {
    let all = std::iter::once(&message.from).chain(&message.to).chain(&message.bcc);
    let mut emails = all.filter_map(|person| Email::parse(&person.email)).peekable();
    let first = emails.peek().cloned();
    emails.find(|email| !team.is_own(email)).or(first).map(|email| email.to_string()).unwrap_or_default()
}

fn of_search(record: &RecordRef, found: FoundRecord, correspondent: &str) -> LoggedRecord {
    let email = correspondent.to_owned();
    let title = if found.title.is_empty() { email.clone() } else { found.title };
    LoggedRecord { record: record.clone(), title, email, url: found.url }
}

fn find(record: &RecordRef, person: &Person) -> Option<LoggedRecord> {
    let (title, url) = match record.kind {
        RecordType::Contact => {
            let contact = person.contacts.iter().find(|contact| contact.id == record.id)?;
            (&contact.name, &contact.url)
        }
        RecordType::Company => {
            let of_contacts = person.contacts.iter().filter_map(|contact| contact.company.as_ref());
            let company = person.companies.iter().chain(of_contacts).find(|company| company.id == record.id)?;
            (&company.title, &company.url)
        }
        RecordType::Lead => {
            let lead = person.leads.iter().find(|lead| lead.id == record.id)?;
            (&lead.title, &lead.url)
        }
        RecordType::Deal => {
            let deal = person.deals.iter().find(|deal| deal.id == record.id)?;
            (&deal.title, &deal.url)
        }
    };
    let email = person.email.clone();
    let title = if title.is_empty() { email.clone() } else { title.clone() };
    Some(LoggedRecord { record: record.clone(), title, email, url: url.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::matching::nobody;
    use crate::crm::normalize::Email;
    use crate::protocol::{Company, Contact, Role};

    fn company(id: &str) -> Company {
        Company { id: id.into(), title: String::new(), responsible: None, url: format!("https://x/{id}/") }
    }

    fn people() -> Vec<Person> {
        let person = |email: &str| nobody(&Email::parse(email).unwrap(), Role::External, &[]);
        let contact = Contact {
            id: "2".into(),
            name: "Marie".into(),
            position: String::new(),
            emails: vec![],
            phones: vec![],
            company: Some(company("9")),
            responsible: None,
            url: "https://x/2/".into(),
        };
        vec![
            person("nobody@x.com"),
            Person { contacts: vec![contact], companies: vec![company("8")], ..person("marie@x.com") },
        ]
    }

    fn record(kind: RecordType, id: &str) -> RecordRef {
        RecordRef { kind, id: id.into() }
    }

    #[test]
    fn records_of_the_people_are_found_once_each() {
        use RecordType::{Company, Contact};
        let wanted = [record(Company, "9"), record(Contact, "2"), record(Company, "9"), record(Company, "8")];
        let found = chosen(&wanted, &people(), |_| None, "").unwrap();
        let told: Vec<_> = found.iter().map(|found| (found.record.id.as_str(), found.title.as_str())).collect();
        assert_eq!(told, [("9", "marie@x.com"), ("2", "Marie"), ("8", "marie@x.com")]);
    }

    #[test]
    fn what_a_search_has_shown_stands_there_with_the_correspondents_address() {
        let shown = |record: &RecordRef| {
            (record.id == "77").then(|| FoundRecord {
                kind: record.kind,
                id: record.id.clone(),
                title: "Pilot order".into(),
                emails: vec!["else@where.com".into()],
                phones: vec![],
                company: String::new(),
                responsible: None,
                url: "https://x/77/".into(),
            })
        };
        let wanted = [record(RecordType::Deal, "77"), record(RecordType::Contact, "2")];
        let found = chosen(&wanted, &people(), shown, "who@wrote.com").unwrap();
        let told: Vec<_> = found.iter().map(|found| (found.title.as_str(), found.email.as_str())).collect();
        assert_eq!(told, [("Pilot order", "who@wrote.com"), ("Marie", "marie@x.com")]);
        let forged = chosen(&[record(RecordType::Deal, "78")], &people(), shown, "who@wrote.com");
        assert_eq!(forged.unwrap_err().reason(), Reason::RecordNotOfThread);
    }

    #[test]
    fn others_are_refused() {
        let refused = |records: &[RecordRef]| chosen(records, &people(), |_| None, "x@x.com").unwrap_err().reason();
        assert_eq!(refused(&[]), Reason::NoRecordChosen);
        for stranger in [record(RecordType::Contact, "9"), record(RecordType::Deal, "2"), record(RecordType::Lead, "")]
        {
            assert_eq!(refused(&[record(RecordType::Contact, "2"), stranger]), Reason::RecordNotOfThread);
        }
        let many: Vec<_> = (0..=MOST_RECORDS).map(|id| record(RecordType::Deal, &id.to_string())).collect();
        assert_eq!(refused(&many), Reason::TooManyRecords);
    }
}
