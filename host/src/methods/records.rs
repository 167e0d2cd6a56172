//! What the methods that find, make and change records have in common.

use crate::bitrix24::Credentials;
use crate::bitrix24::envelope::NoSuccess;
use crate::crm::findings::Findings;
use crate::crm::found::{Names, Row};
use crate::crm::normalize::Email;
use crate::crm::plan;
use crate::egress::Purpose;
use crate::failure::Failure;
use crate::protocol::{FoundRecord, LookupParams, Person};

use super::lookup::{LookupContext, lookup};
use super::reference::CrmContext;

/// Records as a list shows them: with the names of their companies and of those responsible, where the portal tells.
///
/// # Errors
/// When the portal stops answering.
pub(super) async fn describe<C: Credentials>(
    context: &CrmContext<'_, C>,
    purpose: Purpose,
    rows: &[Row],
) -> Result<Vec<FoundRecord>, Failure> {
    let companies = rows.iter().filter_map(Row::company).collect();
    let users = rows.iter().filter_map(Row::responsible).collect();
    let names = names(context, purpose, companies, users).await?;
    Ok(rows.iter().filter_map(|row| row.shown(&names, context.client.portal())).collect())
}

/// What companies and users are called, as known a while ago or as the portal says now.
///
/// # Errors
/// When the portal stops answering.
pub(super) async fn names<C: Credentials>(
    context: &CrmContext<'_, C>,
    purpose: Purpose,
    companies: Vec<u64>,
    users: Vec<u64>,
) -> Result<Names, Failure> {
    let (client, now) = (context.client, context.clock.now());
    let mut findings = Findings::default();
    let (companies, users) = {
        let cache = context.memory.cache();
        let companies = cache.companies.fill_in(&mut findings.companies, &companies, now);
        (companies, cache.users.fill_in(&mut findings.names, &users, now))
    };
    for request in plan::names(&companies, &users) {
        let reply = client.batch(purpose, request.batch.clone(), Vec::new()).await?;
        findings.absorb(&request, &reply, &|method, no_success: &NoSuccess| client.explain(method, no_success));
    }
    let mut cache = context.memory.cache();
    cache.companies.learn(&findings.companies, now);
    cache.users.learn(&findings.names, now);
    drop(cache);
    Ok(Names { companies: findings.companies, users: findings.names })
}

/// A participant after something about them was changed; `None` if they can't be looked up now.
pub(super) async fn anew<C: Credentials>(
    context: &LookupContext<'_, C>,
    mailbox: Option<&str>,
    email: &Email,
) -> Option<Box<Person>> {
    context.crm.memory.cache().people.forget(email);
    let (mailbox, addresses) = (mailbox.map(str::to_owned), vec![email.to_string()]);
    let params = LookupParams { mailbox, addresses, fresh: false };
    let mut found = lookup(context, &params, |_| {}).await.ok()?;
    found.people.pop().map(Box::new)
}
