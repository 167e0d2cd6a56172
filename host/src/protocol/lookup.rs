//! Looking up the people of a thread.

use serde::{Deserialize, Serialize};

use super::{LoggedHere, Person, WireFailure};

/// Whom to look up, and for which mailbox.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct LookupParams {
    /// The address of the mailbox in view; absent if the page doesn't tell. It must be switched on.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub mailbox: Option<String>,
    /// The participants' addresses, and nothing else about the thread: at most 200, the more important first.
    pub addresses: Vec<String>,
    /// Ask the portal again, even for what was looked up minutes ago.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<bool>", optional))]
    pub fresh: bool,
}

/// Who they are. In a part: those known so far; in the result: all of them, in the order asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Lookup {
    /// One entry per distinct address.
    pub people: Vec<Person>,
    /// When the oldest of these answers left the portal, in milliseconds since 1970.
    pub as_of: u64,
    /// What is missing from all of them, each with its own sentence: no right to read deals, too many addresses, rows the
    /// portal sent that nobody had asked for.
    pub notices: Vec<WireFailure>,
    /// E-mails between these people and the person that this host has logged since it started, the newest last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<LoggedHere>>", optional))]
    pub logged: Vec<LoggedHere>,
}
