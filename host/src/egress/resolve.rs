//! Name resolution by the operating system. The addresses are checked, and only checked ones are connected to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::Reach;

/// The name isn't known.
#[derive(Debug, thiserror::Error)]
#[error("unknown host")]
pub(super) struct Unresolved;

/// The name leads to no address where its owner may be.
#[derive(Debug, thiserror::Error)]
#[error("forbidden address")]
pub(super) struct Misplaced;

pub(super) struct SystemResolver;

impl Resolve for SystemResolver {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| Unresolved)?;
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

/// The names of the destinations that were sent to, each with where it may be.
#[derive(Default)]
pub(super) struct Expected(Mutex<BTreeMap<String, Reach>>);

impl Expected {
    pub(super) fn insert(&self, name: &str, reach: Reach) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), reach);
    }

    fn get(&self, name: &str) -> Option<Reach> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }
}

/// Hands on only the addresses that a destination may have.
#[derive(Clone)]
pub(super) struct CheckedResolver {
    pub(super) inner: Arc<dyn Resolve>,
    pub(super) expected: Arc<Expected>,
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        // No destination has that name, so it is a proxy's, which the administrator or the person put where it is.
        let Some(reach) = self.expected.get(name.as_str()) else { return self.inner.resolve(name) };
        let found = self.inner.resolve(name);
        Box::pin(async move {
            let allowed: Vec<_> = found.await?.filter(|address| reach.covers(address.ip())).collect();
            if allowed.is_empty() { Err(Misplaced.into()) } else { Ok(Box::new(allowed.into_iter()) as Addrs) }
        })
    }
}
