//! The two requests of which logging consists, as types that can't ask the portal to send mail.
//!
//! A portal sends an e-mail when one `crm.activity.add` says that it is an e-mail, outgoing and completed. Here direction and
//! completion both follow from one [`Course`], and there is no third: what is outgoing is planned, and completed by a later
//! `crm.activity.update`, which never sends.
//!
//! Source: <https://apidocs.bitrix24.com/tutorials/crm/how-to-add-crm-objects/how-to-send-email.html>,
//! <https://apidocs.bitrix24.com/api-reference/crm/timeline/activities/activity-base/crm-activity-add.html>

use serde::{Serialize, Serializer};

use super::key::{LogKey, ORIGINATOR};
use crate::protocol::RecordType;

/// Adds an entry.
pub(crate) const ADD: &str = "crm.activity.add";
/// Changes one.
pub(crate) const UPDATE: &str = "crm.activity.update";

/// The portal's number for e-mail.
pub(crate) const EMAIL: u8 = 4;
/// The portal's number for text without markup.
const PLAIN: u8 = 1;

/// Which way an e-mail went, and so how its entry begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Course {
    /// Came in; there is nothing left to do about the entry.
    Incoming,
    /// Went out; the entry is planned until [`Completion`].
    OutgoingPlanned,
}

impl Course {
    fn direction(self) -> u8 {
        match self {
            Self::Incoming => 1,
            Self::OutgoingPlanned => 2,
        }
    }

    fn completed(self) -> &'static str {
        match self {
            Self::Incoming => "Y",
            Self::OutgoingPlanned => "N",
        }
    }
}

/// Where an entry stands: a record, and the address that ties the e-mail to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    pub(crate) kind: RecordType,
    pub(crate) id: u64,
    pub(crate) email: String,
}

/// The portal's number for a kind of record.
///
/// Source: <https://apidocs.bitrix24.com/api-reference/crm/data-types.html>
pub(crate) fn type_id(kind: RecordType) -> u8 {
    match kind {
        RecordType::Lead => 1,
        RecordType::Deal => 2,
        RecordType::Contact => 3,
        RecordType::Company => 4,
    }
}

/// A new entry for an e-mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewActivity {
    pub(crate) course: Course,
    /// The record that owns the entry.
    pub(crate) owner: Binding,
    /// All others.
    pub(crate) others: Vec<Binding>,
    /// Never empty.
    pub(crate) subject: String,
    /// Empty: none.
    pub(crate) text: String,
    /// Senders and recipients, as they will read.
    pub(crate) from: String,
    pub(crate) to: String,
    /// When the e-mail was sent: ISO 8601 with an offset.
    pub(crate) sent: String,
    /// The portal's user who logs it.
    pub(crate) responsible: u64,
    pub(crate) key: LogKey,
}

impl Serialize for NewActivity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bindings = std::iter::once(&self.owner).chain(&self.others);
        let fields = Fields {
            owner_type_id: type_id(self.owner.kind),
            owner_id: self.owner.id,
            type_id: EMAIL,
            direction: self.course.direction(),
            completed: self.course.completed(),
            subject: &self.subject,
            description: Some(self.text.as_str()).filter(|text| !text.is_empty()),
            description_type: PLAIN,
            communications: bindings.map(Communication::of).collect(),
            responsible_id: self.responsible,
            start_time: &self.sent,
            end_time: &self.sent,
            settings: Settings { email_meta: EmailMeta { from: &self.from, to: &self.to } },
            originator_id: ORIGINATOR,
            origin_id: self.key.as_str(),
        };
        Params { fields }.serialize(serializer)
    }
}

/// Completes an entry that was planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Completion {
    pub(crate) id: u64,
}

impl Serialize for Completion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Change {
            id: u64,
            fields: Completed,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        struct Completed {
            completed: &'static str,
        }
        Change { id: self.id, fields: Completed { completed: "Y" } }.serialize(serializer)
    }
}

#[derive(Serialize)]
struct Params<T> {
    fields: T,
}

#[derive(Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct Fields<'a> {
    owner_type_id: u8,
    owner_id: u64,
    type_id: u8,
    direction: u8,
    completed: &'static str,
    subject: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    description_type: u8,
    communications: Vec<Communication<'a>>,
    responsible_id: u64,
    start_time: &'a str,
    end_time: &'a str,
    settings: Settings<'a>,
    originator_id: &'static str,
    origin_id: &'a str,
}

/// Each of them binds the entry to a record.
#[derive(Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct Communication<'a> {
    value: &'a str,
    entity_type_id: u8,
    entity_id: u64,
}

impl<'a> Communication<'a> {
    fn of(binding: &'a Binding) -> Self {
        Self { value: &binding.email, entity_type_id: type_id(binding.kind), entity_id: binding.id }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct Settings<'a> {
    email_meta: EmailMeta<'a>,
}

#[derive(Serialize)]
struct EmailMeta<'a> {
    from: &'a str,
    to: &'a str,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn binding() -> impl Strategy<Value = Binding> {
        let kind = prop_oneof![
            Just(RecordType::Contact),
            Just(RecordType::Company),
            Just(RecordType::Lead),
            Just(RecordType::Deal)
        ];
        (kind, any::<u64>(), any::<String>()).prop_map(|(kind, id, email)| Binding { kind, id, email })
    }

    fn course() -> impl Strategy<Value = Course> {
        prop_oneof![Just(Course::Incoming), Just(Course::OutgoingPlanned)]
    }

    prop_compose! {
        fn activity()(
            course in course(),
            owner in binding(),
            others in proptest::collection::vec(binding(), 0..4),
            [subject, text, from, to, sent] in proptest::array::uniform5(any::<String>()),
            responsible in any::<u64>(),
            id in "[0-9a-f]{16}",
        ) -> NewActivity {
            let key = LogKey::of_gmail_id(&id).unwrap();
            NewActivity { course, owner, others, subject, text, from, to, sent, responsible, key }
        }
    }

    /// Whether a portal would send an e-mail for this. Every value counts, wherever in the request it stands.
    fn sends(value: &Value) -> bool {
        let is = |name: &str, wanted: &str| {
            value.get(name).is_some_and(|found| found.as_str().map_or(found.to_string(), str::to_owned) == wanted)
        };
        let here = is("TYPE_ID", "4") && is("DIRECTION", "2") && is("COMPLETED", "Y");
        here || match value {
            Value::Object(map) => map.values().any(sends),
            Value::Array(items) => items.iter().any(sends),
            _ => false,
        }
    }

    #[test]
    fn the_trap_is_recognized_here() {
        assert!(sends(&json!({"fields": {"TYPE_ID": 4, "DIRECTION": "2", "COMPLETED": "Y"}})));
        assert!(!sends(&json!({"fields": {"TYPE_ID": 4, "DIRECTION": 1, "COMPLETED": "Y"}})));
    }

    proptest! {
        #[test]
        fn no_entry_makes_a_portal_send_mail(activity in activity()) {
            let text = serde_json::to_string(&activity).unwrap();
            // Nothing a stranger wrote adds a field of its own, so the portal reads each one once.
            for name in ["\"TYPE_ID\":", "\"DIRECTION\":", "\"COMPLETED\":"] {
                prop_assert_eq!(text.matches(name).count(), 1, "{}", text);
            }
            let request: Value = serde_json::from_str(&text).unwrap();
            prop_assert!(!sends(&request), "{}", request);
            let fields = &request["fields"];
            prop_assert_eq!(&fields["TYPE_ID"], &json!(4));
            let (direction, completed) = match activity.course {
                Course::Incoming => (1, "Y"),
                Course::OutgoingPlanned => (2, "N"),
            };
            prop_assert_eq!((&fields["DIRECTION"], &fields["COMPLETED"]), (&json!(direction), &json!(completed)));
        }

        #[test]
        fn completing_changes_nothing_else(id in any::<u64>()) {
            let request = serde_json::to_value(Completion { id }).unwrap();
            prop_assert_eq!(request, json!({"id": id, "fields": {"COMPLETED": "Y"}}));
        }
    }
}
