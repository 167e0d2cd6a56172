//! Which of several records with an address the person picked.

use std::collections::HashMap;

use super::normalize::Email;
use crate::protocol::{Person, RecordRef, RecordType};

/// The choices, by address.
#[derive(Debug, Default)]
pub(crate) struct Chosen(HashMap<Email, RecordRef>);

impl Chosen {
    /// Keeps a choice, or drops the one there was.
    pub(crate) fn remember(&mut self, email: Email, record: Option<RecordRef>) {
        match record {
            Some(record) => drop(self.0.insert(email, record)),
            None => drop(self.0.remove(&email)),
        }
    }

    /// Puts the chosen record first, if the person still has it.
    pub(crate) fn put_first(&self, person: &mut Person) {
        let record = Email::parse(&person.email).and_then(|email| self.0.get(&email));
        person.chosen = record.filter(|record| move_to_front(person, record)).cloned();
    }
}

/// Whether the record is there.
fn move_to_front(person: &mut Person, record: &RecordRef) -> bool {
    fn front<T>(rows: &mut [T], is_it: impl Fn(&T) -> bool) -> bool {
        let to = rows.iter().position(is_it).and_then(|at| rows.get_mut(..=at));
        to.map(|rows| rows.rotate_right(1)).is_some()
    }
    match record.kind {
        RecordType::Contact => front(&mut person.contacts, |contact| contact.id == record.id),
        RecordType::Company => front(&mut person.companies, |company| company.id == record.id),
        RecordType::Lead => front(&mut person.leads, |lead| lead.id == record.id),
        RecordType::Deal => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::matching::nobody;
    use crate::protocol::{Company, Role};

    fn company(id: &str) -> Company {
        Company { id: id.to_owned(), title: String::new(), responsible: None, url: String::new() }
    }

    fn put_first(kind: RecordType, id: &str) -> (Vec<String>, bool) {
        let email = Email::parse("Info@x.example").unwrap();
        let mut chosen = Chosen::default();
        chosen.remember(email.clone(), Some(RecordRef { kind, id: id.to_owned() }));
        let companies = ["1", "2", "3"].map(company).to_vec();
        let mut person = Person { companies, ..nobody(&email, Role::External, &[]) };
        chosen.put_first(&mut person);
        (person.companies.into_iter().map(|company| company.id).collect(), person.chosen.is_some())
    }

    #[test]
    fn the_chosen_one_comes_first_and_the_others_keep_their_order() {
        assert_eq!(put_first(RecordType::Company, "3"), (["3", "1", "2"].map(str::to_owned).to_vec(), true));
        assert_eq!(put_first(RecordType::Company, "1"), (["1", "2", "3"].map(str::to_owned).to_vec(), true));
    }

    #[test]
    fn a_record_the_person_no_longer_has_is_not_chosen() {
        for (kind, id) in [(RecordType::Company, "4"), (RecordType::Contact, "1"), (RecordType::Deal, "1")] {
            assert_eq!(put_first(kind, id), (["1", "2", "3"].map(str::to_owned).to_vec(), false));
        }
    }

    #[test]
    fn a_choice_can_be_dropped() {
        let email = Email::parse("info@x.example").unwrap();
        let mut chosen = Chosen::default();
        chosen.remember(email.clone(), Some(RecordRef { kind: RecordType::Company, id: "1".to_owned() }));
        chosen.remember(email.clone(), None);
        let mut person = Person { companies: vec![company("1")], ..nobody(&email, Role::External, &[]) };
        chosen.put_first(&mut person);
        assert_eq!(person.chosen, None);
    }
}
