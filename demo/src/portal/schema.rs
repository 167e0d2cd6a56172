//! The fields of every record type, as data. Field names and types: apidocs.bitrix24.com, `crm.<type>.fields` and
//! `crm.item.fields`. Both families of methods read this table: the legacy one under the UPPER_CASE name, the universal one
//! under its camelCase twin.

use super::clock;
use super::php::Value;

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

/// Every field of a record type, in the order answers carry them.
pub(crate) fn fields(entity: Entity) -> impl Iterator<Item = &'static Field> {
    let groups: &[&[Field]] = match entity {
        Entity::Contact => &[HEAD, PERSON, CONTACT, AUDIT, CHANNELS, ORIGIN, ADDRESS, UTM, CUSTOM, ITEM_CHANNELS],
        Entity::Company => &[HEAD, COMPANY, AUDIT, CHANNELS, ORIGIN, ADDRESS, LEGAL_ADDRESS, UTM, ITEM_CHANNELS],
        Entity::Lead => {
            &[HEAD, TITLED, PERSON, LEAD, MONEY, MOVED, AUDIT, CHANNELS, ORIGIN, ADDRESS, UTM, ITEM_CHANNELS]
        }
        Entity::Deal => &[HEAD, TITLED, DEAL, MONEY, MOVED, AUDIT, ORIGIN, UTM],
    };
    groups.iter().flat_map(|group| group.iter())
}

pub(crate) fn legacy_field(entity: Entity, name: &str) -> Option<&'static Field> {
    fields(entity).find(|field| field.in_legacy() && field.name == name)
}

pub(crate) fn item_field(entity: Entity, name: &str) -> Option<&'static Field> {
    fields(entity).find(|field| field.in_item() && field.item_name() == name)
}

const HEAD: &[Field] = &[fixed("ID", Kind::Int, "ID")];
const TITLED: &[Field] = &[field("TITLE", Kind::Text, "Title")];

const PERSON: &[Field] = &[
    field("HONORIFIC", Kind::Status("HONORIFIC"), "Salutation"),
    field("NAME", Kind::Text, "First name"),
    field("SECOND_NAME", Kind::Text, "Middle name"),
    field("LAST_NAME", Kind::Text, "Last name"),
    field("POST", Kind::Text, "Position"),
    field("BIRTHDATE", Kind::Date, "Date of birth"),
    field("COMMENTS", Kind::Text, "Comment"),
    field("SOURCE_ID", Kind::Status("SOURCE"), "Source"),
    field("SOURCE_DESCRIPTION", Kind::Text, "Source information"),
    item("SHORT_NAME", Kind::Text),
    item("LOGIN", Kind::Text),
];

const CONTACT: &[Field] = &[
    legacy("PHOTO", Kind::Text, "Photo"),
    field("TYPE_ID", Kind::Status("CONTACT_TYPE"), "Contact type"),
    field("COMPANY_ID", Kind::Ref(Entity::Company), "Company"),
    fixed("LEAD_ID", Kind::Ref(Entity::Lead), "Lead"),
    field("EXPORT", Kind::Flag, "Included in export"),
    legacy("FACE_ID", Kind::Int, "Face"),
];

const COMPANY: &[Field] = &[
    Field { required: true, ..field("TITLE", Kind::Text, "Company name") },
    field("COMPANY_TYPE", Kind::Status("COMPANY_TYPE"), "Company type"),
    legacy("LOGO", Kind::Text, "Logo"),
    fixed("LEAD_ID", Kind::Ref(Entity::Lead), "Lead"),
    field("BANKING_DETAILS", Kind::Text, "Payment details"),
    field("INDUSTRY", Kind::Status("INDUSTRY"), "Industry"),
    field("REVENUE", Kind::Money, "Annual revenue"),
    field("CURRENCY_ID", Kind::Currency, "Currency"),
    field("EMPLOYEES", Kind::Status("EMPLOYEES"), "Employees"),
    field("COMMENTS", Kind::Text, "Comment"),
    field("IS_MY_COMPANY", Kind::Flag, "My company"),
    fixed("LAST_COMMUNICATION_TIME", Kind::Text, "Last communication"),
];

const LEAD: &[Field] = &[
    field("COMPANY_TITLE", Kind::Text, "Company name"),
    field("COMPANY_ID", Kind::Ref(Entity::Company), "Company"),
    field("CONTACT_ID", Kind::Ref(Entity::Contact), "Contact"),
    fixed("IS_RETURN_CUSTOMER", Kind::Flag, "Repeat lead"),
    field("STATUS_ID", Kind::Status("STATUS"), "Stage"),
    field("STATUS_DESCRIPTION", Kind::Text, "Stage information"),
    fixed("STATUS_SEMANTIC_ID", Kind::Text, "Stage group"),
    fixed("DATE_CLOSED", Kind::DateTime, "Completed on"),
    item("IS_CONVERT", Kind::Text),
    item("PRODUCT_ID", Kind::Text),
    item("WEBFORM_ID", Kind::Int),
];

const DEAL: &[Field] = &[
    field("TYPE_ID", Kind::Status("DEAL_TYPE"), "Deal type"),
    field("CATEGORY_ID", Kind::Int, "Pipeline"),
    field("STAGE_ID", Kind::Status("DEAL_STAGE"), "Stage"),
    fixed("STAGE_SEMANTIC_ID", Kind::Text, "Stage group"),
    fixed("IS_NEW", Kind::Flag, "New deal"),
    field("IS_RECURRING", Kind::Flag, "Recurring deal"),
    fixed("IS_RETURN_CUSTOMER", Kind::Flag, "Repeat deal"),
    fixed("IS_REPEATED_APPROACH", Kind::Flag, "Repeat inquiry"),
    field("PROBABILITY", Kind::Int, "Probability, %"),
    field("TAX_VALUE", Kind::Money, "Tax"),
    fixed("LEAD_ID", Kind::Ref(Entity::Lead), "Lead"),
    field("COMPANY_ID", Kind::Ref(Entity::Company), "Company"),
    field("CONTACT_ID", Kind::Ref(Entity::Contact), "Contact"),
    fixed("QUOTE_ID", Kind::Int, "Quote"),
    field("BEGINDATE", Kind::Date, "Start date"),
    field("CLOSEDATE", Kind::Date, "Close date"),
    field("CLOSED", Kind::Flag, "Closed"),
    field("COMMENTS", Kind::Text, "Comment"),
    field("ADDITIONAL_INFO", Kind::Text, "Additional information"),
    field("LOCATION_ID", Kind::Text, "Location"),
    field("SOURCE_ID", Kind::Status("SOURCE"), "Source"),
    field("SOURCE_DESCRIPTION", Kind::Text, "Source information"),
    item("PRODUCT_ID", Kind::Text),
    item("BEGINDATE_SHORT", Kind::Text),
    item("CLOSEDATE_SHORT", Kind::Text),
    item("EVENT_DATE", Kind::DateTime),
    item("EVENT_DATE_SHORT", Kind::Text),
    item("EVENT_ID", Kind::Text),
    item("EVENT_DESCRIPTION", Kind::Text),
    item("WEBFORM_ID", Kind::Int),
    item("ORDER_STAGE", Kind::Text),
    item("HAS_PRODUCTS", Kind::Text),
];

const MONEY: &[Field] = &[
    field("CURRENCY_ID", Kind::Currency, "Currency"),
    field("OPPORTUNITY", Kind::Money, "Amount"),
    field("IS_MANUAL_OPPORTUNITY", Kind::Flag, "Amount set by hand"),
];

const MOVED: &[Field] =
    &[fixed("MOVED_BY_ID", Kind::User, "Moved by"), fixed("MOVED_TIME", Kind::DateTime, "Moved on")];

const AUDIT: &[Field] = &[
    field("ASSIGNED_BY_ID", Kind::User, "Responsible person"),
    fixed("CREATED_BY_ID", Kind::User, "Created by"),
    fixed("MODIFY_BY_ID", Kind::User, "Modified by"),
    fixed("DATE_CREATE", Kind::DateTime, "Created on"),
    fixed("DATE_MODIFY", Kind::DateTime, "Modified on"),
    field("OPENED", Kind::Flag, "Available to everyone"),
    fixed("LAST_ACTIVITY_BY", Kind::User, "Last activity by"),
    fixed("LAST_ACTIVITY_TIME", Kind::DateTime, "Last activity on"),
    item("DATE_CREATE_SHORT", Kind::Text),
    item("DATE_MODIFY_SHORT", Kind::Text),
    item("SEARCH_CONTENT", Kind::Text),
];

const CHANNELS: &[Field] = &[
    fixed("HAS_PHONE", Kind::Flag, "Has a phone"),
    fixed("HAS_EMAIL", Kind::Flag, "Has an e-mail"),
    fixed("HAS_IMOL", Kind::Flag, "Has an open channel"),
    legacy("PHONE", Kind::Multi, "Phone"),
    legacy("EMAIL", Kind::Multi, "E-mail"),
    legacy("WEB", Kind::Multi, "Website"),
    legacy("IM", Kind::Multi, "Messenger"),
];

/// The flat first values of phones and e-mails, filled while an item is written.
const ITEM_CHANNELS: &[Field] = &[
    item("PHONE_MOBILE", Kind::Text),
    item("PHONE_WORK", Kind::Text),
    item("PHONE_MAILING", Kind::Text),
    item("EMAIL_HOME", Kind::Text),
    item("EMAIL_WORK", Kind::Text),
    item("EMAIL_MAILING", Kind::Text),
    item("SKYPE", Kind::Text),
    item("ICQ", Kind::Text),
    item("IMOL", Kind::Text),
    item("EMAIL", Kind::Text),
    item("PHONE", Kind::Text),
];

const ORIGIN: &[Field] = &[
    field("ORIGINATOR_ID", Kind::Text, "External source"),
    field("ORIGIN_ID", Kind::Text, "Identifier in the external source"),
    legacy("ORIGIN_VERSION", Kind::Text, "Version in the external source"),
];

const ADDRESS: &[Field] = &[
    field("ADDRESS", Kind::Text, "Address"),
    legacy("ADDRESS_2", Kind::Text, "Address, line 2"),
    legacy("ADDRESS_CITY", Kind::Text, "City"),
    legacy("ADDRESS_POSTAL_CODE", Kind::Text, "Postal code"),
    legacy("ADDRESS_REGION", Kind::Text, "Region"),
    legacy("ADDRESS_PROVINCE", Kind::Text, "Province"),
    legacy("ADDRESS_COUNTRY", Kind::Text, "Country"),
    legacy("ADDRESS_COUNTRY_CODE", Kind::Text, "Country code"),
    legacy("ADDRESS_LOC_ADDR_ID", Kind::Int, "Location address"),
];

const LEGAL_ADDRESS: &[Field] = &[
    legacy("ADDRESS_LEGAL", Kind::Text, "Legal address"),
    legacy("REG_ADDRESS", Kind::Text, "Registered address"),
    legacy("REG_ADDRESS_2", Kind::Text, "Registered address, line 2"),
    legacy("REG_ADDRESS_CITY", Kind::Text, "Registered city"),
    legacy("REG_ADDRESS_POSTAL_CODE", Kind::Text, "Registered postal code"),
    legacy("REG_ADDRESS_REGION", Kind::Text, "Registered region"),
    legacy("REG_ADDRESS_PROVINCE", Kind::Text, "Registered province"),
    legacy("REG_ADDRESS_COUNTRY", Kind::Text, "Registered country"),
    legacy("REG_ADDRESS_COUNTRY_CODE", Kind::Text, "Registered country code"),
    legacy("REG_ADDRESS_LOC_ADDR_ID", Kind::Int, "Registered location address"),
];

const UTM: &[Field] = &[
    field("UTM_SOURCE", Kind::Text, "UTM source"),
    field("UTM_MEDIUM", Kind::Text, "UTM medium"),
    field("UTM_CAMPAIGN", Kind::Text, "UTM campaign"),
    field("UTM_CONTENT", Kind::Text, "UTM content"),
    field("UTM_TERM", Kind::Text, "UTM term"),
];

/// A field Brightline's administrator made and marked as required.
const CUSTOM: &[Field] =
    &[Field { required: true, ..field("UF_CRM_1731400000001", Kind::Enumeration, "Sales region") }];

/// The choices of the custom field: id and label.
pub(crate) const SALES_REGIONS: &[(i64, &str)] = &[(41, "DACH"), (42, "Benelux"), (43, "Rest of the world")];

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
