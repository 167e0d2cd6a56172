//! Name resolution by the operating system, with an error that can be told from others.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The name isn't known.
#[derive(Debug, thiserror::Error)]
#[error("unknown host")]
pub(super) struct Unresolved;

pub(super) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| Unresolved)?;
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}
