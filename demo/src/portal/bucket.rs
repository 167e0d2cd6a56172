//! The portal's limits: the leaky bucket in front of everything, and operating time per method.
//! Figures: apidocs.bitrix24.com, "Limits"; module `rest`, `lib/engine/access/loadlimiter.php`.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::switches::Plan;

/// Seconds of operating time one method may use within [`WINDOW`].
const OPERATING_LIMIT: f64 = 480.0;
/// Calls shorter than this aren't counted, in seconds.
const OPERATING_MINIMUM: f64 = 0.1;
const MINUTE: i64 = 60;
/// Operating time is kept in ten one-minute buckets.
const WINDOW: i64 = 10 * MINUTE;

/// Rejects requests that come faster than it drains. One for the whole portal: every client of a loopback server has the
/// same address.
#[derive(Debug, Default)]
pub(crate) struct Bucket {
    level: f64,
    at: Option<Timestamp>,
}

impl Bucket {
    /// Counts one request. `false` means 503.
    pub(crate) fn admit(&mut self, plan: Plan, now: Timestamp) -> bool {
        let (drain, size) = match plan {
            Plan::Standard => (2.0, 50.0),
            Plan::Enterprise => (5.0, 250.0),
            Plan::SelfHosted => return true,
        };
        let passed = self.at.map_or(0.0, |at| now.duration_since(at).as_secs_f64().max(0.0));
        self.at = Some(now);
        self.level = (self.level - passed * drain).max(0.0);
        if self.level + 1.0 > size {
            return false;
        }
        self.level += 1.0;
        true
    }
}

/// Operating time per method.
#[derive(Debug, Default)]
pub(crate) struct Operating {
    /// Simulated duration of a method's calls, in seconds; 0 unless a test says otherwise.
    cost: BTreeMap<String, f64>,
    /// Method and minute -> seconds used.
    used: BTreeMap<(String, i64), f64>,
}

impl Operating {
    /// Makes every further call of `method` count `seconds`.
    pub(crate) fn set_cost(&mut self, method: &str, seconds: f64) {
        self.cost.insert(method.to_owned(), seconds);
    }

    /// Whether the method may be called.
    pub(crate) fn allows(&self, method: &str, now: Timestamp) -> bool {
        self.used(method, now) < OPERATING_LIMIT
    }

    /// Counts one call and answers how long it took, in seconds.
    pub(crate) fn charge(&mut self, method: &str, now: Timestamp) -> f64 {
        let cost = self.cost.get(method).copied().unwrap_or(0.0);
        if cost >= OPERATING_MINIMUM {
            *self.used.entry((method.to_owned(), now.as_second() / MINUTE)).or_default() += cost;
        }
        cost
    }

    /// Seconds the method used within the window.
    pub(crate) fn used(&self, method: &str, now: Timestamp) -> f64 {
        let from = (now.as_second() - WINDOW) / MINUTE;
        let counted = self.used.iter().filter(|((own, minute), _)| own == method && *minute > from);
        // Not `sum`: of nothing that is -0.0, and the answer would say so.
        counted.fold(0.0, |sum, (_, seconds)| sum + seconds)
    }

    /// When the oldest minute in use falls out of the window, unix seconds.
    pub(crate) fn reset_at(&self, method: &str, now: Timestamp) -> i64 {
        let from = (now.as_second() - WINDOW) / MINUTE;
        let oldest = self.used.keys().find(|(own, minute)| own == method && *minute > from).map(|(_, minute)| *minute);
        oldest.unwrap_or(now.as_second() / MINUTE) * MINUTE + WINDOW
    }
}

/// Simulated time a call takes.
pub(crate) fn duration(seconds: f64) -> SignedDuration {
    SignedDuration::try_from_secs_f64(seconds).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: f64) -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap() + duration(seconds)
    }

    #[test]
    fn the_bucket_takes_a_burst_and_then_its_drain() {
        let mut bucket = Bucket::default();
        assert!((0..50).all(|_| bucket.admit(Plan::Standard, after(0.0))));
        assert!(!bucket.admit(Plan::Standard, after(0.0)));
        assert!(bucket.admit(Plan::Standard, after(0.5)), "one place drains in half a second");
        assert!(!bucket.admit(Plan::Standard, after(0.5)));
        assert!((0..50).all(|_| bucket.admit(Plan::Standard, after(60.0))), "an empty bucket holds no credit");
        assert!(!bucket.admit(Plan::Standard, after(60.0)));
    }

    #[test]
    fn plans_differ() {
        let mut bucket = Bucket::default();
        assert_eq!((0..300).filter(|_| bucket.admit(Plan::Enterprise, after(0.0))).count(), 250);
        assert_eq!((0..300).filter(|_| bucket.admit(Plan::SelfHosted, after(0.0))).count(), 300);
    }

    #[test]
    fn operating_time_blocks_one_method_until_its_minutes_pass() {
        let mut operating = Operating::default();
        operating.set_cost("crm.item.list", 240.0);
        operating.set_cost("user.get", 0.09);
        operating.charge("user.get", after(0.0));
        assert!(operating.used("user.get", after(0.0)).abs() < f64::EPSILON);
        operating.charge("crm.item.list", after(0.0));
        assert!(operating.allows("crm.item.list", after(1.0)));
        operating.charge("crm.item.list", after(61.0));
        assert!(!operating.allows("crm.item.list", after(62.0)));
        assert!(operating.allows("user.get", after(62.0)));
        let reset = operating.reset_at("crm.item.list", after(62.0));
        assert!(reset > after(62.0).as_second() && reset <= after(600.0).as_second());
        assert!(operating.allows("crm.item.list", Timestamp::from_second(reset).unwrap()));
    }
}
