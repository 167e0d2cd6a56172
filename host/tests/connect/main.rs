//! Connecting, staying connected and disconnecting, against the fake portal.

// Marked as tests, since clippy lets tests alone unwrap.
#[cfg(test)]
mod admission;
#[cfg(test)]
mod command_line;
#[cfg(test)]
mod connecting;
#[cfg(test)]
mod inventory;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod refreshing;
#[cfg(all(test, unix))]
mod serving;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod support;
