//! The native messaging host of Gmail Sync for Bitrix24.
//!
//! docs/PROTOCOL.md says what the extension can ask; `methods` is where each question is answered. What leaves the machine
//! goes through `egress`, tokens live in `vault`, and every sentence a person reads stands in `failure`.

pub mod args;
pub mod bitrix24;
pub mod browser;
pub mod browsers;
pub mod changes;
pub mod check;
pub mod cli;
pub mod clock;
pub mod connection;
pub mod context;
mod crm;
pub mod egress;
pub mod failure;
pub mod fault;
pub mod framing;
#[cfg(test)]
mod fuzz;
pub mod hardening;
pub mod identity;
pub mod ledger;
pub mod log;
pub mod methods;
pub mod never_log;
pub mod oauth;
pub mod paths;
pub mod policy;
pub mod portal;
mod private_folder;
pub mod protocol;
pub mod provision;
pub mod register;
pub mod registry;
pub mod sandboxed;
pub mod serve;
pub mod service;
pub mod sessions;
pub mod settings;
pub mod state;
pub mod stdio;
pub mod thread;
mod under_policy;
pub mod vault;
