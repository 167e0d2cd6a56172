//! The program `gmail-sync-host`.

use std::ffi::OsString;
use std::process::ExitCode;

use gmail_sync_host::args::{Invocation, invocation};
use gmail_sync_host::{browser, cli, hardening};

fn main() -> ExitCode {
    hardening::keep_memory_private();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    match invocation(arguments.get(1..).unwrap_or_default()) {
        Invocation::Serve { extension_id } => {
            browser::serve_browser(&extension_id).unwrap_or_else(|failure| cli::fail(&failure))
        }
        Invocation::Cli => cli::run(arguments),
    }
}
