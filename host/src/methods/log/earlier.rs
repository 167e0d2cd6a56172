//! What the portal says about an e-mail's earlier entries.

use crate::bitrix24::models::ActivityRow;
use crate::bitrix24::{Client, Credentials, Rows};
use crate::connection::ConnectedUser;
use crate::crm::email::entries::{Entries, Entry, LIST, WithKey};
use crate::crm::email::key::LogKey;
use crate::egress::Purpose;
use crate::failure::Failure;
use crate::portal::Page;
use crate::protocol::{EarlierLog, PortalUser};

use super::super::records::names;
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
    // An entry without its author's name is still an entry.
    let names = names(context, Purpose::Log, Vec::new(), vec![id]).await.unwrap_or_default();
    names.user(id, context.client.portal()).map(|user| user.name).unwrap_or_default()
}
