//! A record's timeline: adding a comment or a to-do, and reading what happened last.

use serde::{Deserialize, Serialize};

use super::{MailDirection, PortalUser, RecordRef, WireFailure};

/// What is added where.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct AddEntryParams {
    /// The record.
    pub record: RecordRef,
    /// What it gets.
    pub entry: NewEntry,
    /// An earlier try of the same form, of which nobody knows whether it worked.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub tried: Option<Tried>,
}

/// A new entry.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum NewEntry {
    /// Words.
    Comment(NewComment),
    /// Something to do, by the person who asks.
    Todo(NewTodo),
}

/// A comment to be made.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct NewComment {
    /// Its text, not blank.
    pub text: String,
}

/// A to-do to be made.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct NewTodo {
    /// What is to be done, not blank.
    pub title: String,
    /// More about it.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<String>", optional))]
    pub text: String,
    /// By when, in milliseconds since 1970: an instant, whatever zone the person, the portal or its users are in.
    pub deadline: u64,
}

/// A try that may have worked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Tried {
    /// The newest entry there was before it, from [`BeforeEntry`].
    pub newest: String,
    /// When it was made, in milliseconds since 1970.
    pub at: u64,
}

/// Comes before the entry is sent: to be kept until the answer is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct BeforeEntry {
    /// The id of the newest entry of that kind; `0` if there is none.
    pub newest: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum AddedEntry {
    /// It is there, by this try or an earlier one.
    Added {
        /// The portal's id of it.
        id: String,
    },
    /// Nothing was added: the portal refuses it.
    Refused {
        /// In the portal's own words and language, as text.
        words: String,
    },
}

/// Which record's timeline.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct RecentParams {
    /// The record.
    pub record: RecordRef,
}

/// What happened last with a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Recent {
    /// The newest first; at most ten.
    pub entries: Vec<TimelineEntry>,
    /// There are more.
    pub more: bool,
    /// What is missing, each with its own sentence.
    pub notices: Vec<WireFailure>,
}

/// An entry of a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct TimelineEntry {
    /// What it is.
    pub kind: EntryKind,
    /// When it was made, in milliseconds since 1970; absent if the portal doesn't tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub at: Option<u64>,
    /// Who made it; absent if the portal doesn't tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub author: Option<PortalUser>,
    /// Its subject, or the beginning of its text.
    pub subject: String,
    /// By when it is to be done; absent for what is done, or has no date.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub due: Option<u64>,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum EntryKind {
    /// Words of a colleague's.
    Comment,
    /// An e-mail.
    Email {
        /// Which way it went.
        direction: MailDirection,
    },
    /// A telephone call.
    Call,
    /// A meeting.
    Meeting,
    /// A task, or something else to be done.
    Todo,
    /// Anything else.
    Other,
}
