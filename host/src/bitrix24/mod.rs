//! The portal's language: how a call is written, what an answer means.
//!
//! Everything but `client` is pure.

mod credentials;

pub use credentials::{Authorization, Credentials, WebhookAddress};
