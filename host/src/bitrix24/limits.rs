//! How fast the portal may be asked.
//!
//! Source: <https://apidocs.bitrix24.com/limits.html>: 2 requests a second drain from a bucket of 50, per portal and source address.
//! Every browser profile has a host of its own behind the same address, so each takes a fifth of the bucket.

use std::collections::HashMap;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::time::Instant;

/// The pace of one client. [`Pace::default`] is what the portal asks for; tests hurry.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Requests that may go out at once.
    pub burst: u32,
    /// How long until one more may.
    pub refill: Duration,
    /// How long to wait, at least, before a refused request is repeated the first time; later 1.5 times as long.
    pub back_off: Duration,
    /// How long an answer may take.
    pub deadline: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            burst: 10,
            refill: Duration::from_millis(500),
            back_off: Duration::from_secs(1),
            deadline: Duration::from_secs(30),
        }
    }
}

impl Pace {
    /// The waits before each repetition of a request the portal had no time for; three tries in all.
    pub(super) fn delays(&self) -> impl Iterator<Item = Duration> + use<> {
        ExponentialBuilder::new().with_min_delay(self.back_off).with_factor(1.5).with_max_times(2).with_jitter().build()
    }
}

/// A leaky bucket: every request fills it a little, time empties it.
#[derive(Debug)]
pub(super) struct Bucket {
    burst: u32,
    refill: Duration,
    /// When the bucket will be empty.
    empty_at: Option<Instant>,
}

impl Bucket {
    pub(super) fn new(pace: Pace) -> Self {
        Self { burst: pace.burst.max(1), refill: pace.refill, empty_at: None }
    }

    /// Takes a place for one request, and tells when it may go out.
    pub(super) fn take(&mut self, now: Instant) -> Instant {
        let empty_at = self.empty_at.unwrap_or(now).max(now) + self.refill;
        self.empty_at = Some(empty_at);
        let full = self.refill * self.burst;
        empty_at.checked_sub(full).map_or(now, |at| at.max(now))
    }
}

/// Methods that used up their computing time.
#[derive(Debug, Default)]
pub(super) struct Pauses {
    until: HashMap<&'static str, Instant>,
}

impl Pauses {
    pub(super) fn pause(&mut self, method: &'static str, until: Instant) {
        self.until.insert(method, until);
    }

    /// How long the method still rests.
    pub(super) fn left(&self, method: &str, now: Instant) -> Option<Duration> {
        self.until.get(method).map(|until| until.saturating_duration_since(now)).filter(|left| !left.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_out_at_once_and_the_rest_two_a_second() {
        let start = Instant::now();
        let mut bucket = Bucket::new(Pace::default());
        let waits: Vec<u128> = (0..13).map(|_| (bucket.take(start) - start).as_millis()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 500, 1000, 1500]);
    }

    #[test]
    fn time_empties_the_bucket_and_no_more() {
        let start = Instant::now();
        let mut bucket = Bucket::new(Pace::default());
        for _ in 0..10 {
            bucket.take(start);
        }
        let later = start + Duration::from_secs(1);
        assert_eq!(bucket.take(later), later);
        assert_eq!(bucket.take(later), later);
        assert_eq!(bucket.take(later), later + Duration::from_millis(500));
        let much_later = start + Duration::from_secs(3600);
        let at_once = (0..20).filter(|_| bucket.take(much_later) == much_later).count();
        assert_eq!(at_once, 10);
    }

    #[test]
    fn a_refused_request_is_repeated_twice_after_growing_random_waits() {
        let delays: Vec<Duration> = Pace::default().delays().collect();
        assert_eq!(delays.len(), 2);
        assert!((1000..=2000).contains(&delays[0].as_millis()), "{delays:?}");
        assert!((1500..=3000).contains(&delays[1].as_millis()), "{delays:?}");
    }

    #[test]
    fn a_pause_ends_by_itself() {
        let start = Instant::now();
        let mut pauses = Pauses::default();
        pauses.pause("crm.item.list", start + Duration::from_secs(40));
        assert_eq!(pauses.left("crm.item.list", start), Some(Duration::from_secs(40)));
        assert_eq!(pauses.left("crm.item.list", start + Duration::from_secs(40)), None);
        assert_eq!(pauses.left("crm.contact.list", start), None);
    }
}
