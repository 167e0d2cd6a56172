//! Faults on demand: what goes wrong with the next requests.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::error::RestError;
use super::php::Value;

/// What goes wrong. In JSON: `{"kind": "queryLimitExceeded"}`, `{"kind": "redirect", "to": "http://…"}`…
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum FaultKind {
    /// 503 `QUERY_LIMIT_EXCEEDED`.
    QueryLimitExceeded,
    /// 429 `OPERATION_TIME_LIMIT` with `operating_reset_at` this many seconds from now.
    OperationTimeLimit {
        /// Seconds until the reset.
        reset_in_seconds: i64,
    },
    /// 401 `expired_token`.
    ExpiredToken,
    /// 401 `invalid_token`.
    InvalidToken,
    /// 302 to the same path on another origin, as a renamed portal answers.
    Redirect {
        /// The origin, like `http://localhost:1234`.
        to: String,
    },
    /// 502 with an HTML page.
    BadGateway,
    /// 403 with an HTML page, as a firewall in front of a portal answers.
    HtmlForbidden,
    /// The request is carried out; its answer is held back until the test releases it.
    SlowAnswer,
    /// The request is carried out; the connection ends in the middle of its answer.
    TruncatedBody,
    /// 401 or 403 `insufficient_scope`.
    InsufficientScope,
    /// 401 or 403 `ACCESS_DENIED`: the plan has no REST.
    PlanAccessDenied,
    /// 401 or 403 `user_access_error`.
    UserAccessError,
    /// 401 `APPLICATION_NOT_FOUND`.
    ApplicationNotFound,
    /// 401 `ERROR_OAUTH`.
    ApplicationNotInstalled,
    /// 401 `CONNECTION_ERROR`: the portal can't reach the authorization server.
    ConnectionError,
    /// 401 or 503 `OVERLOAD_LIMIT`.
    OverloadLimit,
    /// 403 or 500 `PORTAL_DELETED`.
    PortalDeleted,
    /// 500 `INTERNAL_SERVER_ERROR`.
    InternalServerError,
    /// 400 in the shape REST 3.0 uses: `error` is an object.
    RestV3Error,
    /// Any other answer, word for word.
    Answer {
        /// HTTP status.
        status: u16,
        /// `Content-Type`.
        content_type: String,
        /// The body.
        body: String,
    },
}

/// A fault and whom it hits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// The only method it hits, by its lower-case name (inside a batch too, where the error allows it), or `oauth.token`;
    /// `None` hits every REST request.
    #[serde(default)]
    pub method: Option<String>,
    /// How many requests it hits.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// Hits the next `times` REST requests.
    #[must_use]
    pub fn next(kind: FaultKind, times: u32) -> Self {
        Self { kind, method: None, times }
    }

    /// Hits the next `times` calls of one method.
    #[must_use]
    pub fn on(method: &str, kind: FaultKind, times: u32) -> Self {
        Self { kind, method: Some(method.to_ascii_lowercase()), times }
    }

    fn hits(&self, method: &str) -> bool {
        match &self.method {
            Some(wanted) => wanted.eq_ignore_ascii_case(method),
            None => method != TOKEN_ENDPOINT,
        }
    }
}

impl FaultKind {
    fn spoils_the_answer(&self) -> bool {
        matches!(self, Self::SlowAnswer | Self::TruncatedBody)
    }
}

/// The name under which faults and log know the token endpoint.
pub(crate) const TOKEN_ENDPOINT: &str = "oauth.token";

/// Faults that haven't happened yet.
#[derive(Debug, Default)]
pub(crate) struct Queue(VecDeque<Fault>);

/// An answer that isn't the method's.
#[derive(Clone, Debug)]
pub(crate) struct Canned {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: String,
    pub(crate) location: Option<String>,
}

/// What a fault does to a request.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    Error(RestError),
    Canned(Canned),
    Hold,
    Truncate,
}

impl Queue {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push_back(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn pending(&self) -> usize {
        self.0.len()
    }

    /// The fault that answers a request to `method` instead of it, used up once.
    pub(crate) fn take_before(&mut self, method: &str) -> Option<FaultKind> {
        self.take_where(|fault| fault.hits(method) && !fault.kind.spoils_the_answer())
    }

    /// The fault that spoils the answer of a request that was carried out, used up once.
    pub(crate) fn take_after(&mut self, method: &str) -> Option<FaultKind> {
        self.take_where(|fault| fault.hits(method) && fault.kind.spoils_the_answer())
    }

    /// The fault for one command of a batch: only one aimed at that method, and only an error a command can have.
    pub(crate) fn take_in_batch(&mut self, method: &str, now: i64) -> Option<RestError> {
        let kind = self.take_where(|fault| {
            fault.method.is_some() && fault.hits(method) && matches!(effect(&fault.kind, now, "", ""), Effect::Error(_))
        })?;
        match effect(&kind, now, "", "") {
            Effect::Error(error) => Some(error),
            Effect::Canned(_) | Effect::Hold | Effect::Truncate => None,
        }
    }

    fn take_where(&mut self, wanted: impl Fn(&Fault) -> bool) -> Option<FaultKind> {
        let at = self.0.iter().position(|fault| fault.times > 0 && wanted(fault))?;
        let fault = self.0.get_mut(at)?;
        fault.times -= 1;
        let kind = fault.kind.clone();
        if fault.times == 0 {
            self.0.remove(at);
        }
        Some(kind)
    }
}

/// What `kind` means for a request to `target`. `now` in unix seconds; `by` names the token in texts.
pub(crate) fn effect(kind: &FaultKind, now: i64, target: &str, by: &str) -> Effect {
    Effect::Error(match kind {
        FaultKind::QueryLimitExceeded => RestError::query_limit(),
        FaultKind::OperationTimeLimit { reset_in_seconds } => {
            RestError::operation_time().with("operating_reset_at", now + reset_in_seconds)
        }
        FaultKind::ExpiredToken => RestError::expired_token(),
        FaultKind::InvalidToken => RestError::invalid_token(),
        FaultKind::InsufficientScope => RestError::insufficient_scope(by),
        FaultKind::PlanAccessDenied => RestError::plan(by.starts_with("webhook")),
        FaultKind::UserAccessError => RestError::user_access(),
        FaultKind::ApplicationNotFound => RestError::application_not_found(),
        FaultKind::ApplicationNotInstalled => RestError::new(401, "ERROR_OAUTH", "Application not installed"),
        FaultKind::ConnectionError => {
            RestError::new(401, "CONNECTION_ERROR", "Error connecting to authorization server")
        }
        FaultKind::OverloadLimit => RestError::overload(),
        FaultKind::PortalDeleted => RestError::portal_deleted(),
        FaultKind::InternalServerError => RestError::new(500, "INTERNAL_SERVER_ERROR", "Internal server error"),
        FaultKind::Redirect { to } => return Effect::Canned(redirect(&format!("{to}{target}"))),
        FaultKind::BadGateway => return Effect::Canned(html(502, "502 Bad Gateway")),
        FaultKind::HtmlForbidden => return Effect::Canned(html(403, "403 Forbidden")),
        FaultKind::RestV3Error => {
            let error = super::php::map! {
                "code" => "BITRIX_REST_V3_EXCEPTION_INTERNAL_INTERNALEXCEPTION", "message" => "Internal error",
            };
            let body = Value::from(super::php::map! { "error" => error }).to_json();
            return Effect::Canned(Canned { status: 400, content_type: JSON.to_owned(), body, location: None });
        }
        FaultKind::Answer { status, content_type, body } => {
            let (content_type, body) = (content_type.clone(), body.clone());
            return Effect::Canned(Canned { status: *status, content_type, body, location: None });
        }
        FaultKind::SlowAnswer => return Effect::Hold,
        FaultKind::TruncatedBody => return Effect::Truncate,
    })
}

/// What REST answers carry as `Content-Type`.
pub(crate) const JSON: &str = "application/json; charset=utf-8";

/// The answer of a portal that moved: 302, which makes a careless client repeat its POST as a GET without a body.
pub(crate) fn redirect(location: &str) -> Canned {
    Canned { location: Some(location.to_owned()), ..html(302, "302 Found") }
}

fn html(status: u16, title: &str) -> Canned {
    let body = format!("<html>\r\n<head><title>{title}</title></head>\r\n<body><h1>{title}</h1></body>\r\n</html>\r\n");
    Canned { status, content_type: "text/html".to_owned(), body, location: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_hits_whom_it_is_aimed_at_and_wears_off() {
        let mut queue = Queue::default();
        queue.add(Fault::on("crm.item.list", FaultKind::ExpiredToken, 1));
        queue.add(Fault::next(FaultKind::BadGateway, 2));
        assert_eq!(queue.take_before(TOKEN_ENDPOINT), None);
        assert_eq!(queue.take_before("user.get"), Some(FaultKind::BadGateway));
        assert_eq!(queue.take_before("crm.item.list"), Some(FaultKind::ExpiredToken));
        assert_eq!(queue.take_before("crm.item.list"), Some(FaultKind::BadGateway));
        assert_eq!(queue.take_before("user.get"), None);
        assert_eq!(queue.pending(), 0);
    }

    #[test]
    fn inside_a_batch_only_errors_of_that_method_happen() {
        let mut queue = Queue::default();
        queue.add(Fault::on("user.get", FaultKind::BadGateway, 1));
        queue.add(Fault::on("user.get", FaultKind::OperationTimeLimit { reset_in_seconds: 5 }, 1));
        let error = queue.take_in_batch("user.get", 100).unwrap();
        assert_eq!(error.body().get("operating_reset_at"), Some(&105.into()));
        assert!(queue.take_in_batch("user.get", 100).is_none());
        assert_eq!(queue.pending(), 1);
    }

    #[test]
    fn faults_are_read_from_json() {
        let fault: Fault = serde_json::from_str(r#"{"kind":"redirect","to":"http://localhost:9","times":2}"#).unwrap();
        assert_eq!(fault, Fault::next(FaultKind::Redirect { to: "http://localhost:9".into() }, 2));
        assert!(serde_json::from_str::<Fault>(r#"{"kind":"gremlin"}"#).is_err());
    }
}
