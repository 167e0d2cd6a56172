//! `/_fake/…`: the inspection and fault interface for tests that speak HTTP. The table is in [`super::router`].

use std::sync::Arc;

use axum::Router;
use axum::extract::{Json, Path, Query, State as Extract};
use axum::http::StatusCode;
use axum::routing::{get, post};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value as Plain, json};

use super::faults::Fault;
use super::log::{LogEntry, Stats};
use super::seed::{self, NewPipeline};
use super::state::Shared;
use super::switches::Switches;

type Portal = Extract<Arc<Shared>>;
/// A status and a sentence for whoever wrote the test.
type Refusal = (StatusCode, Json<Plain>);

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/_fake/log", get(log))
        .route("/_fake/stats", get(stats))
        .route("/_fake/rows/{kind}", get(rows))
        .route("/_fake/tokens", get(tokens))
        .route("/_fake/switches", get(switches).post(change_switches))
        .route("/_fake/faults", post(add_faults).delete(clear_faults))
        .route("/_fake/clock", post(clock))
        .route("/_fake/operating", post(operating))
        .route("/_fake/dismiss", post(dismiss))
        .route("/_fake/access", post(access))
        .route("/_fake/pipeline", post(pipeline))
        .route("/_fake/delete-app", post(delete_app))
        .route("/_fake/held", get(held))
        .route("/_fake/release", post(release))
        .route("/_fake/reset", post(reset))
}

fn refuse(sentence: impl Into<String>) -> Refusal {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": sentence.into() })))
}

fn done() -> Json<Plain> {
    Json(json!({ "ok": true }))
}

async fn log(Extract(shared): Portal) -> Json<Vec<LogEntry>> {
    Json(shared.state().log.entries.clone())
}

async fn stats(Extract(shared): Portal) -> Json<Stats> {
    Json(shared.stats())
}

async fn rows(Extract(shared): Portal, Path(kind): Path<String>) -> Result<Json<Plain>, Refusal> {
    shared.rows(&kind).map(Json).ok_or_else(|| refuse(format!("There are no rows of kind '{kind}'.")))
}

async fn tokens(Extract(shared): Portal) -> Json<Vec<String>> {
    Json(shared.state().grants.issued().to_vec())
}

async fn switches(Extract(shared): Portal) -> Json<Switches> {
    Json(shared.state().switches.clone())
}

/// Any of the switches; the others stay.
async fn change_switches(Extract(shared): Portal, Json(changes): Json<Plain>) -> Result<Json<Switches>, Refusal> {
    let mut state = shared.state();
    let mut all = serde_json::to_value(&state.switches).map_err(|error| refuse(error.to_string()))?;
    let (Some(all_map), Plain::Object(changes)) = (all.as_object_mut(), changes) else {
        return Err(refuse("Switches are a JSON object."));
    };
    all_map.extend(changes);
    state.switches = serde_json::from_value(all).map_err(|error| refuse(error.to_string()))?;
    Ok(Json(state.switches.clone()))
}

/// One fault or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Faults {
    Several(Vec<Fault>),
    One(Fault),
}

async fn add_faults(Extract(shared): Portal, Json(faults): Json<Faults>) -> Json<Plain> {
    let faults = match faults {
        Faults::Several(faults) => faults,
        Faults::One(fault) => vec![fault],
    };
    let mut state = shared.state();
    faults.into_iter().for_each(|fault| state.faults.add(fault));
    done()
}

async fn clear_faults(Extract(shared): Portal) -> Json<Plain> {
    shared.state().faults.clear();
    done()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shift {
    advance_seconds: u32,
}

async fn clock(Extract(shared): Portal, Json(shift): Json<Shift>) -> Json<Plain> {
    let mut state = shared.state();
    state.clock.advance(SignedDuration::from_secs(shift.advance_seconds.into()));
    Json(json!({ "now": state.clock.iso() }))
}

#[derive(Deserialize)]
struct Cost {
    method: String,
    seconds: f64,
}

async fn operating(Extract(shared): Portal, Json(cost): Json<Cost>) -> Json<Plain> {
    shared.state().operating.set_cost(&cost.method, cost.seconds);
    done()
}

#[derive(Deserialize)]
struct User {
    user: i64,
}

async fn dismiss(Extract(shared): Portal, Json(User { user }): Json<User>) -> Result<Json<Plain>, Refusal> {
    if shared.state().store.dismiss(user) { Ok(done()) } else { Err(refuse(format!("There is no user {user}."))) }
}

#[derive(Deserialize)]
struct Permission {
    kind: String,
    id: i64,
    access: super::store::Access,
}

async fn access(Extract(shared): Portal, Json(permission): Json<Permission>) -> Result<Json<Plain>, Refusal> {
    let Permission { kind, id, access } = permission;
    if shared.set_access(&kind, id, access) { Ok(done()) } else { Err(refuse(format!("There is no {kind} {id}."))) }
}

async fn pipeline(Extract(shared): Portal, Json(pipeline): Json<NewPipeline>) -> Json<Plain> {
    seed::add_pipeline(&mut shared.state().store, pipeline);
    done()
}

async fn delete_app(Extract(shared): Portal) -> Json<Plain> {
    shared.state().switches.app_deleted = true;
    done()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AtLeast {
    at_least: usize,
}

/// Answers once that many answers are held back.
async fn held(Extract(shared): Portal, Query(AtLeast { at_least }): Query<AtLeast>) -> Json<Plain> {
    // The sender lives as long as `shared`, so this can't fail.
    let _ = shared.held.subscribe().wait_for(|held| *held >= at_least).await;
    done()
}

async fn release(Extract(shared): Portal) -> Json<Plain> {
    shared.releases.send_modify(|releases| *releases += 1);
    done()
}

async fn reset(Extract(shared): Portal) -> Json<Plain> {
    shared.reset();
    done()
}
