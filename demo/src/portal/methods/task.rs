//! Tasks. Source: apidocs.bitrix24.com, `tasks.task.*`.

use super::{Call, Method, Reply, method};
use crate::portal::clock;
use crate::portal::error::RestError;
use crate::portal::oauth;
use crate::portal::php::{Array, Value, map};
use crate::portal::store::next_id;

pub(super) const METHODS: &[Method] =
    &[method("tasks.task.add", &["task"], add), method("tasks.task.get", &["task"], get)];

/// The method answers what was saved, in camelCase strings; its error texts are HTML.
fn add(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let fields = call.param("fields").and_then(Value::array).ok_or_else(|| RestError::missing_parameter("fields"))?;
    let text = |name: &str| fields.get(name).map(Value::text).unwrap_or_default();
    let mut problems = String::new();
    if text("TITLE").trim().is_empty() {
        problems.push_str("Task title is not specified<br>");
    }
    let responsible = fields.get("RESPONSIBLE_ID").map_or(0, Value::int);
    if call.state.store.user(responsible).is_none() {
        problems.push_str("The responsible person is not specified<br>");
    }
    if !problems.is_empty() {
        return Err(RestError::item("ERROR_CORE", problems));
    }
    let id = next_id(&call.state.store.tasks);
    let creator = fields.get("CREATED_BY").map(Value::int).filter(|id| *id > 0).unwrap_or(call.caller.user);
    let deadline = clock::parse(&text("DEADLINE")).map(clock::iso);
    let bound = fields.get("UF_CRM_TASK").cloned().unwrap_or_else(|| Array::default().into());
    let task = task(call, id, &text("TITLE"), &text("DESCRIPTION"), (creator, responsible), deadline, bound);
    call.state.store.tasks.insert(id, task.clone());
    Ok(Reply::of(map! { "task" => task }))
}

fn task(
    call: &Call<'_>,
    id: i64,
    title: &str,
    description: &str,
    (creator, responsible): (i64, i64),
    deadline: Option<String>,
    bound: Value,
) -> Array {
    let now = call.state.clock.iso();
    let mut task = map! { "id" => id.to_string(), "title" => title, "description" => description };
    for name in
        ["parentId", "mark", "statusChangedBy", "closedBy", "closedDate", "dateStart", "startDatePlan", "endDatePlan"]
    {
        task.set(name, Value::Null);
    }
    for name in
        ["xmlId", "commentsCount", "serviceCommentsCount", "forkedByTemplateId", "timeSpentInLogs", "forumTopicId"]
    {
        task.set(name, Value::Null);
    }
    for name in
        ["forumId", "exchangeModified", "exchangeId", "viewedDate", "sorting", "durationFact", "flowId", "durationPlan"]
    {
        task.set(name, Value::Null);
    }
    for name in ["multitask", "notViewed", "replicate", "allowChangeDeadline", "allowTimeTracking", "taskControl"] {
        task.set(name, "N");
    }
    for name in ["addInReport", "matchWorkTime", "isMuted", "isPinned", "isPinnedInGroup", "favorite"] {
        task.set(name, "N");
    }
    for name in ["createdDate", "changedDate", "activityDate", "statusChangedDate"] {
        task.set(name, now.as_str());
    }
    for name in ["auditors", "accomplices", "checklist", "group", "accomplicesData", "auditorsData"] {
        task.set(name, Array::default());
    }
    for (name, value) in [
        ("priority", "1"),
        ("stageId", "0"),
        ("timeEstimate", "0"),
        ("siteId", "s1"),
        ("subordinate", "N"),
        ("outlookVersion", "1"),
        ("descriptionInBbcode", "Y"),
        ("status", "2"),
        ("durationType", "days"),
        ("groupId", "0"),
    ] {
        task.set(name, value);
    }
    for (name, user) in [("createdBy", creator), ("responsibleId", responsible), ("changedBy", creator)] {
        task.set(name, user.to_string());
    }
    task.set("guid", format!("{{{}}}", oauth::random(16)));
    task.set("deadline", deadline);
    task.set("creator", person(call, creator));
    task.set("responsible", person(call, responsible));
    task.set("newCommentsCount", 0);
    let mut action = Array::default();
    for name in ["complete", "start", "delegate", "remove", "edit", "defer", "changeDeadline", "rate", "create"] {
        action.set(name, true);
    }
    for name in ["accept", "decline", "approve", "disapprove", "pause", "renew", "deleteFavorite"] {
        action.set(name, false);
    }
    for name in ["checklistAddItems", "addFavorite"] {
        action.set(name, true);
    }
    task.set("action", action);
    task.set("checkListTree", Array::default());
    task.set("checkListCanAdd", true);
    task.set("ufCrmTask", bound);
    task
}

fn person(call: &Call<'_>, id: i64) -> Array {
    let user = call.state.store.user(id);
    let text = |name: &str| user.and_then(|user| user.get(name)).map(Value::text).unwrap_or_default();
    map! {
        "id" => id.to_string(),
        "name" => format!("{} {}", text("NAME"), text("LAST_NAME")),
        "link" => format!("/company/personal/user/{id}/"),
        "icon" => "/bitrix/images/tasks/default_avatar.png",
        "workPosition" => text("WORK_POSITION"),
    }
}

fn get(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let id = call.param("taskId").map(Value::int).ok_or_else(|| RestError::missing_parameter("taskId"))?;
    let task = call.state.store.tasks.get(&id);
    let absent = || RestError::item("ERROR_CORE", "The task does not exist or you can't see it<br>");
    Ok(Reply::of(map! { "task" => task.ok_or_else(absent)?.clone() }))
}
