//! The two addresses of the authorization server, as requests and answers.

use super::exchange::{Incoming, Outcome};
use super::faults::{Circumstances, Instead, TOKEN_ENDPOINT};
use super::form;
use super::log::{LogEntry, Proof};
use super::oauth;
use super::pages;
use super::php::{Array, Value};
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
    let address = incoming.target();
    let circumstances = Circumstances { now: state.clock.seconds(), target: &address, via_webhook: false };
    let mut outcome = match state.faults.instead(TOKEN_ENDPOINT, circumstances) {
        Some(Instead::Canned(canned)) => canned.into(),
        Some(Instead::Error(error)) => Outcome::json(error.status(state.switches.statuses), &error.body().into()),
        None => {
            let (status, body) = oauth::token(state, identity, &params);
            Outcome::json(status, &body)
        }
    };
    outcome.spoil = state.faults.spoil(TOKEN_ENDPOINT);
    state.log.record(LogEntry::new(incoming, &outcome, TOKEN_ENDPOINT.to_owned(), Proof::Nothing, &params));
    outcome
}
