//! The program `gmail-sync-host`.
fn main() {}
