//! Who may connect, and the session they get by it.

use secrecy::ExposeSecret as _;

use super::status::status_of;
use crate::connection::Connection;
use crate::context::Context;
use crate::failure::{Failure, Reason};
use crate::fault;
use crate::portal::PortalUrl;
use crate::protocol::Connected;
use crate::sessions::Session;
use crate::vault::PortalSecret;

/// Who asks: an extension in some browser profile.
pub struct Caller<'a> {
    /// The extension's origin.
    pub origin: &'a str,
    /// The session it has, if any; checked.
    pub session: Option<&'a Session>,
}

/// Who wants to connect.
#[derive(Clone, Copy)]
pub(super) enum Asking<'a> {
    /// The person at the command line, who needs nobody's leave.
    Person,
    /// A browser profile.
    Profile(&'a Caller<'a>),
}

/// Somebody's wish to connect to a portal.
///
/// It is looked at twice: before anything is sent, and under the [`crate::oauth::ConnectLock`] before anything is stored. In between
/// a person signs in, which takes minutes, and meanwhile another profile may have connected, or this one have lost its session.
pub(super) struct Admission<'a> {
    pub(super) asking: Asking<'a>,
    pub(super) portal: &'a PortalUrl,
    /// The connection to the portal as it was called before.
    pub(super) moved_from: Option<&'a Connection>,
}

impl Admission<'_> {
    /// Once there is a connection, only those who are in may connect: to their own portal again, or to a further one. Others need a
    /// one-time code whatever portal they name, since any session reads the ledger and changes settings that hold for all portals.
    ///
    /// Who follows a portal is in at its new name, too: the connection there may be what an earlier try got to.
    ///
    /// # Errors
    /// [`Reason::AlreadyConnected`]; [`Reason::SessionNeeded`] for following a portal; or a file can't be read.
    pub(super) async fn check(&self, context: &Context) -> Result<(), Failure> {
        let Asking::Profile(caller) = self.asking else { return Ok(()) };
        let session = kept_session(context, caller)?;
        if session.is_none() && self.moved_from.is_some() {
            return Err(Reason::SessionNeeded.into());
        }
        if session.as_ref().is_some_and(|session| session.portal == *self.portal) {
            return Ok(());
        }
        for connected in context.connections.all()? {
            let followed = self.moved_from.is_some_and(|before| before.is_same_portal(&connected));
            let stands_against = session.is_none() || (connected.portal == *self.portal && !followed);
            if stands_against && is_whole(context, &connected.portal).await {
                return Err(Reason::AlreadyConnected.into());
            }
        }
        Ok(())
    }
}

/// The caller's session as it is by now. One that was revoked meanwhile counts as none.
fn kept_session(context: &Context, caller: &Caller<'_>) -> Result<Option<Session>, Failure> {
    let Some(session) = caller.session else { return Ok(None) };
    Ok(context.sessions.list()?.into_iter().find(|kept| kept.id == session.id))
}

/// A connection without its secret is none: a host that was killed while connecting or disconnecting leaves one, and nobody has a
/// session to it. What a keychain doesn't tell counts as kept.
async fn is_whole(context: &Context, portal: &PortalUrl) -> bool {
    let secret = PortalSecret::load(&context.vault, portal).await;
    !matches!(secret, Err(failure) if failure.reason() == Reason::KeychainNoEntry)
}

/// Gives the caller a session, in place of the one it had, and switches on the mailbox it looks at.
///
/// # Errors
/// When a file can't be written.
pub(super) fn admit(
    context: &Context,
    connection: &Connection,
    caller: &Caller<'_>,
    mailbox: Option<&str>,
) -> Result<Connected, Failure> {
    if let Some(mailbox) = mailbox {
        context.settings.update(|settings| settings.set_mailbox(&connection.portal, mailbox, true))?;
    }
    let token = context.sessions.issue(&connection.portal, caller.origin, context.clock.now())?;
    fault::point("session issued");
    if let Some(old) = caller.session {
        context.sessions.replace(old)?;
    }
    Ok(Connected { session: token.expose_secret().to_owned(), status: status_of(context, connection)? })
}
