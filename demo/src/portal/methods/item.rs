//! The universal family `crm.item.*`: camelCase, numbers, and an error for a filter it doesn't know. Source:
//! apidocs.bitrix24.com, "crm.item.*"; module `crm`, `controller/item.php`.

use super::write::{self, Family};
use super::{CRM, Call, Method, Reply, list, method};
use crate::portal::error::RestError;
use crate::portal::filter::{Condition, Group};
use crate::portal::php::{Array, Value, map};
use crate::portal::schema::{self, Entity, Field, Kind};
use crate::portal::store::Record;

pub(super) const METHODS: &[Method] = &[
    method("crm.item.list", CRM, list),
    method("crm.item.get", CRM, get),
    method("crm.item.add", CRM, add),
    method("crm.item.update", CRM, update),
    method("crm.item.delete", CRM, delete),
];

pub(super) fn entity(call: &Call<'_>) -> Result<Entity, RestError> {
    let id = call.param("entityTypeId").ok_or_else(|| RestError::missing_parameter("entityTypeId"))?;
    Entity::from_id(id.int()).ok_or_else(|| RestError::item("NOT_FOUND", "Smart process not found"))
}

/// `useOriginalUfNames`: whether custom fields go by `UF_CRM_…` instead of `ufCrm_…`.
fn original_names(call: &Call<'_>) -> bool {
    call.param("useOriginalUfNames").is_some_and(|flag| flag.text() == "Y")
}

/// A name as the table has it, `None` for a custom field in the wrong spelling.
fn inward(original: bool, name: &str) -> Option<String> {
    match (original, name.strip_prefix("UF_CRM_")) {
        (true, Some(rest)) => Some(format!("ufCrm_{rest}")),
        (true, None) if name.starts_with("ufCrm_") => None,
        _ => Some(name.to_owned()),
    }
}

/// An item with its custom fields spelt as asked.
fn outward(original: bool, item: Array) -> Array {
    if !original {
        return item;
    }
    let mut spelt = Array::default();
    for (key, value) in item.iter() {
        let name = key.text();
        let name = name.strip_prefix("ufCrm_").map_or(name.clone(), |rest| format!("UF_CRM_{rest}"));
        spelt.set(name, value.clone());
    }
    spelt
}

fn list(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let entity = entity(call)?;
    let original = original_names(call);
    let field = |name: &str| schema::item_field(entity, &inward(original, name)?);
    let group = Group::read(&call.array_param("filter")?, &|name| filterable(call, entity, name, field(name)))
        .map_err(|name| {
            RestError::item("INVALID_ARG_VALUE", format!("Invalid filter: field '{name}' is not allowed in filter"))
        })?;
    let mut rows: Vec<&Record> = call
        .readable(entity)
        .filter(|record| group.matches(&|condition| holds(condition, record, field(&condition.field))))
        .collect();
    list::sort(&mut rows, &call.array_param("order")?, |record, name| {
        field(name).map(|field| record.get(field.name).clone())
    });
    let select: Vec<String> = call.array_param("select")?.values().map(Value::text).collect();
    let all = select.is_empty() || select.iter().any(|name| name == "*");
    let page = list::page(call, rows);
    let items: Vec<Array> = page
        .rows
        .iter()
        .map(|record| {
            let item = outward(original, whole(entity, record));
            if all { item } else { pick(&item, &select) }
        })
        .collect();
    Ok(Reply { next: page.next, total: page.total, ..Reply::of(map! { "items" => items }) })
}

/// The fields a filter may name: what the schema has, minus what is only filled while an item is written.
fn filterable(call: &Call<'_>, entity: Entity, name: &str, field: Option<&Field>) -> Option<Kind> {
    if name == "contactIds" {
        let known = matches!(entity, Entity::Deal | Entity::Lead) && call.state.switches.contact_ids_filter;
        return known.then_some(Kind::Ref(Entity::Contact));
    }
    let flat = ["email", "phone", "skype", "icq", "imol"].iter().any(|flat| name.starts_with(flat));
    field.filter(|_| !flat).map(|field| field.kind)
}

fn holds(condition: &Condition, record: &Record, field: Option<&Field>) -> bool {
    if condition.field == "contactIds" {
        return condition.holds_ids(&record.contacts);
    }
    field.is_some_and(|field| condition.holds(record.get(field.name)))
}

/// `fm` can't be named: it comes only with everything.
fn pick(item: &Array, select: &[String]) -> Array {
    let mut picked = Array::default();
    for (key, value) in item.iter() {
        let name = key.text();
        if name == "id" || name != "fm" && select.contains(&name) {
            picked.set(key.clone(), value.clone());
        }
    }
    picked
}

/// A whole item.
fn whole(entity: Entity, record: &Record) -> Array {
    let mut item = Array::default();
    for field in schema::fields(entity).filter(|field| field.in_item()) {
        let name = field.item_name();
        let value = match (entity, field.kind) {
            (Entity::Deal, _) => record.get(field.name).clone(),
            _ => channel(record, &name).unwrap_or_else(|| record.get(field.name).clone()),
        };
        item.set(name, value);
    }
    if entity != Entity::Deal {
        let fm: Vec<Array> = record
            .multi
            .iter()
            .map(|multi| {
                map! {
                    "id" => multi.id, "valueType" => &multi.value_type, "value" => &multi.value, "typeId" => &multi.type_id,
                }
            })
            .collect();
        item.set("fm", fm);
    }
    if matches!(entity, Entity::Deal | Entity::Lead) {
        item.set("contactIds", record.contacts.clone());
    }
    if entity == Entity::Contact {
        item.set("companyIds", record.companies.clone());
    }
    item.set("observers", Array::default());
    item.set("entityTypeId", entity.id());
    item
}

/// The flat fields that hold only the first phone or e-mail of a kind.
fn channel(record: &Record, name: &str) -> Option<Value> {
    let (type_id, value_type) = match name {
        "email" => ("EMAIL", None),
        "phone" => ("PHONE", None),
        "emailWork" => ("EMAIL", Some("WORK")),
        "emailHome" => ("EMAIL", Some("HOME")),
        "emailMailing" => ("EMAIL", Some("MAILING")),
        "phoneWork" => ("PHONE", Some("WORK")),
        "phoneMobile" => ("PHONE", Some("MOBILE")),
        "phoneMailing" => ("PHONE", Some("MAILING")),
        "imol" => ("IM", Some("OPENLINE")),
        _ => return None,
    };
    let first = record.values_of(type_id).find(|multi| value_type.is_none_or(|wanted| multi.value_type == wanted));
    Some(first.map(|multi| multi.value.clone()).unwrap_or_default().into())
}

fn get(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let entity = entity(call)?;
    let id = id(call)?;
    let record = call.state.store.record(entity, id).ok_or_else(not_found)?;
    if !call.state.store.can_read(call.caller.user, record) {
        return Err(RestError::item("ACCESS_DENIED", "Access denied"));
    }
    Ok(Reply::of(map! { "item" => outward(original_names(call), whole(entity, record)) }))
}

fn id(call: &Call<'_>) -> Result<i64, RestError> {
    Ok(call.param("id").ok_or_else(|| RestError::missing_parameter("id"))?.int())
}

fn not_found() -> RestError {
    RestError::item("NOT_FOUND", "Element not found")
}

/// `fields` in the table's spelling.
fn fields(call: &Call<'_>) -> Result<Array, RestError> {
    let asked = call.param("fields").and_then(Value::array).ok_or_else(|| RestError::missing_parameter("fields"))?;
    let original = original_names(call);
    let mut fields = Array::default();
    for (key, value) in asked.iter() {
        if let Some(name) = inward(original, &key.text()) {
            fields.set(name, value.clone());
        }
    }
    Ok(fields)
}

fn add(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let entity = entity(call)?;
    let changes = write::read(entity, &fields(call)?, Family::Item)?;
    let id = write::create(call, entity, &changes)?;
    answer(call, entity, id)
}

fn update(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let entity = entity(call)?;
    let id = id(call)?;
    let changes = write::read(entity, &fields(call)?, Family::Item)?;
    changeable(call, entity, id)?;
    write::update(call, entity, id, &changes)?;
    answer(call, entity, id)
}

fn delete(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let entity = entity(call)?;
    let id = id(call)?;
    changeable(call, entity, id)?;
    call.state.store.remove(entity, id);
    Ok(Reply::of(Array::default()))
}

fn changeable(call: &Call<'_>, entity: Entity, id: i64) -> Result<(), RestError> {
    let store = &call.state.store;
    let record = store.record(entity, id).ok_or_else(not_found)?;
    if store.can_update(call.caller.user, record) {
        Ok(())
    } else {
        Err(RestError::item("ACCESS_DENIED", "Access denied"))
    }
}

fn answer(call: &Call<'_>, entity: Entity, id: i64) -> Result<Reply, RestError> {
    let record = call.state.store.record(entity, id).ok_or_else(not_found)?;
    Ok(Reply::of(map! { "item" => outward(original_names(call), whole(entity, record)) }))
}
