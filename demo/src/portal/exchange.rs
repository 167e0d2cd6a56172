//! A request and its answer, apart from the HTTP server.

use super::faults::{Canned, JSON, Spoil};
use super::php::Value;

/// What a handler needs of a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Incoming {
    pub(crate) http_method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) host: String,
    pub(crate) content_type: String,
    pub(crate) authorization: String,
    pub(crate) user_agent: String,
    pub(crate) body: Vec<u8>,
}

impl Incoming {
    /// Path and query.
    pub(crate) fn target(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }
}

/// What is answered, and whether something goes wrong on the way.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) location: Option<String>,
    pub(crate) body: String,
    /// What goes wrong on the way.
    pub(crate) spoil: Option<Spoil>,
}

impl Outcome {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, JSON, body.to_json())
    }

    pub(crate) fn html(status: u16, body: impl Into<String>) -> Self {
        Self::text(status, "text/html; charset=utf-8", body.into())
    }

    pub(crate) fn redirect(location: String) -> Self {
        Self { location: Some(location), ..Self::html(302, "") }
    }

    /// The `error` of a JSON body, empty ones included.
    pub(crate) fn error(&self) -> Option<String> {
        if !self.body.starts_with(r#"{"error":"#) {
            return None;
        }
        let body: Value = serde_json::from_str(&self.body).ok()?;
        Some(body.array()?.get("error")?.text())
    }

    fn text(status: u16, content_type: &str, body: String) -> Self {
        Self { status, content_type: content_type.to_owned(), location: None, body, spoil: None }
    }
}

impl From<Canned> for Outcome {
    fn from(canned: Canned) -> Self {
        let Canned { status, content_type, body, location } = canned;
        Self { location, ..Self::text(status, &content_type, body) }
    }
}
