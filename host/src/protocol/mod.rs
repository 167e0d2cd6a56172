//! What the extension can ask and what the host answers: types and nothing else.
//!
//! The wire is JSON in native-messaging frames; docs/PROTOCOL.md shows an example of each message, and those examples are
//! parsed by the tests of both sides. The types are exported to `extension/src/protocol/` by `cargo xtask gen`.
//!
//! Within a version a request field the host doesn't know is an error, and a reply field the extension doesn't know is
//! ignored: an old host must not guess what a new field would have changed, a new host may always tell more.

mod check;
mod connection;
mod deal;
mod entries;
mod envelope;
#[cfg(test)]
pub(crate) mod examples;
mod failure;
mod ledger;
mod log;
mod lookup;
mod methods;
mod people;
mod records;
mod reference;
mod search;
mod secret;

pub use check::*;
pub use connection::*;
pub use deal::*;
pub use entries::*;
pub use envelope::*;
pub use failure::*;
pub use ledger::*;
pub use log::*;
pub use lookup::*;
pub use methods::*;
pub use people::*;
pub use records::*;
pub use reference::*;
pub use search::*;
pub use secret::*;

/// The newest protocol version this host speaks. A new version is needed when a request field changes its meaning or a
/// method disappears; a new method or a new reply field needs none.
pub const PROTOCOL_VERSION: u32 = 1;

/// All versions this host speaks: its own and the previous two, so that a self-updating extension never outruns it.
pub const PROTOCOL_VERSIONS: &[u32] = &[PROTOCOL_VERSION];

/// The native messaging host's name, as browsers look it up.
pub const HOST_NAME: &str = "local.gmail_sync_bitrix24";
