//! Activities: lists, single ones, changes. Adding is in [`super::activity_add`]. Source: apidocs.bitrix24.com,
//! `crm.activity.*`; module `crm`, `restservice.php`.

use super::fields::describe;
use super::{CRM, Call, Method, Reply, activity_add, list, method};
use crate::portal::error::RestError;
use crate::portal::filter::{self, Condition};
use crate::portal::php::{Array, Value, map};
use crate::portal::schema::{self, Entity, Kind};
use crate::portal::store::{Activity, Store};

pub(super) const METHODS: &[Method] = &[
    method("crm.activity.add", CRM, activity_add::add),
    method("crm.activity.list", CRM, list),
    method("crm.activity.get", CRM, get),
    method("crm.activity.update", CRM, update),
    method("crm.activity.delete", CRM, delete),
    method("crm.activity.fields", CRM, fields),
];

/// E-mail, the `TYPE_ID` that can send.
pub(super) const EMAIL: i64 = 4;

/// The scalar fields in the order answers carry them.
pub(super) const FIELDS: &[(&str, Kind)] = &[
    ("ID", Kind::Int),
    ("OWNER_ID", Kind::Int),
    ("OWNER_TYPE_ID", Kind::Int),
    ("TYPE_ID", Kind::Int),
    ("PROVIDER_ID", Kind::Text),
    ("PROVIDER_TYPE_ID", Kind::Text),
    ("PROVIDER_GROUP_ID", Kind::Text),
    ("ASSOCIATED_ENTITY_ID", Kind::Int),
    ("SUBJECT", Kind::Text),
    ("CREATED", Kind::DateTime),
    ("LAST_UPDATED", Kind::DateTime),
    ("START_TIME", Kind::DateTime),
    ("END_TIME", Kind::DateTime),
    ("DEADLINE", Kind::DateTime),
    ("COMPLETED", Kind::Flag),
    ("STATUS", Kind::Int),
    ("RESPONSIBLE_ID", Kind::User),
    ("PRIORITY", Kind::Int),
    ("NOTIFY_TYPE", Kind::Int),
    ("NOTIFY_VALUE", Kind::Int),
    ("DESCRIPTION", Kind::Text),
    ("DESCRIPTION_TYPE", Kind::Int),
    ("DIRECTION", Kind::Int),
    ("LOCATION", Kind::Text),
    ("ORIGINATOR_ID", Kind::Text),
    ("ORIGIN_ID", Kind::Text),
    ("AUTHOR_ID", Kind::User),
    ("EDITOR_ID", Kind::User),
    ("PROVIDER_DATA", Kind::Text),
    ("RESULT_MARK", Kind::Int),
    ("RESULT_VALUE", Kind::Text),
    ("RESULT_SUM", Kind::Text),
    ("RESULT_CURRENCY_ID", Kind::Text),
    ("RESULT_STATUS", Kind::Int),
    ("RESULT_STREAM", Kind::Int),
    ("RESULT_SOURCE_ID", Kind::Text),
    ("AUTOCOMPLETE_RULE", Kind::Int),
];

/// What an update may change; anything else is dropped silently.
const CHANGEABLE: &[&str] = &[
    "SUBJECT",
    "COMPLETED",
    "RESPONSIBLE_ID",
    "START_TIME",
    "END_TIME",
    "PRIORITY",
    "NOTIFY_TYPE",
    "NOTIFY_VALUE",
    "DESCRIPTION",
    "DESCRIPTION_TYPE",
    "LOCATION",
    "ORIGINATOR_ID",
    "ORIGIN_ID",
    "RESULT_MARK",
    "RESULT_VALUE",
];

fn kind_of(name: &str) -> Option<Kind> {
    FIELDS.iter().find(|(own, _)| *own == name).map(|(_, kind)| *kind)
}

pub(super) fn set(fields: &mut Array, name: &str, value: &Value) {
    let kind = kind_of(name).unwrap_or(Kind::Text);
    fields.set(name, schema::coerce(kind, value));
}

/// Whether the user sees the activity: whoever may read its owner does, and whoever is responsible for it.
pub(super) fn visible(store: &Store, user: i64, activity: &Activity) -> bool {
    let number = |name: &str| activity.fields.get(name).map_or(0, Value::int);
    let owner = Entity::from_id(number("OWNER_TYPE_ID")).and_then(|entity| store.record(entity, number("OWNER_ID")));
    number("RESPONSIBLE_ID") == user || owner.is_none_or(|owner| store.can_read(user, owner))
}

fn list(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let mut filter = call.array_param("filter")?;
    let select: Vec<String> = call.array_param("select")?.values().map(Value::text).collect();
    let mut order = call.array_param("order")?;
    if order.is_empty() {
        order = map! { "START_TIME" => "ASC" };
    }
    let bindings = filter.remove("BINDINGS").filter(|wanted| wanted.array().is_some_and(|wanted| !wanted.is_empty()));
    let (conditions, dropped) = filter::legacy(&filter, kind_of);
    call.note(dropped);
    let store = &call.state.store;
    let user = call.caller.user;
    let mut rows: Vec<&Activity> = Vec::new();
    for activity in
        store.activities.values().filter(|activity| visible(store, user, activity) && holds(&conditions, activity))
    {
        // A join: an activity appears once for every wanted binding it has.
        let times = bindings.as_ref().map_or(1, |wanted| hits(activity, wanted));
        rows.extend(std::iter::repeat_n(activity, times));
    }
    list::sort(&mut rows, &order, |activity, name| activity.fields.get(name).cloned());
    let page = list::page(call, rows);
    let rows: Vec<Array> = page.rows.iter().map(|activity| row(activity, &select)).collect();
    Ok(list::Page { rows, next: page.next, total: page.total }.legacy())
}

fn holds(conditions: &[Condition], activity: &Activity) -> bool {
    conditions.iter().all(|condition| condition.holds(activity.fields.get(&condition.field).unwrap_or(&Value::Null)))
}

fn hits(activity: &Activity, wanted: &Value) -> usize {
    let wanted = wanted.each().into_iter().filter_map(Value::array);
    wanted
        .filter(|pair| {
            let number = |name: &str| pair.get(name).map(Value::int);
            activity.bindings.iter().any(|own| {
                number("OWNER_TYPE_ID") == Some(own.entity.id()) && number("OWNER_ID").is_none_or(|id| id == own.id)
            })
        })
        .count()
}

/// Communications, bindings and files come only when they are named.
fn row(activity: &Activity, select: &[String]) -> Array {
    let asked = |name: &str| select.iter().any(|own| own == name);
    let all = select.is_empty() || asked("*");
    let mut row = Array::default();
    for (name, kind) in FIELDS.iter().filter(|(name, _)| all || *name == "ID" || asked(name)) {
        row.set(*name, text(activity, name, *kind));
        if *name == "LOCATION" && all {
            row.set("SETTINGS", map_or_list(activity, "SETTINGS"));
        }
        if *name == "EDITOR_ID" && all {
            row.set("PROVIDER_PARAMS", map_or_list(activity, "PROVIDER_PARAMS"));
        }
    }
    for name in ["SETTINGS", "PROVIDER_PARAMS"] {
        if asked(name) {
            row.set(name, map_or_list(activity, name));
        }
    }
    if asked("COMMUNICATIONS") {
        let texts = |communication: &Array| {
            let mut texts = Array::default();
            for (key, value) in communication.iter() {
                texts.set(key.clone(), value.text());
            }
            texts
        };
        row.set("COMMUNICATIONS", activity.communications.iter().map(texts).collect::<Vec<_>>());
    }
    if asked("FILES") {
        row.set("FILES", map_or_list(activity, "FILES"));
    }
    row
}

fn text(activity: &Activity, name: &str, kind: Kind) -> Value {
    match activity.fields.get(name) {
        Some(value) if *value != Value::Null => schema::write_legacy(kind, value),
        Some(_) | None => match name {
            "PRIORITY" => "2".into(),
            "DESCRIPTION" | "LOCATION" => "".into(),
            _ if kind == Kind::Int => "0".into(),
            _ => schema::write_legacy(kind, &Value::Null),
        },
    }
}

fn map_or_list(activity: &Activity, name: &str) -> Value {
    activity.fields.get(name).cloned().unwrap_or_else(|| Array::default().into())
}

fn find<'a>(call: &'a Call<'_>, id: i64) -> Result<&'a Activity, RestError> {
    let activity = call.state.store.activities.get(&id).ok_or_else(|| RestError::legacy("Not found"))?;
    if visible(&call.state.store, call.caller.user, activity) { Ok(activity) } else { Err(RestError::access_denied()) }
}

fn get(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let id = call.legacy_id()?;
    Ok(Reply::of(row(find(call, id)?, &[])))
}

/// The activity's id, once the caller may change everything it is bound to.
fn changeable(call: &Call<'_>) -> Result<i64, RestError> {
    let id = call.legacy_id()?;
    let activity = find(call, id)?;
    if activity.bindings.iter().all(|binding| call.may_update(*binding)) {
        Ok(id)
    } else {
        Err(RestError::access_denied())
    }
}

/// Never sends anything, whatever it changes.
fn update(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let id = changeable(call)?;
    let changes = call.legacy_fields()?.clone();
    activity_add::check_characters(call, &changes)?;
    let now = call.state.clock.iso();
    let editor = call.caller.user;
    if let Some(activity) = call.state.store.activities.get_mut(&id) {
        for name in CHANGEABLE {
            if let Some(value) = changes.get(name) {
                set(&mut activity.fields, name, value);
            }
        }
        if let Some(Value::Array(settings)) = changes.get("SETTINGS") {
            activity.fields.set("SETTINGS", settings.clone());
        }
        let completed = activity.fields.get("COMPLETED").and_then(Value::str) == Some("Y");
        activity.fields.set("STATUS", if completed { 2 } else { 1 });
        activity.fields.set("LAST_UPDATED", now);
        activity.fields.set("EDITOR_ID", editor);
    }
    Ok(Reply::of(true))
}

fn delete(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let id = changeable(call)?;
    call.state.store.activities.remove(&id);
    Ok(Reply::of(true))
}

fn fields(_: &mut Call<'_>) -> Result<Reply, RestError> {
    let mut fields = Array::default();
    for (name, kind) in FIELDS {
        let (kind, required) = match (*name, kind) {
            ("OWNER_TYPE_ID", _) => ("crm_enum_ownertype", true),
            ("TYPE_ID", _) => ("crm_enum_activitytype", true),
            ("STATUS", _) => ("crm_enum_activitystatus", false),
            ("PRIORITY", _) => ("crm_enum_activitypriority", false),
            ("NOTIFY_TYPE", _) => ("crm_enum_activitynotifytype", false),
            ("DESCRIPTION_TYPE", _) => ("crm_enum_contenttype", false),
            ("DIRECTION", _) => ("crm_enum_activitydirection", true),
            ("RESULT_VALUE" | "RESULT_SUM", _) => ("double", false),
            (_, Kind::Int) => ("integer", *name == "OWNER_ID"),
            (_, Kind::User) => ("user", false),
            (_, Kind::DateTime) => ("datetime", false),
            (_, Kind::Flag) => ("char", false),
            _ => ("string", *name == "SUBJECT"),
        };
        let read_only = matches!(*name, "ID" | "CREATED" | "LAST_UPDATED" | "AUTHOR_ID" | "EDITOR_ID" | "DEADLINE");
        fields.set(*name, describe(kind, name, required, read_only));
    }
    for (name, kind) in [
        ("SETTINGS", "object"),
        ("PROVIDER_PARAMS", "object"),
        ("BINDINGS", "crm_activity_binding"),
        ("COMMUNICATIONS", "crm_activity_communication"),
        ("FILES", "diskfile"),
        ("WEBDAV_ELEMENTS", "diskfile"),
        ("IS_INCOMING_CHANNEL", "char"),
    ] {
        let mut row =
            describe(kind, name, name == "COMMUNICATIONS", matches!(name, "BINDINGS" | "IS_INCOMING_CHANNEL"));
        row.set("isMultiple", matches!(kind, "crm_activity_binding" | "crm_activity_communication" | "diskfile"));
        if name == "WEBDAV_ELEMENTS" {
            row.set("isDeprecated", true);
        }
        fields.set(name, row);
    }
    Ok(Reply::of(fields))
}
