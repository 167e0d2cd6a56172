//! Failures on the wire. The sentences themselves stand in [`crate::failure`].

use std::collections::BTreeMap;

use serde::Serialize;

/// What the caller does about a failure; one code for each thing it does differently, and never more than ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum Code {
    /// The request itself is wrong: a mistake in the caller, reported and not repeated.
    BadRequest,
    /// The two sides share no protocol version: one of them must be updated.
    UnsupportedVersion,
    /// This browser profile has no (valid) session: connect, or enter a one-time code.
    SessionNeeded,
    /// The host has no working connection to a portal: connect (again).
    NotConnected,
    /// The mailbox isn't switched on: ask the person once.
    MailboxOff,
    /// The portal says no, and will again: show the sentence where the missing piece would be.
    Refused,
    /// Wait `args.seconds`, then ask again.
    TryLater,
    /// The portal or the authorization server can't be reached: show what is known, offer another try.
    Unreachable,
    /// The request was cancelled by its sender.
    Cancelled,
    /// Something else is wrong: show the sentence and its cure.
    Failed,
}

/// A failure as it crosses the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "Failure"))]
pub struct WireFailure {
    /// What to do about it.
    pub code: Code,
    /// Which sentence: a name of [`crate::failure::Reason`], for translation. New ones may appear at any time.
    pub reason: String,
    /// The values in the sentence.
    pub args: BTreeMap<&'static str, String>,
    /// The sentence in English: what happened, to what.
    pub message: String,
    /// The cure in English.
    pub hint: String,
}
