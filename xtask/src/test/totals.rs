//! How many tests passed, failed and were skipped, read from what the test runners print.

use std::fmt::{self, Display, Formatter};
use std::iter::Sum;
use std::ops::{Add, AddAssign};

/// Prints as `N passed, N failed, N skipped`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

impl Totals {
    pub(crate) const PASSED: Self = Self { passed: 1, failed: 0, skipped: 0 };
    pub(crate) const FAILED: Self = Self { passed: 0, failed: 1, skipped: 0 };
    pub(crate) const SKIPPED: Self = Self { passed: 0, failed: 0, skipped: 1 };

    /// What one line of a runner's output adds: nothing, unless it is one of the runner's totals.
    pub(super) fn in_line(line: &str) -> Self {
        if let Some(counts) = line.strip_prefix("test result: ") {
            libtest(counts)
        } else if let Some(count) = line.strip_prefix("ℹ ") {
            node(count)
        } else {
            Self::default()
        }
    }
}

/// What a line says was left out: of our Rust tests `skipped: WHAT`, maybe after the runner's own words, and of node's runner
/// `﹣ TEST (1.2ms) # WHY`.
pub(super) fn skipped_in(line: &str) -> Option<&str> {
    line.split_once("skipped: ").map(|(_, what)| what).or_else(|| line.trim_start().strip_prefix("﹣ "))
}

/// Whether that was left out for want of facts beside the project, which not every clone has; else the machine is to blame.
pub(super) fn wants_data(what: &str) -> bool {
    what.contains("for want of ../shared")
}

/// `ok. 7 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s`, once per test binary.
fn libtest(counts: &str) -> Totals {
    let mut totals = Totals::default();
    let counts = counts.split_once(". ").map_or("", |(_, counts)| counts);
    for count in counts.split("; ") {
        match number_and_word(count) {
            Some((n, "passed")) => totals.passed += n,
            Some((n, "failed")) => totals.failed += n,
            Some((n, "ignored")) => totals.skipped += n,
            _ => {}
        }
    }
    totals
}

/// `pass 7`, one line per count, from `node --test --test-reporter=spec`.
fn node(count: &str) -> Totals {
    let mut totals = Totals::default();
    let Some((word, number)) = count.split_once(' ') else { return totals };
    let Ok(n) = number.parse::<usize>() else { return totals };
    match word {
        "pass" => totals.passed = n,
        "fail" | "cancelled" => totals.failed = n,
        "skipped" | "todo" => totals.skipped = n,
        _ => {}
    }
    totals
}

fn number_and_word(text: &str) -> Option<(usize, &str)> {
    let (number, word) = text.split_once(' ')?;
    Some((number.parse().ok()?, word))
}

impl Add for Totals {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Totals {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

impl Display for Totals {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(output: &str) -> Totals {
        output.lines().map(Totals::in_line).sum()
    }

    #[test]
    fn libtest_prints_one_result_per_binary() {
        let output = "\
running 2 tests
test framing::tests::empty ... ok

test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.00s

test result: FAILED. 4 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 1.53s
";
        assert_eq!(totals(output), Totals { passed: 6, failed: 1, skipped: 2 });
    }

    #[test]
    fn node_prints_one_line_per_count() {
        let output = "\
✔ reads a thread (1.2ms)
ℹ tests 12
ℹ suites 0
ℹ pass 7
ℹ fail 1
ℹ cancelled 1
ℹ skipped 2
ℹ todo 1
ℹ duration_ms 62.1
";
        assert_eq!(totals(output), Totals { passed: 7, failed: 2, skipped: 3 });
    }

    #[test]
    fn other_lines_count_nothing() {
        for line in [
            "",
            "ℹ",
            "ℹ pass",
            "ℹ pass many",
            "ℹ pass -1",
            "  ℹ pass 3",
            "pass 3",
            "test result:",
            "test result: ok",
            "test result: ok. many passed; 99999999999999999999999 failed",
            "note: test result: ok. 2 passed; 0 failed",
        ] {
            assert_eq!(Totals::in_line(line), Totals::default(), "{line}");
        }
    }

    #[test]
    fn what_was_left_out_has_a_name() {
        assert_eq!(skipped_in("skipped: a body isn't at hand"), Some("a body isn't at hand"));
        assert_eq!(skipped_in("test documented::deals ... skipped: a body"), Some("a body"));
        assert_eq!(skipped_in("  ﹣ the pages (1.2ms) # not here"), Some("the pages (1.2ms) # not here"));
        assert_eq!(skipped_in("ℹ skipped 2"), None);
    }

    #[test]
    fn what_wants_data_says_so() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let sources = [
            "host/src/bitrix24/documented.rs",
            "demo/tests/it/examples.rs",
            "extension/test/gmail/shared-pages.test.ts",
        ];
        for source in sources {
            let text = std::fs::read_to_string(format!("{folder}/{source}")).unwrap();
            assert!(wants_data(&text), "{source}");
        }
        assert!(!wants_data("nothing is installed, since this machine allows no overlay to be mounted"));
    }

    #[test]
    fn the_last_line_of_a_run() {
        let totals = Totals { passed: 12, failed: 0, skipped: 3 };
        assert_eq!(totals.to_string(), "12 passed, 0 failed, 3 skipped");
    }
}
