//! Frames on their way out.

use serde::Serialize;
use serde_json::value::RawValue;
use tokio::sync::mpsc;

use crate::failure::{Failure, Reason};
use crate::framing::REPLY_LIMIT;
use crate::protocol::{EventKind, Frame};

/// Where answers are dropped; the conversation's loop writes them in that order.
#[derive(Clone)]
pub(super) struct Outbox(mpsc::UnboundedSender<Vec<u8>>);

impl Outbox {
    pub(super) fn new() -> (Self, mpsc::UnboundedReceiver<Vec<u8>>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    /// A request's one last answer. One that is too long becomes a failure, since a browser closes the port over it.
    pub(super) fn answer(&self, id: &str, method: &'static str, answer: Result<Box<RawValue>, Failure>) {
        let sent = match answer {
            Ok(result) => self.send(&Frame::Result { id: id.to_owned(), result }),
            Err(failure) => return self.error(Some(id.to_owned()), &failure),
        };
        if !sent {
            self.error(Some(id.to_owned()), &Failure::new(Reason::ReplyTooLong).with("method", method));
        }
    }

    pub(super) fn error(&self, id: Option<String>, failure: &Failure) {
        self.send(&Frame::<()>::Error { id, error: failure.to_wire() });
    }

    pub(super) fn event(&self, event: EventKind) {
        self.send(&Frame::<()>::Event { event });
    }

    pub(super) fn parts(&self, id: String) -> Parts {
        Parts { id, outbox: self.clone() }
    }

    /// Whether the frame fits.
    fn send(&self, frame: &Frame<impl Serialize>) -> bool {
        let Ok(bytes) = serde_json::to_vec(frame) else { return false };
        let fits = bytes.len() <= REPLY_LIMIT;
        if fits {
            // The receiver is gone only when the conversation is over.
            let _ = self.0.send(bytes);
        }
        fits
    }
}

/// Sends pieces of a long answer ahead of it.
pub struct Parts {
    id: String,
    outbox: Outbox,
}

impl Parts {
    /// For a test that asks a service without a conversation around it.
    #[cfg(test)]
    pub(crate) fn to_nobody() -> Self {
        Self { id: String::new(), outbox: Outbox::new().0 }
    }

    /// Sends a piece. One that doesn't fit a frame is left out: the answer that follows is whole.
    pub fn send(&self, part: &impl Serialize) {
        self.outbox.send(&Frame::Part { id: self.id.clone(), part });
    }
}
