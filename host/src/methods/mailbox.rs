//! `setMailbox`, and what follows from it: whose threads may be looked up.

use super::status::status_of;
use crate::context::Context;
use crate::failure::{Failure, Reason};
use crate::portal::PortalUrl;
use crate::protocol::{SetMailboxParams, Status};
use crate::sessions::Session;
use crate::settings::{MailboxState, Settings};

/// Switches lookups for a mailbox on or off.
///
/// # Errors
/// [`crate::failure::Reason::MailboxInvalid`]
pub fn set_mailbox(context: &Context, session: &Session, params: &SetMailboxParams) -> Result<Status, Failure> {
    let connection = context.connection(session)?;
    context.settings.update(|settings| settings.set_mailbox(&connection.portal, &params.address, params.on))?;
    status_of(context, &connection)
}

/// Nothing, if the person switched on lookups for that mailbox (`None`: the page doesn't tell which).
///
/// # Errors
/// [`Reason::MailboxUnanswered`], [`Reason::MailboxOff`]
pub fn may_look_up(settings: &Settings, portal: &PortalUrl, mailbox: Option<&str>) -> Result<(), Failure> {
    match settings.mailbox_state(portal, mailbox) {
        MailboxState::On => Ok(()),
        MailboxState::Off => Err(Reason::MailboxOff.into()),
        MailboxState::Unanswered => Err(Reason::MailboxUnanswered.into()),
    }
}
