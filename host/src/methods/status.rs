//! `status`: what the host knows without asking anybody.

use crate::connection::Connection;
use crate::context::Context;
use crate::failure::Failure;
use crate::never_log::Listed;
use crate::protocol::{NeverLogList, Status, Team};
use crate::sessions::Session;

/// What the host knows of the session's connection.
///
/// # Errors
/// When there is no such connection any more.
pub fn status(context: &Context, session: &Session) -> Result<Status, Failure> {
    status_of(context, &context.known_connection(session)?)
}

/// What the host knows of a connection.
///
/// # Errors
/// When the settings can't be read.
pub fn status_of(context: &Context, connection: &Connection) -> Result<Status, Failure> {
    let settings = context.settings.read()?;
    Ok(Status {
        portal: connection.portal.to_string(),
        origin: connection.portal.origin(),
        mode: connection.mode(),
        user: connection.portal_user(),
        mailboxes: settings.mailboxes(&connection.portal),
        team: Team {
            own_addresses: settings.own_addresses,
            domains: settings.team_domains,
            policy_domains: context.policy.team_domains.clone(),
        },
        never_log: NeverLogList {
            entries: settings.never_log.iter().map(Listed::to_string).collect(),
            policy_entries: context.policy.never_log.iter().map(Listed::to_string).collect(),
        },
        subject_only: context.policy.is_subject_only(),
    })
}
