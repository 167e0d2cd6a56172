//! The REST envelope: who asks, the order of checks, the shape of answers. Source: apidocs.bitrix24.com, "How to call REST
//! API"; module `rest` of an on-premise portal (`rest_util.php`, `rest_server.php`).

use jiff::Timestamp;

use super::bucket;
use super::clock;
use super::error::RestError;
use super::exchange::{Incoming, Outcome};
use super::faults::{self, Circumstances, Instead};
use super::form;
use super::log::{LogEntry, Proof};
use super::methods::{self, Call, Reply};
use super::oauth::{Standing, authority};
use super::php::{Array, Value, map};
use super::state::{Identity, State};
use super::switches::Plan;
use super::typed;

/// Who calls, and how they proved it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) user: i64,
    pub(crate) via: Proof,
}

impl Caller {
    fn token_name(self) -> &'static str {
        if self.via == Proof::Webhook { "webhook token" } else { "access token" }
    }
}

/// A REST address taken apart.
struct Target {
    method: String,
    webhook: Option<(i64, String)>,
}

/// Answers a request below `/rest/`.
pub(crate) fn answer(state: &mut State, identity: &Identity, incoming: &Incoming) -> Outcome {
    let params = params(incoming);
    let target = target(&incoming.path).unwrap_or_else(|| Target { method: incoming.path.clone(), webhook: None });
    let proof = match (&target.webhook, token(incoming, &params)) {
        (Some(_), _) => Proof::Webhook,
        (None, Some(_)) => Proof::Token,
        (None, None) => Proof::Nothing,
    };
    state.log.stats.http_calls += 1;
    let mut batched = Vec::new();
    let mut outcome = front(state, incoming, &target)
        .unwrap_or_else(|| serve(state, identity, incoming, &target, &params, &mut batched));
    outcome.spoil = state.faults.spoil(&target.method);
    let entry = LogEntry::new(incoming, &outcome, target.method, proof, &params);
    state.log.record(LogEntry { batched, ..entry });
    outcome
}

/// `/rest/[<user>/<secret>/]<method>[.json][/]`.
fn target(path: &str) -> Option<Target> {
    let parts: Vec<&str> = path.strip_prefix("/rest/")?.split('/').filter(|part| !part.is_empty()).collect();
    let (method, webhook) = match *parts.as_slice() {
        [method] => (method, None),
        [user, secret, method] => (method, Some((user.parse().ok()?, secret.to_owned()))),
        _ => return None,
    };
    let method = method.strip_suffix(".json").unwrap_or(method);
    Some(Target { method: method.to_ascii_lowercase(), webhook })
}

/// Body over query; JSON only for POST with its content type, and broken JSON is no parameters at all.
fn params(incoming: &Incoming) -> Array {
    let mut params = form::decode(incoming.query.as_bytes());
    if incoming.http_method != "POST" {
        return params;
    }
    let body = if incoming.content_type.starts_with("application/json") {
        match serde_json::from_slice::<Value>(&incoming.body) {
            Ok(Value::Array(body)) => body,
            Ok(_) | Err(_) => Array::default(),
        }
    } else {
        form::decode(&incoming.body)
    };
    for (key, value) in body.iter() {
        params.set(key.clone(), value.clone());
    }
    params
}

fn token(incoming: &Incoming, params: &Array) -> Option<String> {
    let bearer = incoming.authorization.strip_prefix("Bearer ").map(str::to_owned);
    bearer
        .or_else(|| params.first_of(&["auth", "access_token"])?.str().map(str::to_owned))
        .filter(|token| !token.is_empty())
}

/// What stands in front of the portal's PHP: the redirect of a renamed portal, the rate limit, and injected faults.
fn front(state: &mut State, incoming: &Incoming, target: &Target) -> Option<Outcome> {
    let now = state.clock.now();
    let address = incoming.target();
    if let Some(origin) = &state.switches.renamed_to
        && incoming.host != authority(origin)
    {
        return Some(faults::redirect(&format!("{origin}{address}")).into());
    }
    if !state.bucket.admit(state.switches.plan, now) {
        return Some(refuse(state, &RestError::query_limit()));
    }
    let circumstances = Circumstances { now: now.as_second(), target: &address, via_webhook: target.webhook.is_some() };
    Some(match state.faults.instead(&target.method, circumstances)? {
        Instead::Error(error) => refuse(state, &error),
        Instead::Canned(canned) => canned.into(),
    })
}

fn refuse(state: &State, error: &RestError) -> Outcome {
    let mut body = error.body();
    if let Some(text) = &state.switches.typed_text {
        body.set("error_description", text);
    }
    Outcome::json(error.status(state.switches.statuses), &body.into())
}

/// The portal itself: method exists, then authorization, then the call.
fn serve(
    state: &mut State,
    identity: &Identity,
    incoming: &Incoming,
    target: &Target,
    params: &Array,
    batched: &mut Vec<String>,
) -> Outcome {
    let start = state.clock.now();
    let reply = methods::find(state, &target.method)
        .ok_or_else(RestError::method_not_found)
        .and_then(|_| authorize(state, identity, incoming, target, params))
        .and_then(|caller| call(state, caller, &target.method, params, batched));
    match reply {
        Ok(mut reply) => {
            if let Some(text) = &state.switches.typed_text {
                typed::overwrite(&mut reply.result, text);
            }
            let mut body = map! { "result" => reply.result };
            if let Some(next) = reply.next {
                body.set("next", next);
            }
            if let Some(total) = reply.total {
                body.set("total", total);
            }
            body.set("time", time(state, &target.method, start, reply.seconds));
            Outcome::json(200, &body.into())
        }
        Err(error) => refuse(state, &error),
    }
}

fn authorize(
    state: &State,
    identity: &Identity,
    incoming: &Incoming,
    target: &Target,
    params: &Array,
) -> Result<Caller, RestError> {
    let caller = match &target.webhook {
        Some((user, secret)) => {
            if state.switches.webhook_needs_https && !identity.base_url.starts_with("https:") {
                return Err(RestError::https_required());
            }
            if identity.webhooks.get(user) != Some(secret) || state.switches.deleted_webhooks.contains(user) {
                return Err(RestError::invalid_credentials());
            }
            Caller { user: *user, via: Proof::Webhook }
        }
        None => {
            let token = token(incoming, params).ok_or_else(RestError::no_auth)?;
            if state.switches.app_deleted {
                return Err(RestError::application_not_found());
            }
            match state.grants.standing(&token, state.clock.seconds()) {
                Standing::Valid { user } => Caller { user, via: Proof::Token },
                Standing::Expired => return Err(RestError::expired_token()),
                Standing::Unknown => return Err(RestError::invalid_token()),
            }
        }
    };
    if !state.store.is_active(caller.user) && !state.switches.dismissed_still_authorized {
        return Err(RestError::user_dismissed());
    }
    if !state.switches.app_access && caller.via == Proof::Token {
        return Err(RestError::user_access());
    }
    if !state.switches.rest_available {
        return Err(RestError::plan(caller.via == Proof::Webhook));
    }
    Ok(caller)
}

/// One call, alone or inside a batch: scope, operating limit, then the method.
pub(crate) fn call(
    state: &mut State,
    caller: Caller,
    name: &str,
    params: &Array,
    batched: &mut Vec<String>,
) -> Result<Reply, RestError> {
    let method = methods::find(state, name).ok_or_else(RestError::method_not_found)?;
    if !method.is_granted(&state.switches.scopes) {
        return Err(RestError::insufficient_scope(caller.token_name()));
    }
    let now = state.clock.now();
    if state.switches.plan != Plan::SelfHosted && !state.operating.allows(method.name, now) {
        let reset = state.operating.reset_at(method.name, now);
        return Err(RestError::operation_time().with("operating_reset_at", reset));
    }
    if method.scopes == ["crm"] && state.store.is_extranet(caller.user) {
        return Err(RestError::only_intranet());
    }
    state.log.stats.method_calls += usize::from(method.name != "batch");
    let mut reply = (method.run)(&mut Call { state: &mut *state, caller, method: method.name, params, batched })?;
    reply.seconds = state.operating.charge(method.name, now);
    Ok(reply)
}

/// The `time` block.
pub(crate) fn time(state: &State, method: &str, start: Timestamp, seconds: f64) -> Array {
    let now = state.clock.now();
    let finish = now.checked_add(bucket::duration(seconds)).unwrap_or(now);
    let duration = finish.duration_since(start).as_secs_f64();
    let mut time = map! {
        "start" => clock::fraction(start),
        "finish" => clock::fraction(finish),
        "duration" => duration,
        "processing" => duration,
        "date_start" => clock::iso(start),
        "date_finish" => clock::iso(finish),
    };
    if state.switches.plan != Plan::SelfHosted {
        time.set("operating_reset_at", state.operating.reset_at(method, now));
        time.set("operating", state.operating.used(method, now));
    }
    time
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        let method = |path| target(path).map(|target| (target.method, target.webhook));
        assert_eq!(method("/rest/Crm.Contact.List.json/"), Some(("crm.contact.list".to_owned(), None)));
        assert_eq!(method("/rest/7/abc/profile"), Some(("profile".to_owned(), Some((7, "abc".to_owned())))));
        assert_eq!(method("/rest/x/abc/profile"), None);
        assert_eq!(method("/rest/"), None);
    }

    #[test]
    fn parameters_come_from_where_php_takes_them() {
        let incoming = |http_method: &str, content_type: &str, body: &str| Incoming {
            http_method: http_method.to_owned(),
            query: "a=1&b=1".to_owned(),
            content_type: content_type.to_owned(),
            body: body.as_bytes().to_vec(),
            ..Incoming::default()
        };
        let json = |incoming: &Incoming| Value::from(params(incoming)).to_json();
        assert_eq!(json(&incoming("POST", "application/json", r#"{"a":2}"#)), r#"{"a":2,"b":"1"}"#);
        assert_eq!(json(&incoming("POST", "application/json", r#"{"a":2"#)), r#"{"a":"1","b":"1"}"#);
        assert_eq!(json(&incoming("POST", "text/plain", "a=3")), r#"{"a":"3","b":"1"}"#);
        assert_eq!(json(&incoming("GET", "application/json", r#"{"a":2}"#)), r#"{"a":"1","b":"1"}"#);
    }
}
