//! Many measurements of one thing.

use std::time::{Duration, Instant};

use anyhow::Result;

/// How long something took, each time.
#[derive(Default)]
pub(super) struct Samples(Vec<Duration>);

impl Samples {
    /// Times `what` once.
    pub(super) fn time<T>(&mut self, what: impl FnOnce() -> Result<T>) -> Result<T> {
        let start = Instant::now();
        let outcome = what()?;
        self.0.push(start.elapsed());
        Ok(outcome)
    }

    /// The smallest and the middle one: what the machine can do, and what it does. Zero without samples.
    pub(super) fn min_and_median(mut self) -> (Duration, Duration) {
        self.0.sort_unstable();
        let at = |index: usize| self.0.get(index).copied().unwrap_or_default();
        (at(0), at(self.0.len() / 2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_one_does_not_move_with_outliers() {
        let samples = Samples([9000, 3, 1, 2, 4].map(Duration::from_micros).into());
        assert_eq!(samples.min_and_median(), (Duration::from_micros(1), Duration::from_micros(3)));
        assert_eq!(Samples::default().min_and_median(), (Duration::ZERO, Duration::ZERO));
    }

    #[test]
    fn a_failure_is_no_sample() {
        let mut samples = Samples::default();
        assert!(samples.time::<()>(|| anyhow::bail!("no")).is_err());
        assert!(samples.0.is_empty());
    }
}
