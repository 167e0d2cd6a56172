//! An answer that fits through the browser's door.

use serde::Serialize;

use crate::failure::{Failure, Reason};
use crate::protocol::Person;

/// Bytes the people of one answer may take: the browser closes the port at 1 MB, envelope and notices included.
const ROOM: usize = 900_000;

/// Takes the records from those who don't fit, the last ones first, and says so. Who they are stays. Before any record, all recent
/// e-mails go: they serve a hint.
pub(crate) fn shorten(people: &mut [Person]) {
    if people.iter().map(size).sum::<usize>() > ROOM {
        people.iter_mut().for_each(|person| person.recent_emails.clear());
    }
    let mut used = 0;
    for person in people {
        let size = size(person);
        if used + size > ROOM {
            leave_out(person);
        } else {
            used += size;
        }
    }
}

fn leave_out(person: &mut Person) {
    person.contacts.clear();
    person.companies.clear();
    person.leads.clear();
    person.deals.clear();
    person.problems.push(Failure::new(Reason::RecordsLeftOut).to_wire());
}

fn size(person: &impl Serialize) -> usize {
    serde_json::to_vec(person).map_or(usize::MAX, |json| json.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::matching::nobody;
    use crate::crm::normalize::Email;
    use crate::protocol::{Company, Role};

    fn person(number: usize, companies: usize) -> Person {
        let company =
            |id: usize| Company { id: id.to_string(), title: "x".repeat(200), responsible: None, url: String::new() };
        let email = Email::parse(&format!("p{number}@x.com")).unwrap();
        Person { companies: (0..companies).map(company).collect(), ..nobody(&email, Role::External, &[]) }
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let mut people: Vec<Person> = (0..200).map(|number| person(number, 10)).collect();
        let before = people.clone();
        shorten(&mut people);
        assert_eq!(people, before);
    }

    #[test]
    fn who_does_not_fit_keeps_name_and_role_and_says_so() {
        let mut people: Vec<Person> = (0..200).map(|number| person(number, 50)).collect();
        shorten(&mut people);
        assert!(size(&people.as_slice()) < 1_000_000);
        assert_eq!((people[0].companies.len(), people[199].companies.len()), (50, 0));
        assert_eq!(people[199].problems[0].reason, "records_left_out");
    }

    #[test]
    fn one_giant_does_not_push_out_the_others() {
        let mut people = [person(0, 10), person(1, 10_000), person(2, 10)];
        shorten(&mut people);
        assert_eq!(people.map(|person| person.companies.len()), [10, 0, 10]);
    }
}
