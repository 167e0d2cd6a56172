//! The table at the end of a run.

use std::time::Duration;

use super::totals::{Totals, wants_data};

/// What came out of one tier.
pub(super) struct Report {
    pub(super) name: &'static str,
    pub(super) totals: Totals,
    pub(super) failures: Vec<String>,
    /// What tests left out, e.g. for want of data that not every clone has.
    pub(super) skipped: Vec<String>,
    pub(super) took: Duration,
}

impl Report {
    /// What this machine should have been able to run, and left out, has failed, and is counted as that alone.
    pub(super) fn without_skips(mut self) -> Self {
        let missed: Vec<_> = self.skipped.extract_if(.., |what| !wants_data(what)).collect();
        self.totals.failed += missed.len();
        self.totals.skipped = self.totals.skipped.saturating_sub(missed.len());
        self.failures.extend(missed.into_iter().map(|what| format!("skipped: {what}")));
        self
    }
}

/// Prints one row per tier, what was skipped and what failed by name, and the totals alone on the last line.
pub(super) fn print(reports: &[Report]) {
    println!("\n{:<12} {:>8} {:>8} {:>8} {:>8}", "tier", "passed", "failed", "skipped", "minutes");
    for Report { name, totals, took, .. } in reports {
        let Totals { passed, failed, skipped } = totals;
        println!("{name:<12} {passed:>8} {failed:>8} {skipped:>8} {:>8.1}", minutes(*took));
    }
    println!("{:<12} {:>35.1}", "all", minutes(reports.iter().map(|report| report.took).sum()));
    for report in reports {
        for what in &report.skipped {
            println!("SKIPPED {}: {what}", report.name);
        }
        for failure in &report.failures {
            println!("FAILED {}: {failure}", report.name);
        }
    }
    println!("\n{}", reports.iter().map(|report| report.totals).sum::<Totals>());
}

fn minutes(took: Duration) -> f64 {
    took.as_secs_f64() / 60.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_skips_only_data_may_be_missing() {
        let skipped =
            ["no Windows packages", "for want of ../shared: a body isn't at hand"].map(str::to_owned).to_vec();
        let totals = Totals { passed: 7, failed: 0, skipped: 2 };
        let report = Report { name: "again", totals, failures: Vec::new(), skipped, took: Duration::ZERO };
        let report = report.without_skips();
        assert_eq!(report.failures, ["skipped: no Windows packages"]);
        assert_eq!(report.skipped, ["for want of ../shared: a body isn't at hand"]);
        assert_eq!(report.totals, Totals { passed: 7, failed: 1, skipped: 1 });
    }
}
