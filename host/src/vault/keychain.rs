//! The operating system's keychain: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.

#![expect(clippy::disallowed_types, reason = "this is the one place that speaks to the keychain")]

use std::collections::HashMap;

use keyring::{Entry, Error};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::{SecretStore, VaultError};
use crate::protocol::HOST_NAME;

/// The keychain of the person who runs the host; on macOS that is the one opened by signing in, in which an item belongs to the
/// program that made it, known by its signature: <https://developer.apple.com/documentation/security/access-control-lists>. Its entries have the service name `local.gmail_sync_bitrix24`.
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

    fn list(&self) -> Result<Vec<String>, VaultError> {
        // Opens the keychain, if nobody has in this process.
        Entry::store_status().as_ref().map_err(|_| VaultError::Missing)?;
        // Another process may remove an entry between its being found and its being named; what stays without a name isn't passed
        // over, since it couldn't be removed.
        for _ in 0..SEARCHES {
            let found = keyring_core::Entry::search(&HashMap::from([OURS])).map_err(|error| translate(&error))?;
            if let Some(names) = found.iter().map(name_of).collect() {
                return Ok(names);
            }
        }
        Err(VaultError::Locked)
    }
}

/// How often a keychain is searched whose entries go meanwhile.
const SEARCHES: usize = 5;

/// What `keyring` finds all entries by.
#[cfg(not(windows))]
const OURS: (&str, &str) = ("service", HOST_NAME);
#[cfg(windows)]
const OURS: (&str, &str) = ("pattern", HOST_NAME);

#[cfg(not(windows))]
fn name_of(entry: &keyring_core::Entry) -> Option<String> {
    entry.get_specifiers().map(|(_, name)| name)
}

/// Windows knows one text, of which a pattern finds every part: name, dot, service name, which has a dot, too.
#[cfg(windows)]
fn name_of(entry: &keyring_core::Entry) -> Option<String> {
    let target = entry.get_attributes().ok()?.remove("target_name")?;
    target.strip_suffix(HOST_NAME)?.strip_suffix('.').map(str::to_owned)
}

/// `keyring` opens the keychain once per process: if none was running then, none is found until the browser, and with it
/// the host, starts anew.
fn entry(name: &str) -> Result<Entry, VaultError> {
    let entry = Entry::new(HOST_NAME, name).map_err(|error| translate(&error))?;
    #[cfg(windows)]
    let entry = staying_here(entry, name)?;
    Ok(entry)
}

/// The entry, for this computer alone: otherwise a domain's roaming profile carries it to every computer on which the person
/// signs in. <https://learn.microsoft.com/windows/win32/api/wincred/ns-wincred-credentialw>
#[cfg(windows)]
fn staying_here(mut entry: Entry, name: &str) -> Result<Entry, VaultError> {
    let here = HashMap::from([("persistence", "Local")]);
    entry.inner = keyring_core::Entry::new_with_modifiers(HOST_NAME, name, &here).map_err(|error| translate(&error))?;
    Ok(entry)
}

/// Only the kind is kept: the platform's own words may quote what they were given.
fn translate(error: &Error) -> VaultError {
    match error {
        Error::NoEntry => VaultError::NoEntry,
        Error::NoStorageAccess(_) => VaultError::Locked,
        Error::NoDefaultStore => VaultError::Missing,
        Error::TooLong(..) => VaultError::TooLarge,
        Error::BadEncoding(_) | Error::BadDataFormat(..) => VaultError::Lost,
        #[cfg(target_os = "macos")]
        Error::PlatformFailure(cause) => {
            let code = cause.downcast_ref::<security_framework::base::Error>().map(|error| error.code());
            code.map_or(VaultError::Denied, told_by_macos)
        }
        _ => VaultError::Denied,
    }
}

/// What macOS says of a locked keychain when it may not ask the person to unlock it, as in a session over ssh: no refusal, and
/// `keyring` has no kind for it. <https://developer.apple.com/documentation/security/errsecinteractionnotallowed>
#[cfg(any(target_os = "macos", test))]
const ERR_SEC_INTERACTION_NOT_ALLOWED: i32 = -25308;

/// The status of the Security framework.
#[cfg(any(target_os = "macos", test))]
fn told_by_macos(status: i32) -> VaultError {
    match status {
        ERR_SEC_INTERACTION_NOT_ALLOWED => VaultError::Locked,
        _ => VaultError::Denied,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(windows)]
    #[test]
    fn what_is_kept_doesnt_travel_with_a_roaming_profile() {
        let name = "what is kept doesn't travel";
        Keychain.set(name, &SecretString::from("secret")).unwrap();
        let attributes = Entry::new(HOST_NAME, name).unwrap().inner.get_attributes().unwrap();
        Keychain.delete(name).unwrap();
        assert_eq!(attributes["persistence"], "Local");
    }

    /// -25293 is errSecAuthFailed: <https://developer.apple.com/documentation/security/errsecauthfailed>
    #[test]
    fn a_keychain_of_macos_that_may_not_ask_is_locked() {
        assert_eq!(told_by_macos(-25308), VaultError::Locked);
        assert_eq!(told_by_macos(-25293), VaultError::Denied);
    }

    #[cfg(target_os = "macos")]
    #[test]
    fn what_macos_said_is_found_in_what_keyring_says() {
        let said = |status| Error::PlatformFailure(Box::new(security_framework::base::Error::from_code(status)));
        assert_eq!(translate(&said(-25308)), VaultError::Locked);
        assert_eq!(translate(&said(-25293)), VaultError::Denied);
    }

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
