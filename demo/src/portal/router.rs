//! The portal's addresses.
//!
//! | address | what |
//! | --- | --- |
//! | `GET /oauth/authorize/?client_id&state` | 302 to the registered address, or the login form, or an error page |
//! | `POST /oauth/authorize/?…` with `USER_LOGIN` | logs in with any password, then as above |
//! | `GET`, `POST` `/oauth/token/` | the authorization server |
//! | any `/rest/<method>[.json][/]` | REST with `auth`, `access_token` or `Authorization: Bearer` |
//! | any `/rest/<user>/<secret>/<method>[.json][/]` | REST through an inbound webhook |
//! | `GET /crm/<contact, company, lead, deal>/details/<id>/` | a record's page |
//! | `GET /crm/<kind>/merge/?id=<id>,<id>` | the screen that merges records |
//! | `GET /company/personal/user/<id>/` | an employee's page |
//! | `GET /company/personal/user/<id>/tasks/task/view/<id>/` | a task's page |
//!
//! No real portal has these; they are for tests. Bodies and answers are JSON; a refused request is answered 4xx with the reason.
//!
//! | address | body, answer |
//! | --- | --- |
//! | `GET /_fake/log` | a list of [`super::LogEntry`] |
//! | `GET /_fake/stats` | [`super::Stats`]: counters and tripwires |
//! | `GET /_fake/rows/<kind>` | everything the portal keeps of `contact`, `company`, `lead`, `deal`, `activity`, `comment`, `task` |
//! | `GET /_fake/tokens` | every access and refresh token that was issued, in order |
//! | `GET /_fake/switches` | [`super::Switches`] |
//! | `POST /_fake/switches` | any of the switches: `{"crmMode": "simple"}`; answers them all |
//! | `POST /_fake/faults` | a [`super::Fault`] or a list: `{"kind": "expiredToken", "method": "batch", "times": 2}` |
//! | `DELETE /_fake/faults` | drops those that haven't happened |
//! | `POST /_fake/clock` | `{"advanceSeconds": 3601}`; answers `{"now": "…"}` |
//! | `POST /_fake/operating` | `{"method": "crm.item.list", "seconds": 250}`: what each further call counts |
//! | `POST /_fake/dismiss` | `{"user": 7}` |
//! | `POST /_fake/access` | `{"kind": "contact", "id": 2, "access": "full", "read" or "none"}` |
//! | `POST /_fake/pipeline` | `{"id": 12, "name": "Rentals", "stages": [{"id": "C12:NEW", "name": "Asked for"}]}`: a pipeline, or further stages of one |
//! | `POST /_fake/delete-app` | the administrator deletes the application |
//! | `GET /_fake/held?atLeast=1` | answers once that many answers are held back by the fault `slowAnswer` |
//! | `POST /_fake/release` | lets them go |
//! | `POST /_fake/reset` | back to the seed; clock and issued tokens stay |

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Query, Request, State as Extract};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{any, get};
use futures_util::{StreamExt, stream};
use serde::Deserialize;

use super::admin;
use super::authorize;
use super::exchange::{Incoming, Outcome};
use super::faults::{Spoil, bad_gateway};
use super::pages;
use super::rest;
use super::state::Shared;

/// The largest body the portal takes, in bytes.
const LARGEST_BODY: usize = 64 * 1024 * 1024;

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/oauth/authorize", any(authorize_page))
        .route("/oauth/authorize/", any(authorize_page))
        .route("/oauth/token", any(token))
        .route("/oauth/token/", any(token))
        .route("/rest/{*method}", any(rest_call))
        .route("/crm/{kind}/details/{id}", get(record_page))
        .route("/crm/{kind}/details/{id}/", get(record_page))
        .route("/crm/{kind}/merge/", get(merge_page))
        .route("/company/personal/user/{id}", get(user_page))
        .route("/company/personal/user/{id}/", get(user_page))
        .route("/company/personal/user/{user}/tasks/task/view/{id}/", get(task_page))
        .merge(admin::routes())
        .fallback(missing_page)
        .with_state(shared)
}

async fn authorize_page(Extract(shared): Extract<Arc<Shared>>, request: Request) -> Response {
    let Some(incoming) = read(&shared, request).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let outcome = authorize::authorize(&mut shared.state(), &shared.identity, &incoming);
    respond(&shared, outcome).await
}

async fn token(Extract(shared): Extract<Arc<Shared>>, request: Request) -> Response {
    let Some(incoming) = read(&shared, request).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let outcome = authorize::token(&mut shared.state(), &shared.identity, &incoming);
    respond(&shared, outcome).await
}

async fn rest_call(Extract(shared): Extract<Arc<Shared>>, request: Request) -> Response {
    let Some(incoming) = read(&shared, request).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let outcome = rest::answer(&mut shared.state(), &shared.identity, &incoming);
    let mut response = respond(&shared, outcome).await;
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

async fn record_page(Extract(shared): Extract<Arc<Shared>>, Path((kind, id)): Path<(String, i64)>) -> Response {
    let page = pages::record(&shared.state(), &kind, id);
    web_page(page)
}

async fn merge_page(
    Extract(shared): Extract<Arc<Shared>>,
    Path(kind): Path<String>,
    Query(ids): Query<Merged>,
) -> Response {
    let page = pages::merge(&shared.state(), &kind, &ids.id);
    web_page(page)
}

/// The query of the merge screen.
#[derive(Deserialize)]
struct Merged {
    id: String,
}

async fn user_page(Extract(shared): Extract<Arc<Shared>>, Path(id): Path<i64>) -> Response {
    let page = pages::user(&shared.state(), id);
    web_page(page)
}

async fn task_page(Extract(shared): Extract<Arc<Shared>>, Path((_, id)): Path<(i64, i64)>) -> Response {
    let page = pages::task(&shared.state(), id);
    web_page(page)
}

async fn missing_page() -> Response {
    web_page(None)
}

fn web_page(page: Option<String>) -> Response {
    match page {
        Some(page) => Html(page).into_response(),
        None => (StatusCode::NOT_FOUND, Html(pages::notice("This page doesn't exist."))).into_response(),
    }
}

/// Takes a request in, and notes a secret in its address; `None` if it is too big.
async fn read(shared: &Shared, request: Request) -> Option<Incoming> {
    let (parts, body) = request.into_parts();
    let address = parts.uri.to_string();
    {
        let mut state = shared.state();
        if state.grants.occur_in(&address) || address.contains(&shared.identity.client_secret) {
            state.log.stats.secrets_in_urls += 1;
        }
    }
    let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    Some(Incoming {
        http_method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        host: text(header::HOST),
        content_type: text(header::CONTENT_TYPE),
        authorization: text(header::AUTHORIZATION),
        user_agent: text(header::USER_AGENT),
        body: to_bytes(body, LARGEST_BODY).await.ok()?.to_vec(),
    })
}

async fn respond(shared: &Shared, mut outcome: Outcome) -> Response {
    match outcome.spoil {
        Some(Spoil::Hold) => hold(shared).await,
        Some(Spoil::Lose) => outcome = bad_gateway().into(),
        Some(Spoil::Truncate) | None => {}
    }
    let length = outcome.body.len();
    let mut response = if outcome.spoil == Some(Spoil::Truncate) {
        // Half of the body, then an error, which ends the connection. Between them the server gets a turn to send the half.
        let half = outcome.body.as_bytes()[..length / 2].to_vec();
        let end = stream::once(async {
            tokio::task::yield_now().await;
            Err(io::Error::from(io::ErrorKind::ConnectionAborted))
        });
        Response::new(Body::from_stream(stream::iter([Ok(half)]).chain(end)))
    } else {
        Response::new(Body::from(outcome.body))
    };
    *response.status_mut() = StatusCode::from_u16(outcome.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    if let Ok(content_type) = HeaderValue::from_str(&outcome.content_type) {
        headers.insert(header::CONTENT_TYPE, content_type);
    }
    if let Some(Ok(location)) = outcome.location.as_deref().map(HeaderValue::from_str) {
        headers.insert(header::LOCATION, location);
    }
    response
}

/// Waits for the next release; a client that gives up ends the wait too.
async fn hold(shared: &Shared) {
    struct Held<'a>(&'a Shared);
    impl Drop for Held<'_> {
        fn drop(&mut self) {
            self.0.held.send_modify(|held| *held -= 1);
        }
    }
    let mut releases = shared.releases.subscribe();
    shared.held.send_modify(|held| *held += 1);
    let _held = Held(shared);
    // The sender lives as long as `shared`, so this can't fail.
    let _ = releases.changed().await;
}
