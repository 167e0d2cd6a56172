//! The two addresses of the authorization server, as requests and answers.

use super::error::RestError;
use super::exchange::{Incoming, Outcome};
use super::faults::{self, Effect, TOKEN_ENDPOINT};
use super::form;
use super::log::{LogEntry, Proof};
use super::oauth;
use super::pages;
use super::php::{Array, Value};
use super::rest::readable;
use super::state::{Identity, State};

/// `/oauth/authorize/`: reads `client_id` and `state` and nothing else; failures are pages, never redirects.
pub(crate) fn authorize(state: &mut State, identity: &Identity, incoming: &Incoming) -> Outcome {
    let params = form::decode(incoming.query.as_bytes());
    let param = |name: &str| params.get(name).map(Value::text).unwrap_or_default();
    if param("client_id") != identity.client_id || state.switches.app_deleted {
        return Outcome::html(200, pages::notice("Application was not found."));
    }
    if incoming.http_method == "POST" {
        let login = form::decode(&incoming.body).get("USER_LOGIN").map(Value::text).unwrap_or_default();
        state.switches.logged_in_user = user_of(state, &login);
    }
    let user = state.switches.logged_in_user.filter(|user| state.store.is_active(*user));
    match user {
        Some(user) => Outcome::redirect(oauth::redirect_to(state, identity, user, &param("state"))),
        None => Outcome::html(200, pages::login_form(&incoming.target())),
    }
}

fn user_of(state: &State, login: &str) -> Option<i64> {
    let has_login =
        |user: &&Array| user.get("EMAIL").is_some_and(|email| email.text().eq_ignore_ascii_case(login.trim()));
    state.store.users.iter().find(has_login).and_then(|user| user.get("ID")).map(Value::int)
}

/// `/oauth/token/`: GET with a query, as documented, or POST with a form, as the official SDKs do.
pub(crate) fn token(state: &mut State, identity: &Identity, incoming: &Incoming) -> Outcome {
    let mut params = form::decode(incoming.query.as_bytes());
    if incoming.http_method == "POST" {
        for (key, value) in form::decode(&incoming.body).iter() {
            params.set(key.clone(), value.clone());
        }
    }
    let mut outcome = match state.faults.take_before(TOKEN_ENDPOINT) {
        Some(kind) => match faults::effect(&kind, state.clock.seconds(), &incoming.target(), "access token") {
            Effect::Canned(canned) => canned.into(),
            Effect::Error(error) => Outcome::json(error.status(state.switches.statuses), &error.body().into()),
            Effect::Hold | Effect::Truncate => Outcome::json(500, &RestError::method_not_found().body().into()),
        },
        None => {
            let (status, body) = oauth::token(state, identity, &params);
            Outcome::json(status, &body)
        }
    };
    match state.faults.take_after(TOKEN_ENDPOINT).map(|kind| faults::effect(&kind, 0, "", "")) {
        Some(Effect::Hold) => outcome.hold = true,
        Some(Effect::Truncate) => outcome.truncate = true,
        Some(Effect::Error(_) | Effect::Canned(_)) | None => {}
    }
    let error = serde_json::from_str::<serde_json::Value>(&outcome.body).ok();
    state.log.record(LogEntry {
        number: 0,
        method: TOKEN_ENDPOINT.to_owned(),
        batched: Vec::new(),
        http_method: incoming.http_method.clone(),
        status: outcome.status,
        error: error.and_then(|body| body.get("error")?.as_str().map(str::to_owned)),
        bytes_in: incoming.body.len(),
        bytes_out: outcome.body.len(),
        proof: Proof::Nothing,
        user_agent: incoming.user_agent.clone(),
        params: readable(&params),
    });
    outcome
}
