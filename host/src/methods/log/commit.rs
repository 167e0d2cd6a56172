//! `commitLog`: sends what the preview showed, and sees to it that one entry stays.

use jiff::{SignedDuration, Timestamp};
use serde::de::IgnoredAny;

use super::super::reference::CrmContext;
use super::LogRules;
use super::earlier::{describe, entries};
use super::pending::{Shown, Step, THINKING_MINUTES};
use crate::bitrix24::models::NewId;
use crate::bitrix24::{AT_WORK, Credentials};
use crate::connection::ConnectedUser;
use crate::crm::email::activity::{ADD, Completion, Course, UPDATE};
use crate::crm::email::entries::{DELETE, Entry, Removal};
use crate::egress::Purpose;
use crate::failure::{Failure, Reason};
use crate::fault;
use crate::protocol::{CommitLogParams, LoggedEmail, WireFailure};

/// Sends the request that was shown, and nothing else of the e-mail. An outgoing e-mail's entry is then completed.
///
/// The portal can't be told to take an e-mail only once, so its entries are listed before the request and after it. If another
/// window, machine or colleague was first, theirs stays, and the one made here is deleted again. A request is never repeated.
///
/// # Errors
/// [`Reason::PreviewOver`] when there is no such preview any more; [`Reason::NeverLogged`]; [`Reason::LogUnconfirmed`] when the
/// answer got lost and there is no entry; [`Reason::LoggedAsPlanned`] when an entry couldn't be completed; else why the portal
/// didn't take it.
pub async fn commit_log<C: Credentials>(
    context: &CrmContext<'_, C>,
    params: &CommitLogParams,
    me: &ConnectedUser,
    rules: &LogRules,
) -> Result<LoggedEmail, Failure> {
    let over = || Failure::new(Reason::PreviewOver).with("minutes", THINKING_MINUTES);
    let shown = context.memory.pending.take(&params.digest, context.clock.now()).ok_or_else(over)?;
    // The list may have grown since.
    if rules.never_log.block(&shown.participants).is_some() {
        return Err(Reason::NeverLogged.into());
    }
    // Of two windows that log the same e-mail, the second one sees the first one's entry.
    let _turn = context.memory.writing().await;
    Logging { context, shown: &shown, me, notices: Vec::new() }.run().await
}

/// An e-mail on its way.
struct Logging<'a, C> {
    context: &'a CrmContext<'a, C>,
    shown: &'a Shown,
    me: &'a ConnectedUser,
    notices: Vec<WireFailure>,
}

impl<C: Credentials> Logging<'_, C> {
    async fn run(self) -> Result<LoggedEmail, Failure> {
        let course = match self.shown.step {
            Step::Complete(id) => {
                self.complete(id).await?;
                return Ok(LoggedEmail { id: id.to_string(), records: vec![], earlier: None, notices: self.notices });
            }
            Step::Add(course) => course,
        };
        let before = entries(self.context.client, &self.shown.key).await?;
        if let Some(entry) = before.kept() {
            return self.logged(entry, None).await;
        }
        self.wait_for_the_last_try()?;
        let made = self.add(course).await?;
        fault::point("log added");
        self.settle(made).await
    }

    /// `None`: nobody knows.
    async fn add(&self, course: Course) -> Result<Option<Entry>, Failure> {
        let Shown { request, addresses, .. } = self.shown;
        match self.context.client.write::<NewId>(Purpose::Log, ADD, request, addresses.clone()).await {
            Ok(answer) => Ok(answer.result.0.map(|id| Entry {
                id,
                author: Some(self.me.id),
                created: None,
                is_planned: course == Course::OutgoingPlanned,
            })),
            Err(unanswered) if unanswered.is_unconfirmed() => Ok(None),
            Err(unanswered) => Err(unanswered.into_failure()),
        }
    }

    /// Of several entries the first one stays.
    async fn settle(mut self, made: Option<Entry>) -> Result<LoggedEmail, Failure> {
        let listed = entries(self.context.client, &self.shown.key).await;
        let all = match (listed, &made) {
            (Ok(all), Some(made)) => all.with(made.clone()),
            (Ok(all), None) => all,
            // It is there; whether it's the only one, the next preview tells.
            (Err(_), Some(made)) => return self.logged(made, Some(made.id)).await,
            (Err(_), None) => return Err(self.unconfirmed(AT_WORK)),
        };
        let Some(kept) = all.kept() else { return Err(self.unconfirmed(AT_WORK)) };
        fault::point("log listed");
        for removal in all.surplus_of(self.me.id) {
            self.remove(removal).await;
        }
        // Without a confirmation, an own entry is what this request made: there was none before it.
        let own = made.map_or_else(|| kept.id, |made| made.id);
        let is_mine = kept.author == Some(self.me.id);
        self.logged(kept, Some(own).filter(|_| is_mine)).await
    }

    /// `own`: the entry that this request made.
    async fn logged(self, entry: &Entry, own: Option<u64>) -> Result<LoggedEmail, Failure> {
        if own == Some(entry.id) {
            self.context.memory.pending.remember_made(self.shown.made(entry.id, self.me.id, self.context.clock.now()));
        }
        if entry.is_planned {
            self.complete(entry.id).await?;
            fault::point("log completed");
        }
        let (records, earlier) = if own == Some(entry.id) {
            (self.shown.records.clone(), None)
        } else {
            (vec![], Some(describe(self.context, entry, self.me).await))
        };
        Ok(LoggedEmail { id: entry.id.to_string(), records, earlier, notices: self.notices })
    }

    /// It never sends mail, however often it is said; a portal that hiccups once is asked once more.
    async fn complete(&self, id: u64) -> Result<(), Failure> {
        let client = self.context.client;
        for _ in 0..2 {
            match client.write::<IgnoredAny>(Purpose::Log, UPDATE, &Completion { id }, Vec::new()).await {
                Ok(_) => return Ok(()),
                Err(unanswered) => {
                    tracing::warn!(reason = unanswered.into_failure().reason().name(), "not completed");
                }
            }
        }
        Err(Failure::new(Reason::LoggedAsPlanned).with("portal", client.portal()))
    }

    /// Takes back an own entry that came second.
    async fn remove(&mut self, removal: Removal) {
        let client = self.context.client;
        if let Err(unanswered) = client.write::<IgnoredAny>(Purpose::Log, DELETE, &removal, Vec::new()).await {
            tracing::warn!(reason = unanswered.into_failure().reason().name(), "not deleted");
            self.notices.push(Failure::new(Reason::LoggedTwice).with("portal", client.portal()).to_wire());
        }
    }

    /// The last try may still be at work in the portal, so that its entry isn't there yet.
    fn wait_for_the_last_try(&self) -> Result<(), Failure> {
        let now = self.context.clock.now();
        let Some(last) = self.context.memory.pending.unconfirmed(&self.shown.key) else { return Ok(()) };
        // A clock that was set back makes nobody wait longer.
        let left = AT_WORK - now.duration_since(last);
        if left.is_positive() && left <= AT_WORK { Err(self.failure(left)) } else { Ok(()) }
    }

    fn unconfirmed(&self, left: SignedDuration) -> Failure {
        let now: Timestamp = self.context.clock.now();
        self.context.memory.pending.remember_unconfirmed(&self.shown.key, now);
        self.failure(left)
    }

    fn failure(&self, left: SignedDuration) -> Failure {
        let portal = self.context.client.portal();
        Failure::new(Reason::LogUnconfirmed).with("portal", portal).with("seconds", left.as_secs().max(1))
    }
}
