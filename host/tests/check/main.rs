//! Proof by breaking: each fault is made for real, found under its code, cured by what its cure says, and gone.

// Marked as tests, since clippy lets tests alone unwrap.
#[cfg(test)]
#[cfg(unix)]
mod host;
#[cfg(test)]
#[cfg(unix)]
mod keychain;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod keyring;
#[cfg(test)]
#[cfg(unix)]
mod machine;
#[cfg(test)]
#[cfg(unix)]
mod network;
#[cfg(test)]
#[cfg(unix)]
mod newcomer;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod policies;
#[cfg(test)]
mod proofs;
#[cfg(test)]
#[cfg(unix)]
mod reconnect;
#[cfg(test)]
#[cfg(unix)]
mod registration;
