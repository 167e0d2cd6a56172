//! What the portal was asked: the request log, its counters and the tripwires.

use serde::Serialize;

use super::exchange::{Incoming, Outcome};
use super::php::{Array, Value};

/// How a request proved who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Proof {
    /// An access token.
    Token,
    /// The secret in a webhook's address.
    Webhook,
    /// Nothing, or nothing valid.
    Nothing,
}

/// One request to REST or the token endpoint.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// Counts from 1.
    pub number: usize,
    /// The REST method in lower case, or `oauth.token`.
    pub method: String,
    /// The methods inside a batch, in order.
    pub batched: Vec<String>,
    /// `GET`, `POST`…
    pub http_method: String,
    /// The answer's HTTP status.
    pub status: u16,
    /// The `error` of the answer, empty ones included.
    pub error: Option<String>,
    /// Size of the request's body.
    pub bytes_in: usize,
    /// Size of the answer's body.
    pub bytes_out: usize,
    /// How the request was authorized.
    pub proof: Proof,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// A JSON body as it came, byte for byte, but for the token at its end; empty for others.
    pub body: String,
    /// The parameters as the portal understood them, without tokens and secrets.
    pub params: serde_json::Value,
}

/// A condition the portal dropped from a filter without saying so: the answer holds rows nobody asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WidenedFilter {
    /// The list method.
    pub method: String,
    /// The condition's key, operator included.
    pub field: String,
    /// Why it was dropped.
    pub why: String,
}

/// An e-mail a real portal would have sent. This list must stay empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SentMail {
    /// The activity it would have been sent for.
    pub activity_id: i64,
    /// The recipients.
    pub to: Vec<String>,
    /// The subject.
    pub subject: String,
}

/// Counters and tripwires.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    /// HTTP requests to REST.
    pub http_calls: usize,
    /// Method calls, those inside batches counted singly.
    pub method_calls: usize,
    /// Bytes of all request bodies to REST and the token endpoint.
    pub bytes_in: usize,
    /// Bytes of all their answers' bodies.
    pub bytes_out: usize,
    /// Successful token refreshes.
    pub refreshes: usize,
    /// Requests whose address carried a token or the client secret. Must stay 0 (a webhook's address is its secret and isn't
    /// counted).
    pub secrets_in_urls: usize,
    /// Requests whose answer is being held back.
    pub held: usize,
    /// Faults that haven't happened yet.
    pub faults_pending: usize,
    /// Must stay empty.
    pub sent_mail: Vec<SentMail>,
    /// Filters that were silently widened.
    pub widened_filters: Vec<WidenedFilter>,
}

impl LogEntry {
    /// What there is to say about one request; `params` without what proves who asks.
    pub(crate) fn new(incoming: &Incoming, outcome: &Outcome, method: String, proof: Proof, params: &Array) -> Self {
        let mut params = params.clone();
        let mut body = without_token(&incoming.body);
        for secret in ["auth", "access_token", "refresh_token", "client_secret", "code"] {
            if params.get(secret).and_then(Value::str).is_some_and(|value| body.contains(value)) {
                body.clear();
            }
            params.remove(secret);
        }
        Self {
            number: 0,
            method,
            batched: Vec::new(),
            http_method: incoming.http_method.clone(),
            status: outcome.status,
            error: outcome.error(),
            bytes_in: incoming.body.len(),
            bytes_out: outcome.body.len(),
            proof,
            user_agent: incoming.user_agent.clone(),
            body,
            params: serde_json::from_str(&Value::from(params).to_json()).unwrap_or_default(),
        }
    }
}

/// A JSON body without the token at its end; nothing of others, in which more may prove who asks.
fn without_token(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    match text.rsplit_once(r#","auth":""#) {
        _ if !text.starts_with('{') => String::new(),
        Some((rest, _)) => format!("{rest}}}"),
        None => text.into_owned(),
    }
}

/// The log.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) entries: Vec<LogEntry>,
    pub(crate) stats: Stats,
}

impl Log {
    pub(crate) fn record(&mut self, mut entry: LogEntry) {
        entry.number = self.entries.len() + 1;
        self.stats.bytes_in += entry.bytes_in;
        self.stats.bytes_out += entry.bytes_out;
        self.entries.push(entry);
    }
}
