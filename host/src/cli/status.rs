//! `status`: what is connected, and where things are.

use clap::Args;

use super::output::{clean, print, table};
use super::sessions::minute;
use crate::connection::Connection;
use crate::context::Context;
use crate::failure::Failure;
use crate::protocol::ConnectionMode;

#[derive(Args)]
pub(super) struct StatusArgs {
    /// For programs
    #[arg(long)]
    json: bool,
}

pub(super) fn status(context: &Context, args: &StatusArgs) -> Result<(), Failure> {
    let connections = context.connections.all()?;
    if args.json {
        print(&json(context, &connections)?);
        return Ok(());
    }
    let mut rows = Vec::new();
    let mut row = |name: &str, value: String| rows.push([name.to_owned(), value]);
    if connections.is_empty() {
        row("portal", "not connected".to_owned());
    }
    let (settings, sessions) = (context.settings.read()?, context.sessions.list()?);
    for connection in &connections {
        let portal = &connection.portal;
        let mode = match connection.mode() {
            ConnectionMode::Oauth => "local application",
            ConnectionMode::Webhook => "inbound webhook",
        };
        row("portal", format!("{portal}, by {mode}, since {}", minute(connection.since)));
        row("user", format!("{} (id {})", clean(&connection.user.name), connection.user.id));
        let profiles = sessions.iter().filter(|session| session.portal == *portal && session.has_arrived()).count();
        row("browser profiles", profiles.to_string());
        for mailbox in settings.mailboxes(portal) {
            let address =
                if mailbox.address.is_empty() { "(one whose address Gmail doesn't show)" } else { &mailbox.address };
            row("mailbox", format!("{address}: {}", if mailbox.on { "on" } else { "off" }));
        }
    }
    row("state folder", context.paths.state().display().to_string());
    row("policy", crate::policy::PLACE.to_owned());
    print(&table(&rows));
    Ok(())
}

fn json(context: &Context, connections: &[Connection]) -> Result<String, Failure> {
    let statuses: Result<Vec<_>, _> =
        connections.iter().map(|connection| crate::methods::status_of(context, connection)).collect();
    let value = serde_json::json!({ "connections": statuses?, "stateFolder": context.paths.state() });
    Ok(value.to_string())
}
