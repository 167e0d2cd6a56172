//! An e-mail as an entry in the portal: what is sent, and what is never sent.

pub(crate) mod activity;
pub(crate) mod clean;
pub(crate) mod compose;
pub(crate) mod entries;
pub(crate) mod history;
pub(crate) mod key;
pub(crate) mod moving;
pub(crate) mod targets;
pub(crate) mod warnings;
