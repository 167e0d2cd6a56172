//! The portal's time: the system's clock, moved or stopped by a test, and written the way the portal writes it.

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, civil};

/// The portal's zone. Answers carry this offset whatever offset a request used.
const ZONE: Offset = Offset::constant(1);
const ZONE_SUFFIX: &str = "+01:00";

/// Where "now" comes from.
#[derive(Debug)]
pub(crate) struct Clock {
    frozen: Option<Timestamp>,
    shift: SignedDuration,
}

impl Clock {
    /// `frozen` keeps the time of this moment until [`Clock::advance`] moves it.
    pub(crate) fn new(frozen: bool) -> Self {
        Self { frozen: frozen.then(Timestamp::now), shift: SignedDuration::ZERO }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let base = self.frozen.unwrap_or_else(Timestamp::now);
        base.checked_add(self.shift).unwrap_or(base)
    }

    /// Unix seconds.
    pub(crate) fn seconds(&self) -> i64 {
        self.now().as_second()
    }

    pub(crate) fn advance(&mut self, by: SignedDuration) {
        self.shift = self.shift.saturating_add(by);
    }

    /// Back to where it started from.
    pub(crate) fn set(&mut self) {
        self.shift = SignedDuration::ZERO;
    }

    /// Now, as the portal writes a moment: ISO 8601 with its own offset.
    pub(crate) fn iso(&self) -> String {
        iso(self.now())
    }
}

/// A moment as the portal writes it.
pub(crate) fn iso(at: Timestamp) -> String {
    format!("{}{ZONE_SUFFIX}", ZONE.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S"))
}

/// Seconds with microseconds, as in the `time` block.
pub(crate) fn fraction(at: Timestamp) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "microseconds since 1970 fit into 52 bits until 2112")]
    let micros = at.as_microsecond() as f64;
    micros / 1_000_000.0
}

/// Reads what clients send for a moment: ISO with an offset, or without one in the portal's zone, or a date alone.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let zoned = |moment: civil::DateTime| ZONE.to_timestamp(moment).ok();
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| text.parse::<civil::DateTime>().ok().and_then(zoned))
        .or_else(|| text.parse::<civil::Date>().ok().and_then(|date| zoned(date.at(0, 0, 0, 0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_the_portals_zone() {
        let at = parse("2026-11-12T09:30:00-05:00").unwrap();
        assert_eq!(iso(at), "2026-11-12T15:30:00+01:00");
        assert_eq!(iso(parse("2026-11-12").unwrap()), "2026-11-12T00:00:00+01:00");
        assert_eq!(iso(parse("2026-11-12 08:00:00").unwrap()), "2026-11-12T08:00:00+01:00");
        assert!(parse("soon").is_none());
    }

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let mut clock = Clock::new(true);
        let start = clock.now();
        clock.advance(SignedDuration::from_secs(31));
        assert_eq!(clock.now().duration_since(start), SignedDuration::from_secs(31));
        clock.set();
        assert_eq!(clock.now(), start);
    }
}
