//! Creating and changing records, for both families: what they accept, drop without a word, and refuse. Source:
//! apidocs.bitrix24.com, `crm.<type>.add`, `crm.item.add`; module `crm`, `restservice.php`.

use super::Call;
use crate::portal::error::RestError;
use crate::portal::php::{Array, Value};
use crate::portal::schema::{self, Entity, Field, Kind};
use crate::portal::seed;
use crate::portal::store::{Multifield, Record, stage_directory};
use crate::portal::switches::CrmMode;

/// Which names and shapes the fields come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Legacy,
    Item,
}

/// What a client wants to be different.
#[derive(Debug, Default)]
pub(super) struct Changes {
    fields: Vec<(&'static Field, Value)>,
    multi: Vec<MultiChange>,
    contacts: Option<Vec<i64>>,
    companies: Option<Vec<i64>>,
}

/// One phone or e-mail to add, change or, with an empty value, delete.
#[derive(Debug)]
struct MultiChange {
    id: Option<i64>,
    type_id: String,
    value_type: Option<String>,
    value: Option<String>,
}

/// Reads `fields`. Unknown and read-only names are dropped silently.
pub(super) fn read(entity: Entity, fields: &Array, family: Family) -> Result<Changes, RestError> {
    let mut changes = Changes::default();
    for field in schema::fields(entity).filter(|field| !field.read_only && field.kind != Kind::Multi) {
        let (known, name) = match family {
            Family::Legacy => (field.in_legacy(), field.name.to_owned()),
            Family::Item => (field.in_item(), field.item_name()),
        };
        if let Some(value) = fields.get(&name).filter(|_| known) {
            changes.fields.push((field, schema::coerce(field.kind, value)));
        }
    }
    let (contacts, companies) = match family {
        Family::Legacy => ("CONTACT_IDS", "COMPANY_IDS"),
        Family::Item => ("contactIds", "companyIds"),
    };
    let ids =
        |name: &str| fields.get(name).map(|ids| ids.each().iter().map(|id| id.int()).filter(|id| *id > 0).collect());
    if matches!(entity, Entity::Deal | Entity::Lead) {
        changes.contacts = ids(contacts);
    }
    if entity == Entity::Contact {
        changes.companies = ids(companies);
    }
    if entity != Entity::Deal {
        changes.multi = match family {
            Family::Legacy => legacy_multi(fields)?,
            Family::Item => item_multi(fields)?,
        };
    }
    for change in &changes.multi {
        check_address(change)?;
    }
    Ok(changes)
}

fn legacy_multi(fields: &Array) -> Result<Vec<MultiChange>, RestError> {
    let mut changes = Vec::new();
    for type_id in ["PHONE", "EMAIL", "WEB", "IM"] {
        let Some(values) = fields.get(type_id) else { continue };
        let values = values.array().ok_or_else(|| RestError::new(400, "100", "Value must be iterable"))?;
        for value in values.values().filter_map(Value::array) {
            let deleted = value.get("DELETE").is_some_and(|flag| flag.text() == "Y");
            changes.push(MultiChange {
                id: value.get("ID").map(Value::int).filter(|id| *id > 0),
                type_id: type_id.to_owned(),
                value_type: value.get("VALUE_TYPE").map(Value::text),
                value: if deleted { Some(String::new()) } else { value.get("VALUE").map(Value::text) },
            });
        }
    }
    Ok(changes)
}

/// An entry without `typeId` is ignored without an error.
fn item_multi(fields: &Array) -> Result<Vec<MultiChange>, RestError> {
    let Some(values) = fields.get("fm") else { return Ok(Vec::new()) };
    let values = values.array().ok_or_else(|| RestError::new(400, "100", "Value must be iterable"))?;
    let entry = |value: &Array| {
        Some(MultiChange {
            id: value.get("id").map(Value::int).filter(|id| *id > 0),
            type_id: value.get("typeId").map(Value::text).filter(|type_id| !type_id.is_empty())?,
            value_type: value.get("valueType").map(Value::text),
            value: value.get("value").map(Value::text),
        })
    };
    Ok(values.values().filter_map(Value::array).filter_map(entry).collect())
}

fn check_address(change: &MultiChange) -> Result<(), RestError> {
    let Some(value) = change.value.as_deref().filter(|value| change.type_id == "EMAIL" && !value.is_empty()) else {
        return Ok(());
    };
    let good = value.split_once('@').is_some_and(|(local, domain)| {
        let plain = !value.contains(char::is_whitespace) && value.chars().count() <= 250;
        plain && !local.is_empty() && !domain.contains('@') && domain.contains('.') && !domain.starts_with('.')
    });
    if good { Ok(()) } else { Err(RestError::item("ERROR_CORE", "The field \"E-mail\" contains an invalid address.")) }
}

/// Creates a record and answers its id.
pub(super) fn create(call: &mut Call<'_>, entity: Entity, changes: &Changes) -> Result<i64, RestError> {
    let denied = call.state.switches.cannot_create.iter().any(|name| name == entity.name());
    if denied && !call.state.store.is_admin(call.caller.user) {
        return Err(RestError::access_denied());
    }
    let id = call.state.store.next_record_id(entity);
    let mut record = Record { id, ..Record::default() };
    let now = call.state.clock.iso();
    let caller = call.caller.user;
    for field in schema::fields(entity).filter(|field| field.kind != Kind::Multi) {
        let value = match field.name {
            "ASSIGNED_BY_ID" | "CREATED_BY_ID" | "MODIFY_BY_ID" | "LAST_ACTIVITY_BY" | "MOVED_BY_ID" => caller.into(),
            "DATE_CREATE" | "DATE_MODIFY" | "LAST_ACTIVITY_TIME" | "MOVED_TIME" => now.as_str().into(),
            "OPENED" | "EXPORT" => "Y".into(),
            "CATEGORY_ID" => 0.into(),
            "CURRENCY_ID" => "EUR".into(),
            _ => Value::Null,
        };
        record.set(field.kind, field.name, &value);
    }
    apply(call, entity, &mut record, changes)?;
    if let Some(field) = missing_custom(entity, &record).filter(|_| call.state.switches.require_custom_fields) {
        return Err(RestError::item("ERROR_CORE", format!("The field \"{}\" is required.", field.title)));
    }
    if record.get("TITLE").text().is_empty() && entity != Entity::Contact {
        let title = match entity {
            Entity::Lead => format!("Lead #{id}"),
            Entity::Deal => format!("Deal #{id}"),
            Entity::Contact | Entity::Company => {
                return Err(RestError::legacy("The field \"Company name\" is required."));
            }
        };
        record.set(Kind::Text, "TITLE", &title.into());
    }
    call.state.store.insert(entity, record);
    if entity == Entity::Lead && call.state.switches.crm_mode == CrmMode::Simple {
        convert(call, id);
    }
    Ok(id)
}

fn missing_custom(entity: Entity, record: &Record) -> Option<&'static Field> {
    schema::fields(entity)
        .filter(|field| field.required && field.name.starts_with("UF_"))
        .find(|field| *record.get(field.name) == Value::Null)
}

/// Changes a record. Whether the caller may is checked before.
pub(super) fn update(call: &mut Call<'_>, entity: Entity, id: i64, changes: &Changes) -> Result<(), RestError> {
    let Some(mut record) = call.state.store.record(entity, id).cloned() else { return Ok(()) };
    let stage = |record: &Record| record.get(stage_name(entity)).clone();
    let before = stage(&record);
    // A deal can't change its pipeline: the field is dropped like an unknown one.
    let category = record.get("CATEGORY_ID").clone();
    apply(call, entity, &mut record, changes)?;
    if entity == Entity::Deal && *record.get("CATEGORY_ID") != category {
        record.fields.set("CATEGORY_ID", category);
        seed::derive(&call.state.store, entity, &mut record);
    }
    let now = call.state.clock.iso();
    record.set(Kind::User, "MODIFY_BY_ID", &call.caller.user.into());
    record.set(Kind::DateTime, "DATE_MODIFY", &now.as_str().into());
    if stage(&record) != before {
        check_stage_fields(call, entity, &record)?;
        record.set(Kind::User, "MOVED_BY_ID", &call.caller.user.into());
        record.set(Kind::DateTime, "MOVED_TIME", &now.into());
    }
    call.state.store.insert(entity, record);
    Ok(())
}

fn stage_name(entity: Entity) -> &'static str {
    if entity == Entity::Deal { "STAGE_ID" } else { "STATUS_ID" }
}

fn apply(call: &mut Call<'_>, entity: Entity, record: &mut Record, changes: &Changes) -> Result<(), RestError> {
    check_characters(call, changes)?;
    for (field, value) in &changes.fields {
        record.fields.set(field.name, value.clone());
    }
    links(record, changes);
    check_stage(call, entity, record)?;
    for change in &changes.multi {
        apply_multi(call, record, change);
    }
    seed::derive(&call.state.store, entity, record);
    Ok(())
}

/// Keeps the primary contact or company and the whole list in step.
fn links(record: &mut Record, changes: &Changes) {
    let set = |name: &str| changes.fields.iter().find(|(field, _)| field.name == name).map(|(_, value)| value.int());
    for (list, asked, name) in [
        (&mut record.contacts, &changes.contacts, "CONTACT_ID"),
        (&mut record.companies, &changes.companies, "COMPANY_ID"),
    ] {
        if let Some(ids) = asked {
            list.clone_from(ids);
        } else if let Some(primary) = set(name) {
            list.retain(|id| *id != primary);
            if primary > 0 {
                list.insert(0, primary);
            }
        } else {
            continue;
        }
        let primary = list.first().map_or(Value::Null, |id| Value::Int(*id));
        if record.fields.get(name).is_some() {
            record.fields.set(name, primary);
        }
    }
}

/// Without a stage the first one of the pipeline; a stage of another pipeline is refused.
fn check_stage(call: &Call<'_>, entity: Entity, record: &mut Record) -> Result<(), RestError> {
    let directory = match entity {
        Entity::Deal => stage_directory(record.get("CATEGORY_ID").int()),
        Entity::Lead => "STATUS".to_owned(),
        Entity::Contact | Entity::Company => return Ok(()),
    };
    let stages: Vec<Value> =
        call.state.store.directory(&directory).filter_map(|row| row.get("STATUS_ID").cloned()).collect();
    let name = stage_name(entity);
    if record.get(name).text().is_empty() {
        record.fields.set(name, stages.first().cloned());
    }
    if stages.contains(record.get(name)) {
        return Ok(());
    }
    Err(RestError::item("CRM_FIELD_ERROR_VALUE_NOT_VALID", "Invalid value for field \"Stage\"."))
}

/// A stage may ask for fields; the error's text is in the language of the portal, and names the field.
fn check_stage_fields(call: &Call<'_>, entity: Entity, record: &Record) -> Result<(), RestError> {
    let stage = record.get(stage_name(entity)).text();
    let Some(name) = call.state.switches.stage_requires.get(&stage) else { return Ok(()) };
    let field = schema::legacy_field(entity, name)
        .filter(|field| matches!(record.get(field.name), Value::Null | Value::Int(0)));
    match field {
        Some(field) => {
            let text = format!("Das Feld \"{}\" muss ausgefüllt werden.", field.title);
            Err(RestError::item("CRM_FIELD_ERROR_REQUIRED", text))
        }
        None => Ok(()),
    }
}

/// An old MySQL refuses characters of four bytes.
fn check_characters(call: &Call<'_>, changes: &Changes) -> Result<(), RestError> {
    let wide = |text: &str| text.chars().any(|character| character > '\u{ffff}');
    let in_fields = changes.fields.iter().any(|(_, value)| wide(&value.text()));
    let in_multi = changes.multi.iter().any(|change| change.value.as_deref().is_some_and(wide));
    refuse_wide(call, in_fields || in_multi)
}

/// The error of [`check_characters`], for texts kept elsewhere too.
pub(super) fn refuse_wide(call: &Call<'_>, wide: bool) -> Result<(), RestError> {
    if wide && call.state.switches.three_byte_utf8 {
        return Err(RestError::new(500, "ERROR_CORE", "SQL query error!"));
    }
    Ok(())
}

fn apply_multi(call: &mut Call<'_>, record: &mut Record, change: &MultiChange) {
    if let Some(id) = change.id {
        if change.value.as_deref() == Some("") {
            record.multi.retain(|multi| multi.id != id);
        } else if let Some(multi) = record.multi.iter_mut().find(|multi| multi.id == id) {
            multi.value = change.value.clone().unwrap_or_else(|| multi.value.clone());
            multi.value_type = change.value_type.clone().unwrap_or_else(|| multi.value_type.clone());
        }
        return;
    }
    let Some(value) = change.value.clone().filter(|value| !value.is_empty()) else { return };
    record.multi.push(Multifield {
        id: call.state.store.next_multifield_id(),
        type_id: change.type_id.clone(),
        value_type: change.value_type.clone().unwrap_or_else(|| "WORK".to_owned()),
        value,
    });
}

/// In simple CRM a lead becomes a contact (and company) with a deal at once.
fn convert(call: &mut Call<'_>, lead: i64) {
    let Some(source) = call.state.store.record(Entity::Lead, lead).cloned() else { return };
    let made = |call: &mut Call<'_>, entity: Entity, names: &[&str], links: &[(&'static str, i64)]| {
        let mut fields = Array::default();
        for name in names {
            fields.set(*name, source.get(name).clone());
        }
        for (name, id) in links {
            fields.set(*name, *id);
        }
        let changes = read(entity, &fields, Family::Legacy).ok()?;
        let id = create(call, entity, &changes).ok()?;
        let record = call.state.store.record_mut(entity, id)?;
        record.fields.set("LEAD_ID", lead);
        if entity == Entity::Contact {
            record.multi.clone_from(&source.multi);
        }
        Some(id)
    };
    let company = (!source.get("COMPANY_TITLE").text().is_empty())
        .then(|| {
            let mut fields = Array::default();
            fields.set("TITLE", source.get("COMPANY_TITLE").clone());
            let changes = read(Entity::Company, &fields, Family::Legacy).ok()?;
            create(call, Entity::Company, &changes).ok()
        })
        .flatten()
        .unwrap_or(0);
    let person = ["NAME", "SECOND_NAME", "LAST_NAME", "POST", "SOURCE_ID", "ASSIGNED_BY_ID"];
    let contact = made(call, Entity::Contact, &person, &[("COMPANY_ID", company)]).unwrap_or(0);
    let deal = ["TITLE", "OPPORTUNITY", "CURRENCY_ID", "SOURCE_ID", "ASSIGNED_BY_ID"];
    made(call, Entity::Deal, &deal, &[("CONTACT_ID", contact), ("COMPANY_ID", company)]);
    let now = call.state.clock.iso();
    if let Some(mut record) = call.state.store.remove(Entity::Lead, lead) {
        record.fields.set("STATUS_ID", "CONVERTED");
        record.set(Kind::DateTime, "DATE_CLOSED", &now.into());
        seed::derive(&call.state.store, Entity::Lead, &mut record);
        call.state.store.insert(Entity::Lead, record);
    }
}
