//! `disconnect`: ends a session, and with the last one the connection.

use crate::context::Context;
use crate::failure::Failure;
use crate::fault;
use crate::oauth::{ConnectLock, TokenLock};
use crate::portal::PortalUrl;
use crate::protocol::{DisconnectParams, Disconnected};
use crate::sessions::{Session, Whose};
use crate::vault::PortalSecret;

/// Ends the caller's session; the connection too if nobody else uses it, or if asked. A session that has reached nobody, as a host
/// leaves that was killed before it answered, must not keep the tokens here.
///
/// Bitrix24 has no way to revoke a token: the access token ends by itself within the hour.
///
/// # Errors
/// When the keychain keeps the entry or a file can't be written; the caller can try again then.
pub async fn disconnect(
    context: &Context,
    session: &Session,
    params: &DisconnectParams,
) -> Result<Disconnected, Failure> {
    // Nobody is let in meanwhile, and of two profiles that disconnect at once, one is the last.
    let _turn = ConnectLock::take(&context.paths).await?;
    let _lock = TokenLock::take(&context.paths, &session.portal).await?;
    let others = |other: &&Session| other.portal == session.portal && other.id != session.id && other.has_arrived();
    let left = context.sessions.list()?.iter().filter(others).count();
    if params.everywhere || left == 0 {
        end(context, &session.portal).await?;
        return Ok(Disconnected { connection_ended: true, sessions_left: 0 });
    }
    context.sessions.revoke(Whose::Session(&session.id))?;
    Ok(Disconnected { connection_ended: false, sessions_left: u32::try_from(left).unwrap_or(u32::MAX) })
}

/// Ends a connection and all its sessions. The keychain entry goes first, and is looked for afterwards: if it can't go,
/// nothing changes, so that it is never forgotten. The caller sees to it that nobody is let in meanwhile.
///
/// # Errors
/// When the keychain keeps the entry or a file can't be written.
pub async fn disconnect_portal(context: &Context, portal: &PortalUrl, _turn: &ConnectLock) -> Result<(), Failure> {
    let _lock = TokenLock::take(&context.paths, portal).await?;
    end(context, portal).await
}

/// Ends the connection to a portal as it was called before; its sessions go on with what it is called now. The tokens go first and
/// the connection last: after a sudden death in between the portal can be followed once more, and no tokens stay behind.
///
/// # Errors
/// When the keychain keeps the entry or a file can't be written.
pub(super) async fn leave_for(context: &Context, before: &PortalUrl, now: &PortalUrl) -> Result<(), Failure> {
    let _lock = TokenLock::take(&context.paths, before).await?;
    PortalSecret::forget(&context.vault, before).await?;
    fault::point("moved forgotten");
    context.sessions.follow(before, now)?;
    fault::point("moved followed");
    context.connections.remove(before)
}

/// The caller holds the [`TokenLock`]: tokens that are being renewed would come back otherwise.
async fn end(context: &Context, portal: &PortalUrl) -> Result<(), Failure> {
    PortalSecret::forget(&context.vault, portal).await?;
    fault::point("disconnect forgotten");
    context.connections.remove(portal)?;
    fault::point("disconnect removed");
    context.sessions.revoke(Whose::Portal(portal))?;
    Ok(())
}
