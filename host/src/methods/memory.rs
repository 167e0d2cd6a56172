//! What the methods of one connection remember and share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::log::Pending;
use crate::crm::cache::Cache;

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
    pub(super) fn cache(&self) -> MutexGuard<'_, Cache> {
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
