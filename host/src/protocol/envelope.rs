//! The outer shape of every frame.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::WireFailure;

/// A request as it arrives: the envelope is parsed before the method, so that an unknown method still gets an answer with
/// its id. `{"v":1,"id":"7","method":"lookup","session":"…","params":{…}}`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request<'a> {
    /// The protocol version the sender speaks in this request; `hello` is for ever version 1.
    pub v: u32,
    /// Chosen by the sender, returned with every frame that answers this request. At most 64 characters.
    pub id: String,
    /// The method's name, see [`super::Call`].
    pub method: String,
    /// The session token of this browser profile; only `hello`, `connect` and `allow` do without.
    #[serde(default)]
    pub session: Option<super::WireSecret>,
    /// The method's parameters, parsed in a second step; absent means `{}`.
    #[serde(borrow, default)]
    pub params: Option<&'a RawValue>,
}

/// One frame from the host.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Frame<T> {
    /// The one last answer to a request: it worked.
    Result {
        /// The request's id.
        id: String,
        /// The method's result.
        result: T,
    },
    /// The one last answer to a request: it didn't.
    Error {
        /// The request's id, or `null` where none could be read.
        id: Option<String>,
        /// Why, and what to do about it.
        error: WireFailure,
    },
    /// A piece of a long answer; the result still follows.
    Part {
        /// The request's id.
        id: String,
        /// What is known so far; its shape belongs to the method.
        part: T,
    },
    /// The host speaks unasked.
    Event {
        /// What happened.
        event: EventKind,
    },
}

/// What the host tells without being asked. The receiver asks `status` again to learn more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum EventKind {
    /// The connection to the portal was made, ended or changed.
    Connection,
    /// This profile's session was revoked.
    Session,
    /// Mailboxes or other settings changed.
    Settings,
}
