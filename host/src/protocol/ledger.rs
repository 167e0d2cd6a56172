//! What left this computer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::WireFailure;

/// Which part of the ledger.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct LedgerParams {
    /// Only what came before this place, as [`Ledger::next`] told; absent: from the newest on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub before: Option<String>,
}

/// A part of the ledger, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Ledger {
    /// At most 50 requests.
    pub entries: Vec<LedgerEntry>,
    /// Where the next older ones begin; absent: there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub next: Option<String>,
    /// Sums over everything that is kept, by destination.
    pub places: Vec<LedgerPlace>,
    /// What is wrong with the ledger: a line was changed or removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub problem: Option<WireFailure>,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct LedgerEntry {
    /// When, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub at: u64,
    /// Why: `lookup`, `reference`, `connect`, `refresh`, `check`; a newer host may know more.
    pub purpose: String,
    /// Where to: `host[:port]`.
    pub to: String,
    /// The portal's methods it called, each with how often; none: tokens were asked for.
    #[cfg_attr(test, ts(type = "Record<string, number>"))]
    pub methods: BTreeMap<String, u32>,
    /// How many participants' addresses were in it.
    pub addresses: u32,
    /// Bytes of its body that were sent; as long as it isn't over, all that may be.
    #[cfg_attr(test, ts(type = "number"))]
    pub sent: u64,
    /// Bytes of the answer's body, unpacked.
    #[cfg_attr(test, ts(type = "number"))]
    pub received: u64,
    /// The HTTP status, or what went wrong: `200`, `timeout`, `cancelled`; `begun`: it isn't over, or the host ended first.
    pub outcome: String,
}

/// What went to and came from one destination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct LedgerPlace {
    /// `host[:port]`
    pub to: String,
    /// How many requests.
    #[cfg_attr(test, ts(type = "number"))]
    pub requests: u64,
    /// Bytes of their bodies.
    #[cfg_attr(test, ts(type = "number"))]
    pub sent: u64,
    /// Bytes of the answers' bodies, unpacked.
    #[cfg_attr(test, ts(type = "number"))]
    pub received: u64,
}
