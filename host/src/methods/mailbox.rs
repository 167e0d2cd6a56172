//! `setMailbox`: the person's answer for a mailbox.

use super::status::status_of;
use crate::context::Context;
use crate::failure::Failure;
use crate::protocol::{SetMailboxParams, Status};
use crate::sessions::Session;

/// Switches lookups for a mailbox on or off.
///
/// # Errors
/// [`crate::failure::Reason::MailboxInvalid`]
pub fn set_mailbox(context: &Context, session: &Session, params: &SetMailboxParams) -> Result<Status, Failure> {
    let connection = context.connection(session)?;
    context.settings.update(|settings| settings.set_mailbox(&connection.portal, &params.address, params.on))?;
    status_of(context, &connection)
}
