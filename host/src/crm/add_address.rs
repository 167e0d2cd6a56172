//! Adding an address to a record.
//!
//! Source: <https://apidocs.bitrix24.com/api-reference/crm/contacts/crm-contact-update.html>: an entry of a multifield without an id
//! is added, all others stay.

use serde::{Deserialize, Serialize};

use super::normalize::Email;
use crate::bitrix24::models::ContactRow;
use crate::protocol::{RecordRef, RecordType};

/// A record that has addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reached {
    kind: RecordType,
    id: u64,
}

/// The parameters of `crm.….get`.
#[derive(Serialize)]
pub(crate) struct ById {
    id: u64,
}

/// The parameters of `crm.….update`.
#[derive(Serialize)]
pub(crate) struct Update<'a> {
    id: u64,
    fields: Fields<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct Fields<'a> {
    email: [Entry<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct Entry<'a> {
    value: &'a str,
    value_type: &'static str,
}

/// The addresses of a record, whichever type it is.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Emails(ContactRow);

impl Emails {
    pub(crate) fn has(&self, email: &Email) -> bool {
        self.0.email.iter().any(|own| Email::parse(own).as_ref() == Some(email))
    }
}

impl Reached {
    /// `None` for a deal, or an id that is none.
    pub(crate) fn new(record: &RecordRef) -> Option<Self> {
        let id = record.id.parse().ok().filter(|id| *id > 0)?;
        (record.kind != RecordType::Deal).then_some(Self { kind: record.kind, id })
    }

    pub(crate) fn by_id(self) -> ById {
        ById { id: self.id }
    }

    pub(crate) fn with(self, email: &Email) -> Update<'_> {
        Update { id: self.id, fields: Fields { email: [Entry { value: email.as_str(), value_type: "WORK" }] } }
    }

    /// The method that reads it.
    pub(crate) fn get(self) -> &'static str {
        match self.kind {
            RecordType::Company => "crm.company.get",
            RecordType::Lead => "crm.lead.get",
            RecordType::Contact | RecordType::Deal => "crm.contact.get",
        }
    }

    /// The method that changes it.
    pub(crate) fn update(self) -> &'static str {
        match self.kind {
            RecordType::Company => "crm.company.update",
            RecordType::Lead => "crm.lead.update",
            RecordType::Contact | RecordType::Deal => "crm.contact.update",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(kind: RecordType, id: &str) -> Option<Reached> {
        Reached::new(&RecordRef { kind, id: id.to_owned() })
    }

    #[test]
    fn one_entry_is_added_and_nothing_else_is_sent() {
        let email = Email::parse("Priya@Corvus-Logistics.example").unwrap();
        let company = record(RecordType::Company, "12").unwrap();
        assert_eq!(
            serde_json::to_value(company.with(&email)).unwrap(),
            json!({ "id": 12, "fields": { "EMAIL": [{ "VALUE": "priya@corvus-logistics.example", "VALUE_TYPE": "WORK" }] } })
        );
        assert_eq!((company.get(), company.update()), ("crm.company.get", "crm.company.update"));
    }

    #[test]
    fn only_records_with_addresses_have_room_for_one() {
        for id in ["", "0", "-1", "12; DROP", "99999999999999999999999"] {
            assert_eq!(record(RecordType::Contact, id), None, "{id}");
        }
        assert_eq!(record(RecordType::Deal, "12"), None);
    }

    #[test]
    fn an_address_that_is_there_is_known_however_it_is_written() {
        let emails: Emails = serde_json::from_str(r#"{"ID":"1","EMAIL":[{"ID":"1","VALUE":"P@X.example"}]}"#).unwrap();
        assert!(emails.has(&Email::parse("p@x.example").unwrap()));
        assert!(!emails.has(&Email::parse("q@x.example").unwrap()));
        let none: Emails = serde_json::from_str(r#"{"ID":"1"}"#).unwrap();
        assert!(!none.has(&Email::parse("p@x.example").unwrap()));
    }
}
