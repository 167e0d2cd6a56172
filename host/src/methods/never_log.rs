//! `changeNeverLog`: whose e-mail is never logged.

use super::status::status_of;
use crate::context::Context;
use crate::failure::Failure;
use crate::protocol::{ChangeNeverLogParams, Status};
use crate::sessions::Session;

/// Makes all of the changes, or none when one of them can't be made. What the administrator listed stays.
///
/// # Errors
/// [`crate::failure::Reason::NeverLogInvalid`]
pub fn change_never_log(
    context: &Context,
    session: &Session,
    params: &ChangeNeverLogParams,
) -> Result<Status, Failure> {
    let connection = context.connection(session)?;
    context.settings.update(|settings| settings.change_never_log(params))?;
    status_of(context, &connection)
}
