//! The fields of every record type, as data. Field names and types: apidocs.bitrix24.com, `crm.<type>.fields` and
//! `crm.item.fields`. Both families of methods read this table: the legacy one under the UPPER_CASE name, the universal one
//! under its camelCase twin.

mod tables;

use super::clock;
use super::php::Value;

pub(crate) use tables::{SALES_REGIONS, fields};

/// A type of record. The numbers are Bitrix24's `entityTypeId`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Entity {
    Lead = 1,
    Deal = 2,
    Contact = 3,
    Company = 4,
}

impl Entity {
    pub(crate) const ALL: [Self; 4] = [Self::Lead, Self::Deal, Self::Contact, Self::Company];

    pub(crate) fn id(self) -> i64 {
        self as i64
    }

    pub(crate) fn from_id(id: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|entity| entity.id() == id)
    }

    /// As in `crm.contact.list`, `ENTITY_TYPE` and page addresses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Deal => "deal",
            Self::Contact => "contact",
            Self::Company => "company",
        }
    }

    /// As in error texts and `crm.duplicate.findbycomm`.
    pub(crate) fn upper(self) -> &'static str {
        match self {
            Self::Lead => "LEAD",
            Self::Deal => "DEAL",
            Self::Contact => "CONTACT",
            Self::Company => "COMPANY",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entity| entity.name().eq_ignore_ascii_case(name))
    }
}

/// What a field holds; decides how it is written, read and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    User,
    Ref(Entity),
    Text,
    /// A value of the directory with this `ENTITY_ID`; the stage directories depend on the pipeline.
    Status(&'static str),
    Currency,
    Money,
    Flag,
    DateTime,
    Date,
    Enumeration,
    /// E-mails or phones: kept beside the fields, see [`super::store::Multifield`].
    Multi,
}

/// Which family of methods knows a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Both,
    Legacy,
    Item,
}

/// One field of a record type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) title: &'static str,
    pub(crate) read_only: bool,
    pub(crate) required: bool,
    family: Family,
}

const fn field(name: &'static str, kind: Kind, title: &'static str) -> Field {
    Field { name, kind, title, read_only: false, required: false, family: Family::Both }
}

const fn fixed(name: &'static str, kind: Kind, title: &'static str) -> Field {
    Field { read_only: true, ..field(name, kind, title) }
}

const fn legacy(name: &'static str, kind: Kind, title: &'static str) -> Field {
    Field { family: Family::Legacy, ..field(name, kind, title) }
}

/// Fields of the universal family that a REST client can only read; most are for ever empty.
const fn item(name: &'static str, kind: Kind) -> Field {
    Field { family: Family::Item, ..fixed(name, kind, name) }
}

impl Field {
    pub(crate) fn in_legacy(&self) -> bool {
        self.family != Family::Item
    }

    pub(crate) fn in_item(&self) -> bool {
        self.family != Family::Legacy && self.kind != Kind::Multi
    }

    /// The name in the universal family: camelCase, with the renames Bitrix24 made on the way.
    pub(crate) fn item_name(&self) -> String {
        match self.name {
            "DATE_CREATE" => "createdTime".to_owned(),
            "DATE_MODIFY" => "updatedTime".to_owned(),
            "CREATED_BY_ID" => "createdBy".to_owned(),
            "MODIFY_BY_ID" => "updatedBy".to_owned(),
            "MOVED_BY_ID" => "movedBy".to_owned(),
            "STATUS_ID" => "stageId".to_owned(),
            "STATUS_SEMANTIC_ID" => "stageSemanticId".to_owned(),
            name => match name.strip_prefix("UF_CRM_") {
                Some(rest) => format!("ufCrm_{rest}"),
                None => camel(name),
            },
        }
    }
}

fn camel(upper: &str) -> String {
    let mut out = String::new();
    let mut raise = false;
    for character in upper.chars() {
        if character == '_' {
            raise = true;
        } else {
            out.push(if raise { character } else { character.to_ascii_lowercase() });
            raise = false;
        }
    }
    out
}

pub(crate) fn legacy_field(entity: Entity, name: &str) -> Option<&'static Field> {
    fields(entity).find(|field| field.in_legacy() && field.name == name)
}

pub(crate) fn item_field(entity: Entity, name: &str) -> Option<&'static Field> {
    fields(entity).find(|field| field.in_item() && field.item_name() == name)
}

/// Brings what a client sent into the form records keep.
pub(crate) fn coerce(kind: Kind, value: &Value) -> Value {
    match kind {
        Kind::Int | Kind::User | Kind::Ref(_) | Kind::Enumeration => match value {
            Value::Null => Value::Null,
            Value::Str(text) if text.is_empty() => Value::Null,
            other => Value::Int(other.int()),
        },
        Kind::Money => Value::Float(value.float()),
        Kind::Flag => Value::from(if matches!(value.text().as_str(), "Y" | "y" | "1") { "Y" } else { "N" }),
        Kind::DateTime => clock::parse(&value.text()).map(clock::iso).into(),
        // A date is kept as midnight UTC and shown in the portal's zone, as real portals do: never quite midnight.
        Kind::Date => clock::parse(&value.text())
            .map(clock::iso)
            .and_then(|iso| clock::parse(&format!("{}T00:00:00Z", iso.get(..10).unwrap_or_default())))
            .map(clock::iso)
            .into(),
        Kind::Text | Kind::Status(_) | Kind::Currency | Kind::Multi => match value {
            Value::Null => Value::Null,
            other => other.text().into(),
        },
    }
}

/// How a legacy method writes a kept value: every scalar a string, an empty date `""`.
pub(crate) fn write_legacy(kind: Kind, value: &Value) -> Value {
    match (kind, value) {
        (Kind::DateTime | Kind::Date, Value::Null) => "".into(),
        (_, Value::Null) => Value::Null,
        (Kind::Money, amount) => format!("{:.2}", amount.float()).into(),
        (_, other) => other.text().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn item_names_follow_the_renames() {
        let name = |entity, legacy| legacy_field(entity, legacy).unwrap().item_name();
        assert_eq!(name(Entity::Deal, "ASSIGNED_BY_ID"), "assignedById");
        assert_eq!(name(Entity::Lead, "STATUS_ID"), "stageId");
        assert_eq!(name(Entity::Contact, "DATE_CREATE"), "createdTime");
        assert_eq!(name(Entity::Contact, "UF_CRM_1731400000001"), "ufCrm_1731400000001");
    }

    #[test]
    fn values_are_kept_typed_and_written_as_strings() {
        assert_eq!(coerce(Kind::User, &"7".into()), Value::Int(7));
        assert_eq!(coerce(Kind::Flag, &true.into()), "Y".into());
        assert_eq!(write_legacy(Kind::Money, &coerce(Kind::Money, &"48600".into())), "48600.00".into());
        assert_eq!(
            write_legacy(Kind::Date, &coerce(Kind::Date, &"2027-01-31".into())),
            "2027-01-31T01:00:00+01:00".into()
        );
        assert_eq!(write_legacy(Kind::Date, &coerce(Kind::Date, &"".into())), "".into());
        assert_eq!(write_legacy(Kind::Text, &Value::Null), Value::Null);
    }

    #[test]
    fn no_record_type_names_a_field_twice() {
        for entity in Entity::ALL {
            let mut legacy: Vec<_> = fields(entity).filter(|field| field.in_legacy()).map(|field| field.name).collect();
            let mut item: Vec<_> = fields(entity).filter(|field| field.in_item()).map(Field::item_name).collect();
            let counts = (legacy.len(), item.len());
            legacy.sort_unstable();
            legacy.dedup();
            item.sort_unstable();
            item.dedup();
            assert_eq!((legacy.len(), item.len()), counts, "{entity:?}");
        }
    }
}
