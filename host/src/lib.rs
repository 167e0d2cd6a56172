//! The native messaging host.
