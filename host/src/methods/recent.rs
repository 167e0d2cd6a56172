//! `recent`: what happened last with a record. Asked for by a click, never by opening a thread.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::bitrix24::models::{BindingRow, EntryRow};
use crate::bitrix24::{Credentials, Rows};
use crate::crm::timeline::Owner;
use crate::crm::timeline::recent::{Entry, LISTS, asked_for, batch, newest, place, places};
use crate::egress::Purpose;
use crate::failure::{Failure, Reason};
use crate::protocol::{Recent, RecentParams, TimelineEntry};

use super::records::names;
use super::reference::CrmContext;

/// The newest activities and comments of a record, as far as the person may read them.
///
/// # Errors
/// When neither can be read, why.
pub async fn recent<C: Credentials>(context: &CrmContext<'_, C>, params: &RecentParams) -> Result<Recent, Failure> {
    let bad = || Failure::new(Reason::BadParams).with("method", "recent");
    let owner = Owner::new(&params.record).ok_or_else(bad)?;
    let client = context.client;
    let reply = client.batch(Purpose::History, batch(owner), Vec::new()).await?;
    let lists = LISTS.map(|(name, method)| match reply.get::<Rows<EntryRow>>(name) {
        Ok(answer) => Ok(answer.result.0),
        Err(no_success) => Err(client.explain(method, &no_success)),
    });
    if let [Err(failure), Err(_)] = lists {
        return Err(failure);
    }
    let mut notices: Vec<Failure> = lists.iter().filter_map(|list| list.as_ref().err().cloned()).collect();
    let [listed, comments] = lists.map(Result::unwrap_or_default);
    let (mut activities, doubtful) = asked_for(owner, listed);
    let bound = bound(context, owner, &doubtful).await;
    let (later, unasked): (Vec<_>, Vec<_>) =
        doubtful.into_iter().partition(|row| row.id.is_some_and(|id| bound.contains(&id)));
    activities.extend(later);
    if !unasked.is_empty() {
        let failure = Failure::new(Reason::UnaskedRows).with("portal", client.portal());
        notices.push(failure.with("count", unasked.len()));
    }
    let (entries, more) = newest(&activities, &comments);
    let authors = entries.iter().filter_map(|entry| entry.author).collect();
    // An entry without its author's name is still an entry.
    let names = names(context, Purpose::History, Vec::new(), authors).await.unwrap_or_default();
    let shown = |entry: Entry| TimelineEntry {
        kind: entry.kind,
        at: entry.at.and_then(milliseconds),
        author: entry.author.and_then(|id| names.user(id, client.portal())),
        subject: entry.subject,
        due: entry.due.and_then(milliseconds),
    };
    let entries = entries.into_iter().map(shown).collect();
    Ok(Recent { entries, more, notices: notices.iter().map(Failure::to_wire).collect() })
}

/// Which of the activities were bound to the record after they were made: moved there, for one.
async fn bound<C: Credentials>(context: &CrmContext<'_, C>, owner: Owner, rows: &[EntryRow]) -> BTreeSet<u64> {
    let batch = places(rows);
    if batch.is_empty() {
        return BTreeSet::new();
    }
    // What can't be asked about, as on old portals, counts as not asked for.
    let Ok(reply) = context.client.batch(Purpose::History, batch, Vec::new()).await else { return BTreeSet::new() };
    let is_here = |id: &u64| {
        let places = reply.get::<Rows<BindingRow>>(&place(*id));
        places.is_ok_and(|answer| answer.result.0.iter().any(|row| owner.is(row.entity_type_id, row.entity_id)))
    };
    rows.iter().filter_map(|row| row.id).filter(is_here).collect()
}

fn milliseconds(at: Timestamp) -> Option<u64> {
    u64::try_from(at.as_millisecond()).ok()
}
