//! `search`: records by what somebody types.

use crate::bitrix24::Credentials;
use crate::bitrix24::envelope::NoSuccess;
use crate::crm::search::hits::Hits;
use crate::crm::search::plan::{self, Lists};
use crate::crm::search::query::Query;
use crate::egress::Purpose;
use crate::failure::Failure;
use crate::protocol::{RecordRef, RecordType, Search, SearchParams};

use super::records::describe;
use super::reference::{CrmContext, facts};

/// Records on a page.
const PAGE: usize = 20;

/// Searches once for everything, a second time for what that leads to, and tells one page of it. The next page asks again: a list
/// that was kept could show records that are gone. What is told is remembered, since an e-mail can be logged to it.
///
/// # Errors
/// [`Reason::SearchTooShort`](crate::failure::Reason::SearchTooShort); when the portal tells nothing at all.
pub async fn search<C: Credentials>(context: &CrmContext<'_, C>, params: &SearchParams) -> Result<Search, Failure> {
    let query = Query::parse(&params.text)?;
    let leads = facts(context).await?.reference.leads;
    let types: Vec<_> = params.types.iter().copied().filter(|kind| leads || *kind != RecordType::Lead).collect();
    let mut hits = Hits::new(&query);
    ask(context, &plan::first(&query, &types), query.addresses(), &mut hits).await?;
    let second = plan::second(&hits.unread_by_phone(), &hits.companies(), &types);
    ask(context, &second, Vec::new(), &mut hits).await?;
    if let (0, Some(failure)) = (hits.read, hits.missing.first()) {
        return Err(failure.clone());
    }
    let (cut, notices) = (hits.cut, hits.missing.iter().map(Failure::to_wire).collect());
    let rows = hits.into_rows(&types);
    let skip = usize::try_from(params.skip).unwrap_or(usize::MAX);
    let more = rows.len() > skip.saturating_add(PAGE);
    let page: Vec<_> = rows.into_iter().skip(skip).take(PAGE).collect();
    let found = describe(context, Purpose::Search, &page).await?;
    let (mut cache, now) = (context.memory.cache(), context.clock.now());
    for record in &found {
        cache.found.put(RecordRef { kind: record.kind, id: record.id.clone() }, record.clone(), now);
    }
    drop(cache);
    Ok(Search { found, more, cut, notices })
}

/// `addresses` are those that are asked about, for the ledger.
async fn ask<C: Credentials>(
    context: &CrmContext<'_, C>,
    lists: &Lists,
    addresses: Vec<String>,
    hits: &mut Hits<'_>,
) -> Result<(), Failure> {
    let client = context.client;
    let reply = client.batch(Purpose::Search, lists.batch.clone(), addresses).await?;
    hits.absorb(lists, &reply, &|method, no_success: &NoSuccess| client.explain(method, no_success));
    Ok(())
}
