//! The design's rules that no lint knows.

// Marked as tests, since clippy lets tests alone unwrap.
#[cfg(test)]
mod admin;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod written;
