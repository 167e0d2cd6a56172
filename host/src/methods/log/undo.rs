//! `undoLog`: an entry that was made from here is deleted again.

use serde::de::IgnoredAny;

use super::super::reference::CrmContext;
use super::earlier::entries;
use crate::bitrix24::Credentials;
use crate::connection::ConnectedUser;
use crate::crm::email::entries::{DELETE, Removal};
use crate::egress::Purpose;
use crate::failure::{Failure, Reason};
use crate::protocol::{Nothing, UndoLogParams};

/// Deletes an entry that this host made since it started, and that is still the person's own. One that is gone already is as it
/// should be, so a try whose answer got lost can be repeated.
///
/// # Errors
/// [`Reason::LogNotFromHere`]; [`Reason::UndoUnconfirmed`] when the answer got lost and the entry is still there; what the portal says.
pub async fn undo_log<C: Credentials>(
    context: &CrmContext<'_, C>,
    params: &UndoLogParams,
    me: &ConnectedUser,
) -> Result<Nothing, Failure> {
    let id = params.id.parse().map_err(|_| Failure::new(Reason::BadParams).with("method", "undoLog"))?;
    let failure = |reason| Failure::new(reason).with("portal", context.client.portal());
    let not_from_here = || failure(Reason::LogNotFromHere);
    let made = context.memory.pending.made(id).ok_or_else(not_from_here)?;
    let _turn = context.memory.writing().await;
    let listed = entries(context.client, &made.key).await?;
    let gone = || {
        context.memory.pending.remember_gone(&made.key);
        context
            .memory
            .cache()
            .people
            .forget_if(|known| known.person.recent_emails.iter().any(|email| email.id == params.id));
        Ok(Nothing {})
    };
    let Some(entry) = listed.with_id(id) else { return gone() };
    if !made.is_by(me.id, entry) {
        return Err(not_from_here());
    }
    match context.client.write::<IgnoredAny>(Purpose::Log, DELETE, &Removal { id }, Vec::new()).await {
        Ok(_) => gone(),
        Err(unanswered) if unanswered.is_unconfirmed() => match entries(context.client, &made.key).await {
            Ok(listed) if listed.with_id(id).is_none() => gone(),
            _ => Err(failure(Reason::UndoUnconfirmed)),
        },
        Err(unanswered) => Err(unanswered.into_failure()),
    }
}
