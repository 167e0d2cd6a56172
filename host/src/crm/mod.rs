//! Decisions about people and records. Nothing here talks to anybody or waits for anything.
//!
//! A lookup goes in rounds: [`plan`] says what to ask, [`findings`] collects what came back, and when nothing is left to ask
//! [`matching`] draws up each person.

pub(crate) mod add_address;
pub(crate) mod cache;
pub(crate) mod chosen;
pub(crate) mod create;
pub(crate) mod deals;
pub(crate) mod email;
pub(crate) mod findings;
pub(crate) mod found;
pub(crate) mod matching;
pub(crate) mod normalize;
pub(crate) mod plan;
pub(crate) mod reference;
pub(crate) mod search;
pub(crate) mod shorten;
pub(crate) mod stage;
pub(crate) mod team;
pub(crate) mod timeline;
pub(crate) mod users;
