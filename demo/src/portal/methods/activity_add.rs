//! `crm.activity.add`, which on a real portal sends an e-mail when `TYPE_ID` is 4, `DIRECTION` 2 and `COMPLETED` Y. Here that
//! trips a wire. Source: apidocs.bitrix24.com, `crm.activity.add`; module `crm`, `restservice.php` (innerAdd).

use super::activity::{self, EMAIL};
use super::{Call, Reply, write};
use crate::portal::error::RestError;
use crate::portal::log::SentMail;
use crate::portal::php::{Array, Value, map};
use crate::portal::schema::Entity;
use crate::portal::store::{Activity, Binding, next_id};
use crate::portal::switches::Plan;

/// CRM objects one activity may be bound to.
const MOST_BINDINGS: usize = 100;
/// Characters of a communication's value.
const LONGEST_VALUE: usize = 256;
const CALL: i64 = 2;

/// Fields an add takes; `DEADLINE`, `BINDINGS`, `AUTHOR_ID`, `CREATED` and the like are dropped silently.
const TAKEN: &[&str] = &[
    "SUBJECT",
    "COMPLETED",
    "PRIORITY",
    "NOTIFY_TYPE",
    "NOTIFY_VALUE",
    "DESCRIPTION",
    "DESCRIPTION_TYPE",
    "DIRECTION",
    "LOCATION",
    "ORIGINATOR_ID",
    "ORIGIN_ID",
    "START_TIME",
    "END_TIME",
    "RESULT_MARK",
    "RESULT_VALUE",
];

pub(super) fn add(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let asked = call.legacy_fields()?.clone();
    check_characters(call, &asked)?;
    let number = |name: &str| asked.get(name).map_or(0, Value::int);
    let type_id = number("TYPE_ID");
    let owner = Entity::from_id(number("OWNER_TYPE_ID"))
        .filter(|_| number("OWNER_ID") > 0)
        .map(|entity| Binding { entity, id: number("OWNER_ID") });
    let communications = communications(&asked, type_id, owner);
    let responsible = responsible(call, &asked, owner);
    let problems = problems(call, &asked, type_id, communications.is_empty(), responsible);
    if !problems.is_empty() {
        return Err(RestError::legacy(problems.join("\n")));
    }
    let bindings = bindings(call, owner, &communications)?;

    let id = next_id(&call.state.store.activities);
    let activity = build(call, id, &asked, &bindings, communications, responsible);
    let sends = is_sent(&activity);
    call.state.store.activities.insert(id, activity.clone());
    touch(call, &bindings);
    if sends {
        trip(call, &activity)?;
    }
    Ok(Reply::of(id))
}

/// Refuses what an old database can't store.
pub(super) fn check_characters(call: &Call<'_>, fields: &Array) -> Result<(), RestError> {
    let wide = |value: &Value| value.text().chars().any(|character| character > '\u{ffff}');
    write::refuse_wide(call, fields.values().any(wide))
}

/// The communications that count: any `TYPE` but the activity's own drops one silently.
fn communications(asked: &Array, type_id: i64, owner: Option<Binding>) -> Vec<Array> {
    let channel = if type_id == CALL { "PHONE" } else { "EMAIL" };
    let given = asked.get("COMMUNICATIONS").map(Value::each).unwrap_or_default();
    let mut counted = Vec::new();
    for (index, one) in (1i64..).zip(given.into_iter().filter_map(Value::array)) {
        let text = |name: &str| one.get(name).map(Value::text).unwrap_or_default();
        let (kind, value) = (text("TYPE"), text("VALUE"));
        if !kind.is_empty() && kind != channel || value.is_empty() || value.chars().count() > LONGEST_VALUE {
            continue;
        }
        let number = |name: &str| one.get(name).map(Value::int).filter(|number| *number > 0);
        counted.push(map! {
            "ID" => index,
            "TYPE" => channel,
            "VALUE" => value,
            "ENTITY_ID" => number("ENTITY_ID").or(owner.map(|owner| owner.id)),
            "ENTITY_TYPE_ID" => number("ENTITY_TYPE_ID").or(owner.map(|owner| owner.entity.id())),
        });
    }
    counted
}

fn responsible(call: &Call<'_>, asked: &Array, owner: Option<Binding>) -> i64 {
    let of_owner = || {
        let record = owner.and_then(|owner| call.state.store.record(owner.entity, owner.id))?;
        record.get("ASSIGNED_BY_ID").int().into()
    };
    asked.get("RESPONSIBLE_ID").map(Value::int).or_else(of_owner).unwrap_or(call.caller.user)
}

fn problems(call: &Call<'_>, asked: &Array, type_id: i64, silent: bool, responsible: i64) -> Vec<&'static str> {
    let mut problems = Vec::new();
    if asked.get("SUBJECT").map(Value::text).unwrap_or_default().trim().is_empty() {
        problems.push("The field SUBJECT is not defined or empty.");
    }
    if call.state.store.user(responsible).is_none() {
        problems.push("The field RESPONSIBLE_ID is not defined or invalid.");
    }
    if !matches!(type_id, 1 | CALL | EMAIL | 6) {
        problems.push("The field TYPE_ID is not defined or invalid.");
    }
    if silent && matches!(type_id, CALL | EMAIL) {
        problems.push("The field COMMUNICATIONS is not defined or invalid.");
    }
    problems
}

/// The owner and everything the communications name; each must exist and be changeable by the caller.
fn bindings(call: &Call<'_>, owner: Option<Binding>, communications: &[Array]) -> Result<Vec<Binding>, RestError> {
    let mut bindings: Vec<Binding> = owner.into_iter().collect();
    for one in communications {
        let number = |name: &str| one.get(name).map_or(0, Value::int);
        if let Some(entity) = Entity::from_id(number("ENTITY_TYPE_ID")) {
            let binding = Binding { entity, id: number("ENTITY_ID") };
            if !bindings.contains(&binding) {
                bindings.push(binding);
            }
        }
    }
    if bindings.is_empty() || bindings.len() > MOST_BINDINGS {
        return Err(RestError::legacy(
            "Could not build binding. Please ensure that owner info and communications are defined correctly.",
        ));
    }
    for binding in &bindings {
        if call.state.store.record(binding.entity, binding.id).is_none() {
            return Err(RestError::legacy(format!(
                "Could not find '{}' with ID: {}",
                binding.entity.upper(),
                binding.id
            )));
        }
        if !call.may_update(*binding) {
            return Err(RestError::access_denied());
        }
    }
    Ok(bindings)
}

fn build(
    call: &Call<'_>,
    id: i64,
    asked: &Array,
    bindings: &[Binding],
    communications: Vec<Array>,
    responsible: i64,
) -> Activity {
    let now = call.state.clock.iso();
    let type_id = asked.get("TYPE_ID").map_or(0, Value::int);
    let mut fields =
        map! { "ID" => id, "TYPE_ID" => type_id, "COMPLETED" => "N", "DIRECTION" => 0, "DESCRIPTION_TYPE" => 1 };
    if let Some(owner) = bindings.first() {
        fields.set("OWNER_TYPE_ID", owner.entity.id());
        fields.set("OWNER_ID", owner.id);
    }
    let (provider, provider_type) = match type_id {
        1 => ("CRM_MEETING", "MEETING"),
        CALL => ("VOXIMPLANT_CALL", "CALL"),
        EMAIL => ("CRM_EMAIL", "EMAIL"),
        _ => ("REST_APP", "REST_APP"),
    };
    fields.set("PROVIDER_ID", provider);
    fields.set("PROVIDER_TYPE_ID", provider_type);
    for name in TAKEN {
        if let Some(value) = asked.get(name) {
            activity::set(&mut fields, name, value);
        }
    }
    let present = |fields: &Array, name: &str| fields.get(name).and_then(Value::str).map(str::to_owned);
    let start = present(&fields, "START_TIME").unwrap_or_else(|| now.clone());
    let end = present(&fields, "END_TIME").unwrap_or_else(|| start.clone());
    for (name, value) in [("START_TIME", &start), ("END_TIME", &end), ("CREATED", &now), ("LAST_UPDATED", &now)] {
        fields.set(name, value);
    }
    fields.set("DEADLINE", if type_id == EMAIL { end } else { start });
    fields.set("STATUS", if present(&fields, "COMPLETED").as_deref() == Some("Y") { 2 } else { 1 });
    fields.set("RESPONSIBLE_ID", responsible);
    for name in ["AUTHOR_ID", "EDITOR_ID"] {
        fields.set(name, call.caller.user);
    }
    if let Some(Value::Array(settings)) = asked.get("SETTINGS") {
        fields.set("SETTINGS", settings.clone());
    }
    fields.set("FILES", files(asked));
    sign(call, &mut fields);
    Activity { id, fields, communications, bindings: bindings.to_vec() }
}

/// `[{"fileData": ["name", "<base64>"]}]` -> what a list shows of it.
fn files(asked: &Array) -> Array {
    let given = asked.get("FILES").map(Value::each).unwrap_or_default();
    let named = given.into_iter().filter_map(|file| file.array()?.get("fileData")?.array()?.get("0").map(Value::text));
    (1i64..).zip(named).map(|(id, name)| map! { "id" => id, "url" => format!("/bitrix/tools/crm_show_file.php?fileId={id}&name={name}") }).collect()
}

/// Cloud portals put their signature under a description that isn't empty.
fn sign(call: &Call<'_>, fields: &mut Array) {
    let switches = &call.state.switches;
    let text = fields.get("DESCRIPTION").map(Value::text).unwrap_or_default();
    let is_email = fields.get("TYPE_ID").map(Value::int) == Some(EMAIL);
    if switches.append_mail_signature && switches.plan != Plan::SelfHosted && is_email && !text.is_empty() {
        fields.set("DESCRIPTION", format!("{text}\n\n-- \nWritten in Bitrix24"));
    }
}

fn is_sent(activity: &Activity) -> bool {
    let is = |name: &str, wanted: &str| activity.fields.get(name).is_some_and(|value| value.text() == wanted);
    is("TYPE_ID", "4") && is("DIRECTION", "2") && is("COMPLETED", "Y")
}

fn trip(call: &mut Call<'_>, activity: &Activity) -> Result<(), RestError> {
    let text = |of: &Array, name: &str| of.get(name).map(Value::text).unwrap_or_default();
    call.state.log.stats.sent_mail.push(SentMail {
        activity_id: activity.id,
        to: activity.communications.iter().map(|one| text(one, "VALUE")).collect(),
        subject: text(&activity.fields, "SUBJECT"),
    });
    if call.state.switches.mail_sending_fails {
        return Err(RestError::legacy("Email send error. The mailbox refused the message."));
    }
    Ok(())
}

/// A record's last activity is now.
fn touch(call: &mut Call<'_>, bindings: &[Binding]) {
    let now = call.state.clock.iso();
    for binding in bindings {
        if let Some(record) = call.state.store.record_mut(binding.entity, binding.id) {
            record.fields.set("LAST_ACTIVITY_TIME", now.as_str());
        }
    }
}
