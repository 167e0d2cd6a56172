//! Log records and notes in the timeline. Source: apidocs.bitrix24.com, `crm.timeline.logmessage.*`,
//! `crm.timeline.note.*`.

use super::{CRM, Call, Method, Reply, method};
use crate::portal::error::RestError;
use crate::portal::php::{Array, Value, map};
use crate::portal::schema::Entity;
use crate::portal::store::{LogMessage, next_id};

pub(super) const METHODS: &[Method] = &[
    method("crm.timeline.logmessage.add", CRM, add),
    method("crm.timeline.logmessage.get", CRM, get),
    method("crm.timeline.logmessage.list", CRM, list),
    method("crm.timeline.logmessage.delete", CRM, delete),
    method("crm.timeline.note.save", CRM, note_save),
    method("crm.timeline.note.get", CRM, note_get),
    method("crm.timeline.note.delete", CRM, note_delete),
];

/// The only list with a page size of its own.
const PAGE: usize = 10;

fn add(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let asked = call.param("fields").and_then(Value::array).ok_or_else(|| RestError::missing_parameter("fields"))?;
    let on = call.changeable(asked, "entityTypeId", "entityId")?;
    let text = |name: &str| {
        let text = asked.get(name).map(Value::text).filter(|text| !text.is_empty());
        text.ok_or_else(|| RestError::item("0", format!("The field {name} is required")))
    };
    let id = next_id(&call.state.store.log_messages);
    let answer = map! {
        "id" => id,
        "created" => call.state.clock.iso(),
        "authorId" => call.caller.user,
        "title" => text("title")?,
        "text" => text("text")?,
        "iconCode" => text("iconCode")?,
    };
    call.state.store.log_messages.insert(id, LogMessage { id, on, answer: answer.clone() });
    Ok(Reply::of(map! { "logMessage" => answer }))
}

fn found<'a>(call: &'a Call<'_>) -> Result<&'a LogMessage, RestError> {
    let id = call.param("id").map(Value::int).ok_or_else(|| RestError::missing_parameter("id"))?;
    let absent = || RestError::item("NOT_FOUND", format!("Timeline logmessage not found for id {id}"));
    call.state.store.log_messages.get(&id).ok_or_else(absent)
}

fn get(call: &mut Call<'_>) -> Result<Reply, RestError> {
    Ok(Reply::of(map! { "logMessage" => found(call)?.answer.clone() }))
}

/// Newest first, ten to a page.
fn list(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let on = call.changeable(call.params, "entityTypeId", "entityId")?;
    let messages = call.state.store.log_messages.values().rev().filter(|message| message.on == on);
    let rows: Vec<Array> = messages.map(|message| message.answer.clone()).collect();
    let from = usize::try_from(call.param("start").map_or(0, Value::int)).unwrap_or_default() / PAGE * PAGE;
    let total = i64::try_from(rows.len()).unwrap_or_default();
    let next = i64::try_from(from + PAGE).ok().filter(|next| *next < total);
    let page: Vec<Array> = rows.into_iter().skip(from).take(PAGE).collect();
    Ok(Reply { next, total: Some(total), ..Reply::of(page) })
}

fn delete(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let id = found(call)?.id;
    call.state.store.log_messages.remove(&id);
    Ok(Reply::of(true))
}

/// Owner type and id, item type (1 history, 2 activity) and id.
type NoteKey = (i64, i64, i64, i64);

fn note_key(call: &Call<'_>) -> Result<NoteKey, RestError> {
    let number = |name: &str| call.param(name).map(Value::int).ok_or_else(|| RestError::missing_parameter(name));
    let key = (number("ownerTypeId")?, number("ownerId")?, number("itemType")?, number("itemId")?);
    let owned = Entity::from_id(key.0).is_some_and(|entity| call.state.store.record(entity, key.1).is_some());
    let exists = match key.2 {
        1 => call.state.store.comments.contains_key(&key.3) || call.state.store.log_messages.contains_key(&key.3),
        2 => call.state.store.activities.contains_key(&key.3),
        _ => false,
    };
    if owned && exists { Ok(key) } else { Err(note_absent()) }
}

fn note_absent() -> RestError {
    RestError::item("NOT_FOUND", "Element not found")
}

fn note_save(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let key = note_key(call)?;
    let text = call.param("text").map(Value::text).ok_or_else(|| RestError::missing_parameter("text"))?;
    let now = call.state.clock.iso();
    let user = call.caller.user;
    let note = call.state.store.notes.entry(key).or_insert_with(|| {
        map! { "text" => "", "createdById" => user, "createdTime" => now.as_str() }
    });
    note.set("text", text);
    note.set("updatedById", user);
    note.set("updatedTime", now.as_str());
    Ok(Reply::of(true))
}

fn note_get(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let key = note_key(call)?;
    call.state.store.notes.get(&key).map(|note| Reply::of(note.clone())).ok_or_else(note_absent)
}

fn note_delete(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let key = note_key(call)?;
    call.state.store.notes.remove(&key).map(|_| Reply::of(true)).ok_or_else(note_absent)
}
