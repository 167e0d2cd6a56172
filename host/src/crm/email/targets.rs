//! Which records an e-mail can be logged to: those of the thread's people, and no other.

use crate::failure::{Failure, Reason};
use crate::protocol::{LoggedRecord, Person, RecordRef, RecordType};

/// More records than this nobody means.
const MOST_RECORDS: usize = 20;

/// The chosen records with their names, in the order chosen, each once.
///
/// # Errors
/// [`Reason::NoRecordChosen`], [`Reason::TooManyRecords`], [`Reason::RecordNotOfThread`]
pub(crate) fn chosen(records: &[RecordRef], people: &[Person]) -> Result<Vec<LoggedRecord>, Failure> {
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
            distinct.into_iter().map(|record| find(record).ok_or(Reason::RecordNotOfThread.into())).collect()
        }
        _ => Err(Failure::new(Reason::TooManyRecords).with("limit", MOST_RECORDS)),
    }
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
        let found = chosen(&wanted, &people()).unwrap();
        let told: Vec<_> = found.iter().map(|found| (found.record.id.as_str(), found.title.as_str())).collect();
        assert_eq!(told, [("9", "marie@x.com"), ("2", "Marie"), ("8", "marie@x.com")]);
    }

    #[test]
    fn others_are_refused() {
        let refused = |records: &[RecordRef]| chosen(records, &people()).unwrap_err().reason();
        assert_eq!(refused(&[]), Reason::NoRecordChosen);
        for stranger in [record(RecordType::Contact, "9"), record(RecordType::Deal, "2"), record(RecordType::Lead, "")]
        {
            assert_eq!(refused(&[record(RecordType::Contact, "2"), stranger]), Reason::RecordNotOfThread);
        }
        let many: Vec<_> = (0..=MOST_RECORDS).map(|id| record(RecordType::Deal, &id.to_string())).collect();
        assert_eq!(refused(&many), Reason::TooManyRecords);
    }
}
