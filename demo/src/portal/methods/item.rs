//! The universal family `crm.item.*`: camelCase, numbers, and an error for a filter it doesn't know. Source:
//! apidocs.bitrix24.com, "crm.item.*"; module `crm`, `controller/item.php`.

use super::write::{self, Family};
use super::{CRM, Call, Method, Reply, list, method};
use crate::portal::error::RestError;
use crate::portal::filter::{Condition, Group};
use crate::portal::php::{Array, Value, map};
use crate::portal::schema::{self, Entity, Kind};
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

fn list(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let entity = entity(call)?;
    let group = Group::read(&call.array_param("filter")?, &|name| filterable(call, entity, name)).map_err(|name| {
        RestError::item("INVALID_ARG_VALUE", format!("Invalid filter: field '{name}' is not allowed in filter"))
    })?;
    let mut rows: Vec<&Record> =
        call.readable(entity).filter(|record| group.matches(&|condition| holds(entity, condition, record))).collect();
    list::sort(&mut rows, &call.array_param("order")?, |record, name| {
        schema::item_field(entity, name).map(|field| record.get(field.name).clone())
    });
    let select: Vec<String> = call.array_param("select")?.values().map(Value::text).collect();
    let all = select.is_empty() || select.iter().any(|name| name == "*");
    let page = list::page(call, rows);
    let items: Vec<Array> = page
        .rows
        .iter()
        .map(|record| {
            let item = whole(entity, record);
            if all { item } else { pick(&item, &select) }
        })
        .collect();
    Ok(Reply { next: page.next, total: page.total, ..Reply::of(map! { "items" => items }) })
}

/// The fields a filter may name: what the schema has, minus what is only filled while an item is written.
fn filterable(call: &Call<'_>, entity: Entity, name: &str) -> Option<Kind> {
    if name == "contactIds" {
        let known = matches!(entity, Entity::Deal | Entity::Lead) && call.state.switches.contact_ids_filter;
        return known.then_some(Kind::Ref(Entity::Contact));
    }
    let flat = ["email", "phone", "skype", "icq", "imol"].iter().any(|flat| name.starts_with(flat));
    schema::item_field(entity, name).filter(|_| !flat).map(|field| field.kind)
}

fn holds(entity: Entity, condition: &Condition, record: &Record) -> bool {
    if condition.field == "contactIds" {
        return condition.holds_ids(&record.contacts);
    }
    schema::item_field(entity, &condition.field).is_some_and(|field| condition.holds(record.get(field.name)))
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
    Ok(Reply::of(map! { "item" => whole(entity, record) }))
}

fn id(call: &Call<'_>) -> Result<i64, RestError> {
    Ok(call.param("id").ok_or_else(|| RestError::missing_parameter("id"))?.int())
}

fn not_found() -> RestError {
    RestError::item("NOT_FOUND", "Element not found")
}

fn fields<'a>(call: &'a Call<'_>) -> Result<&'a Array, RestError> {
    call.param("fields").and_then(Value::array).ok_or_else(|| RestError::missing_parameter("fields"))
}

fn add(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let entity = entity(call)?;
    let changes = write::read(entity, fields(call)?, Family::Item)?;
    let id = write::create(call, entity, &changes)?;
    answer(call, entity, id)
}

fn update(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let entity = entity(call)?;
    let id = id(call)?;
    let changes = write::read(entity, fields(call)?, Family::Item)?;
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
    Ok(Reply::of(map! { "item" => whole(entity, record) }))
}
