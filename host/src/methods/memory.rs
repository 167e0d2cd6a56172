//! What the methods of one connection remember and share.

use std::rc::Rc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::log::Pending;
use crate::clock::Clock;
use crate::crm::cache::Cache;

/// How often what is too old is looked for.
const TICK: Duration = Duration::from_mins(1);

/// What was learned from one portal, in memory only; keep one for as long as the connection lasts.
#[derive(Debug, Default)]
pub struct CrmMemory {
    cache: Mutex<Cache>,
    turn: tokio::sync::Mutex<()>,
    writing: tokio::sync::Mutex<()>,
    /// E-mails whose preview was shown.
    pub(super) pending: Pending,
}

impl CrmMemory {
    /// A memory from which what is too old goes within a minute, also while nobody asks. Call it inside a
    /// [`tokio::task::LocalSet`].
    pub(crate) fn forgetting(clock: &Clock) -> Rc<Self> {
        let memory = Rc::new(Self::default());
        let (weak, clock) = (Rc::downgrade(&memory), clock.clone());
        tokio::task::spawn_local(async move {
            loop {
                tokio::time::sleep(TICK).await;
                let Some(memory) = weak.upgrade() else { return };
                memory.forget_old(clock.now());
            }
        });
        memory
    }

    fn forget_old(&self, now: Timestamp) {
        self.cache().forget_old(now);
        self.pending.forget_old(now);
    }

    pub(crate) fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One asks at a time. The portal takes one request at a time anyway, and whoever waited finds in the cache what the one
    /// before has learned: two tabs with the same thread cost one lookup.
    pub(super) async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// One makes or changes at a time: whoever waited sees what the one before has done.
    pub(super) async fn writing(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.writing.lock().await
    }
}
