//! Everything one portal knows, and who it is.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::bucket::{Bucket, Operating};
use super::clock::Clock;
use super::faults::Queue;
use super::log::{Log, Stats};
use super::oauth::{self, Grants};
use super::php::{Array, Value};
use super::schema::Entity;
use super::seed;
use super::store::{Access, Activity, Record, Store};
use super::switches::Switches;

/// Names and secrets that stay for the portal's life.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// The origin it was started on, like `http://127.0.0.1:4711`.
    pub(crate) base_url: String,
    pub(crate) callback: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) member_id: String,
    /// Each employee's webhook secret.
    pub(crate) webhooks: BTreeMap<i64, String>,
}

impl Identity {
    pub(crate) fn new(base_url: String, callback: String) -> Self {
        // The form real local applications have: `local.` + hex + `.` + digits.
        let digits: String = oauth::random(8).bytes().map(|byte| char::from(b'0' + byte % 10)).take(8).collect();
        Self {
            base_url,
            callback,
            client_id: format!("local.{}.{digits}", oauth::random(7)),
            client_secret: oauth::random(25),
            member_id: oauth::random(16),
            webhooks: BTreeMap::new(),
        }
    }
}

/// What changes while the portal runs.
#[derive(Debug)]
pub(crate) struct State {
    /// The application's `client_id`, which is its code in `app.info`.
    pub(crate) client_id: String,
    pub(crate) switches: Switches,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) grants: Grants,
    pub(crate) faults: Queue,
    pub(crate) bucket: Bucket,
    pub(crate) operating: Operating,
    pub(crate) log: Log,
}

impl State {
    /// A new portal with the seed.
    ///
    /// # Errors
    ///
    /// A data file of the seed is broken.
    pub(crate) fn new(frozen_clock: bool) -> Result<Self, serde_json::Error> {
        Ok(Self {
            client_id: String::new(),
            switches: Switches::default(),
            clock: Clock::new(frozen_clock),
            store: seed::load()?,
            grants: Grants::default(),
            faults: Queue::default(),
            bucket: Bucket::default(),
            operating: Operating::default(),
            log: Log::default(),
        })
    }

    /// The portal's present origin.
    pub(crate) fn origin(&self, identity: &Identity) -> String {
        self.switches.renamed_to.clone().unwrap_or_else(|| identity.base_url.clone())
    }

    /// The origin of whoever exchanges codes and tokens.
    pub(crate) fn authorization_server(&self, identity: &Identity) -> String {
        let Some(name) = &self.switches.authorization_server else { return identity.base_url.clone() };
        let scheme = identity.base_url.split_once("://").map_or("https", |(scheme, _)| scheme);
        format!("{scheme}://{name}")
    }

    /// The webhook secrets of a seeded portal: one per active employee.
    pub(crate) fn webhooks(&self) -> BTreeMap<i64, String> {
        let users = self.store.users.iter().filter_map(|user| user.get("ID")).map(Value::int);
        users.filter(|id| !self.store.is_extranet(*id)).map(|id| (id, oauth::random(8))).collect()
    }
}

/// State shared by all requests and the test that watches them.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) identity: Identity,
    state: Mutex<State>,
    /// Number of answers being held back.
    pub(crate) held: watch::Sender<usize>,
    /// Counts the releases; a held answer waits for the next one.
    pub(crate) releases: watch::Sender<u64>,
}

impl Shared {
    pub(crate) fn new(mut identity: Identity, mut state: State) -> Self {
        state.client_id.clone_from(&identity.client_id);
        identity.webhooks = state.webhooks();
        Self { identity, state: Mutex::new(state), held: watch::Sender::new(0), releases: watch::Sender::new(0) }
    }

    /// Locks the state. Never held across an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counters and tripwires, with what is counted elsewhere.
    pub(crate) fn stats(&self) -> Stats {
        let state = self.state();
        Stats { held: *self.held.borrow(), faults_pending: state.faults.pending(), ..state.log.stats.clone() }
    }

    /// Everything of one kind (`contact`, `company`, `lead`, `deal`, `activity`, `comment`, `task`), as the portal keeps it;
    /// `None` for other kinds.
    pub(crate) fn rows(&self, kind: &str) -> Option<serde_json::Value> {
        let state = self.state();
        let store = &state.store;
        let rows: Array = match kind {
            "activity" => store.activities.values().map(Activity::whole).collect(),
            "comment" => store.comments.values().map(|comment| comment.fields.clone()).collect(),
            "task" => store.tasks.values().cloned().collect(),
            kind => store.records(Entity::from_name(kind)?).map(Record::whole).collect(),
        };
        serde_json::from_str(&Value::from(rows).to_json()).ok()
    }

    /// Sets what others than administrators may do with a record; `false` if there is none.
    pub(crate) fn set_access(&self, kind: &str, id: i64, access: Access) -> bool {
        let mut state = self.state();
        let record = Entity::from_name(kind).and_then(|entity| state.store.record_mut(entity, id));
        record.map(|record| record.access = access).is_some()
    }

    /// Back to the seed: data, switches, faults, limits and log. Clock and issued tokens stay, so that a connected client
    /// stays connected.
    pub(crate) fn reset(&self) {
        let mut state = self.state();
        // The seed was read before; it can't be broken now.
        if let Ok(store) = seed::load() {
            state.store = store;
        }
        state.switches = Switches::default();
        state.faults = Queue::default();
        state.bucket = Bucket::default();
        state.operating = Operating::default();
        state.log = Log::default();
    }
}
