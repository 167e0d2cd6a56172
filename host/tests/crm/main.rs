//! Lookups and calls against the fake portal, over real HTTP.

// Marked as tests, since clippy lets tests alone unwrap.
#[cfg(test)]
mod bench;
#[cfg(test)]
mod create;
mod failures;
mod log;
mod log_once;
mod lookup;
mod portals;
