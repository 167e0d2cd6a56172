//! Which fields the portal wants filled in.
//!
//! Source: <https://apidocs.bitrix24.com/api-reference/crm/contacts/crm-contact-fields.html> and its siblings.

use serde::Deserialize;

use crate::bitrix24::batch::{Batch, BatchReply, Command};
use crate::bitrix24::envelope::NoSuccess;
use crate::bitrix24::models::{FieldRow, StatusRow};
use crate::bitrix24::{PhpMap, Rows};
use crate::protocol::{Choice, FieldInput, Filled, FormField, RecordForm, RecordType};

/// The form of a type of record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    /// Fields the form shows of its own accord, and the portal requires.
    required: Vec<&'static str>,
    /// The portal's own.
    fields: Vec<PortalField>,
}

/// A field of the portal's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PortalField {
    pub(crate) shown: FormField,
    /// As the portal spells it.
    pub(crate) name: String,
    /// It takes a list.
    pub(crate) multiple: bool,
    /// Yes and no are `Y` and `N`, and not 1 and 0.
    pub(crate) letters: bool,
}

impl Form {
    /// The field of this id.
    pub(crate) fn field(&self, id: &str) -> Option<&PortalField> {
        self.fields.iter().find(|field| field.shown.id == id)
    }

    /// As the page is told. `users` is whether the portal's users can be searched for.
    pub(crate) fn shown(&self, filled: Filled, users: bool) -> RecordForm {
        let shown = |field: &PortalField| match &field.shown {
            FormField { input: FieldInput::User, .. } if !users => {
                FormField { input: FieldInput::Elsewhere, ..field.shown.clone() }
            }
            shown => shown.clone(),
        };
        RecordForm {
            filled,
            required: self.required.iter().map(|name| (*name).to_owned()).collect(),
            fields: self.fields.iter().map(shown).collect(),
            users,
        }
    }
}

/// The method that describes the fields.
pub(crate) fn method(kind: RecordType) -> &'static str {
    match kind {
        RecordType::Contact => "crm.contact.fields",
        RecordType::Company => "crm.company.fields",
        RecordType::Lead => "crm.lead.fields",
        RecordType::Deal => "crm.deal.fields",
    }
}

/// Asks for the fields, and for the lists that some of them choose from.
pub(crate) fn batch(kind: RecordType) -> Batch {
    let mut batch = Batch::default();
    batch.add("fields", Command::new(method(kind)));
    batch.add("statuses", Command::new("crm.status.list"));
    batch
}

/// Reads the answer to [`batch`].
///
/// # Errors
/// When the fields didn't come.
pub(crate) fn read(kind: RecordType, reply: &BatchReply) -> Result<Form, NoSuccess> {
    let fields = reply.get::<PhpMap<Field>>("fields")?.result;
    let statuses = reply.get::<Rows<StatusRow>>("statuses").map(|rows| rows.result.0).unwrap_or_default();
    let mut form = Form::default();
    for (name, Field(row)) in fields.into_entries() {
        let wanted = row.is_required == Some(true) && row.is_read_only != Some(true);
        if !wanted || filled_in_anyway(kind).contains(&name.as_str()) || !is_name(&name) {
            continue;
        }
        match own_name(kind, &name) {
            Some(own) if form.required.contains(&own) => {}
            Some(own) => form.required.push(own),
            None => form.fields.push(PortalField {
                shown: FormField { id: id(&name), label: label(&name, &row), input: input(&row, &statuses) },
                name,
                multiple: row.is_multiple == Some(true),
                letters: row.field_type == "char",
            }),
        }
    }
    Ok(form)
}

/// A row that isn't an object describes nothing.
#[derive(Default)]
struct Field(FieldRow);

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<serde_json::value::RawValue>::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(raw.get()).unwrap_or_default()))
    }
}

fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    !name.is_empty() && name.len() <= 100 && name.bytes().all(plain)
}

/// The portal's name in small letters: its capitals stay on this side.
fn id(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

/// What the form shows of its own accord, by the portal's names.
fn own_name(kind: RecordType, name: &str) -> Option<&'static str> {
    match (kind, name) {
        (RecordType::Contact, "NAME") => Some("firstName"),
        (RecordType::Contact, "LAST_NAME") => Some("lastName"),
        (RecordType::Contact, "POST") => Some("position"),
        (RecordType::Contact, "PHONE") => Some("phone"),
        (RecordType::Contact, "COMPANY_ID" | "COMPANY_IDS") => Some("company"),
        (RecordType::Company | RecordType::Lead | RecordType::Deal, "TITLE") => Some("title"),
        (RecordType::Company | RecordType::Lead, "PHONE") => Some("phone"),
        (RecordType::Lead, "NAME") => Some("firstName"),
        (RecordType::Lead, "LAST_NAME") => Some("lastName"),
        (RecordType::Lead, "COMPANY_TITLE") => Some("company"),
        (RecordType::Lead | RecordType::Deal, "OPPORTUNITY") => Some("amount"),
        (RecordType::Lead | RecordType::Deal, "CURRENCY_ID") => Some("currency"),
        (RecordType::Deal, "CATEGORY_ID") => Some("pipeline"),
        (RecordType::Deal, "STAGE_ID") => Some("stage"),
        _ => None,
    }
}

/// What the host fills in by itself.
fn filled_in_anyway(kind: RecordType) -> &'static [&'static str] {
    match kind {
        RecordType::Contact | RecordType::Company => {
            &["EMAIL", "ASSIGNED_BY_ID", "SOURCE_ID", "OPENED", "ORIGIN_ID", "ORIGINATOR_ID"]
        }
        RecordType::Lead => {
            &["EMAIL", "ASSIGNED_BY_ID", "SOURCE_ID", "OPENED", "ORIGIN_ID", "ORIGINATOR_ID", "STATUS_ID"]
        }
        // Its customer is who the form was opened for.
        RecordType::Deal => &[
            "ASSIGNED_BY_ID",
            "SOURCE_ID",
            "OPENED",
            "ORIGIN_ID",
            "ORIGINATOR_ID",
            "CONTACT_ID",
            "CONTACT_IDS",
            "COMPANY_ID",
            "IS_MANUAL_OPPORTUNITY",
        ],
    }
}

/// The portal's own label; a custom field's title is but its name.
fn label(name: &str, row: &FieldRow) -> String {
    let labels = [&row.form_label, &row.list_label, &row.title];
    labels.into_iter().find(|label| !label.trim().is_empty()).cloned().unwrap_or_else(|| name.to_owned())
}

/// Source: <https://apidocs.bitrix24.com/api-reference/crm/data-types.html>
fn input(row: &FieldRow, statuses: &[StatusRow]) -> FieldInput {
    match row.field_type.as_str() {
        "string" | "text" | "url" | "phone" | "email" => FieldInput::Text,
        "integer" | "double" | "money" => FieldInput::Number,
        "date" => FieldInput::Date,
        "datetime" => FieldInput::Time,
        "boolean" | "char" => FieldInput::YesNo,
        "user" | "employee" => FieldInput::User,
        "enumeration" => choice(row.items.0.iter().map(|item| (item.id.clone(), item.value.clone()))),
        "crm_status" => {
            let mut rows: Vec<_> = statuses.iter().filter(|status| status.entity_id == row.status_type).collect();
            rows.sort_by_key(|status| status.sort);
            choice(rows.into_iter().map(|status| (status.status_id.clone(), status.name.clone())))
        }
        _ => FieldInput::Elsewhere,
    }
}

/// Nothing to choose from can't be chosen from.
fn choice(entries: impl Iterator<Item = (String, String)>) -> FieldInput {
    let choices: Vec<_> =
        entries.filter(|(id, _)| !id.is_empty()).map(|(id, name)| Choice { id, name }).take(MOST_CHOICES).collect();
    if choices.is_empty() { FieldInput::Elsewhere } else { FieldInput::Choice { choices } }
}

/// More choices than this don't fit into a picker, nor thousands of them into an answer.
const MOST_CHOICES: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    fn form(kind: RecordType, fields: &str) -> Form {
        let statuses = r#"[{"ENTITY_ID":"INDUSTRY","STATUS_ID":"IT","NAME":"IT","SORT":"20"},{"ENTITY_ID":"INDUSTRY","STATUS_ID":"FOOD","NAME":"Food","SORT":"10"},{"ENTITY_ID":"SOURCE","STATUS_ID":"WEB","NAME":"Web"}]"#;
        let reply = format!(r#"{{"result":{{"fields":{fields},"statuses":{statuses}}}}}"#);
        read(kind, &serde_json::from_str(&reply).unwrap()).unwrap()
    }

    #[test]
    fn required_fields_come_with_their_labels_types_and_choices() {
        let form = form(
            RecordType::Contact,
            r#"{
                "ID":{"type":"integer","isRequired":true,"isReadOnly":true,"title":"ID"},
                "LAST_NAME":{"type":"string","isRequired":true,"title":"Last name"},
                "POST":{"type":"string","isRequired":false,"title":"Position"},
                "EMAIL":{"type":"crm_multifield","isRequired":true,"isMultiple":true,"title":"E-mail"},
                "UF_CRM_17":{"type":"enumeration","isRequired":true,"isDynamic":true,"title":"UF_CRM_17","formLabel":"Sales region","items":[{"ID":"41","VALUE":"DACH"},{"ID":42,"VALUE":"Benelux"}]},
                "UF_CRM_18":{"type":"double","isRequired":true,"isMultiple":true,"title":"UF_CRM_18","listLabel":"Rooms"},
                "INDUSTRY":{"type":"crm_status","isRequired":true,"statusType":"INDUSTRY","title":"Industry"},
                "UF_CRM_19":{"type":"file","isRequired":true,"title":"Contract"}
            }"#,
        );
        assert_eq!(form.required, ["lastName"]);
        let shown: Vec<_> =
            form.fields.iter().map(|field| (field.shown.id.as_str(), field.shown.label.as_str())).collect();
        assert_eq!(
            shown,
            [
                ("uf-crm-17", "Sales region"),
                ("uf-crm-18", "Rooms"),
                ("industry", "Industry"),
                ("uf-crm-19", "Contract")
            ]
        );
        let choices = |index: usize| match &form.fields[index].shown.input {
            FieldInput::Choice { choices } => choices.iter().map(|choice| choice.id.as_str()).collect(),
            _ => Vec::new(),
        };
        assert_eq!((choices(0), choices(2)), (vec!["41", "42"], vec!["FOOD", "IT"]));
        assert_eq!(
            (&form.fields[1].shown.input, &form.fields[3].shown.input),
            (&FieldInput::Number, &FieldInput::Elsewhere)
        );
        let rooms = form.field("uf-crm-18").unwrap();
        assert_eq!((rooms.name.as_str(), rooms.multiple), ("UF_CRM_18", true));
        assert!(form.field("uf-crm-20").is_none());
    }

    #[test]
    fn odd_descriptions_hurt_nobody() {
        let odd = form(
            RecordType::Contact,
            r#"{"UF_A":"x","UF_B":null,"UF_C":[],"uf d":{"isRequired":true},"":{"isRequired":true},
                "UF_E":{"isRequired":"Y","type":["x"],"formLabel":{"en":"x"},"items":"x"},
                "UF_F":{"isRequired":1,"type":"enumeration","items":[]}}"#,
        );
        let shown: Vec<_> =
            odd.fields.iter().map(|field| (field.shown.label.as_str(), field.shown.input.clone())).collect();
        assert_eq!(shown, [("UF_E", FieldInput::Elsewhere), ("UF_F", FieldInput::Elsewhere)]);
        assert_eq!(form(RecordType::Deal, "[]").fields, []);
    }
}
