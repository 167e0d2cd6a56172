//! Calls methods of the portal: the only part of this folder that does anything.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep, sleep_until};
use zeroize::Zeroizing;

use super::batch::{Batch, BatchReply};
use super::credentials::{Authorization, Credentials};
use super::envelope::{NoSuccess, Success, parse};
use super::errors::{CallContext, Reaction};
use super::limits::{Bucket, Pace, Pauses};
use super::unanswered::Unanswered;
use crate::egress::{Answer, Body, Destination, Egress, Outgoing, Purpose};
use crate::failure::{Failure, Reason};
use crate::portal::{PortalUrl, RestEndpoint};

/// One portal's methods, called with one person's rights, one request at a time.
pub struct Client<C> {
    egress: Arc<Egress>,
    endpoint: RestEndpoint,
    credentials: C,
    pace: Pace,
    /// Held while a request is on its way.
    turn: tokio::sync::Mutex<Bucket>,
    pauses: Mutex<Pauses>,
}

/// A call, ready to be sent as often as it takes.
struct Prepared {
    purpose: Purpose,
    method: &'static str,
    /// A JSON object without any secret.
    params: Vec<u8>,
    methods: BTreeMap<String, u32>,
    addresses: Vec<String>,
}

impl<C: Credentials> Client<C> {
    /// A client for the portal at `endpoint`.
    pub fn new(egress: Arc<Egress>, endpoint: RestEndpoint, credentials: C, pace: Pace) -> Self {
        let turn = tokio::sync::Mutex::new(Bucket::new(pace));
        Self { egress, endpoint, credentials, pace, turn, pauses: Mutex::default() }
    }

    /// The portal.
    #[must_use]
    pub fn portal(&self) -> &PortalUrl {
        self.endpoint.portal()
    }

    /// Calls one method. `addresses` are the participants' addresses in `params`, for the ledger.
    ///
    /// # Errors
    /// When there is no result; the failure tells the person why.
    pub async fn call<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        method: &'static str,
        params: &impl Serialize,
        addresses: Vec<String>,
    ) -> Result<Success<T>, Failure> {
        self.write(purpose, method, params, addresses).await.map_err(Unanswered::into_failure)
    }

    /// Calls one method that changes something. It's the caller who must find out what an unconfirmed call has done; the call
    /// is repeated here only if the portal says that it wasn't carried out.
    ///
    /// # Errors
    /// When there is no result: why, and what that means for the portal's data.
    pub async fn write<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        method: &'static str,
        params: &impl Serialize,
        addresses: Vec<String>,
    ) -> Result<Success<T>, Unanswered> {
        let methods = BTreeMap::from([(method.to_owned(), 1)]);
        self.exchange(Prepared { purpose, method, params: to_json(params), methods, addresses }).await
    }

    /// Calls the methods of a batch in one request. A method that rests is not called; its commands read as if the portal had
    /// said so. An empty batch asks nobody.
    ///
    /// # Errors
    /// When the batch as a whole has no result. Single commands can still have errors, see [`BatchReply::get`].
    pub async fn batch(
        &self,
        purpose: Purpose,
        mut batch: Batch,
        addresses: Vec<String>,
    ) -> Result<BatchReply, Failure> {
        let resting = batch.take_out(|method| self.rests(method).is_some());
        let mut reply = BatchReply::default();
        if !batch.is_empty() {
            let (params, methods) = (to_json(&batch.params()), batch.methods());
            let call = Prepared { purpose, method: "batch", params, methods, addresses };
            reply = self.exchange(call).await.map_err(Unanswered::into_failure)?.result;
            for (name, command) in batch.iter() {
                if let Some(error) = reply.error(name)
                    && let Reaction::Pause(pause) = self.context(command.method(), false).react_to_error(&error, None)
                {
                    self.pauses().pause(command.method(), Instant::now() + pause);
                }
            }
        }
        reply.set_resting(resting.keys());
        Ok(reply)
    }

    /// The sentence for a command of a batch that has no result.
    #[must_use]
    pub fn explain(&self, method: &'static str, no_success: &NoSuccess) -> Failure {
        let context = self.context(method, false);
        let reaction = match no_success {
            NoSuccess::Error(error) => context.react_to_error(error, None),
            NoSuccess::NotAnEnvelope | NoSuccess::Unexpected => return context.failure(Reason::UnexpectedAnswer),
        };
        match reaction {
            Reaction::Fail(failure) | Reaction::Renew(failure) => failure,
            Reaction::BackOff => context.failure(Reason::PortalBusy).with("seconds", self.pace.back_off.as_secs()),
            Reaction::Pause(pause) => self.resting(context, self.rests(method).unwrap_or(pause)),
        }
    }

    async fn exchange<T: DeserializeOwned>(&self, call: Prepared) -> Result<Success<T>, Unanswered> {
        let mut bucket = self.turn.lock().await;
        if let Some(left) = self.rests(call.method) {
            return Err(self.resting(self.context(call.method, false), left).into());
        }
        let mut authorization = self.credentials.current().await?;
        let mut renewed = false;
        let mut delays = self.pace.delays();
        loop {
            sleep_until(bucket.take(Instant::now())).await;
            let answer = self.post(&call, &authorization).await?;
            let no_success = match parse(&answer.body) {
                Ok(success) if answer.status < 300 => return Ok(success),
                Ok(_) => NoSuccess::NotAnEnvelope,
                Err(NoSuccess::Error(error))
                    if authorization.is_in(&error.description) || authorization.is_in(&error.code) =>
                {
                    NoSuccess::Error(error.without_words())
                }
                Err(no_success) => no_success,
            };
            let context = self.context(call.method, matches!(authorization, Authorization::Webhook { .. }));
            let reaction = context.react(&answer, &no_success);
            tracing::info!(method = call.method, status = answer.status, ?no_success, "no result");
            match reaction {
                Reaction::Renew(failure) if renewed || context.webhook => return Err(failure.into()),
                Reaction::Renew(_) => {
                    authorization = self.credentials.renew(&authorization).await?;
                    renewed = true;
                }
                Reaction::BackOff => match delays.next() {
                    Some(delay) => sleep(delay).await,
                    None => return Err(context.failure(Reason::PortalBusy).with("seconds", 5).into()),
                },
                Reaction::Pause(pause) => {
                    self.pauses().pause(call.method, Instant::now() + pause);
                    return Err(self.resting(context, pause).into());
                }
                Reaction::Fail(failure) => return Err(Unanswered::new(failure, no_success)),
            }
        }
    }

    async fn post(&self, call: &Prepared, authorization: &Authorization) -> Result<Answer, Failure> {
        let (path, body) = address(self.endpoint.path(), call, authorization);
        let destination = Destination::Portal(self.endpoint.portal().clone());
        let outgoing = Outgoing {
            purpose: call.purpose,
            destination: destination.clone(),
            path,
            body: Body::Json(body),
            methods: call.methods.clone(),
            addresses: call.addresses.clone(),
            deadline: self.pace.deadline,
        };
        self.egress.send(outgoing).await.map_err(|error| error.to_failure(&destination))
    }

    fn context<'a>(&'a self, method: &'a str, webhook: bool) -> CallContext<'a> {
        CallContext { portal: self.endpoint.portal(), method, webhook }
    }

    fn pauses(&self) -> std::sync::MutexGuard<'_, Pauses> {
        self.pauses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rests(&self, method: &str) -> Option<std::time::Duration> {
        self.pauses().left(method, Instant::now())
    }

    fn resting(&self, context: CallContext<'_>, left: std::time::Duration) -> Failure {
        context.failure(Reason::MethodResting).with("seconds", left.as_secs().max(1))
    }
}

fn to_json(params: &impl Serialize) -> Vec<u8> {
    // Our own parameters are structs of strings and numbers: there is nothing in them JSON can't hold.
    serde_json::to_vec(params).unwrap_or_default()
}

/// Path and body of a call. A token goes into the body, so that no web server writes it to its log.
fn address(base: &str, call: &Prepared, authorization: &Authorization) -> (SecretString, Zeroizing<Vec<u8>>) {
    match authorization {
        Authorization::Token(token) => {
            (format!("{base}{}", call.method).into(), with_token(&call.params, token.expose_secret()))
        }
        Authorization::Webhook { user, secret } => {
            let path = format!("{base}{user}/{}/{}", secret.expose_secret(), call.method);
            (path.into(), Zeroizing::new(call.params.clone()))
        }
    }
}

/// Adds `"auth":"…"` to a JSON object, in memory that is wiped and never grows: a grown buffer leaves copies behind.
fn with_token(params: &[u8], token: &str) -> Zeroizing<Vec<u8>> {
    let open = params.strip_suffix(b"}").unwrap_or(b"{");
    // JSON writes a byte with six at the most, as `\u001f`.
    let mut body = Zeroizing::new(Vec::with_capacity(open.len() + 6 * token.len() + 11));
    body.extend_from_slice(open);
    if open.len() > 1 {
        body.push(b',');
    }
    body.extend_from_slice(b"\"auth\":");
    // Writing to a vector never fails, nor does a text in JSON.
    let _written = serde_json::to_writer(&mut *body, token);
    body.push(b'}');
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(params: &str) -> Prepared {
        Prepared {
            purpose: Purpose::Check,
            method: "profile",
            params: params.as_bytes().to_vec(),
            methods: BTreeMap::new(),
            addresses: Vec::new(),
        }
    }

    #[test]
    fn a_token_travels_in_the_body() {
        let token = Authorization::Token("t\"k".to_owned().into());
        for (params, expected) in [("{}", r#"{"auth":"t\"k"}"#), (r#"{"id":7}"#, r#"{"id":7,"auth":"t\"k"}"#)] {
            let (path, body) = address("/rest/", &call(params), &token);
            assert_eq!(path.expose_secret(), "/rest/profile");
            assert_eq!(std::str::from_utf8(&body).unwrap(), expected);
        }
    }

    #[test]
    fn a_webhook_travels_in_the_path() {
        let webhook = Authorization::Webhook { user: 7, secret: "s3cret".to_owned().into() };
        let (path, body) = address("/rest/", &call(r#"{"id":7}"#), &webhook);
        assert_eq!(path.expose_secret(), "/rest/7/s3cret/profile");
        assert_eq!(body.as_slice(), br#"{"id":7}"#);
    }
}
