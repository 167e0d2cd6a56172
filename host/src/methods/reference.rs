//! `reference`: what the portal calls its pipelines, stages, statuses, sources and currencies.

use serde::de::IgnoredAny;

use crate::bitrix24::{Client, Credentials};
use crate::clock::Clock;
use crate::crm::reference::{self, PortalFacts};
use crate::egress::Purpose;
use crate::failure::Failure;
use crate::protocol::{Reference, ReferenceParams};

use super::memory::CrmMemory;

/// What methods about people and records need: one connection's client, and what was learned through it.
pub struct CrmContext<'a, C> {
    /// Speaks to the portal.
    pub client: &'a Client<C>,
    /// Lives as long as the connection.
    pub memory: &'a CrmMemory,
    /// Tells how old an answer is.
    pub clock: &'a Clock,
}

/// The portal's reference data, at most half a day old. Asked for fresh, what forms are made of is read anew, too, by the next one.
///
/// # Errors
/// When the portal doesn't answer, or the person may not read it.
pub async fn reference<C: Credentials>(
    context: &CrmContext<'_, C>,
    params: &ReferenceParams,
) -> Result<Reference, Failure> {
    let _turn = context.memory.turn().await;
    if params.fresh {
        context.memory.cache().forget_forms();
    }
    let known = context.memory.cache().facts(context.clock.now()).cloned();
    match known.filter(|_| !params.fresh) {
        Some(facts) => Ok(facts.reference),
        None => match fetch(context, Purpose::Reference).await? {
            (facts, None) => Ok(facts.reference),
            (_, Some(failure)) => Err(failure),
        },
    }
}

/// The facts a lookup needs; incomplete ones will do, since ids can stand for names.
pub(super) async fn facts<C: Credentials>(context: &CrmContext<'_, C>) -> Result<PortalFacts, Failure> {
    let known = context.memory.cache().facts(context.clock.now()).cloned();
    match known {
        Some(facts) => Ok(facts),
        None => fetch(context, Purpose::Lookup).await.map(|(facts, _)| facts),
    }
}

/// Asks the portal; the failure says why the facts are incomplete.
pub(super) async fn fetch<C: Credentials>(
    context: &CrmContext<'_, C>,
    purpose: Purpose,
) -> Result<(PortalFacts, Option<Failure>), Failure> {
    let reply = context.client.batch(purpose, reference::batch(), Vec::new()).await?;
    let facts = PortalFacts::read(&reply);
    let missing = reference::COMMANDS.iter().find_map(|(name, method)| {
        let no_success = reply.get::<IgnoredAny>(name).err()?;
        Some(context.client.explain(method, &no_success))
    });
    if missing.is_none() {
        context.memory.cache().set_facts(facts.clone(), context.clock.now());
    }
    Ok((facts, missing))
}
