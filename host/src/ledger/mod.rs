//! What left the machine: every request, without its content.
//!
//! The state folder's `ledger` holds a file of JSON lines for each day (`2026-11-25.jsonl`), kept for a [`Retention`]. A request gets one
//! before anything is sent and another once it is over, so that not even a host that is killed meanwhile leaves none. Each line carries in
//! `prev` the SHA-256 of the line before it, and the file `head` tells where the chain begins and ends, so that a changed, missing or
//! cut-off line shows. All of it is for the person it is about: readable with any editor, owner-only, never sent anywhere.
//!
//! A program that runs as the person can write the whole chain anew; against that nothing on the machine helps.

mod accepted;
mod addresses;
mod chain;
mod file;
mod line;
mod memory;
mod read;

use std::collections::BTreeMap;
use std::io;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use addresses::AddressIndex;
#[cfg(test)]
pub(crate) use chain::hash;
pub use chain::{Break, Whole};
pub use file::Ledger;
pub use memory::MemoryLedger;
pub use read::{About, Content, Kept, Place, accept, places, read};

/// The ledger's folder in the state folder.
pub const FOLDER: &str = "ledger";

/// How many days are kept, today included: 90, or what the policy says, from 1 to 3650.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i32")]
pub struct Retention(i32);

impl Default for Retention {
    fn default() -> Self {
        Self(90)
    }
}

impl TryFrom<i32> for Retention {
    type Error = &'static str;

    fn try_from(days: i32) -> Result<Self, Self::Error> {
        if (1..=3650).contains(&days) { Ok(Self(days)) } else { Err("1 to 3650 days") }
    }
}

/// Why a request was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A thread was opened.
    Lookup,
    /// Names of stages, pipelines and sources were read.
    Reference,
    /// The person connects: the code is exchanged, portal and person are checked.
    Connect,
    /// An access token had expired.
    Refresh,
    /// The person searches for a record.
    Search,
    /// The person makes a record.
    Create,
    /// The person changes a record.
    Change,
    /// The person looks at what happened with a record.
    History,
    /// The person logs an e-mail.
    Log,
    /// `gmail-sync-host --check` looked whether all is well.
    Check,
    /// Whatever a newer host wrote; never written by this one.
    #[serde(other)]
    Other,
}

impl Purpose {
    /// As it stands in the ledger: `lookup`.
    #[must_use]
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it began.
    pub time: Timestamp,
    /// Why.
    pub purpose: Purpose,
    /// Where to: `host[:port]`.
    pub to: String,
    /// The portal's methods it called, each with how often.
    pub methods: BTreeMap<String, u32>,
    /// How many addresses of people were in it: of a thread's participants, or typed into a search.
    pub addresses: u32,
    /// Bytes of its body that were handed to a connection: none, if there was no connection. As long as it isn't over: all of them.
    pub sent: u64,
    /// Bytes of the answer's body, unpacked.
    pub received: u64,
    /// The HTTP status, or what went wrong: `200`, `timeout`, `cancelled`; `begun`, as long as nothing came of it.
    pub outcome: String,
}

impl Entry {
    /// One without a body, before anything is sent.
    #[must_use]
    pub fn begun(time: Timestamp, purpose: Purpose, to: String) -> Self {
        let (methods, outcome) = (BTreeMap::new(), BEGUN.to_owned());
        Self { time, purpose, to, methods, addresses: 0, sent: 0, received: 0, outcome }
    }

    /// Whether nothing is known of its end: it isn't over, or its host was killed, or couldn't write it any more.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.outcome == BEGUN
    }

    fn end(&mut self, Ending { sent, received, outcome }: Ending) {
        (self.sent, self.received, self.outcome) = (sent, received, outcome);
    }
}

/// What [`Entry::outcome`] is before the end.
const BEGUN: &str = "begun";

/// What came of a request; each as in an [`Entry`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// Bytes of its body that were handed to a connection.
    pub sent: u64,
    /// Bytes of the answer's body, unpacked.
    pub received: u64,
    /// The HTTP status, or what went wrong.
    pub outcome: String,
}

impl Default for Ending {
    /// It was given up.
    fn default() -> Self {
        Self { sent: 0, received: 0, outcome: "cancelled".to_owned() }
    }
}

/// A request that stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun(String);

/// Where entries go. A second implementation, [`MemoryLedger`], lets tests read along.
pub trait Record: Send + Sync {
    /// Writes a request before it is sent. `addresses` are the keyed hashes of the addresses in it, as [`AddressIndex`] makes them.
    ///
    /// # Errors
    /// When it couldn't be written: then nothing may be sent.
    fn begin(&self, entry: &Entry, addresses: &[String]) -> io::Result<Begun>;

    /// Writes what came of it.
    ///
    /// # Errors
    /// When it couldn't be written.
    fn end(&self, begun: &Begun, ending: &Ending) -> io::Result<()>;
}

#[cfg(test)]
mod tests;
