//! The program `gmail-sync-host`.

use std::process::ExitCode;

use gmail_sync_host::cli;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}
