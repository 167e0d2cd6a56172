//! The real program as a browser starts it: an origin as argument, frames on its pipes, nothing else.

// Marked as tests, since clippy lets tests alone unwrap.
#[cfg(test)]
mod answers;
#[cfg(test)]
mod canary;
#[cfg(test)]
mod conversation;
#[cfg(test)]
mod journey;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod policy;
#[cfg(test)]
mod purge;
#[cfg(test)]
mod security;
#[cfg(test)]
#[cfg(unix)]
mod sudden_death;
#[cfg(test)]
mod support;
