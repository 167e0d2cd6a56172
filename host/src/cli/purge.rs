//! `purge`: removes everything this program ever stored for this user account.

use std::io::{self, BufRead as _, IsTerminal as _};

use clap::Args;

use super::output::{print, say};
use crate::browsers::BROWSERS;
use crate::context::Context;
use crate::failure::{Failure, Reason};
use crate::methods::disconnect_portal;
use crate::oauth::ConnectLock;
use crate::register::Place;

#[derive(Args)]
pub(super) struct PurgeArgs {
    /// Don't ask
    #[arg(long)]
    yes: bool,
}

pub(super) async fn purge(context: &Context, args: &PurgeArgs) -> Result<(), Failure> {
    if !args.yes && !confirmed(context) {
        say("Nothing was removed.");
        return Ok(());
    }
    // A browser profile that connects right now is done before, or finds no state folder any more and stores nothing.
    let turn = ConnectLock::take(&context.paths).await?;
    // The keychain first: what can't go from there keeps the rest here. Connections go under their locks, so that no running
    // host puts a renewed token back; a list of them that can't be read hides nothing, since the keychain is asked, too.
    for connection in context.connections.all().unwrap_or_default() {
        disconnect_portal(context, &connection.portal, &turn).await?;
        print(&format!("Removed the tokens of {} from the keychain.", connection.portal));
    }
    for name in context.vault.forget_all().await? {
        print(&format!("Removed the entry {name} from the keychain."));
    }
    for place in BROWSERS.iter().filter_map(|browser| Place::of(browser, &context.paths)) {
        if place.unregister()? {
            print(&format!("Removed {}.", place.file().display()));
        }
    }
    let state = context.paths.state();
    if cfg!(windows) {
        // There an open file may keep its folder.
        drop(turn);
    }
    context.paths.remove().map_err(|error| Failure::new(Reason::StateFolder).with("why", error.kind()))?;
    print(&format!("Removed {}.", state.display()));
    say(
        "A browser folder that was named to register --user-data-dir isn't known here: unregister --user-data-dir removes that.",
    );
    say("The extension removes its own part when you remove it from the browser.");
    Ok(())
}

fn confirmed(context: &Context) -> bool {
    say(&format!(
        "This removes all connections, their tokens, the settings, the ledger and the log in {}.",
        context.paths.state().display()
    ));
    if !io::stdin().is_terminal() {
        say("Run it with --yes to do so without being asked.");
        return false;
    }
    say("Type yes to go on:");
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).is_ok() && answer.trim().eq_ignore_ascii_case("yes")
}
