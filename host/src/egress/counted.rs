//! The body of a request, which tells how much of it was taken: nothing, as long as there is no connection to write it to.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// How many bytes were taken.
#[derive(Clone, Default)]
pub(super) struct Count(Arc<AtomicU64>);

impl Count {
    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A body that is taken once: there is no copy of it to send again.
pub(super) struct Counted {
    left: Bytes,
    taken: Count,
}

impl Counted {
    pub(super) fn new(body: Bytes, taken: Count) -> Self {
        Self { left: body, taken }
    }
}

impl Body for Counted {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        let taken = std::mem::take(&mut self.left);
        self.taken.0.fetch_add(taken.len() as u64, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(taken))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64)
    }
}
