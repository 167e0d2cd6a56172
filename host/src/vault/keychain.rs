//! The operating system's keychain: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.

#![expect(clippy::disallowed_types, reason = "this is the one place that speaks to the keychain")]

use keyring::{Entry, Error};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::{SecretStore, VaultError};
use crate::protocol::HOST_NAME;

/// The keychain of the person who runs the host. Its entries have the service name `local.gmail_sync_bitrix24`.
pub struct Keychain;

impl SecretStore for Keychain {
    fn get(&self, name: &str) -> Result<SecretString, VaultError> {
        let bytes = Zeroizing::new(entry(name)?.get_secret().map_err(|error| translate(&error))?);
        std::str::from_utf8(&bytes).map(SecretString::from).map_err(|_| VaultError::Lost)
    }

    fn set(&self, name: &str, secret: &SecretString) -> Result<(), VaultError> {
        // As bytes: Windows would store a password as UTF-16, and hold half as much.
        entry(name)?.set_secret(secret.expose_secret().as_bytes()).map_err(|error| translate(&error))
    }

    fn delete(&self, name: &str) -> Result<(), VaultError> {
        entry(name)?.delete_credential().map_err(|error| translate(&error))
    }
}

/// `keyring` opens the keychain once per process: if none was running then, none is found until the browser, and with it
/// the host, starts anew.
fn entry(name: &str) -> Result<Entry, VaultError> {
    Entry::new(HOST_NAME, name).map_err(|error| translate(&error))
}

/// Only the kind is kept: the platform's own words may quote what they were given.
fn translate(error: &Error) -> VaultError {
    match error {
        Error::NoEntry => VaultError::NoEntry,
        Error::NoStorageAccess(_) => VaultError::Locked,
        Error::NoDefaultStore => VaultError::Missing,
        Error::TooLong(..) => VaultError::TooLarge,
        Error::BadEncoding(_) | Error::BadDataFormat(..) => VaultError::Lost,
        _ => VaultError::Denied,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_keeps_its_kind_and_loses_its_words() {
        let words = || -> Box<dyn std::error::Error + Send + Sync> { "secret words".into() };
        for (theirs, ours) in [
            (Error::NoEntry, VaultError::NoEntry),
            (Error::NoStorageAccess(words()), VaultError::Locked),
            (Error::NoDefaultStore, VaultError::Missing),
            (Error::TooLong("secret".into(), 2560), VaultError::TooLarge),
            (Error::BadEncoding(vec![0xff]), VaultError::Lost),
            (Error::PlatformFailure(words()), VaultError::Denied),
            (Error::Ambiguous(Vec::new()), VaultError::Denied),
        ] {
            assert_eq!(translate(&theirs), ours);
        }
    }
}
