//! What stands in the ledger's files: for each request a line before anything is sent, a line once it is over, and, if addresses were in
//! it, a line beside them with the keyed hashes of those.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Ending, Entry};

/// A line of `DAY.jsonl`. Each names in `prev` the line before it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Line<'a> {
    /// A request begins.
    Begin {
        #[serde(flatten)]
        entry: Cow<'a, Entry>,
        /// The hash of its line in `DAY.addresses`, if it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hashes: Option<String>,
        prev: Cow<'a, str>,
    },
    /// A request is over.
    End {
        /// The hash of the line with which it began.
        of: Cow<'a, str>,
        #[serde(flatten)]
        ending: Cow<'a, Ending>,
        prev: Cow<'a, str>,
    },
}

/// A line of `DAY.addresses`.
#[derive(Serialize, Deserialize)]
pub(super) struct Addresses<'a> {
    /// The keyed hashes of the addresses in one request.
    pub(super) addresses: Cow<'a, [String]>,
    /// As that request's line has it: no two lines are alike, so that a line's hash doesn't tell which requests had the same addresses.
    pub(super) prev: Cow<'a, str>,
}
