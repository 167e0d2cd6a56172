//! `cargo xtask fuzz`: gives every parser of strangers' bytes damaged examples, for minutes.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::project::{HOST, Project};
use crate::{npm, process};

/// The target that is the extension's: the token in Gmail's address. It has its examples in `extension/fuzz`.
const OF_EXTENSION: &str = "token";

/// How many inputs a target gets in one round: some seconds' worth.
const CASES: &str = "20000";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only this target: the name of a folder in host/fuzz or extension/fuzz
    target: Option<String>,
    /// For how long
    #[arg(long, default_value_t = 10)]
    minutes: u64,
}

/// Runs rounds until the time is up or a promise is broken; what broke it is then among the examples.
pub(crate) fn run(project: &Project, arguments: &Arguments) -> Result<ExitCode> {
    let only = arguments.target.as_deref();
    let (of_host, of_extension) = (only != Some(OF_EXTENSION), only.is_none_or(|target| target == OF_EXTENSION));
    if of_extension {
        npm::install(project)?;
    }
    let filter = format!("fuzz_{}", only.unwrap_or_default());
    let (start, end) = (Instant::now(), Duration::from_secs(arguments.minutes * 60));
    let mut rounds = 0;
    while rounds == 0 || start.elapsed() < end {
        if of_host {
            let mut round = project.cargo(["test", "--quiet", "--package", HOST, "--lib", "--", &filter]);
            process::run(round.env("PROPTEST_CASES", CASES))?;
        }
        if of_extension {
            let mut round = npm::npm(project, ["test", "--silent", "--", "token.test"]);
            process::run(round.env("GMAIL_SYNC_FUZZ_SEED", rounds.to_string()))?;
        }
        rounds += 1;
    }
    println!("{rounds} rounds of {CASES} inputs a target, and no promise was broken");
    Ok(ExitCode::SUCCESS)
}
