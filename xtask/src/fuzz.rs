//! `cargo xtask fuzz`: gives every parser of strangers' bytes damaged examples, for minutes.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::process;
use crate::project::{HOST, Project};

/// How many inputs a target gets in one round: some seconds' worth.
const CASES: &str = "20000";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only this target: the name of a folder in host/fuzz
    target: Option<String>,
    /// For how long
    #[arg(long, default_value_t = 10)]
    minutes: u64,
}

/// Runs rounds until the time is up or a promise is broken; what broke it is then among the examples.
pub(crate) fn run(project: &Project, arguments: &Arguments) -> Result<ExitCode> {
    let filter = format!("fuzz_{}", arguments.target.as_deref().unwrap_or_default());
    let (start, end) = (Instant::now(), Duration::from_secs(arguments.minutes * 60));
    let mut rounds = 0;
    while rounds == 0 || start.elapsed() < end {
        let mut round = project.cargo(["test", "--quiet", "--package", HOST, "--lib", "--", &filter]);
        process::run(round.env("PROPTEST_CASES", CASES))?;
        rounds += 1;
    }
    println!("{rounds} rounds of {CASES} inputs a target, and no promise was broken");
    Ok(ExitCode::SUCCESS)
}
