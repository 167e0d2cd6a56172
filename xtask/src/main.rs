//! Every task of the project, one subcommand each: `cargo xtask --help`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "telling a person what happens is this program's job")]

mod apt;
mod bench;
mod demo;
mod fake_portal;
mod fuzz;
mod keychain;
mod npm;
mod package;
mod process;
mod project;
mod protocol_types;
mod test;
mod tools;
mod wine;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::project::Project;

/// Every task of the project.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing and run the tests; the last line is `N passed, N failed, N skipped`
    Test(test::Arguments),
    /// Try the product against a fake portal and a fake Gmail, in a browser profile and a keychain of its own
    Demo(demo::Arguments),
    /// Measure the host beside one that does nothing, as shipped, and print the ratios
    Bench(bench::Arguments),
    /// Write the extension's protocol types from the host's Rust types
    Gen(protocol_types::Arguments),
    /// Give every parser damaged examples for minutes; the tests do so for a second
    Fuzz(fuzz::Arguments),
    /// Make installable packages and put them into dist/
    Package(package::Arguments),
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode> {
    process::end_children_on_signals()?;
    let project = Project::find()?;
    match task {
        Task::Test(arguments) => test::run(&project, &arguments),
        Task::Demo(arguments) => demo::run(&project, &arguments),
        Task::Bench(arguments) => bench::run(&project, &arguments),
        Task::Gen(arguments) => protocol_types::run(&project, &arguments),
        Task::Fuzz(arguments) => fuzz::run(&project, &arguments),
        Task::Package(arguments) => package::run(&project, &arguments),
    }
}
