//! `newCode`, `allow` and `pasteCallback`: what a person carries over from one place to another.

use secrecy::ExposeSecret as _;

use super::admission::Caller;
use super::status::status_of;
use crate::context::Context;
use crate::failure::Failure;
use crate::protocol::{AllowParams, Connected, Nothing, OneTimeCode, PasteCallbackParams};
use crate::sessions::{CODE_LIFE, Session};

/// A one-time code for a further profile, which gets the caller's connection with it.
///
/// # Errors
/// When the connection or the session is gone, or the file can't be written.
pub fn new_code(context: &Context, session: &Session) -> Result<OneTimeCode, Failure> {
    context.connection(session)?;
    let code = context.sessions.new_code_of(session, context.clock.now())?;
    let seconds = u32::try_from(CODE_LIFE.as_secs()).unwrap_or_default();
    Ok(OneTimeCode { code: code.expose_secret().to_owned(), seconds })
}

/// Gives the caller a session for a one-time code.
///
/// # Errors
/// [`crate::failure::Reason::NoCode`], [`crate::failure::Reason::CodeWrong`], or [`crate::failure::Reason::PortalNotAllowed`] if
/// policy forbids the connection by now.
pub fn allow(context: &Context, params: AllowParams, caller: &Caller<'_>) -> Result<Connected, Failure> {
    let code = params.code.into_inner();
    let (token, portal) = context.sessions.redeem(&code, caller.origin, context.clock.now())?;
    let connection = context.select(Some(&portal))?;
    if let Some(mailbox) = params.mailbox {
        context.settings.update(|settings| settings.set_mailbox(&portal, &mailbox, true))?;
    }
    if let Some(old) = caller.session {
        context.sessions.replace(old)?;
    }
    Ok(Connected { session: token.expose_secret().to_owned(), status: status_of(context, &connection)? })
}

/// Hands the running `connect` the address the browser ended at.
///
/// # Errors
/// When no `connect` is running, or it isn't the address it waits for.
pub fn paste_callback(context: &Context, params: PasteCallbackParams) -> Result<Nothing, Failure> {
    context.attempts.paste(params.address.into_inner().expose_secret())?;
    Ok(Nothing {})
}
