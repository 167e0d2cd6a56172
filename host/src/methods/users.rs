//! `searchUsers`: colleagues by name, for whoever wants to hand something over; and whether those who were picked are still there.

use crate::bitrix24::Credentials;
use crate::bitrix24::envelope::NoSuccess;
use crate::crm::findings::Findings;
use crate::crm::plan;
use crate::crm::search::query::Query;
use crate::crm::team::{is_active_employee, portal_user};
use crate::crm::users::{self, Employees};
use crate::egress::Purpose;
use crate::failure::{Failure, Reason};
use crate::protocol::{FoundUser, UserSearch, UserSearchParams};

use super::reference::{CrmContext, facts};

/// How many are told.
const MOST: usize = 20;

/// Active employees of the portal whose name or position holds what was typed.
///
/// # Errors
/// [`Reason::SearchTooShort`]; [`Reason::ScopeMissing`] where the connection may not read users; what the portal says.
pub async fn search_users<C: Credentials>(
    context: &CrmContext<'_, C>,
    params: &UserSearchParams,
) -> Result<UserSearch, Failure> {
    let query = Query::parse(&params.text)?;
    let (client, portal) = (context.client, context.client.portal());
    if !facts(context).await?.names_users() {
        return Err(Failure::new(Reason::ScopeMissing).with("portal", portal).with("scope", "user_basic"));
    }
    let reply = client.batch(Purpose::Search, users::batch(&query), query.addresses()).await?;
    let Employees { rows, cut } =
        users::read(&query, &reply).map_err(|no_success| client.explain(users::METHOD, &no_success))?;
    let cut = cut || rows.len() > MOST;
    let known = rows.iter().filter_map(|row| Some((row.id?, row.clone()))).collect();
    context.memory.cache().users.learn(&known, context.clock.now());
    let told = rows
        .iter()
        .take(MOST)
        .filter_map(|row| Some(FoundUser { user: portal_user(row, portal)?, position: row.work_position.clone() }));
    Ok(UserSearch { found: told.collect(), cut })
}

/// Makes sure that these are active employees: the portal takes any number for one.
///
/// # Errors
/// [`Reason::UserGone`]; when the portal doesn't answer.
pub(super) async fn check_users<C: Credentials>(
    context: &CrmContext<'_, C>,
    purpose: Purpose,
    ids: &[u64],
) -> Result<(), Failure> {
    let (client, now) = (context.client, context.clock.now());
    let mut findings = Findings::default();
    let unknown = context.memory.cache().users.fill_in(&mut findings.names, ids, now);
    for request in plan::names(&[], &unknown) {
        let reply = client.batch(purpose, request.batch.clone(), Vec::new()).await?;
        findings.absorb(&request, &reply, &|method, no_success: &NoSuccess| client.explain(method, no_success));
    }
    context.memory.cache().users.learn(&findings.names, now);
    if let Some(failure) = findings.notices.first() {
        return Err(failure.clone());
    }
    let works_here = |id: &u64| findings.names.get(id).is_some_and(is_active_employee);
    if ids.iter().all(works_here) {
        return Ok(());
    }
    Err(Failure::new(Reason::UserGone).with("portal", client.portal()))
}
