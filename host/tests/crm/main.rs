//! Lookups and calls against the fake portal, over real HTTP.

// Marked as tests, since clippy lets tests alone unwrap.
#[cfg(test)]
mod bench;
#[cfg(test)]
mod choose;
#[cfg(test)]
mod create;
mod failures;
mod likely;
#[cfg(test)]
mod log;
#[cfg(test)]
mod log_guard;
#[cfg(test)]
mod log_once;
mod lookup;
#[cfg(test)]
mod move_deal;
mod move_log;
mod portals;
#[cfg(test)]
mod search;
#[cfg(test)]
mod timeline;
#[cfg(test)]
mod users;
