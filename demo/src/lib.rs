//! A fake Bitrix24 portal, written after the public documentation and the portal's behaviour, oddities included. Tests start
//! it in-process; the binary `demo portal` serves it to everything else, and `/_fake/…` reaches the same switches over HTTP
//! (the table is at the top of `portal/router.rs`).
//!
//! ```
//! use demo::{Fault, FaultKind, Portal, PortalOptions};
//!
//! let portal = Portal::start(PortalOptions::default())?;
//! portal.switch(|switches| switches.contact_ids_filter = false);
//! portal.fault(Fault::on("batch", FaultKind::ExpiredToken, 1));
//! // … let a client talk to `portal.base_url()`, then look at what it did:
//! assert!(portal.stats().sent_mail.is_empty());
//! assert_eq!(portal.stats().secrets_in_urls, 0);
//! # Ok::<(), std::io::Error>(())
//! ```

mod portal;

pub use portal::*;
