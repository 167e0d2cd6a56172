//! What the portal says about an e-mail's earlier entries.

use crate::bitrix24::models::ActivityRow;
use crate::bitrix24::{Client, Credentials, Rows};
use crate::connection::ConnectedUser;
use crate::crm::email::entries::{Entries, Entry, LIST, WithKey};
use crate::crm::email::key::LogKey;
use crate::crm::findings::Findings;
use crate::crm::plan;
use crate::crm::team::portal_user;
use crate::egress::Purpose;
use crate::failure::Failure;
use crate::portal::Page;
use crate::protocol::{EarlierLog, PortalUser};

use super::super::reference::CrmContext;

/// The entries of an e-mail. The portal learns nothing but the key, a hash.
pub(super) async fn entries<C: Credentials>(client: &Client<C>, key: &LogKey) -> Result<Entries, Failure> {
    let rows = client.call::<Rows<ActivityRow>>(Purpose::Log, LIST, &WithKey(key), Vec::new()).await?.result.0;
    Ok(Entries::new(&rows, key))
}

/// Who made an entry, and when.
pub(super) async fn describe<C: Credentials>(
    context: &CrmContext<'_, C>,
    entry: &Entry,
    me: &ConnectedUser,
) -> EarlierLog {
    let by = match entry.author {
        Some(id) if id == me.id => Some(me.name.clone()),
        Some(id) => Some(name(context, id).await),
        None => None,
    };
    let portal = context.client.portal();
    let user = |(id, name): (u64, String)| PortalUser { id: id.to_string(), name, url: portal.page(Page::User, id) };
    EarlierLog {
        by: entry.author.zip(by).map(user),
        me: entry.author == Some(me.id),
        at: entry.created.and_then(|at| u64::try_from(at.as_millisecond()).ok()),
    }
}

/// The name of one of the portal's users; empty where the portal doesn't tell.
async fn name<C: Credentials>(context: &CrmContext<'_, C>, id: u64) -> String {
    let now = context.clock.now();
    let mut findings = Findings::default();
    let unknown = context.memory.cache().users.fill_in(&mut findings.names, &[id], now);
    for request in plan::names(&[], &unknown) {
        // An entry without its author's name is still an entry.
        if let Ok(reply) = context.client.batch(Purpose::Log, request.batch.clone(), Vec::new()).await {
            findings.absorb(&request, &reply, &|method, no_success| context.client.explain(method, no_success));
        }
    }
    context.memory.cache().users.learn(&findings.names, now);
    let user = findings.names.get(&id).and_then(|row| portal_user(row, context.client.portal()));
    user.map(|user| user.name).unwrap_or_default()
}
