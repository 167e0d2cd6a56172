//! `addEntry`: a comment or a to-do for a record.

use jiff::Timestamp;

use crate::bitrix24::models::EntryRow;
use crate::bitrix24::{AT_WORK, Credentials, Rows};
use crate::crm::timeline::add::{Added, Draft};
use crate::egress::Purpose;
use crate::failure::{Failure, Reason};
use crate::protocol::{AddEntryParams, AddedEntry, BeforeEntry};

use super::reference::CrmContext;

/// Adds an entry that `me`, the portal's id of the person at the sidebar, makes and has to do. `before` gets what the next try needs,
/// before anything is sent that could get lost.
///
/// An add is never repeated blindly: the portal takes no key with an entry, so each further try first looks whether an own entry of the
/// same words has come since the first.
///
/// # Errors
/// What is wrong with the words; [`Reason::EntryUnconfirmed`] when the answer got lost; what the portal says.
pub async fn add_entry<C: Credentials>(
    context: &CrmContext<'_, C>,
    params: &AddEntryParams,
    me: u64,
    before: impl FnOnce(BeforeEntry),
) -> Result<AddedEntry, Failure> {
    let draft = Draft::new(params, me)?;
    let _turn = context.memory.writing().await;
    let adding = Adding { context, draft };
    let rows = adding.listed().await?;
    let newest = match &params.tried {
        None => {
            let newest = Draft::newest(&rows);
            before(BeforeEntry { newest: newest.to_string() });
            newest
        }
        Some(tried) => {
            let newest =
                tried.newest.parse().map_err(|_| Failure::new(Reason::BadParams).with("method", "addEntry"))?;
            if let Some(id) = adding.draft.made_after(newest, &rows) {
                return Ok(added(id));
            }
            adding.wait_for_the_last_try(tried.at)?;
            newest
        }
    };
    adding.add(newest).await
}

/// An entry on its way.
struct Adding<'a, C> {
    context: &'a CrmContext<'a, C>,
    draft: Draft,
}

impl<C: Credentials> Adding<'_, C> {
    async fn listed(&self) -> Result<Vec<EntryRow>, Failure> {
        let (method, params) = (self.draft.list(), self.draft.list_params());
        Ok(self.context.client.call::<Rows<EntryRow>>(Purpose::Change, method, &params, Vec::new()).await?.result.0)
    }

    async fn add(&self, newest: u64) -> Result<AddedEntry, Failure> {
        let sent_at = self.context.clock.now();
        let params = self.draft.params();
        match self.context.client.write::<Added>(Purpose::Change, self.draft.add(), &params, Vec::new()).await {
            Ok(answer) => match answer.result.id() {
                Some(id) => Ok(added(id)),
                None => self.find_out(newest, sent_at).await,
            },
            Err(unanswered) => match unanswered.refusal() {
                Some(words) => Ok(AddedEntry::Refused { words }),
                None if unanswered.is_unconfirmed() => self.find_out(newest, sent_at).await,
                None => Err(unanswered.into_failure()),
            },
        }
    }

    /// The answer got lost: perhaps the entry is there.
    async fn find_out(&self, newest: u64, sent_at: Timestamp) -> Result<AddedEntry, Failure> {
        let rows = self.listed().await.unwrap_or_default();
        match self.draft.made_after(newest, &rows) {
            Some(id) => Ok(added(id)),
            None => Err(self.unconfirmed(sent_at)),
        }
    }

    /// The last try may still be at work in the portal, so that its entry isn't there yet.
    fn wait_for_the_last_try(&self, at: u64) -> Result<(), Failure> {
        let at = i64::try_from(at).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
        let Some(at) = at else { return Ok(()) };
        let left = AT_WORK - self.context.clock.now().duration_since(at);
        // A clock that was set back makes nobody wait longer.
        if left.is_positive() && left <= AT_WORK { Err(self.unconfirmed(at)) } else { Ok(()) }
    }

    fn unconfirmed(&self, sent_at: Timestamp) -> Failure {
        let left = AT_WORK - self.context.clock.now().duration_since(sent_at);
        let portal = self.context.client.portal();
        Failure::new(Reason::EntryUnconfirmed).with("portal", portal).with("seconds", left.as_secs().max(1))
    }
}

fn added(id: u64) -> AddedEntry {
    AddedEntry::Added { id: id.to_string() }
}
