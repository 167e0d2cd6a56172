//! What an activity is bound to, and the two younger kinds of activities. Source: apidocs.bitrix24.com,
//! `crm.activity.binding.*`, `crm.activity.todo.add`, `crm.activity.configurable.add`.

use super::activity::visible;
use super::{CRM, Call, Method, Reply, method};
use crate::portal::clock;
use crate::portal::error::RestError;
use crate::portal::log::Proof;
use crate::portal::php::{Array, Value, map};
use crate::portal::store::{Activity, Binding, next_id};

pub(super) const METHODS: &[Method] = &[
    method("crm.activity.binding.add", CRM, add),
    method("crm.activity.binding.list", CRM, list),
    method("crm.activity.binding.delete", CRM, delete),
    method("crm.activity.binding.move", CRM, move_binding),
    method("crm.activity.todo.add", CRM, todo),
    method("crm.activity.configurable.add", CRM, configurable),
];

fn not_found() -> RestError {
    RestError::item("NOT_FOUND", "Element not found")
}

fn activity_id(call: &Call<'_>) -> Result<i64, RestError> {
    let id = call.param("activityId").map(Value::int).ok_or_else(|| RestError::missing_parameter("activityId"))?;
    let activity = call.state.store.activities.get(&id).ok_or_else(not_found)?;
    if visible(&call.state.store, call.caller.user, activity) {
        Ok(id)
    } else {
        Err(RestError::item("ACCESS_DENIED", "Access denied"))
    }
}

fn bindings<'a>(call: &'a mut Call<'_>, id: i64) -> Result<&'a mut Vec<Binding>, RestError> {
    call.state.store.activities.get_mut(&id).map(|activity| &mut activity.bindings).ok_or_else(not_found)
}

fn add(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let id = activity_id(call)?;
    let binding = call.changeable(call.params, "entityTypeId", "entityId")?;
    let bindings = bindings(call, id)?;
    if bindings.contains(&binding) {
        return Err(RestError::item("ACTIVITY_IS_ALREADY_BOUND", "Activity is already bound to this element"));
    }
    bindings.push(binding);
    Ok(Reply::of(true))
}

fn list(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let id = activity_id(call)?;
    let row = |binding: &Binding| map! { "entityTypeId" => binding.entity.id(), "entityId" => binding.id };
    Ok(Reply::of(bindings(call, id)?.iter().map(row).collect::<Vec<_>>()))
}

fn delete(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let id = activity_id(call)?;
    let binding = call.changeable(call.params, "entityTypeId", "entityId")?;
    let bindings = bindings(call, id)?;
    if !bindings.contains(&binding) {
        return Err(RestError::item("BINDING_NOT_FOUND", "Binding not found"));
    }
    if bindings.len() == 1 {
        return Err(RestError::item("LAST_BINDING_CANNOT_BE_DELETED", "The last binding can't be deleted"));
    }
    bindings.retain(|own| *own != binding);
    Ok(Reply::of(true))
}

fn move_binding(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let id = activity_id(call)?;
    let source = call.changeable(call.params, "sourceEntityTypeId", "sourceEntityId")?;
    let goal = call.changeable(call.params, "targetEntityTypeId", "targetEntityId")?;
    if source.entity != goal.entity {
        let text = "Source and target entity types are not equal";
        return Err(RestError::item("SOURCE_AND_TARGET_ENTITY_TYPES_ARE_NOT_EQUAL", text));
    }
    if source == goal {
        let text = "Source and target entity ids are equal";
        return Err(RestError::item("SOURCE_AND_TARGET_ENTITY_ID_ARE_EQUAL_ERROR", text));
    }
    let activity = call.state.store.activities.get_mut(&id).ok_or_else(not_found)?;
    if activity.bindings.contains(&goal) {
        return Err(RestError::item("ACTIVITY_IS_ALREADY_BOUND", "Activity is already bound to this element"));
    }
    let own = activity.bindings.iter_mut().find(|own| **own == source);
    *own.ok_or_else(|| RestError::item("BINDING_NOT_FOUND", "Binding not found"))? = goal;
    // The owner goes along; its type never changes.
    let owner = (activity.fields.get("OWNER_TYPE_ID").map(Value::int), activity.fields.get("OWNER_ID").map(Value::int));
    if owner == (Some(source.entity.id()), Some(source.id)) {
        activity.fields.set("OWNER_ID", goal.id);
    }
    Ok(Reply::of(true))
}

/// A to-do for the responsible, due at `deadline`.
fn todo(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let owner = call.changeable(call.params, "ownerTypeId", "ownerId")?;
    let deadline = call.param("deadline").ok_or_else(|| RestError::missing_parameter("deadline"))?.text();
    let wrong = || RestError::item("WRONG_DATETIME_FORMAT", "Wrong date and time format");
    let deadline = clock::iso(clock::parse(&deadline).ok_or_else(wrong)?);
    let text = |name: &str| call.param(name).map(Value::text).unwrap_or_default();
    let title = Some(text("title")).filter(|title| !title.is_empty()).unwrap_or_else(|| "To-do".to_owned());
    let fields = map! {
        "TYPE_ID" => 6,
        "PROVIDER_ID" => "CRM_TODO",
        "PROVIDER_TYPE_ID" => "TODO",
        "SUBJECT" => title,
        "DESCRIPTION" => text("description"),
        "START_TIME" => &deadline,
        "END_TIME" => &deadline,
        "DEADLINE" => &deadline,
        "COMPLETED" => "N",
        "RESPONSIBLE_ID" => call.param("responsibleId").map_or(call.caller.user, Value::int),
    };
    Ok(Reply::of(map! { "id" => insert(call, owner, fields) }))
}

/// An activity with a layout of its own; only an application may add one, a webhook may not.
fn configurable(call: &mut Call<'_>) -> Result<Reply, RestError> {
    if call.caller.via == Proof::Webhook {
        let text = "The method call is only possible in the context of a REST application";
        return Err(RestError::item("ERROR_WRONG_CONTEXT", text));
    }
    let owner = call.changeable(call.params, "ownerTypeId", "ownerId")?;
    let array = |name: &str| call.param(name).and_then(Value::array).ok_or_else(|| RestError::missing_parameter(name));
    let (asked, layout) = (array("fields")?, array("layout")?);
    let title = layout.get("header").and_then(Value::array).and_then(|header| header.get("title")).map(Value::text);
    let completed = asked.get("completed").is_some_and(Value::truthy);
    let fields = map! {
        "TYPE_ID" => 6,
        "PROVIDER_ID" => "CONFIGURABLE_REST_APP",
        "PROVIDER_TYPE_ID" => asked.get("typeId").map_or("CONFIGURABLE".to_owned(), Value::text),
        "SUBJECT" => title.unwrap_or_default(),
        "COMPLETED" => if completed { "Y" } else { "N" },
        "RESPONSIBLE_ID" => asked.get("responsibleId").map_or(call.caller.user, Value::int),
        "ORIGINATOR_ID" => asked.get("originatorId").cloned(),
        "ORIGIN_ID" => asked.get("originId").cloned(),
        "PROVIDER_PARAMS" => map! { "layout" => layout.clone() },
    };
    Ok(Reply::of(map! { "activity" => map! { "id" => insert(call, owner, fields) } }))
}

fn insert(call: &mut Call<'_>, owner: Binding, mut fields: Array) -> i64 {
    let id = next_id(&call.state.store.activities);
    let now = call.state.clock.iso();
    fields.set("ID", id);
    fields.set("OWNER_TYPE_ID", owner.entity.id());
    fields.set("OWNER_ID", owner.id);
    for name in ["CREATED", "LAST_UPDATED"] {
        fields.set(name, now.as_str());
    }
    for name in ["AUTHOR_ID", "EDITOR_ID"] {
        fields.set(name, call.caller.user);
    }
    let activity = Activity { id, fields, communications: Vec::new(), bindings: vec![owner] };
    call.state.store.activities.insert(id, activity);
    id
}
