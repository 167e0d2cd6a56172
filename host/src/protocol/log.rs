//! Logging an e-mail: a preview of exactly what would be sent, then the sending of that.

use serde::{Deserialize, Serialize};

use super::{PortalUser, RecordRef, WireFailure};

/// An e-mail, as far as the person wants it logged, and where it should stand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct PreviewLogParams {
    /// The address of the mailbox in view; absent if the page doesn't tell. It must be switched on.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub mailbox: Option<String>,
    /// The participants' addresses, as they were looked up: the records of these people can be chosen.
    pub people: Vec<String>,
    /// The e-mail.
    pub message: MailMessage,
    /// The records it is logged to, at least one.
    pub records: Vec<RecordRef>,
}

/// One e-mail, as the page shows it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct MailMessage {
    /// Gmail's id in this mailbox: 16 hexadecimal digits.
    pub gmail_id: String,
    /// The Message-ID of its header, angle brackets included; absent if it couldn't be read.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub message_id: Option<String>,
    /// Who sent it.
    pub from: MailAddress,
    /// Who got it, as everybody who got it can see.
    pub to: Vec<MailAddress>,
    /// Who got a blind copy, where the page tells. The portal isn't told.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<Vec<MailAddress>>", optional))]
    pub bcc: Vec<MailAddress>,
    /// The page may not show all who got it.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<bool>", optional))]
    pub incomplete: bool,
    /// When it was sent, in milliseconds since 1970.
    pub sent_at: u64,
    /// Its subject.
    pub subject: String,
    /// Its text as a person reads it, without markup: all of it or a part, as the person chose. Absent: the subject alone.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub text: Option<String>,
}

/// Somebody named in an e-mail.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct MailAddress {
    /// The name; empty if there is none.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<String>", optional))]
    pub name: String,
    /// The address.
    pub email: String,
}

/// Which way an e-mail went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum MailDirection {
    /// To the person.
    Incoming,
    /// From the person.
    Outgoing,
}

/// Exactly what would be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct LogPreview {
    /// Names this preview, once, in `commitLog`; absent if the e-mail is logged already, so that there is nothing to send, or if it
    /// may not be logged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub digest: Option<String>,
    /// Why this e-mail may not be logged; the portal wasn't asked about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub blocked: Option<LogBlock>,
    /// The entry this e-mail has in the portal already. If there is a digest too, the entry is unfinished, and `commitLog` does no
    /// more than complete it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub logged: Option<EarlierLog>,
    /// Until when, in milliseconds since 1970.
    pub expires_at: u64,
    /// Which way the e-mail went.
    pub direction: MailDirection,
    /// The sender, as it will read in the portal.
    pub from: String,
    /// The recipients, as they will read in the portal.
    pub to: String,
    /// When the e-mail was sent, in milliseconds since 1970.
    pub sent_at: u64,
    /// The subject, as it will be sent.
    pub subject: String,
    /// The text, as it will be sent; empty if the subject goes alone.
    pub text: String,
    /// The records it will stand in.
    pub records: Vec<LoggedRecord>,
    /// Who will be responsible for the entry: the person.
    pub responsible: PortalUser,
    /// The request's body, word for word but for the access token; empty if there is nothing to send.
    pub request: String,
    /// What differs from the e-mail, each with its own sentence: a text that was cut.
    pub notices: Vec<WireFailure>,
    /// What to think about before agreeing, each with its own sentence: a blind copy that the others can't see.
    pub warnings: Vec<WireFailure>,
}

/// What keeps an e-mail from being logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "why")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum LogBlock {
    /// One of the participants is on the never-log list.
    Listed {
        /// The participant's address.
        email: String,
        /// The address or domain that is listed.
        rule: String,
        /// The administrator listed it, and not the person.
        by_policy: bool,
    },
    /// There is a never-log list, and the page doesn't show every recipient.
    RecipientsUnknown,
}

/// Somebody logged the e-mail before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct EarlierLog {
    /// Who; absent if the portal doesn't tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub by: Option<PortalUser>,
    /// Whether that was the person who asks.
    pub me: bool,
    /// When, in milliseconds since 1970; absent if the portal doesn't tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub at: Option<u64>,
}

/// An e-mail that was logged from here, and not taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct LoggedHere {
    /// [`MailMessage::gmail_id`]
    pub gmail_id: String,
    /// The portal's id of the entry.
    pub id: String,
    /// When it was logged, in milliseconds since 1970.
    pub at: u64,
}

/// A record an e-mail is logged to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct LoggedRecord {
    /// Which record.
    #[serde(flatten)]
    pub record: RecordRef,
    /// Name or title; the person's address if the portal has none.
    pub title: String,
    /// The participant's address that ties the e-mail to it.
    pub email: String,
    /// The portal's page about it.
    pub url: String,
}

/// Which preview the person agreed to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct CommitLogParams {
    /// The preview's digest.
    pub digest: String,
}

/// Which entry is to go again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct UndoLogParams {
    /// [`LoggedEmail::id`]
    pub id: String,
}

/// Which entry is to stand at another record.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct MoveLogParams {
    /// [`LoggedEmail::id`]
    pub id: String,
    /// The address of the mailbox in view; absent if the page doesn't tell. It must be switched on.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub mailbox: Option<String>,
    /// The participants' addresses, as they were looked up: the new record is one of these people's.
    pub people: Vec<String>,
    /// The records it leaves, as the person was told: all of [`LoggedEmail::records`].
    pub from: Vec<RecordRef>,
    /// The record it goes to.
    pub to: RecordRef,
}

/// The e-mail stands in the portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct LoggedEmail {
    /// The portal's id of the entry.
    pub id: String,
    /// The records it stands at; those of an earlier entry aren't known.
    pub records: Vec<LoggedRecord>,
    /// Somebody else's entry, or one from another window, that was there first and is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub earlier: Option<EarlierLog>,
    /// What is left to do, each with its own sentence.
    pub notices: Vec<WireFailure>,
}
