//! `commitLog`: sends what the preview showed.

use serde::de::IgnoredAny;

use super::super::reference::CrmContext;
use super::pending::{Shown, THINKING_MINUTES};
use crate::bitrix24::models::NewId;
use crate::bitrix24::{Client, Credentials};
use crate::crm::email::activity::{ADD, Completion, Course, UPDATE};
use crate::egress::Purpose;
use crate::failure::{Failure, Reason};
use crate::protocol::{CommitLogParams, LoggedEmail};

/// Sends the request that was shown, and nothing else. An outgoing e-mail's entry is then completed.
///
/// # Errors
/// [`Reason::PreviewOver`] when there is no such preview any more; [`Reason::LoggedAsPlanned`] when an outgoing e-mail's entry was
/// made and couldn't be completed; else why the portal didn't take it.
pub async fn commit_log<C: Credentials>(
    context: &CrmContext<'_, C>,
    params: &CommitLogParams,
) -> Result<LoggedEmail, Failure> {
    let over = || Failure::new(Reason::PreviewOver).with("minutes", THINKING_MINUTES);
    let shown = context.memory.pending.take(&params.digest, context.clock.now()).ok_or_else(over)?;
    let id = add(context.client, &shown).await?;
    if shown.course == Course::OutgoingPlanned {
        complete(context.client, id).await?;
    }
    Ok(LoggedEmail { id: id.to_string(), records: shown.records })
}

async fn add<C: Credentials>(client: &Client<C>, shown: &Shown) -> Result<u64, Failure> {
    let addresses = shown.addresses.clone();
    let added = client.call::<NewId>(Purpose::Log, ADD, &shown.request, addresses).await?;
    added
        .result
        .0
        .ok_or_else(|| Failure::new(Reason::UnexpectedAnswer).with("portal", client.portal()).with("method", ADD))
}

/// It never sends mail, however often it is said; a portal that hiccups once is asked once more.
async fn complete<C: Credentials>(client: &Client<C>, id: u64) -> Result<(), Failure> {
    let completion = Completion { id };
    for _ in 0..2 {
        match client.call::<IgnoredAny>(Purpose::Log, UPDATE, &completion, Vec::new()).await {
            Ok(_) => return Ok(()),
            Err(failure) => tracing::warn!(reason = failure.reason().name(), "not completed"),
        }
    }
    Err(Failure::new(Reason::LoggedAsPlanned).with("portal", client.portal()))
}
