//! `changeTeam`: which addresses are the person's own, and whose domains are colleagues'.

use super::status::status_of;
use crate::context::Context;
use crate::failure::Failure;
use crate::protocol::{ChangeTeamParams, Status};
use crate::sessions::Session;

/// Makes all of the changes, or none when one of them can't be made.
///
/// # Errors
/// [`crate::failure::Reason::AddressInvalid`], [`crate::failure::Reason::DomainInvalid`]
pub fn change_team(context: &Context, session: &Session, params: &ChangeTeamParams) -> Result<Status, Failure> {
    let connection = context.connection(session)?;
    context.settings.update(|settings| settings.change_team(params))?;
    status_of(context, &connection)
}
