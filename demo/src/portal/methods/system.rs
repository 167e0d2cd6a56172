//! Methods about the portal, the application and the caller.

use super::{CRM, Call, Method, Reply, find, method};
use crate::portal::batch;
use crate::portal::error::RestError;
use crate::portal::log::Proof;
use crate::portal::php::{Array, Value, map};
use crate::portal::switches::{CrmMode, Plan, StatusTable};

pub(super) const METHODS: &[Method] = &[
    method("batch", &[], batch::run),
    method("profile", &[], profile),
    method("scope", &[], scope),
    method("app.info", &[], app_info),
    method("method.get", &[], method_get),
    method("methods", &[], methods),
    method("server.time", &[], server_time),
    method("user.admin", &[], user_admin),
    method("crm.settings.mode.get", CRM, mode),
];

/// Every scope a portal can grant, of which this one knows a few.
const ALL_SCOPES: &[&str] = &[
    "calendar",
    "crm",
    "department",
    "disk",
    "im",
    "log",
    "task",
    "user",
    "user_basic",
    "user_brief",
    "userfieldconfig",
];

fn profile(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let store = &call.state.store;
    let Some(user) = store.user(call.caller.user).filter(|_| store.is_active(call.caller.user)) else {
        return Ok(Reply::of(Array::default()));
    };
    let text = |name: &str| user.get(name).map(Value::text).unwrap_or_default();
    Ok(Reply::of(map! {
        "ID" => text("ID"),
        "ADMIN" => store.is_admin(call.caller.user),
        "NAME" => text("NAME"),
        "LAST_NAME" => text("LAST_NAME"),
        "PERSONAL_GENDER" => text("PERSONAL_GENDER"),
        "TIME_ZONE" => "",
    }))
}

fn scope(call: &mut Call<'_>) -> Result<Reply, RestError> {
    if call.param("full").is_some_and(|full| full.truthy() && full.str() != Some("false")) {
        return Ok(Reply::of(ALL_SCOPES.to_vec()));
    }
    Ok(Reply::of(call.state.switches.scopes.clone()))
}

fn app_info(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let (license, family) = match call.state.switches.plan {
        Plan::Standard => ("en_std", "std"),
        Plan::Enterprise => ("en_ent250", "ent"),
        Plan::SelfHosted => ("en_selfhosted", "selfhosted"),
    };
    if call.caller.via == Proof::Webhook {
        if call.state.switches.statuses == StatusTable::Docs {
            return Err(RestError::new(403, "ACCESS_DENIED", "Application context required"));
        }
        return Ok(Reply::of(map! { "SCOPE" => call.state.switches.scopes.clone(), "LICENSE" => license }));
    }
    Ok(Reply::of(map! {
        "ID" => 5,
        "CODE" => &call.state.client_id,
        "VERSION" => 0,
        "STATUS" => "L",
        "INSTALLED" => true,
        "PAYMENT_EXPIRED" => "N",
        "DAYS" => Value::Null,
        "LANGUAGE_ID" => "en",
        "LICENSE" => license,
        "LICENSE_TYPE" => license.split_once('_').map_or(license, |(_, kind)| kind),
        "LICENSE_FAMILY" => family,
    }))
}

fn method_get(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let name = call.param("name").map(Value::text).unwrap_or_default();
    let found = find(call.state, &name);
    let available = found.is_some_and(|method| method.is_granted(&call.state.switches.scopes));
    Ok(Reply::of(map! { "isExisting" => found.is_some(), "isAvailable" => available }))
}

fn methods(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let all = super::FAMILIES.iter().flat_map(|family| family.iter()).map(|method| method.name);
    Ok(Reply::of(all.filter(|name| find(call.state, name).is_some()).collect::<Vec<_>>()))
}

fn server_time(call: &mut Call<'_>) -> Result<Reply, RestError> {
    Ok(Reply::of(call.state.clock.iso()))
}

fn user_admin(call: &mut Call<'_>) -> Result<Reply, RestError> {
    Ok(Reply::of(call.state.store.is_admin(call.caller.user)))
}

fn mode(call: &mut Call<'_>) -> Result<Reply, RestError> {
    Ok(Reply::of(match call.state.switches.crm_mode {
        CrmMode::Classic => 1,
        CrmMode::Simple => 2,
    }))
}
