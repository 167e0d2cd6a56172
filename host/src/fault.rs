//! Sudden death, on demand: places where a test lets the process die as by `kill -9`.
//!
//! Only debug builds have them; in a release build [`point`] is nothing.

/// Dies here, if the environment's `GMAIL_SYNC_DIE_AT` names this place.
#[cfg(all(debug_assertions, unix))]
pub fn point(place: &str) {
    if crate::paths::dies_at(place) {
        let _never_fails = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}

/// Nothing.
#[cfg(not(all(debug_assertions, unix)))]
pub fn point(_place: &str) {}
