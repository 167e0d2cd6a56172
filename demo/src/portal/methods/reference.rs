//! Reference data: pipelines, directories, currencies. Source: apidocs.bitrix24.com, "crm.category.*", "crm.status.*",
//! "crm.currency.*".

use super::fields::describe;
use super::{CRM, Call, Method, Reply, list, method};
use crate::portal::error::RestError;
use crate::portal::filter;
use crate::portal::php::{Array, Value, map};
use crate::portal::schema::{Entity, Kind};

pub(super) const METHODS: &[Method] = &[
    method("crm.category.list", CRM, categories),
    method("crm.category.get", CRM, category),
    method("crm.status.list", CRM, statuses),
    method("crm.status.get", CRM, status),
    method("crm.status.entity.items", CRM, status_items),
    method("crm.status.fields", CRM, status_fields),
    method("crm.currency.list", CRM, currencies),
    method("crm.currency.base.get", CRM, base_currency),
];

fn deals_only(call: &Call<'_>) -> Result<(), RestError> {
    let entity = call.param("entityTypeId").ok_or_else(|| RestError::missing_parameter("entityTypeId"))?;
    match Entity::from_id(entity.int()) {
        Some(Entity::Deal) => Ok(()),
        Some(Entity::Lead | Entity::Contact | Entity::Company) => {
            Err(RestError::item("ENTITY_TYPE_NOT_SUPPORTED", "Entity type does not support categories"))
        }
        None => Err(RestError::item("NOT_FOUND", "Smart process not found")),
    }
}

fn categories(call: &mut Call<'_>) -> Result<Reply, RestError> {
    deals_only(call)?;
    let categories = call.state.store.categories.clone();
    let total = i64::try_from(categories.len()).unwrap_or_default();
    Ok(Reply { total: Some(total), ..Reply::of(map! { "categories" => categories }) })
}

fn category(call: &mut Call<'_>) -> Result<Reply, RestError> {
    deals_only(call)?;
    let id = call.param("id").ok_or_else(|| RestError::missing_parameter("id"))?.int();
    let found = call.state.store.categories.iter().find(|row| row.get("id").is_some_and(|own| own.int() == id));
    let found = found.ok_or_else(|| RestError::item("NOT_FOUND", "Element not found"))?;
    Ok(Reply::of(map! { "category" => found.clone() }))
}

const STATUS_FIELDS: &[(&str, Kind)] = &[
    ("ID", Kind::Int),
    ("ENTITY_ID", Kind::Text),
    ("STATUS_ID", Kind::Text),
    ("NAME", Kind::Text),
    ("NAME_INIT", Kind::Text),
    ("SORT", Kind::Int),
    ("SYSTEM", Kind::Flag),
    ("CATEGORY_ID", Kind::Int),
    ("COLOR", Kind::Text),
    ("SEMANTICS", Kind::Text),
];

/// Every directory in one answer without pages.
fn statuses(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let filter = call.array_param("filter")?;
    if filter.iter().any(|(key, wanted)| key.text() == "ENTITY_ID" && wanted.array().is_some()) {
        return Err(RestError::legacy("Filter by ENTITY_ID must be a string"));
    }
    let (conditions, dropped) =
        filter::legacy(&filter, |name| STATUS_FIELDS.iter().find(|(own, _)| *own == name).map(|(_, kind)| *kind));
    call.note(dropped);
    let holds =
        |row: &Array| conditions.iter().all(|wanted| wanted.holds(row.get(&wanted.field).unwrap_or(&Value::Null)));
    let mut rows: Vec<Array> = call.state.store.statuses.iter().filter(|row| holds(row)).cloned().collect();
    list::sort(&mut rows, &call.array_param("order")?, |row, name| {
        let value = row.get(name)?;
        Some(if matches!(name, "ID" | "SORT") { value.int().into() } else { value.clone() })
    });
    let total = i64::try_from(rows.len()).unwrap_or_default();
    Ok(Reply { total: Some(total), ..Reply::of(rows) })
}

fn status(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let id = call.legacy_id()?;
    let found = call.state.store.statuses.iter().find(|row| row.get("ID").is_some_and(|own| own.int() == id));
    found.map(|row| Reply::of(row.clone())).ok_or_else(|| RestError::legacy("Status is not found."))
}

fn status_items(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let entity = call.params.first_of(&["entityId", "ENTITY_ID"]).map(Value::text).unwrap_or_default();
    let rows: Vec<Array> = call
        .state
        .store
        .directory(&entity)
        .map(|row| {
            let sort = row.get("SORT").map_or(0, Value::int);
            map! { "NAME" => row.get("NAME").cloned(), "SORT" => sort, "STATUS_ID" => row.get("STATUS_ID").cloned() }
        })
        .collect();
    if rows.is_empty() {
        return Err(RestError::legacy("The parameter entityId is not defined or invalid."));
    }
    Ok(Reply::of(rows))
}

fn status_fields(_: &mut Call<'_>) -> Result<Reply, RestError> {
    let mut fields = Array::default();
    for (name, _) in STATUS_FIELDS {
        let fixed = matches!(*name, "ID" | "NAME_INIT" | "SYSTEM" | "CATEGORY_ID");
        let kind = if *name == "SORT" || *name == "ID" { "integer" } else { "string" };
        let mut row = describe(kind, name, matches!(*name, "ENTITY_ID" | "STATUS_ID" | "NAME"), fixed);
        row.set("isImmutable", matches!(*name, "ENTITY_ID" | "STATUS_ID"));
        fields.set(*name, row);
    }
    fields.set("EXTRA", describe("crm_status_extra", "Additional fields", false, false));
    Ok(Reply::of(fields))
}

fn currencies(call: &mut Call<'_>) -> Result<Reply, RestError> {
    Ok(Reply { total: Some(0), ..Reply::of(call.state.store.currencies.clone()) })
}

fn base_currency(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let base = call.state.store.currencies.iter().find(|row| row.get("BASE").and_then(Value::str) == Some("Y"));
    Ok(Reply::of(base.and_then(|row| row.get("CURRENCY").cloned())))
}
