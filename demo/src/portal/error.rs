//! REST errors: code, text and HTTP status, the last from documentation or server source as the switch says.
//! Table: apidocs.bitrix24.com, system errors; module `rest` of an on-premise portal.

use super::php::{Array, Value, map};
use super::switches::StatusTable;

/// An error a REST method or the layer before it answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RestError {
    /// By server source and by documentation.
    status: (u16, u16),
    pub(crate) code: String,
    pub(crate) description: String,
    /// Further keys of the body.
    extra: Array,
}

pub(crate) const EXPIRED_TOKEN: &str = "expired_token";

impl RestError {
    pub(crate) fn new(status: u16, code: &str, description: impl Into<String>) -> Self {
        Self::split((status, status), code, description)
    }

    fn split(status: (u16, u16), code: &str, description: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), description: description.into(), extra: Array::default() }
    }

    /// Legacy CRM methods: 400, an empty code, and only the text says what is wrong.
    pub(crate) fn legacy(description: impl Into<String>) -> Self {
        Self::new(400, "", description)
    }

    pub(crate) fn access_denied() -> Self {
        Self::legacy("Access denied.")
    }

    /// The universal family: 400 with a code.
    pub(crate) fn item(code: &str, description: impl Into<String>) -> Self {
        Self::new(400, code, description)
    }

    pub(crate) fn missing_parameter(name: &str) -> Self {
        Self::new(400, "100", format!("Could not find value for parameter {{{name}}}"))
    }

    pub(crate) fn method_not_found() -> Self {
        Self::new(404, "ERROR_METHOD_NOT_FOUND", "Method not found!")
    }

    pub(crate) fn no_auth() -> Self {
        Self::new(401, "NO_AUTH_FOUND", "Wrong authorization data")
    }

    pub(crate) fn expired_token() -> Self {
        Self::new(401, EXPIRED_TOKEN, "The access token provided has expired.")
    }

    pub(crate) fn invalid_token() -> Self {
        Self::new(401, "invalid_token", "Unable to get application by token")
    }

    pub(crate) fn invalid_credentials() -> Self {
        Self::split((401, 403), "INVALID_CREDENTIALS", "Invalid request credentials")
    }

    pub(crate) fn https_required() -> Self {
        Self::split((401, 400), "INVALID_REQUEST", "Https required.")
    }

    /// `by` is "access token" or "webhook token".
    pub(crate) fn insufficient_scope(by: &str) -> Self {
        let text = format!("The request requires higher privileges than provided by the {by}");
        Self::split((401, 403), "insufficient_scope", text)
    }

    pub(crate) fn plan(via_webhook: bool) -> Self {
        let text = if via_webhook {
            "REST is available only by subscription."
        } else {
            "REST is available only on commercial plans."
        };
        Self::split((401, 403), "ACCESS_DENIED", text)
    }

    pub(crate) fn user_access() -> Self {
        Self::split((401, 403), "user_access_error", "The user does not have access to the application.")
    }

    pub(crate) fn user_dismissed() -> Self {
        Self::new(401, "authorization_error", "Unable to authorize user")
    }

    pub(crate) fn application_not_found() -> Self {
        Self::new(401, "APPLICATION_NOT_FOUND", "Application not found")
    }

    pub(crate) fn only_intranet() -> Self {
        Self::new(403, "allowed_only_intranet_user", "Only intranet users are allowed")
    }

    pub(crate) fn query_limit() -> Self {
        Self::new(503, "QUERY_LIMIT_EXCEEDED", "Too many requests")
    }

    pub(crate) fn operation_time() -> Self {
        Self::new(429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.")
    }

    pub(crate) fn overload() -> Self {
        Self::split((401, 503), "OVERLOAD_LIMIT", "REST API is blocked due to overload.")
    }

    pub(crate) fn portal_deleted() -> Self {
        Self::split((403, 500), "PORTAL_DELETED", "Portal was deleted")
    }

    pub(crate) fn status(&self, table: StatusTable) -> u16 {
        match table {
            StatusTable::Server => self.status.0,
            StatusTable::Docs => self.status.1,
        }
    }

    /// `{"error":…,"error_description":…}`.
    pub(crate) fn body(&self) -> Array {
        let mut body = map! { "error" => &self.code, "error_description" => &self.description };
        for (key, value) in self.extra.iter() {
            body.set(key.clone(), value.clone());
        }
        body
    }

    /// Adds a key to the body.
    pub(crate) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.extra.set(key, value);
        self
    }
}
