//! What can be sent, and what comes back.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use url::Url;
use zeroize::Zeroizing;

pub use crate::ledger::Purpose;
use crate::portal::{AuthorizationServer, PortalUrl};

/// Where a request goes. There is no third kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// The person's portal.
    Portal(PortalUrl),
    /// The server that issues tokens for it.
    AuthorizationServer(AuthorizationServer),
}

impl Destination {
    pub(super) fn endpoint(&self, path: &str) -> Url {
        match self {
            Self::Portal(portal) => portal.endpoint(path),
            Self::AuthorizationServer(server) => server.endpoint(path),
        }
    }

    /// A name, or an address as it stands in a URL: `[::1]`.
    pub(super) fn host(&self) -> &str {
        match self {
            Self::Portal(portal) => portal.host(),
            Self::AuthorizationServer(server) => server.host(),
        }
    }

    pub(super) fn is_loopback(&self) -> bool {
        match self {
            Self::Portal(portal) => portal.is_loopback(),
            Self::AuthorizationServer(server) => server.is_loopback(),
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Portal(portal) => portal.fmt(f),
            Self::AuthorizationServer(server) => server.fmt(f),
        }
    }
}

/// The body of a request. It may hold tokens, so its memory is wiped once it is sent.
pub enum Body {
    /// `application/json`
    Json(Zeroizing<Vec<u8>>),
    /// `application/x-www-form-urlencoded`
    Form(Zeroizing<Vec<u8>>),
}

impl Body {
    pub(super) fn into_parts(self) -> (&'static str, Zeroizing<Vec<u8>>) {
        match self {
            Self::Json(bytes) => ("application/json", bytes),
            Self::Form(bytes) => ("application/x-www-form-urlencoded", bytes),
        }
    }
}

/// One request: always a POST, so that nothing but the path stands in an address.
pub struct Outgoing {
    /// Why it is made.
    pub purpose: Purpose,
    /// Where it goes.
    pub destination: Destination,
    /// The path there. Secret, since a webhook's path is one.
    pub path: SecretString,
    /// What is sent.
    pub body: Body,
    /// The portal's methods in it, each with how often; for the ledger.
    pub methods: BTreeMap<String, u32>,
    /// The participants' addresses in it; the ledger tells how many, and can be asked about one.
    pub addresses: Vec<String>,
    /// How long the whole exchange may take, answer included.
    pub deadline: Duration,
}

/// What came back, whatever its status. Nothing in it has been judged.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The sender's clock.
    pub date: Option<Timestamp>,
    /// How long the sender asks to wait.
    pub retry_after: Option<Duration>,
    /// Where a redirect points. It is never followed.
    pub location: Option<String>,
    /// The media type, lower case, without parameters: `application/json`.
    pub content_type: String,
    /// The body, unpacked. It may hold tokens.
    pub body: Zeroizing<Vec<u8>>,
}
