//! `sessions`: which browser profiles may use the host.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use secrecy::ExposeSecret as _;

use super::Which;
use super::output::{print, say, table};
use crate::context::Context;
use crate::failure::{Failure, Reason};
use crate::oauth::ConnectLock;
use crate::sessions::Whose;

#[derive(Subcommand)]
pub(super) enum SessionsCommand {
    /// Print a one-time code that gives one more browser profile access; it lasts 2 minutes
    Allow(Which),
    /// List the browser profiles that have access
    List,
    /// Take access away, and with it a one-time code that waits
    Revoke(RevokeArgs),
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(super) struct RevokeArgs {
    /// The session's id, as `sessions list` shows it
    id: Option<String>,
    /// Every session. Connections stay
    #[arg(long)]
    all: bool,
}

pub(super) async fn run(context: &Context, command: &SessionsCommand) -> Result<(), Failure> {
    match command {
        SessionsCommand::Allow(which) => allow(context, which),
        SessionsCommand::List => list(context),
        SessionsCommand::Revoke(args) => revoke(context, args).await,
    }
}

fn allow(context: &Context, which: &Which) -> Result<(), Failure> {
    let connection = context.select(which.portal.as_ref())?;
    let code = context.sessions.new_code(&connection.portal, context.clock.now())?;
    print(code.expose_secret());
    say(&format!(
        "Enter this code in the extension within 2 minutes to let that browser profile use {}.",
        connection.portal
    ));
    Ok(())
}

fn list(context: &Context) -> Result<(), Failure> {
    let sessions = context.sessions.list()?;
    if sessions.is_empty() {
        say("No browser profile has access.");
        return Ok(());
    }
    let heading = ["ID", "PORTAL", "SINCE", "LAST USED", "EXTENSION"].map(str::to_owned);
    let rows = sessions.into_iter().map(|session| {
        let used = session.last_seen.map_or_else(|| "never".to_owned(), minute);
        [session.id, session.portal.to_string(), minute(session.created), used, session.label]
    });
    print(&table(&std::iter::once(heading).chain(rows).collect::<Vec<_>>()));
    Ok(())
}

async fn revoke(context: &Context, args: &RevokeArgs) -> Result<(), Failure> {
    // Whoever is being let in is in before, and can be shut out.
    let _turn = ConnectLock::take(&context.paths).await?;
    let whose = args.id.as_deref().map_or(Whose::Everybody, Whose::Session);
    let revoked = context.sessions.revoke(whose)?;
    match &args.id {
        Some(id) if revoked.is_empty() => Err(Failure::new(Reason::NoSuchSession).with("id", printable(id))),
        _ => {
            print(&format!("{} of the browser profiles lost access.", revoked.len()));
            Ok(())
        }
    }
}

/// What was typed, if it can be an id at all.
fn printable(id: &str) -> &str {
    if id.len() <= 16 && id.chars().all(|c| c.is_ascii_alphanumeric()) { id } else { "of that id" }
}

/// To the minute. Without a time zone database on Windows, UTC is what can be told everywhere.
pub(super) fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
