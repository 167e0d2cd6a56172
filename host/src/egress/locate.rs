//! Where a portal is, so that a person can be asked before anything is sent there.

use std::fmt;
use std::net::IpAddr;

use super::address::Reach;
use super::proxy::Proxy;
use super::{Destination, Egress, EgressError, Entry, OpenLine, Purpose};
use crate::portal::PortalUrl;

/// Where the way to a portal leads. Displayed as a person is asked about it, and compared as that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// To these addresses, the smallest first.
    At(Vec<IpAddr>),
    /// To this proxy (`host:port`), which alone knows how it goes on.
    Behind(String),
}

impl Location {
    /// The portal's own addresses; none behind a proxy.
    #[must_use]
    pub fn addresses(&self) -> &[IpAddr] {
        match self {
            Self::At(addresses) => addresses,
            Self::Behind(_) => &[],
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(addresses) => f.write_str(&addresses.iter().map(IpAddr::to_string).collect::<Vec<_>>().join(", ")),
            Self::Behind(proxy) => f.write_str(proxy),
        }
    }
}

impl Egress {
    /// Asks the system for the portal's address, and nobody else for anything. The ledger gets a request of 0 bytes.
    ///
    /// # Errors
    /// [`EgressError::Dns`]; [`EgressError::Address`] if it leads only to where nobody's portal may be, whatever a person says.
    pub async fn locate(&self, portal: &PortalUrl) -> Result<Location, EgressError> {
        let destination = Destination::Portal(portal.clone());
        let entry = Entry::begun(self.clock.now(), Purpose::Connect, destination.to_string());
        let mut line = OpenLine::begin(self, &entry, &[])?;
        let found = match Proxy::before(&destination.endpoint("/"), &self.way_out) {
            Some(proxy) => Ok(Location::Behind(proxy.name())),
            None => self.addresses_of(portal.host()).await.map(Location::At),
        };
        line.ending.outcome = match &found {
            Ok(_) => "located".to_owned(),
            Err(error) => error.to_string(),
        };
        found
    }

    /// Those that may be agreed to.
    async fn addresses_of(&self, host: &str) -> Result<Vec<IpAddr>, EgressError> {
        let found = match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) => {
                let name = host.parse().map_err(|_| EgressError::Dns)?;
                let found = self.resolver.inner.resolve(name).await.map_err(|_| EgressError::Dns)?;
                found.map(|address| address.ip()).collect()
            }
        };
        let mut allowed: Vec<_> = found.into_iter().filter(|address| Reach::Company.covers(*address)).collect();
        allowed.sort_unstable();
        allowed.dedup();
        if allowed.is_empty() { Err(EgressError::Address) } else { Ok(allowed) }
    }
}
