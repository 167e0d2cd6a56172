//! The wall clock, injected.
//!
//! Ages are told by the wall clock and not by a monotonic one: a laptop that slept for an hour must find its cache an hour old.

use std::sync::Arc;

use jiff::Timestamp;

/// Tells the time. Clones tell the same time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The computer's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::new(Timestamp::now)
    }

    /// A clock of the caller's making, for tests.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// A clock that goes as tokio's does, from the beginning of 1970.
    #[cfg(test)]
    pub(crate) fn of_tokio() -> Self {
        let start = tokio::time::Instant::now();
        Self::new(move || Timestamp::UNIX_EPOCH + jiff::SignedDuration::try_from(start.elapsed()).unwrap())
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}
