//! The portal's language: how a call is written, what an answer means.
//!
//! Everything but `client` is pure.

pub mod batch;
mod client;
mod codes;
mod credentials;
#[cfg(test)]
mod documented;
pub mod envelope;
mod errors;
mod limits;
pub(crate) mod models;
mod tolerant;
mod unanswered;

pub use client::Client;
pub(crate) use codes::{error_code, permission};
pub use credentials::{Authorization, Credentials, WebhookAddress};
pub use limits::Pace;
pub(crate) use tolerant::{PhpMap, Rows, number};
pub(crate) use unanswered::AT_WORK;
pub use unanswered::Unanswered;
