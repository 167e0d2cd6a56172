//! Descriptions of fields: `crm.<type>.fields`, `crm.item.fields` and their kin.

use super::item;
use super::{CRM, Call, Method, Reply, method};
use crate::portal::error::RestError;
use crate::portal::php::{Array, map};
use crate::portal::schema::{self, Entity, Field, Kind, SALES_REGIONS};

pub(super) const METHODS: &[Method] = &[
    method("crm.contact.fields", CRM, |call| Ok(legacy(call, Entity::Contact))),
    method("crm.company.fields", CRM, |call| Ok(legacy(call, Entity::Company))),
    method("crm.lead.fields", CRM, |call| Ok(legacy(call, Entity::Lead))),
    method("crm.deal.fields", CRM, |call| Ok(legacy(call, Entity::Deal))),
    method("crm.item.fields", CRM, item),
    method("crm.multifield.fields", CRM, multifield),
    method("crm.category.fields", CRM, category),
];

/// One plain description.
pub(super) fn describe(kind: &str, title: &str, required: bool, read_only: bool) -> Array {
    map! {
        "type" => kind,
        "isRequired" => required,
        "isReadOnly" => read_only,
        "isImmutable" => false,
        "isMultiple" => false,
        "isDynamic" => false,
        "title" => title,
    }
}

/// Whether an administrator made it.
fn is_custom(name: &str) -> bool {
    name.starts_with("UF_")
}

fn type_name(entity: Entity, field: &Field) -> &'static str {
    match (field.kind, field.name) {
        (_, "CATEGORY_ID") if entity == Entity::Deal => "crm_category",
        (_, "QUOTE_ID") => "crm_quote",
        (_, "LOCATION_ID") => "location",
        (_, "PHOTO" | "LOGO") => "file",
        (Kind::Int, _) => "integer",
        (Kind::User, name) if is_custom(name) => "employee",
        (Kind::User, _) => "user",
        (Kind::Ref(Entity::Lead), _) => "crm_lead",
        (Kind::Ref(Entity::Deal), _) => "crm_deal",
        (Kind::Ref(Entity::Contact), _) => "crm_contact",
        (Kind::Ref(Entity::Company), _) => "crm_company",
        (Kind::Text, _) => "string",
        (Kind::Status(_), _) => "crm_status",
        (Kind::Currency, _) => "crm_currency",
        (Kind::Money, _) => "double",
        (Kind::Flag, _) => "char",
        (Kind::DateTime, _) => "datetime",
        (Kind::Date, _) => "date",
        (Kind::Enumeration, _) => "enumeration",
        (Kind::Multi, _) => "crm_multifield",
    }
}

fn description(call: &Call<'_>, entity: Entity, field: &Field) -> Array {
    let required = field.required || call.state.switches.required_fields.iter().any(|name| name == field.name);
    let mut row = describe(type_name(entity, field), field.title, required, field.read_only);
    row.set("isMultiple", field.kind == Kind::Multi);
    match field.kind {
        Kind::Status(directory) => {
            row.remove("title");
            row.set("statusType", directory);
            row.set("title", field.title);
        }
        // People have several contacts or companies; the single field is what is left of older times.
        Kind::Ref(Entity::Contact) => row.set("isDeprecated", true),
        Kind::Ref(Entity::Company) if entity == Entity::Contact => row.set("isDeprecated", true),
        Kind::Ref(target) => {
            row.set("settings", map! { "parentEntityTypeId" => target.id() });
        }
        Kind::Enumeration => {
            let item = |(id, value): &(i64, &str)| map! { "ID" => id.to_string(), "VALUE" => *value };
            row.set("items", SALES_REGIONS.iter().map(item).collect::<Vec<_>>());
        }
        Kind::Int if field.name == "QUOTE_ID" => row.set("settings", map! { "parentEntityTypeId" => 7 }),
        Kind::Int
        | Kind::User
        | Kind::Text
        | Kind::Currency
        | Kind::Money
        | Kind::Flag
        | Kind::DateTime
        | Kind::Date
        | Kind::Multi => {}
    }
    if is_custom(field.name) {
        row.set("isDynamic", true);
        // A custom field's title is its technical name; people see the labels.
        row.set("title", field.name);
        for label in ["listLabel", "formLabel", "filterLabel"] {
            row.set(label, field.title);
        }
    }
    row
}

fn legacy(call: &Call<'_>, entity: Entity) -> Reply {
    let mut fields = Array::default();
    for field in schema::fields(entity).filter(|field| field.in_legacy()) {
        fields.set(field.name, description(call, entity, field));
        if field.name == "COMPANY_ID" && entity == Entity::Contact {
            fields.set("COMPANY_IDS", list_of("crm_company", "Companies"));
        }
        if field.name == "LEAD_ID" && entity == Entity::Company {
            fields.set("CONTACT_ID", list_of("crm_contact", "Contacts"));
        }
        if field.name == "CONTACT_ID" {
            fields.set("CONTACT_IDS", list_of("crm_contact", "Contacts"));
        }
    }
    Reply::of(fields)
}

fn list_of(kind: &str, title: &str) -> Array {
    let mut row = describe(kind, title, false, false);
    row.set("isMultiple", true);
    row
}

fn item(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let entity = item::entity(call)?;
    let mut fields = Array::default();
    for field in schema::fields(entity).filter(|field| field.in_item()) {
        let mut row = description(call, entity, field);
        if field.kind == Kind::Flag {
            row.set("type", "boolean");
        }
        row.set("upperName", field.name);
        fields.set(field.item_name(), row);
    }
    Ok(Reply::of(map! { "fields" => fields }))
}

fn multifield(_: &mut Call<'_>) -> Result<Reply, RestError> {
    Ok(Reply::of(map! {
        "ID" => describe("int", "ID", false, true),
        "TYPE_ID" => describe("string", "Kind of channel", false, true),
        "VALUE" => describe("string", "Value", false, false),
        "VALUE_TYPE" => describe("string", "Kind of value", false, false),
    }))
}

fn category(_: &mut Call<'_>) -> Result<Reply, RestError> {
    let mut fields = Array::default();
    for (name, upper, kind, read_only) in [
        ("id", "ID", "integer", true),
        ("name", "NAME", "string", false),
        ("sort", "SORT", "integer", false),
        ("entityTypeId", "ENTITY_TYPE_ID", "integer", false),
        ("isDefault", "IS_DEFAULT", "boolean", false),
        ("originId", "ORIGIN_ID", "string", false),
        ("originatorId", "ORIGINATOR_ID", "string", false),
    ] {
        let mut row = describe(kind, upper, name == "name", read_only);
        row.set("upperName", upper);
        fields.set(name, row);
    }
    Ok(Reply::of(map! { "fields" => fields }))
}
