//! A conversation with one browser profile: frames in, dispatch, frames out, until the input ends.
//!
//! Requests run side by side on one thread; each gets exactly one last answer, also when its method panics. Only the loop
//! in [`serve`] writes to the output, so nothing but frames can reach it.

mod intake;
mod outbox;

use std::collections::HashMap;
use std::io::{Read, Write};
use std::rc::Rc;
use std::time::Duration;

use serde_json::value::{RawValue, to_raw_value};
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};

use crate::failure::{Failure, Reason};
use crate::framing::{self, Incoming, REQUEST_LIMIT, ReadError};
use crate::protocol::{Call, CancelParams, EventKind, Nothing};

pub use intake::{Accepted, Rejected, unsupported_version};
pub use outbox::Parts;

pub(crate) use intake::accept;
use outbox::Outbox;

/// How many requests may run at once. A sidebar needs one or two.
const RUNNING_LIMIT: usize = 64;

/// How long running requests may go on after the input ended. A browser kills its hosts two seconds after closing their
/// input; a renewed token must be in the keychain by then, since the old one may be worthless.
const GRACE: Duration = Duration::from_millis(1500);

/// What answers requests.
pub trait Service: 'static {
    /// Answers one request; `cancel` never gets here. The future may be dropped at any point.
    fn answer(&self, request: Accepted, parts: Parts) -> impl Future<Output = Result<Box<RawValue>, Failure>>;
}

/// Serves until the input ends. Call it inside a [`tokio::task::LocalSet`].
///
/// The input is read on a thread of its own: tokio's stdin costs ten times as much a message and keeps the process from
/// ending while a read is pending.
///
/// # Errors
/// When the input ends inside a frame or stops being made of frames; what was asked before is still answered.
pub async fn serve<S: Service>(
    input: impl Read + Send + 'static,
    mut output: impl Write,
    service: Rc<S>,
    mut events: mpsc::UnboundedReceiver<EventKind>,
) -> Result<(), ReadError> {
    let (outbox, mut outgoing) = Outbox::new();
    let mut incoming = read_on_a_thread(input);
    let mut requests = Requests { service, outbox: outbox.clone(), tasks: JoinSet::new(), running: HashMap::new() };
    let ended = loop {
        tokio::select! {
            biased;
            Some(frame) = outgoing.recv() => {
                if framing::write_frame(&mut output, &frame).is_err() {
                    tracing::info!("the browser reads no more");
                    return Ok(());
                }
            }
            // Before what comes in: whoever got an answer may use its id again at once.
            Some(done) = requests.tasks.join_next() => requests.forget(done.ok()),
            received = incoming.recv() => match received {
                None => break Ok(()),
                Some(Err(error)) => {
                    tracing::error!(%error, "the conversation broke");
                    break Err(error);
                }
                Some(Ok(Incoming::Frame(frame))) => requests.take(&frame),
                Some(Ok(Incoming::Empty)) => outbox.error(None, &Reason::EmptyFrame.into()),
                Some(Ok(Incoming::TooLong(bytes))) => outbox.error(None, &too_long(bytes)),
            },
            Some(event) = events.recv() => outbox.event(event),
        }
    };
    drop(outbox);
    let last_answers = async {
        while let Some(done) = requests.tasks.join_next().await {
            requests.forget(done.ok());
        }
    };
    if tokio::time::timeout(GRACE, last_answers).await.is_err() {
        tracing::warn!("requests were still running when the browser left");
    }
    while let Ok(frame) = outgoing.try_recv() {
        if framing::write_frame(&mut output, &frame).is_err() {
            break;
        }
    }
    ended
}

fn too_long(bytes: u32) -> Failure {
    Failure::new(Reason::FrameTooLong).with("bytes", bytes).with("limit", REQUEST_LIMIT)
}

/// Reads frames until there are no more. A browser that sends faster than requests are taken is made to wait.
fn read_on_a_thread(mut input: impl Read + Send + 'static) -> mpsc::Receiver<Result<Incoming, ReadError>> {
    let (frames, incoming) = mpsc::channel(RUNNING_LIMIT);
    std::thread::spawn(move || {
        while let Some(frame) = framing::read_frame(&mut input).transpose() {
            let last = frame.is_err();
            if frames.blocking_send(frame).is_err() || last {
                break;
            }
        }
    });
    incoming
}

/// The requests that are running.
struct Requests<S> {
    service: Rc<S>,
    outbox: Outbox,
    tasks: JoinSet<String>,
    running: HashMap<String, AbortHandle>,
}

impl<S: Service> Requests<S> {
    fn take(&mut self, frame: &[u8]) {
        match accept(frame) {
            Err(Rejected { id, failure }) => self.outbox.error(id, &failure),
            Ok(Accepted { id, call: Call::Cancel(CancelParams { id: other }), .. }) => self.cancel(&id, &other),
            Ok(request) => self.start(request),
        }
    }

    fn start(&mut self, request: Accepted) {
        if self.running.contains_key(&request.id) {
            // Answering with the id would end the request that rightly has it.
            return self.outbox.error(None, &Reason::DuplicateId.into());
        }
        if self.running.len() >= RUNNING_LIMIT {
            let failure = Failure::new(Reason::TooManyRequests).with("limit", RUNNING_LIMIT).with("seconds", 1);
            return self.outbox.error(Some(request.id), &failure);
        }
        let (id, method) = (request.id.clone(), request.call.method());
        let (service, parts) = (Rc::clone(&self.service), self.outbox.parts(id.clone()));
        // A task of its own, so that a panic or a cancellation ends up here as a value.
        let work = tokio::task::spawn_local(async move { service.answer(request, parts).await });
        self.running.insert(id.clone(), work.abort_handle());
        let outbox = self.outbox.clone();
        self.tasks.spawn_local(async move {
            let answer = match work.await {
                Ok(answer) => answer,
                Err(ended) if ended.is_cancelled() => Err(Reason::Cancelled.into()),
                Err(_) => Err(Failure::new(Reason::Internal).with("method", method)),
            };
            outbox.answer(&id, method, answer);
            id
        });
    }

    /// Cancelling needs no session: it reaches only requests of this very conversation. An id that isn't running any more
    /// was answered a moment ago, which is no failure.
    fn cancel(&self, id: &str, other: &str) {
        if let Some(work) = self.running.get(other) {
            work.abort();
        }
        self.outbox.answer(id, "cancel", to_raw_value(&Nothing {}).map_err(|_| Reason::Internal.into()));
    }

    fn forget(&mut self, id: Option<String>) {
        if let Some(id) = id {
            self.running.remove(&id);
        }
    }
}

#[cfg(test)]
mod tests;
