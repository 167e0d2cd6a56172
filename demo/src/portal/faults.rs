//! Faults on demand: what goes wrong with the next requests.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::error::RestError;
use super::php::{Value, map};

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
    /// The request is carried out; a gateway that lost patience answers 502 with an HTML page.
    LostAnswer,
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

/// What a request gets instead of being carried out.
#[derive(Clone, Debug)]
pub(crate) enum Instead {
    Error(RestError),
    Canned(Canned),
}

/// What happens to the answer of a request that was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spoil {
    /// Held back until the test releases it.
    Hold,
    /// Broken off in the middle.
    Truncate,
    /// Replaced by a gateway's page.
    Lose,
}

/// What an answer may have to mention.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Circumstances<'a> {
    /// Unix seconds.
    pub(crate) now: i64,
    /// Path and query of the request.
    pub(crate) target: &'a str,
    pub(crate) via_webhook: bool,
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

    /// The fault a request to `method` gets instead of being carried out, used up once.
    pub(crate) fn instead(&mut self, method: &str, circumstances: Circumstances<'_>) -> Option<Instead> {
        self.take(|fault| fault.hits(method).then(|| instead(&fault.kind, circumstances))?)
    }

    /// The fault that spoils the answer of a request that was carried out, used up once.
    pub(crate) fn spoil(&mut self, method: &str) -> Option<Spoil> {
        self.take(|fault| match fault.kind {
            FaultKind::SlowAnswer if fault.hits(method) => Some(Spoil::Hold),
            FaultKind::TruncatedBody if fault.hits(method) => Some(Spoil::Truncate),
            FaultKind::LostAnswer if fault.hits(method) => Some(Spoil::Lose),
            _ => None,
        })
    }

    /// The fault for one command of a batch: only one aimed at that method, and only an error a command can have.
    pub(crate) fn in_batch(&mut self, method: &str, circumstances: Circumstances<'_>) -> Option<RestError> {
        self.take(|fault| {
            let aimed = fault.method.is_some() && fault.hits(method);
            error(&fault.kind, circumstances).filter(|_| aimed)
        })
    }

    /// Uses up the first fault that `wanted` makes something of.
    fn take<T>(&mut self, wanted: impl Fn(&Fault) -> Option<T>) -> Option<T> {
        let (at, taken) = self.0.iter().enumerate().find_map(|(at, fault)| Some((at, wanted(fault)?)))?;
        let fault = self.0.get_mut(at)?;
        fault.times = fault.times.saturating_sub(1);
        if fault.times == 0 {
            self.0.remove(at);
        }
        Some(taken)
    }
}

fn instead(kind: &FaultKind, circumstances: Circumstances<'_>) -> Option<Instead> {
    error(kind, circumstances).map(Instead::Error).or_else(|| canned(kind, circumstances.target).map(Instead::Canned))
}

/// The REST error a fault is, if it is one.
fn error(kind: &FaultKind, circumstances: Circumstances<'_>) -> Option<RestError> {
    let token = if circumstances.via_webhook { "webhook token" } else { "access token" };
    Some(match kind {
        FaultKind::QueryLimitExceeded => RestError::query_limit(),
        FaultKind::OperationTimeLimit { reset_in_seconds } => {
            RestError::operation_time().with("operating_reset_at", circumstances.now.saturating_add(*reset_in_seconds))
        }
        FaultKind::ExpiredToken => RestError::expired_token(),
        FaultKind::InvalidToken => RestError::invalid_token(),
        FaultKind::InsufficientScope => RestError::insufficient_scope(token),
        FaultKind::PlanAccessDenied => RestError::plan(circumstances.via_webhook),
        FaultKind::UserAccessError => RestError::user_access(),
        FaultKind::ApplicationNotFound => RestError::application_not_found(),
        FaultKind::ApplicationNotInstalled => RestError::new(401, "ERROR_OAUTH", "Application not installed"),
        FaultKind::ConnectionError => {
            RestError::new(401, "CONNECTION_ERROR", "Error connecting to authorization server")
        }
        FaultKind::OverloadLimit => RestError::overload(),
        FaultKind::PortalDeleted => RestError::portal_deleted(),
        FaultKind::InternalServerError => RestError::new(500, "INTERNAL_SERVER_ERROR", "Internal server error"),
        FaultKind::Redirect { .. }
        | FaultKind::BadGateway
        | FaultKind::HtmlForbidden
        | FaultKind::RestV3Error
        | FaultKind::Answer { .. }
        | FaultKind::SlowAnswer
        | FaultKind::TruncatedBody
        | FaultKind::LostAnswer => return None,
    })
}

/// The answer word for word that a fault is, if it is one.
fn canned(kind: &FaultKind, target: &str) -> Option<Canned> {
    match kind {
        FaultKind::Redirect { to } => Some(redirect(&format!("{to}{target}"))),
        FaultKind::BadGateway => Some(bad_gateway()),
        FaultKind::HtmlForbidden => Some(html(403, "403 Forbidden")),
        FaultKind::RestV3Error => {
            let code = "BITRIX_REST_V3_EXCEPTION_INTERNAL_INTERNALEXCEPTION";
            let error = map! { "code" => code, "message" => "Internal error" };
            let body = Value::from(map! { "error" => error }).to_json();
            Some(Canned { status: 400, content_type: JSON.to_owned(), body, location: None })
        }
        FaultKind::Answer { status, content_type, body } => {
            let (content_type, body) = (content_type.clone(), body.clone());
            Some(Canned { status: *status, content_type, body, location: None })
        }
        _ => None,
    }
}

/// What REST answers carry as `Content-Type`.
pub(crate) const JSON: &str = "application/json; charset=utf-8";

/// The answer of a portal that moved: 302, which makes a careless client repeat its POST as a GET without a body.
pub(crate) fn redirect(location: &str) -> Canned {
    Canned { location: Some(location.to_owned()), ..html(302, "302 Found") }
}

/// The page of a gateway in front of the portal.
pub(crate) fn bad_gateway() -> Canned {
    html(502, "502 Bad Gateway")
}

fn html(status: u16, title: &str) -> Canned {
    let body = format!("<html>\r\n<head><title>{title}</title></head>\r\n<body><h1>{title}</h1></body>\r\n</html>\r\n");
    Canned { status, content_type: "text/html".to_owned(), body, location: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::switches::StatusTable;

    const HERE: Circumstances<'_> = Circumstances { now: 100, target: "/rest/x", via_webhook: false };

    fn status(instead: Option<Instead>) -> Option<u16> {
        instead.map(|instead| match instead {
            Instead::Error(error) => error.status(StatusTable::Server),
            Instead::Canned(canned) => canned.status,
        })
    }

    #[test]
    fn a_fault_hits_whom_it_is_aimed_at_and_wears_off() {
        let mut queue = Queue::default();
        queue.add(Fault::on("crm.item.list", FaultKind::ExpiredToken, 1));
        queue.add(Fault::next(FaultKind::BadGateway, 2));
        assert_eq!(status(queue.instead(TOKEN_ENDPOINT, HERE)), None);
        assert_eq!(status(queue.instead("user.get", HERE)), Some(502));
        assert_eq!(status(queue.instead("crm.item.list", HERE)), Some(401));
        assert_eq!(status(queue.instead("crm.item.list", HERE)), Some(502));
        assert_eq!(status(queue.instead("user.get", HERE)), None);
        assert_eq!(queue.pending(), 0);
    }

    #[test]
    fn an_answer_is_spoilt_only_after_the_request() {
        let mut queue = Queue::default();
        queue.add(Fault::on("user.get", FaultKind::SlowAnswer, 1));
        assert_eq!(status(queue.instead("user.get", HERE)), None);
        assert_eq!(queue.spoil("profile"), None);
        assert_eq!(queue.spoil("user.get"), Some(Spoil::Hold));
        assert_eq!(queue.spoil("user.get"), None);
    }

    #[test]
    fn inside_a_batch_only_errors_of_that_method_happen() {
        let mut queue = Queue::default();
        queue.add(Fault::on("user.get", FaultKind::BadGateway, 1));
        queue.add(Fault::on("user.get", FaultKind::OperationTimeLimit { reset_in_seconds: 5 }, 1));
        let error = queue.in_batch("user.get", HERE).unwrap();
        assert_eq!(error.body().get("operating_reset_at"), Some(&105.into()));
        assert!(queue.in_batch("user.get", HERE).is_none());
        assert_eq!(queue.pending(), 1);
    }

    #[test]
    fn faults_are_read_from_json() {
        let fault: Fault = serde_json::from_str(r#"{"kind":"redirect","to":"http://localhost:9","times":2}"#).unwrap();
        assert_eq!(fault, Fault::next(FaultKind::Redirect { to: "http://localhost:9".into() }, 2));
        assert!(serde_json::from_str::<Fault>(r#"{"kind":"gremlin"}"#).is_err());
    }
}
