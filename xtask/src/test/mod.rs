//! `cargo xtask test`: tier after tier, a failing one not stopping the next, and one line of totals at the end.

mod ahead;
mod packages;
mod report;
mod tiers;
mod totals;

use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::time::Instant;

use anyhow::{Result, ensure};
use clap::builder::PossibleValuesParser;

use self::ahead::Ahead;
use self::report::Report;
use self::tiers::{TIERS, Tier};
use self::totals::Totals;
use crate::apt;
use crate::process;
use crate::project::Project;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Run the slow tiers too, all but what is for `--packages` alone
    #[arg(long)]
    all: bool,
    /// Make all packages, install, upgrade and remove them; the tiers `packages`, `windows`, `macos`, `again` and `again-foreign`
    #[arg(long, conflicts_with_all = ["all", "only"])]
    packages: bool,
    /// What this machine should be able to run and can't, such as packages for want of a compiler, counts as failed
    #[arg(long)]
    no_skips: bool,
    /// Run this tier only, slow or not (may be repeated)
    #[arg(long, value_name = "TIER", conflicts_with = "all", value_parser = names())]
    only: Vec<String>,
}

fn names() -> PossibleValuesParser {
    TIERS.iter().map(|tier| tier.name).collect::<Vec<_>>().into()
}

impl Arguments {
    fn select(&self, tier: &Tier) -> bool {
        match self.only.as_slice() {
            _ if self.packages => tiers::PACKAGES.contains(&tier.name),
            [] => !tier.slow || self.all && !tiers::BEFORE_A_RELEASE.contains(&tier.name),
            names => names.iter().any(|name| name == tier.name),
        }
    }
}

/// Runs the selected tiers and prints what came out.
pub(crate) fn run(project: &Project, arguments: &Arguments) -> Result<ExitCode> {
    let selected: Vec<_> = TIERS.iter().filter(|tier| arguments.select(tier)).collect();
    let makes_packages = selected.iter().any(|tier| tiers::PACKAGES.contains(&tier.name));
    let mut reports = Vec::new();
    for tier in selected {
        if process::interrupted() {
            break;
        }
        println!("\n=== {}: {} ===", tier.name, tier.title);
        let report = run_tier(project, tier, makes_packages && tier.name == tiers::LEAVES_IDLE);
        reports.push(if arguments.no_skips { report.without_skips() } else { report });
    }
    report::print(&reports);
    let failed = reports.iter().map(|report| report.totals).sum::<Totals>().failed;
    // What didn't run hasn't passed.
    Ok(if failed == 0 && !process::interrupted() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_tier(project: &Project, tier: &'static Tier, builds_ahead: bool) -> Report {
    let start = Instant::now();
    let mut steps = Steps { project, totals: Totals::default(), failures: Vec::new(), skipped: Vec::new() };
    if let Err(error) = run_steps(&mut steps, tier, builds_ahead) {
        steps.fail(format!("{error:#}"));
    }
    let Steps { totals, failures, skipped, .. } = steps;
    Report { name: tier.name, totals, failures, skipped, took: start.elapsed() }
}

fn run_steps(steps: &mut Steps<'_>, tier: &'static Tier, builds_ahead: bool) -> Result<()> {
    apt::ensure_present(tier.needs.iter().copied().flatten())?;
    let ahead = builds_ahead.then(|| Ahead::start(steps.project)).transpose()?;
    let outcome = (tier.run)(steps);
    ahead.map_or(Ok(()), Ahead::wait).and(outcome)
}

/// What a tier runs its steps with; counts as it goes.
struct Steps<'a> {
    project: &'a Project,
    totals: Totals,
    failures: Vec<String>,
    skipped: Vec<String>,
}

impl Steps<'_> {
    /// A step that prints no totals: its exit code is one test.
    fn check(&mut self, mut command: Command) -> Result<()> {
        if stream(&mut command, |line| println!("{line}"))?.success() {
            self.totals += Totals::PASSED;
        } else {
            self.fail(process::describe(&command));
        }
        Ok(())
    }

    /// A test runner, whose totals are read from its output.
    fn tests(&mut self, mut command: Command) -> Result<()> {
        let mut totals = Totals::default();
        let skipped = &mut self.skipped;
        let status = stream(&mut command, |line| {
            println!("{line}");
            totals += Totals::in_line(line);
            skipped.extend(totals::skipped_in(line).map(str::to_owned));
        })?;
        self.totals += totals;
        let runner = process::describe(&command);
        ensure!(totals != Totals::default() || !status.success(), "`{runner}` ran no tests");
        match (status.success(), totals.failed) {
            (true, 0) => {}
            // It broke before or after its tests: that is a failure of its own.
            (false, 0) => self.fail(format!("`{runner}`: {status}")),
            (_, failed) => self.failures.push(format!("{failed} of `{runner}`")),
        }
        Ok(())
    }

    /// Something that can't be tested here: what, and why.
    fn skip(&mut self, what: &str) {
        println!("skipped: {what}");
        self.totals += Totals::SKIPPED;
        self.skipped.push(what.to_owned());
    }

    fn fail(&mut self, what: String) {
        println!("FAILED: {what}");
        self.totals += Totals::FAILED;
        self.failures.push(what);
    }
}

/// Something later steps need. It counts only when it fails, and then ends the tier.
fn prepare(mut command: Command) -> Result<()> {
    println!("\n$ {}", process::describe(&command));
    process::run(&mut command)
}

/// Runs a command, its lines passing through.
fn stream(command: &mut Command, line: impl FnMut(&str) + Send) -> Result<ExitStatus> {
    println!("\n$ {}", process::describe(command));
    process::stream(command.stdin(Stdio::null()), line)
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    /// A run that could not make a package must not pass where releases are judged.
    #[test]
    fn ci_runs_the_slow_tiers_and_lets_nothing_be_left_out() -> Result<()> {
        let script = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../.ci/run"))?;
        let line = script.lines().find_map(|line| line.strip_prefix("cargo xtask ")).context("it runs the tests")?;
        let Arguments { all, no_skips, .. } = Line::try_parse_from(line.split(' '))?.arguments;
        assert!(all && no_skips, "{line}");
        Ok(())
    }
}
