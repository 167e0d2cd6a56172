//! Making and changing records.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Choice, Person, PortalUser, WireFailure};

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum RecordType {
    /// A person.
    Contact,
    /// A company.
    Company,
    /// Somebody who may become a customer.
    Lead,
    /// A piece of business.
    Deal,
}

/// Which record.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RecordRef {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: RecordType,
    /// The portal's id.
    pub id: String,
}

/// A record, in as many words as a list has room for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct FoundRecord {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: RecordType,
    /// The portal's id.
    pub id: String,
    /// Name or title; empty if the portal has none.
    pub title: String,
    /// E-mail addresses, at most three.
    pub emails: Vec<String>,
    /// Phone numbers, at most three.
    pub phones: Vec<String>,
    /// The company it belongs to; empty if there is none.
    pub company: String,
    /// Who is responsible.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub responsible: Option<PortalUser>,
    /// The portal's page about it.
    pub url: String,
}

/// For which type of record a form is wanted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RecordFormParams {
    /// What is to be made.
    #[serde(rename = "type")]
    pub kind: RecordType,
    /// The participant's address; it and the name are for filling the form, and stay on this computer.
    pub email: String,
    /// Their name as the mail has it; empty if it has none.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<String>", optional))]
    pub name: String,
    /// Ask the portal even if the host's copy is young.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<bool>", optional))]
    pub fresh: bool,
}

/// What the portal wants to know of a new record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RecordForm {
    /// Fields of [`NewRecord`] that the portal marks as required.
    pub required: Vec<String>,
    /// Further fields that it marks as required.
    pub fields: Vec<FormField>,
    /// What is known already.
    pub filled: Filled,
    /// Colleagues can be searched for, so that somebody else can be made responsible.
    pub users: bool,
}

/// What a form begins with; empty where nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Filled {
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// A guess by the address's domain.
    pub company: String,
}

/// A field of the portal's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct FormField {
    /// Its key in `more`.
    pub id: String,
    /// As the portal calls it.
    pub label: String,
    /// What goes into it.
    pub input: FieldInput,
}

/// What goes into a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum FieldInput {
    /// A line of text.
    Text,
    /// A decimal number with a point.
    Number,
    /// `2026-12-18`.
    Date,
    /// ISO 8601 with an offset.
    Time,
    /// `yes` or `no`.
    YesNo,
    /// The id of one of these.
    Choice {
        /// In the portal's order.
        choices: Vec<Choice>,
    },
    /// The id of one of the portal's users.
    User,
    /// Something that can only be filled in in the portal: a file, a place, another record.
    Elsewhere,
}

/// What is to be made, and for whom.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename_all = "camelCase"))]
pub struct CreateParams {
    /// The mailbox in view, as for a lookup.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub mailbox: Option<String>,
    /// The participant's address: what a contact, company or lead gets, and who is looked up afterwards.
    pub email: String,
    /// Chosen at random by the page, 16 to 64 letters, digits and hyphens: the same for each try of one form, so that a record
    /// whose confirmation got lost is found again.
    pub key: String,
    /// What it is, and what is in it.
    pub record: Box<NewRecord>,
    /// The portal's id of who is to be responsible; absent: the person at the sidebar.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub responsible: Option<String>,
    /// Likely duplicates the person has seen and passed over.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<Vec<RecordRef>>", optional))]
    pub despite: Vec<RecordRef>,
    /// When the last try that may have worked was made, in milliseconds since 1970.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub unconfirmed: Option<u64>,
}

/// A record to be made. Empty texts are left to the portal; `more` holds the fields of [`RecordForm`], by their ids.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum NewRecord {
    /// A person.
    Contact(NewContact),
    /// A company.
    Company(NewCompany),
    /// Somebody who may become a customer.
    Lead(NewLead),
    /// A piece of business.
    Deal(NewDeal),
}

/// A contact to be made.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, optional_fields))]
pub struct NewContact {
    /// Given name.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub first_name: String,
    /// Family name.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub last_name: String,
    /// What they are in their company.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub position: String,
    /// As it is written.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub phone: String,
    /// The name of their company: tied to the contact if the portal has exactly one of that name.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub company: String,
    /// Fields of the portal's own.
    #[cfg_attr(test, ts(as = "Option<BTreeMap<String, String>>"))]
    pub more: BTreeMap<String, String>,
}

/// A company to be made.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, optional_fields))]
pub struct NewCompany {
    /// Its name.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub title: String,
    /// As it is written.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub phone: String,
    /// Fields of the portal's own.
    #[cfg_attr(test, ts(as = "Option<BTreeMap<String, String>>"))]
    pub more: BTreeMap<String, String>,
}

/// A lead to be made.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, optional_fields))]
pub struct NewLead {
    /// What it's about.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub title: String,
    /// Given name.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub first_name: String,
    /// Family name.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub last_name: String,
    /// The name of their company, as text.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub company: String,
    /// As it is written.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub phone: String,
    /// A decimal number with a point.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub amount: String,
    /// One of the portal's currencies.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub currency: String,
    /// Fields of the portal's own.
    #[cfg_attr(test, ts(as = "Option<BTreeMap<String, String>>"))]
    pub more: BTreeMap<String, String>,
}

/// A deal to be made.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, optional_fields))]
pub struct NewDeal {
    /// What it's about.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub title: String,
    /// The id of its contact.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub contact: String,
    /// The id of its company.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub company: String,
    /// The id of one of the portal's pipelines.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub pipeline: String,
    /// The id of one of its stages.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub stage: String,
    /// A decimal number with a point.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub amount: String,
    /// One of the portal's currencies.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub currency: String,
    /// Fields of the portal's own.
    #[cfg_attr(test, ts(as = "Option<BTreeMap<String, String>>"))]
    pub more: BTreeMap<String, String>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum Creation {
    /// It is made, now or by an earlier try.
    Created {
        /// The record.
        record: RecordRef,
        /// The portal's page about it.
        url: String,
        /// The participant, looked up anew; absent if that didn't work.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        person: Option<Box<Person>>,
        /// What is otherwise than was asked for.
        notices: Vec<WireFailure>,
    },
    /// Nothing was made: these may be the same.
    Duplicates {
        /// At most ten, the likelier first.
        found: Vec<Duplicate>,
    },
    /// Nothing was made: the portal refuses what was typed.
    Refused {
        /// In the portal's own words and language, as text.
        words: String,
    },
}

/// A record that may be the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Duplicate {
    /// The record.
    pub record: FoundRecord,
    /// What is the same.
    pub same: Same,
}

/// What two records have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum Same {
    /// The e-mail address.
    Email,
    /// The phone number.
    Phone,
    /// First and last name, the company's name, or title and customer of an open deal.
    Name,
}

/// Which record gets a participant's address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct AddAddressParams {
    /// The mailbox in view, as for a lookup.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub mailbox: Option<String>,
    /// The address.
    pub email: String,
    /// A contact, company or lead.
    pub record: RecordRef,
}

/// Which of several records with an address is meant.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ChooseRecordParams {
    /// The address.
    pub email: String,
    /// A contact, company or lead; absent: none is better than another any more.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub record: Option<RecordRef>,
}

/// What came of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum Change {
    /// It is made.
    Done {
        /// The participant, looked up anew; absent if that didn't work.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        person: Option<Box<Person>>,
    },
    /// Nothing was changed: the portal refuses it.
    Refused {
        /// In the portal's own words and language, as text.
        words: String,
    },
}
