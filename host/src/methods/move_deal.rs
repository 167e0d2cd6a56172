//! `moveDeal`: a deal goes to another stage of its pipeline.

use crate::bitrix24::models::DealRow;
use crate::bitrix24::{Credentials, Unanswered};
use crate::crm::deals::deal;
use crate::crm::stage::{GET, Item, Move, Standing, UPDATE};
use crate::crm::team::portal_user;
use crate::egress::Purpose;
use crate::failure::{Failure, Reason};
use crate::protocol::{Deal, DealMove, MoveDealParams, Reference};

use super::reference::{CrmContext, facts};

/// Moves the deal if it stands where the person saw it. A deal that is there already isn't moved again, so a try whose answer got
/// lost can be repeated.
///
/// # Errors
/// [`Reason::StageGone`]; [`Reason::MoveUnconfirmed`] when the answer got lost and the deal stands where it was; what the portal says.
pub async fn move_deal<C: Credentials>(
    context: &CrmContext<'_, C>,
    params: &MoveDealParams,
) -> Result<DealMove, Failure> {
    let wanted = Move::new(params).ok_or_else(|| Failure::new(Reason::BadParams).with("method", "moveDeal"))?;
    let reference = facts(context).await?.reference;
    let _turn = context.memory.writing().await;
    Moving { context, wanted, reference: &reference }.run().await
}

/// A deal on its way.
struct Moving<'a, C> {
    context: &'a CrmContext<'a, C>,
    wanted: Move<'a>,
    reference: &'a Reference,
}

impl<C: Credentials> Moving<'_, C> {
    async fn run(&self) -> Result<DealMove, Failure> {
        let before = match self.read().await {
            Ok(before) => before,
            Err(unanswered) => return refused(unanswered),
        };
        match self.wanted.standing(&before) {
            Standing::Arrived => return Ok(self.moved(&before)),
            Standing::Elsewhere => return Ok(DealMove::Elsewhere { deal: self.shown(&before) }),
            Standing::AsSeen => {}
        }
        if !self.wanted.fits(&before, self.reference) {
            return Err(self.failure(Reason::StageGone));
        }
        let update = self.wanted.update();
        match self.context.client.write::<Item>(Purpose::Change, UPDATE, &update, Vec::new()).await {
            Ok(answer) => Ok(self.moved(&answer.result.item)),
            Err(unanswered) if unanswered.is_unconfirmed() => self.find_out().await,
            Err(unanswered) => refused(unanswered),
        }
    }

    /// The answer got lost: where the deal stands now tells.
    async fn find_out(&self) -> Result<DealMove, Failure> {
        match self.read().await {
            Ok(now) if self.wanted.standing(&now) == Standing::Arrived => Ok(self.moved(&now)),
            _ => Err(self.failure(Reason::MoveUnconfirmed)),
        }
    }

    async fn read(&self) -> Result<DealRow, Unanswered> {
        let by_id = self.wanted.by_id();
        Ok(self.context.client.write::<Item>(Purpose::Change, GET, &by_id, Vec::new()).await?.result.item)
    }

    fn moved(&self, row: &DealRow) -> DealMove {
        DealMove::Moved { deal: self.shown(row) }
    }

    /// Whoever has the deal on their card is looked up anew when they are asked about next.
    fn shown(&self, row: &DealRow) -> Box<Deal> {
        let (id, portal, now) = (self.wanted.id(), self.context.client.portal(), self.context.clock.now());
        let mut cache = self.context.memory.cache();
        let responsible = row.assigned_by_id.and_then(|id| portal_user(cache.users.get(&id, now)?, portal));
        let deal = deal(row, id, self.reference, portal, responsible);
        cache.people.forget_if(|known| known.person.deals.iter().any(|other| other.id == deal.id));
        Box::new(deal)
    }

    fn failure(&self, reason: Reason) -> Failure {
        Failure::new(reason).with("portal", self.context.client.portal())
    }
}

fn refused(unanswered: Unanswered) -> Result<DealMove, Failure> {
    match unanswered.refusal() {
        Some(words) => Ok(DealMove::Refused { words }),
        None => Err(unanswered.into_failure()),
    }
}
