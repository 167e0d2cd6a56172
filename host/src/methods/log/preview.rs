//! `previewLog`: exactly what would be sent.

use serde_json::value::to_raw_value;

use super::super::lookup::{LookupContext, lookup};
use super::pending::{Shown, expiry};
use crate::bitrix24::Credentials;
use crate::connection::ConnectedUser;
use crate::crm::email::activity::Course;
use crate::crm::email::compose::{Composed, compose};
use crate::crm::email::{key, targets};
use crate::crm::team::Team;
use crate::failure::{Failure, Reason};
use crate::portal::Page;
use crate::protocol::{LogPreview, LookupParams, MailDirection, PortalUser, PreviewLogParams};

/// Shows what `commitLog` would send. The portal gets nothing of the e-mail; it may be asked once more who its people are.
///
/// # Errors
/// When the mailbox isn't switched on, a record isn't one of the thread's people, or the page doesn't tell what an entry needs.
pub async fn preview_log<C: Credentials>(
    context: &LookupContext<'_, C>,
    params: &PreviewLogParams,
    me: &ConnectedUser,
) -> Result<LogPreview, Failure> {
    let people = LookupParams { mailbox: params.mailbox.clone(), addresses: params.people.clone(), fresh: false };
    let people = lookup(context, &people, |_| {}).await?.people;
    let records = targets::chosen(&params.records, &people)?;
    let team = Team::new(context.own_addresses, context.team_domains);
    let Composed { activity, notices, addresses } = compose(&params.message, &records, &team, me.id)?;

    let request = to_raw_value(&activity).map_err(|_| Reason::Internal)?;
    let portal = context.crm.client.portal();
    // The sums of two portals differ, so that what was agreed to for one is nothing to the other.
    let digest = key::hash(&format!("{}\n{}", portal.origin(), request.get()));
    let expires = expiry(context.crm.clock.now());
    let course = activity.course;
    let preview = LogPreview {
        digest: digest.clone(),
        expires_at: u64::try_from(expires.as_millisecond()).unwrap_or_default(),
        direction: match course {
            Course::Incoming => MailDirection::Incoming,
            Course::OutgoingPlanned => MailDirection::Outgoing,
        },
        from: activity.from,
        to: activity.to,
        sent_at: params.message.sent_at,
        subject: activity.subject,
        text: activity.text,
        records: records.clone(),
        responsible: PortalUser { id: me.id.to_string(), name: me.name.clone(), url: portal.page(Page::User, me.id) },
        request: request.get().to_owned(),
        notices: notices.iter().map(Failure::to_wire).collect(),
    };
    context.crm.memory.pending.put(Shown { digest, expires, request, course, records, addresses });
    Ok(preview)
}
