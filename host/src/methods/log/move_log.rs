//! `moveLog`: an entry that was made from here stands at another record.

use serde::de::IgnoredAny;

use super::super::lookup::{LookupContext, lookup};
use super::super::reference::CrmContext;
use super::earlier::entries;
use super::pending::Made;
use crate::bitrix24::models::BindingRow;
use crate::bitrix24::{Credentials, Rows, Unanswered};
use crate::connection::ConnectedUser;
use crate::crm::email::moving::{LIST, Place, PlacesOf, Step, next, places};
use crate::crm::email::targets;
use crate::egress::Purpose;
use crate::failure::{Failure, Reason};
use crate::fault;
use crate::protocol::{LoggedEmail, LoggedRecord, LookupParams, MoveLogParams, RecordRef};

/// Takes an entry that this host made since it started, and that is still the person's own, from the records it was logged to, to
/// another one that e-mail can be logged to. Where it stands is looked at first, so that a try whose answer got lost can be repeated.
///
/// # Errors
/// [`Reason::LogNotFromHere`]; [`Reason::LogElsewhere`] when it doesn't stand where the person was told; [`Reason::RecordNotOfThread`];
/// [`Reason::MoveLogMissing`] on portals that can't; [`Reason::MoveLogUnconfirmed`] when an answer got lost and nothing has changed;
/// what the portal says, if it refuses the first step.
pub async fn move_log<C: Credentials>(
    context: &LookupContext<'_, C>,
    params: &MoveLogParams,
    me: &ConnectedUser,
) -> Result<LoggedEmail, Failure> {
    let id = params.id.parse().map_err(|_| Failure::new(Reason::BadParams).with("method", "moveLog"))?;
    let people = LookupParams { mailbox: params.mailbox.clone(), addresses: params.people.clone(), fresh: false };
    let people = lookup(context, &people, |_| {}).await?.people;

    let crm = &context.crm;
    let failure = |reason| Failure::new(reason).with("portal", crm.client.portal());
    let not_from_here = || failure(Reason::LogNotFromHere);
    let _turn = crm.memory.writing().await;
    let made = crm.memory.pending.made(id).ok_or_else(not_from_here)?;
    let found = |record: &RecordRef| crm.memory.cache().found.get(record, crm.clock.now()).cloned();
    let correspondent = made.records.first().map(|record| record.email.as_str()).unwrap_or_default();
    let goal = targets::chosen(std::slice::from_ref(&params.to), &people, found, correspondent)?.remove(0);
    let stands = refs(&made.records);
    if !same(&stands, &params.from) && stands != [params.to.clone()] {
        return Err(failure(Reason::LogElsewhere));
    }
    let listed = entries(crm.client, &made.key).await?;
    if listed.with_id(id).is_none_or(|entry| !made.is_by(me.id, entry)) {
        return Err(not_from_here());
    }
    let moving = Moving { crm, id, from: numbers(&params.from)?, to: number(&params.to)? };
    let (left, notices) = match moving.run().await? {
        None => (vec![], vec![]),
        Some(why) => {
            tracing::warn!(reason = why.reason().name(), "moved, and not taken away");
            let left = made.records.iter().filter(|record| record.record != params.to).cloned().collect();
            (left, vec![failure(Reason::MovedLogStays).to_wire()])
        }
    };
    let records: Vec<LoggedRecord> = std::iter::once(goal).chain(left).collect();
    crm.memory.pending.remember_made(Made { records: records.clone(), ..made });
    Ok(LoggedEmail { id: params.id.clone(), records, earlier: None, notices })
}

/// An entry on its way.
struct Moving<'a, C> {
    crm: &'a CrmContext<'a, C>,
    id: u64,
    from: Vec<Place>,
    to: Place,
}

impl<C: Credentials> Moving<'_, C> {
    /// `Some`: it stands at the new record, and why it still stands at an old one too.
    async fn run(&self) -> Result<Option<Failure>, Failure> {
        let mut at = self.places().await?;
        // One for each record and the new one, each of them done twice at most.
        for _ in 0..2 * self.from.len() + 2 {
            let Some(step) = next(&at, &self.from, self.to) else { return Ok(None) };
            match self.write(step).await {
                Ok(()) => at = step.applied(at),
                Err(unanswered) if unanswered.is_unconfirmed() => {
                    let now = self.places().await.unwrap_or_else(|_| at.clone());
                    if next(&now, &self.from, self.to) == Some(step) {
                        return Err(self.failure(Reason::MoveLogUnconfirmed));
                    }
                    at = now;
                }
                Err(unanswered) if matches!(step, Step::Delete(_)) => return Ok(Some(unanswered.into_failure())),
                Err(unanswered) => return Err(self.plainer(unanswered.into_failure())),
            }
            fault::point("log moved");
        }
        Err(self.failure(Reason::MoveLogUnconfirmed))
    }

    async fn write(&self, step: Step) -> Result<(), Unanswered> {
        let params = step.of_entry(self.id);
        self.crm.client.write::<IgnoredAny>(Purpose::Log, step.method(), &params, Vec::new()).await.map(|_| ())
    }

    async fn places(&self) -> Result<Vec<Place>, Failure> {
        let params = PlacesOf { activity_id: self.id };
        let answer = self.crm.client.call::<Rows<BindingRow>>(Purpose::Log, LIST, &params, Vec::new()).await;
        Ok(places(&answer.map_err(|failure| self.plainer(failure))?.result.0))
    }

    /// A portal without these methods isn't of an age that keeps the person from logging anew.
    fn plainer(&self, failure: Failure) -> Failure {
        if failure.reason() == Reason::MethodMissing { self.failure(Reason::MoveLogMissing) } else { failure }
    }

    fn failure(&self, reason: Reason) -> Failure {
        Failure::new(reason).with("portal", self.crm.client.portal())
    }
}

fn refs(records: &[LoggedRecord]) -> Vec<RecordRef> {
    records.iter().map(|record| record.record.clone()).collect()
}

/// Whether both name the same records, in whatever order.
fn same(some: &[RecordRef], others: &[RecordRef]) -> bool {
    let sorted = |records: &[RecordRef]| {
        let mut records = records.to_vec();
        records.sort();
        records
    };
    sorted(some) == sorted(others)
}

fn number(record: &RecordRef) -> Result<Place, Failure> {
    Place::of(record).ok_or_else(|| Failure::new(Reason::BadParams).with("method", "moveLog"))
}

fn numbers(records: &[RecordRef]) -> Result<Vec<Place>, Failure> {
    records.iter().map(number).collect()
}
