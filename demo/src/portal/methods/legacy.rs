//! The legacy family `crm.contact.*`, `crm.company.*`, `crm.lead.*`, `crm.deal.*`: lists and single records. Every scalar is a
//! string, and a filter silently loses what it doesn't know. Source: apidocs.bitrix24.com; module `crm`, `restservice.php`.

use super::write::{self, Family};
use super::{CRM, Call, Method, Reply, list, method};
use crate::portal::error::RestError;
use crate::portal::filter::{self, Condition};
use crate::portal::php::{Array, Value, map};
use crate::portal::schema::{self, Entity, Field, Kind};
use crate::portal::store::{Multifield, Record};

pub(super) const METHODS: &[Method] = &[
    method("crm.contact.list", CRM, |call| list(call, Entity::Contact)),
    method("crm.company.list", CRM, |call| list(call, Entity::Company)),
    method("crm.lead.list", CRM, |call| list(call, Entity::Lead)),
    method("crm.deal.list", CRM, |call| list(call, Entity::Deal)),
    method("crm.contact.add", CRM, |call| add(call, Entity::Contact)),
    method("crm.company.add", CRM, |call| add(call, Entity::Company)),
    method("crm.lead.add", CRM, |call| add(call, Entity::Lead)),
    method("crm.deal.add", CRM, |call| add(call, Entity::Deal)),
    method("crm.contact.update", CRM, |call| update(call, Entity::Contact)),
    method("crm.company.update", CRM, |call| update(call, Entity::Company)),
    method("crm.lead.update", CRM, |call| update(call, Entity::Lead)),
    method("crm.deal.update", CRM, |call| update(call, Entity::Deal)),
    method("crm.contact.delete", CRM, |call| delete(call, Entity::Contact)),
    method("crm.company.delete", CRM, |call| delete(call, Entity::Company)),
    method("crm.lead.delete", CRM, |call| delete(call, Entity::Lead)),
    method("crm.deal.delete", CRM, |call| delete(call, Entity::Deal)),
    method("crm.contact.get", CRM, |call| get(call, Entity::Contact)),
    method("crm.company.get", CRM, |call| get(call, Entity::Company)),
    method("crm.lead.get", CRM, |call| get(call, Entity::Lead)),
    method("crm.deal.get", CRM, |call| get(call, Entity::Deal)),
];

fn list(call: &mut Call<'_>, entity: Entity) -> Result<Reply, RestError> {
    let filter = call.array_param("filter")?;
    let select = call.array_param("select")?;
    let order = call.array_param("order")?;
    let (conditions, dropped) = filter::legacy(&filter, |name| filterable(entity, name));
    call.note(dropped);
    let mut rows: Vec<&Record> = call.readable(entity).filter(|record| holds(&conditions, record)).collect();
    list::sort(&mut rows, &order, |record, name| record.fields.get(name).cloned());
    let fields = selected(entity, &select);
    let page = list::page(call, rows);
    let rows: Vec<Array> = page.rows.iter().map(|record| row(record, &fields)).collect();
    Ok(list::Page { rows, next: page.next, total: page.total }.legacy())
}

/// `CONTACT_IDS` of a deal is neither selectable nor filterable.
fn filterable(entity: Entity, name: &str) -> Option<Kind> {
    schema::legacy_field(entity, name).map(|field| field.kind)
}

fn holds(conditions: &[Condition], record: &Record) -> bool {
    conditions.iter().all(|condition| {
        if condition.kind == Kind::Multi {
            condition.holds_multi(record.values_of(&condition.field).map(|multi| multi.value.as_str()))
        } else {
            condition.holds(record.get(&condition.field))
        }
    })
}

/// Without a selection everything but multifields; `*` and `UF_*` are wild cards; unknown names select nothing.
fn selected(entity: Entity, select: &Array) -> Vec<&'static Field> {
    let names: Vec<String> = select.values().map(Value::text).collect();
    let asked = |name: &str| names.iter().any(|own| own == name);
    let all = names.is_empty() || asked("*");
    let custom = names.is_empty() || asked("UF_*");
    schema::fields(entity)
        .filter(|field| field.in_legacy())
        .filter(|field| {
            let wild = if field.name.starts_with("UF_") { custom } else { all && field.kind != Kind::Multi };
            wild || asked(field.name) || field.name == "ID"
        })
        .collect()
}

fn row(record: &Record, fields: &[&Field]) -> Array {
    let mut row = Array::default();
    for field in fields {
        if field.kind != Kind::Multi {
            row.set(field.name, schema::write_legacy(field.kind, record.get(field.name)));
            continue;
        }
        // A record without e-mails has no EMAIL key, rather than an empty list.
        let values: Vec<Array> = record.values_of(field.name).map(multifield).collect();
        if !values.is_empty() {
            row.set(field.name, values);
        }
    }
    row
}

fn multifield(multi: &Multifield) -> Array {
    map! {
        "ID" => multi.id.to_string(),
        "VALUE_TYPE" => &multi.value_type,
        "VALUE" => &multi.value,
        "TYPE_ID" => &multi.type_id,
    }
}

fn get(call: &mut Call<'_>, entity: Entity) -> Result<Reply, RestError> {
    let id = call.legacy_id()?;
    let record = call.state.store.record(entity, id).ok_or_else(|| RestError::legacy("Not found"))?;
    if !call.state.store.can_read(call.caller.user, record) {
        return Err(RestError::access_denied());
    }
    let fields: Vec<&Field> = schema::fields(entity).filter(|field| field.in_legacy()).collect();
    Ok(Reply::of(row(record, &fields)))
}

fn add(call: &mut Call<'_>, entity: Entity) -> Result<Reply, RestError> {
    let changes = write::read(entity, call.legacy_fields()?, Family::Legacy)?;
    Ok(Reply::of(write::create(call, entity, &changes)?))
}

fn update(call: &mut Call<'_>, entity: Entity) -> Result<Reply, RestError> {
    let id = call.legacy_id()?;
    let changes = write::read(entity, call.legacy_fields()?, Family::Legacy)?;
    changeable(call, entity, id)?;
    write::update(call, entity, id, &changes)?;
    Ok(Reply::of(true))
}

fn delete(call: &mut Call<'_>, entity: Entity) -> Result<Reply, RestError> {
    let id = call.legacy_id()?;
    changeable(call, entity, id)?;
    call.state.store.remove(entity, id);
    Ok(Reply::of(true))
}

fn changeable(call: &Call<'_>, entity: Entity, id: i64) -> Result<(), RestError> {
    let store = &call.state.store;
    let record = store.record(entity, id).ok_or_else(|| {
        let name = entity.name();
        RestError::legacy(format!("{}{} is not found", name[..1].to_uppercase(), &name[1..]))
    })?;
    if store.can_update(call.caller.user, record) { Ok(()) } else { Err(RestError::access_denied()) }
}
