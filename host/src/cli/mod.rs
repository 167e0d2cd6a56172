//! The command line: for a person, a script, and a fleet's tools. The only code that prints.
//!
//! What a script may read goes to stdout; everything said to a person beside it goes to stderr. Secrets are asked for or
//! read from stdin, never taken from an argument, which every program on the machine could see.

mod bundle;
mod check;
mod connect;
mod guide;
mod input;
mod ledger;
mod lookup;
mod output;
mod provision;
mod purge;
mod redaction;
mod register;
mod sessions;
mod settings;
mod status;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, Parser, Subcommand};

use crate::context::Context;
use crate::failure::{Failure, Reason};
use crate::portal::PortalUrl;

use output::{print, say};

/// Gmail Sync for Bitrix24: shows who the people of an e-mail thread are in your company's Bitrix24, and keeps the
/// tokens for that in this computer's keychain.
///
/// The browser starts this program by itself; these commands are for connecting without the browser, for managing which
/// browser profiles may use it, and for finding out what is wrong.
#[derive(Parser)]
#[command(name = "gmail-sync-host", version, arg_required_else_help = true, args_conflicts_with_subcommands = true)]
#[command(
    after_help = "GMAIL_SYNC_HOME=FOLDER moves everything this program stores; its keychain entries are then its own, too."
)]
struct Cli {
    #[command(flatten)]
    check: check::CheckArgs,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Connect this computer to a portal
    Connect(connect::ConnectArgs),
    /// End a connection, and with it every session that uses it
    Disconnect(Which),
    /// Show who somebody is in the portal
    Lookup(lookup::LookupArgs),
    /// Show connections, settings and where they are kept
    Status(status::StatusArgs),
    /// Manage which browser profiles may use the host
    #[command(subcommand)]
    Sessions(sessions::SessionsCommand),
    /// Show what left this machine: one line for each request, without its content
    Ledger(ledger::LedgerArgs),
    /// Show or change which addresses and domains are your own, and what the ledger keeps
    Settings(settings::SettingsArgs),
    /// Leave an application's keys in the keychain before the person connects
    Provision(provision::ProvisionArgs),
    /// Tell browsers where the host is
    Register(register::RegisterArgs),
    /// Make browsers forget the host
    Unregister(register::RegisterArgs),
    /// Remove everything this program stored: tokens, settings, ledger, log, registrations
    Purge(purge::PurgeArgs),
}

/// Which connection is meant.
#[derive(Args)]
struct Which {
    /// The portal, if this computer is connected to several
    #[arg(long, value_name = "HOST")]
    portal: Option<PortalUrl>,
}

/// The folder of a browser that is started with `--user-data-dir`, if one was named: on Windows no browser needs that.
fn user_data(named: Option<&Path>) -> Result<Option<&Path>, Failure> {
    if cfg!(windows) && named.is_some() { Err(Reason::FolderUnneeded.into()) } else { Ok(named) }
}

/// What the command line takes, for its manual and for shells that complete it.
#[must_use]
pub fn definition() -> clap::Command {
    Cli::command()
}

/// Runs the command that the arguments (the program's name first) ask for.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    match Cli::try_parse_from(arguments) {
        Ok(cli) => match execute(cli) {
            Ok(code) => code,
            Err(failure) => fail(&failure),
        },
        Err(usage) => {
            let text = usage.render().to_string();
            if usage.use_stderr() {
                say(text.trim_end());
            } else {
                print(text.trim_end());
            }
            ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2))
        }
    }
}

/// Tells why nothing was done, and what to do.
#[must_use]
pub fn fail(failure: &Failure) -> ExitCode {
    say(&format!("error: {}\nhint: {}", failure.message(), failure.hint()));
    ExitCode::FAILURE
}

fn execute(cli: Cli) -> Result<ExitCode, Failure> {
    let context = Context::system();
    if let Ok(context) = &context {
        crate::log::start(&context.paths, context.clock.clone());
    }
    let Some(command) = cli.command else { return block_on(check::run(context.as_ref(), cli.check))? };
    let context = context?;
    let done = |()| ExitCode::SUCCESS;
    block_on(async {
        match command {
            Command::Connect(args) => connect::connect(&context, args).await.map(done),
            Command::Disconnect(which) => connect::disconnect(&context, &which).await.map(done),
            Command::Lookup(args) => lookup::lookup(&context, args).await.map(done),
            Command::Ledger(args) => ledger::ledger(&context, &args).await.map(done),
            Command::Status(args) => status::status(&context, &args).map(done),
            Command::Sessions(command) => sessions::run(&context, &command).await.map(done),
            Command::Settings(args) => settings::settings(&context, args).await.map(done),
            Command::Provision(args) => provision::provision(&context, &args).await.map(done),
            Command::Register(args) => register::register(&context, &args).map(done),
            Command::Unregister(args) => register::unregister(&context, &args).map(done),
            Command::Purge(args) => purge::purge(&context, &args).await.map(done),
        }
    })?
}

/// One thread is enough for one command. Whatever still blocks in another thread doesn't keep the process.
fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|_| Failure::new(Reason::Internal).with("method", "the command line"))?;
    let result = runtime.block_on(work);
    runtime.shutdown_background();
    Ok(result)
}

/// The command line's help, for documentation and tests.
#[must_use]
pub fn help() -> String {
    Cli::command().render_long_help().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_argument_takes_a_secret() {
        fn names(command: &clap::Command) -> Vec<String> {
            let own = command.get_arguments().map(|argument| argument.get_id().to_string());
            own.chain(command.get_subcommands().flat_map(names)).collect()
        }
        for name in names(&Cli::command()) {
            assert!(!name.contains("secret") && !name.contains("token") && !name.contains("password"), "{name}");
        }
    }
}
