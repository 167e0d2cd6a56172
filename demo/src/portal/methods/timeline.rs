//! The timeline: comments and what they are bound to. Source: apidocs.bitrix24.com, `crm.timeline.comment.*`,
//! `crm.timeline.bindings.*`.

use super::{CRM, Call, Method, Reply, list, method, write};
use crate::portal::error::RestError;
use crate::portal::php::{Array, Value, map};
use crate::portal::schema::Entity;
use crate::portal::store::{Binding, Comment, next_id};

pub(super) const METHODS: &[Method] = &[
    method("crm.timeline.comment.add", CRM, add),
    method("crm.timeline.comment.get", CRM, get),
    method("crm.timeline.comment.list", CRM, list),
    method("crm.timeline.comment.update", CRM, update),
    method("crm.timeline.comment.delete", CRM, delete),
    method("crm.timeline.bindings.bind", CRM, bind),
    method("crm.timeline.bindings.unbind", CRM, unbind),
    method("crm.timeline.bindings.list", CRM, bindings),
];

/// Unlike older methods these take only lower-case `fields`.
fn fields<'a>(call: &'a Call<'_>) -> Result<&'a Array, RestError> {
    call.param("fields").and_then(Value::array).ok_or_else(|| RestError::missing_parameter("fields"))
}

fn owner(call: &Call<'_>, fields: &Array) -> Result<Binding, RestError> {
    let entity = fields.get("ENTITY_TYPE").and_then(|name| Entity::from_name(&name.text()));
    let id = fields.get("ENTITY_ID").map_or(0, Value::int);
    let missing = || RestError::item("OWNER_NOT_FOUND", "Owner was not found");
    let binding = Binding { entity: entity.ok_or_else(missing)?, id };
    let record = call.state.store.record(binding.entity, id).ok_or_else(missing)?;
    if call.state.store.can_read(call.caller.user, record) && call.may_update(binding) {
        return Ok(binding);
    }
    Err(RestError::item("ACCESS_DENIED", "Access denied"))
}

fn comment_text(call: &Call<'_>, fields: &Array) -> Result<String, RestError> {
    let text = fields.get("COMMENT").map(Value::text).unwrap_or_default();
    write::refuse_wide(call, text.chars().any(|character| character > '\u{ffff}'))?;
    if text.trim().is_empty() {
        return Err(RestError::item("INVALID_ARG_VALUE", "The comment is empty"));
    }
    Ok(text)
}

fn add(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let asked = fields(call)?.clone();
    let binding = owner(call, &asked)?;
    let text = comment_text(call, &asked)?;
    let id = next_id(&call.state.store.comments);
    let author = asked.get("AUTHOR_ID").map(Value::int).filter(|id| *id > 0).unwrap_or(call.caller.user);
    let mut fields = map! {
        "ID" => id.to_string(),
        "ENTITY_ID" => binding.id.to_string(),
        "ENTITY_TYPE" => binding.entity.name(),
        "CREATED" => call.state.clock.iso(),
        "COMMENT" => text,
        "AUTHOR_ID" => author.to_string(),
    };
    let files = files(call, &asked);
    if !files.is_empty() {
        fields.set("FILES", files);
    }
    call.state.store.comments.insert(id, Comment { id, fields, bindings: vec![binding] });
    Ok(Reply::of(id))
}

/// `[["name", "<base64>"]]` -> what a comment shows of its files, by their ids.
fn files(call: &Call<'_>, asked: &Array) -> Array {
    let given = asked.get("FILES").map(Value::each).unwrap_or_default();
    let mut files = Array::default();
    for (id, file) in (1i64..).zip(given.into_iter().filter_map(Value::array)) {
        let text = |at: &str| file.get(at).map(Value::text).unwrap_or_default();
        files.set(
            id,
            map! {
                "id" => id,
                "date" => call.state.clock.iso(),
                "type" => "file",
                "name" => text("0"),
                "size" => i64::try_from(text("1").len() / 4 * 3).unwrap_or_default(),
                "authorId" => call.caller.user,
            },
        );
    }
    files
}

fn found<'a>(call: &'a Call<'_>, absent: RestError) -> Result<&'a Comment, RestError> {
    let id = call.params.first_of(&["id", "ID"]).map_or(0, Value::int);
    let comment = call.state.store.comments.get(&id).ok_or(absent)?;
    let store = &call.state.store;
    let readable = |binding: &Binding| {
        store.record(binding.entity, binding.id).is_some_and(|record| store.can_read(call.caller.user, record))
    };
    if comment.bindings.iter().any(readable) { Ok(comment) } else { Err(RestError::access_denied()) }
}

fn not_found() -> RestError {
    RestError::item("NOT_FOUND", "Not found.")
}

fn get(call: &mut Call<'_>) -> Result<Reply, RestError> {
    Ok(Reply::of(found(call, RestError::legacy("Not found."))?.fields.clone()))
}

fn list(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let filter = call.array_param("filter")?;
    if filter.get("ENTITY_ID").is_none() || filter.get("ENTITY_TYPE").is_none() {
        return Err(RestError::legacy("ENTITY_ID is not defined or invalid."));
    }
    let wanted = owner(call, &filter).map_err(|_| RestError::access_denied())?;
    let comments = call.state.store.comments.values().filter(|comment| comment.bindings.contains(&wanted));
    let mut rows: Vec<Array> = comments.map(|comment| comment.fields.clone()).collect();
    list::sort(&mut rows, &call.array_param("order")?, |row, name| row.get(name).map(|value| value.int().into()));
    Ok(list::page(call, rows).legacy())
}

fn update(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let id = found(call, not_found())?.id;
    let text = comment_text(call, fields(call)?)?;
    if let Some(comment) = call.state.store.comments.get_mut(&id) {
        comment.fields.set("COMMENT", text);
    }
    Ok(Reply::of(id))
}

fn delete(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let id = found(call, not_found())?.id;
    call.state.store.comments.remove(&id);
    Ok(Reply::of(Value::Null))
}

/// The comment `OWNER_ID` names.
fn comment_id(call: &Call<'_>, of: &Array) -> Result<i64, RestError> {
    let id = of.get("OWNER_ID").map_or(0, Value::int);
    let known = call.state.store.comments.contains_key(&id);
    if known { Ok(id) } else { Err(RestError::legacy("OWNER_ID is not defined or invalid.")) }
}

fn bind(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let asked = fields(call)?.clone();
    let id = comment_id(call, &asked)?;
    let binding = owner(call, &asked)?;
    if let Some(comment) = call.state.store.comments.get_mut(&id)
        && !comment.bindings.contains(&binding)
    {
        comment.bindings.push(binding);
    }
    Ok(Reply::of(true))
}

fn unbind(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let asked = fields(call)?.clone();
    let id = comment_id(call, &asked)?;
    let binding = owner(call, &asked)?;
    if let Some(comment) = call.state.store.comments.get_mut(&id) {
        comment.bindings.retain(|own| *own != binding);
    }
    Ok(Reply::of(true))
}

fn bindings(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let id = comment_id(call, &call.array_param("filter")?)?;
    let row = |binding: &Binding| {
        map! {
            "OWNER_ID" => id.to_string(), "ENTITY_ID" => binding.id.to_string(), "ENTITY_TYPE" => binding.entity.name(),
        }
    };
    let rows: Vec<Array> = call
        .state
        .store
        .comments
        .get(&id)
        .map(|comment| comment.bindings.iter().map(row).collect())
        .unwrap_or_default();
    Ok(list::page(call, rows).legacy())
}
