//! Lookups and calls against the fake portal, over real HTTP.

// Marked as a test, since clippy lets tests alone unwrap.
#[cfg(test)]
mod bench;
mod failures;
mod lookup;
mod portals;
