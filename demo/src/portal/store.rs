//! What the portal knows: users, records, activities and the timeline. Plain data and look-ups; rules are in `methods`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::php::{Array, Value, map};
use super::schema::{self, Entity, Kind};

/// What anybody but an administrator may do with a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// Read and change it.
    #[default]
    Full,
    /// Read it.
    Read,
    /// Nothing: lists leave it out, and reading it is refused.
    None,
}

/// One e-mail, phone, website or messenger of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Multifield {
    pub(crate) id: i64,
    /// `EMAIL`, `PHONE`, `WEB` or `IM`.
    pub(crate) type_id: String,
    /// `WORK`, `HOME`, `MAILING`, `OTHER`…
    pub(crate) value_type: String,
    pub(crate) value: String,
}

/// A contact, company, lead or deal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    pub(crate) id: i64,
    /// Typed values under their legacy names, see [`schema::coerce`].
    pub(crate) fields: Array,
    pub(crate) multi: Vec<Multifield>,
    /// All contacts of a deal or lead, the primary one first.
    pub(crate) contacts: Vec<i64>,
    /// All companies of a contact, the primary one first.
    pub(crate) companies: Vec<i64>,
    pub(crate) access: Access,
}

impl Record {
    pub(crate) fn get(&self, name: &str) -> &Value {
        self.fields.get(name).unwrap_or(&Value::Null)
    }

    pub(crate) fn values_of<'a>(&'a self, type_id: &'a str) -> impl Iterator<Item = &'a Multifield> {
        self.multi.iter().filter(move |multi| multi.type_id == type_id)
    }

    /// Sets a field the way records keep it.
    pub(crate) fn set(&mut self, kind: Kind, name: &str, value: &Value) {
        self.fields.set(name, schema::coerce(kind, value));
    }

    /// Everything about the record, for tests.
    pub(crate) fn whole(&self) -> Array {
        let mut whole = self.fields.clone();
        for multi in &self.multi {
            let mut values =
                whole.remove(&multi.type_id).and_then(|values| values.array().cloned()).unwrap_or_default();
            values.push(map! { "ID" => multi.id, "VALUE" => &multi.value, "VALUE_TYPE" => &multi.value_type });
            whole.set(multi.type_id.as_str(), values);
        }
        whole.set("CONTACT_IDS", self.contacts.clone());
        whole.set("COMPANY_IDS", self.companies.clone());
        whole
    }

    /// What a person would call the record.
    pub(crate) fn title(&self) -> String {
        let title = self.get("TITLE").text();
        if !title.is_empty() {
            return title;
        }
        let name = format!("{} {}", self.get("NAME").text(), self.get("LAST_NAME").text());
        let name = name.trim();
        if name.is_empty() { format!("#{}", self.id) } else { name.to_owned() }
    }
}

/// A binding of an activity or comment to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    pub(crate) entity: Entity,
    pub(crate) id: i64,
}

/// An activity: an e-mail, a call, a to-do.
#[derive(Clone, Debug)]
pub(crate) struct Activity {
    pub(crate) id: i64,
    pub(crate) fields: Array,
    pub(crate) communications: Vec<Array>,
    pub(crate) bindings: Vec<Binding>,
}

impl Activity {
    /// Everything about the activity, for tests.
    pub(crate) fn whole(&self) -> Array {
        let mut whole = self.fields.clone();
        whole.set("COMMUNICATIONS", self.communications.clone());
        let row = |binding: &Binding| map! { "OWNER_TYPE_ID" => binding.entity.id(), "OWNER_ID" => binding.id };
        whole.set("BINDINGS", self.bindings.iter().map(row).collect::<Vec<_>>());
        whole
    }
}

/// A comment in the timeline.
#[derive(Clone, Debug)]
pub(crate) struct Comment {
    pub(crate) id: i64,
    pub(crate) fields: Array,
    pub(crate) bindings: Vec<Binding>,
}

/// A log record in the timeline.
#[derive(Clone, Debug)]
pub(crate) struct LogMessage {
    pub(crate) id: i64,
    pub(crate) on: Binding,
    pub(crate) answer: Array,
}

/// Everything the portal keeps.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) users: Vec<Array>,
    pub(crate) departments: Vec<Array>,
    pub(crate) categories: Vec<Array>,
    pub(crate) statuses: Vec<Array>,
    pub(crate) currencies: Vec<Array>,
    records: BTreeMap<Entity, BTreeMap<i64, Record>>,
    pub(crate) activities: BTreeMap<i64, Activity>,
    pub(crate) comments: BTreeMap<i64, Comment>,
    pub(crate) log_messages: BTreeMap<i64, LogMessage>,
    /// Notes on timeline items, by owner and item.
    pub(crate) notes: BTreeMap<(i64, i64, i64, i64), Array>,
    pub(crate) tasks: BTreeMap<i64, Array>,
    last_multifield: i64,
}

/// The next free number of an ordered table.
pub(crate) fn next_id<T>(table: &BTreeMap<i64, T>) -> i64 {
    table.last_key_value().map_or(1, |(id, _)| id + 1)
}

impl Store {
    pub(crate) fn records(&self, entity: Entity) -> impl Iterator<Item = &Record> {
        self.records.get(&entity).into_iter().flat_map(BTreeMap::values)
    }

    pub(crate) fn record(&self, entity: Entity, id: i64) -> Option<&Record> {
        self.records.get(&entity)?.get(&id)
    }

    pub(crate) fn record_mut(&mut self, entity: Entity, id: i64) -> Option<&mut Record> {
        self.records.get_mut(&entity)?.get_mut(&id)
    }

    pub(crate) fn next_record_id(&self, entity: Entity) -> i64 {
        self.records.get(&entity).map_or(1, next_id)
    }

    pub(crate) fn insert(&mut self, entity: Entity, record: Record) {
        self.records.entry(entity).or_default().insert(record.id, record);
    }

    pub(crate) fn remove(&mut self, entity: Entity, id: i64) -> Option<Record> {
        self.records.get_mut(&entity)?.remove(&id)
    }

    pub(crate) fn next_multifield_id(&mut self) -> i64 {
        self.last_multifield += 1;
        self.last_multifield
    }

    pub(crate) fn user(&self, id: i64) -> Option<&Array> {
        self.users.iter().find(|user| user.get("ID").is_some_and(|own| own.int() == id))
    }

    fn user_mut(&mut self, id: i64) -> Option<&mut Array> {
        self.users.iter_mut().find(|user| user.get("ID").is_some_and(|own| own.int() == id))
    }

    /// `false` if there is no such user.
    pub(crate) fn dismiss(&mut self, user: i64) -> bool {
        self.user_mut(user).map(|user| user.set("ACTIVE", false)).is_some()
    }

    pub(crate) fn is_admin(&self, user: i64) -> bool {
        self.user(user).and_then(|user| user.get("ADMIN")).is_some_and(Value::truthy)
    }

    pub(crate) fn is_active(&self, user: i64) -> bool {
        self.user(user).and_then(|user| user.get("ACTIVE")).is_some_and(Value::truthy)
    }

    pub(crate) fn is_extranet(&self, user: i64) -> bool {
        self.user(user).and_then(|user| user.get("USER_TYPE")?.str()) == Some("extranet")
    }

    pub(crate) fn can_read(&self, user: i64, record: &Record) -> bool {
        record.access != Access::None || self.is_admin(user)
    }

    pub(crate) fn can_update(&self, user: i64, record: &Record) -> bool {
        record.access == Access::Full || self.is_admin(user)
    }

    /// The directory rows of one `ENTITY_ID`, in their order.
    pub(crate) fn directory<'a>(&'a self, entity_id: &'a str) -> impl Iterator<Item = &'a Array> {
        self.statuses.iter().filter(move |row| row.get("ENTITY_ID").and_then(Value::str) == Some(entity_id))
    }
}

/// The directory that holds a deal pipeline's stages.
pub(crate) fn stage_directory(category: i64) -> String {
    if category == 0 { "DEAL_STAGE".to_owned() } else { format!("DEAL_STAGE_{category}") }
}
