//! A keychain in memory, which can fail on demand.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use secrecy::{ExposeSecret as _, SecretString};

use super::{SecretStore, VaultError};

/// Secrets in memory, for tests and for nothing else: they end with the process.
#[derive(Default)]
pub struct MemoryStore {
    content: Mutex<Content>,
}

#[derive(Default)]
struct Content {
    secrets: BTreeMap<String, SecretString>,
    trouble: Option<Trouble>,
}

/// What a [`MemoryStore`] can be made to do wrong.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    /// Every call fails.
    Fails(VaultError),
    /// It says yes to a secret, and keeps the older one or none.
    Loses,
    /// It says yes to forgetting, and forgets nothing.
    Keeps,
    /// It takes no secret that is longer, in bytes.
    Holds(usize),
}

impl MemoryStore {
    /// From now on, do this wrong.
    pub fn trouble(&self, trouble: Option<Trouble>) {
        self.content().trouble = trouble;
    }

    /// The names of all secrets.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.content().secrets.keys().cloned().collect()
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SecretStore for MemoryStore {
    fn get(&self, name: &str) -> Result<SecretString, VaultError> {
        let content = self.content();
        if let Some(Trouble::Fails(error)) = content.trouble {
            return Err(error);
        }
        content.secrets.get(name).cloned().ok_or(VaultError::NoEntry)
    }

    fn set(&self, name: &str, secret: &SecretString) -> Result<(), VaultError> {
        let mut content = self.content();
        match content.trouble {
            Some(Trouble::Fails(error)) => return Err(error),
            Some(Trouble::Holds(most)) if secret.expose_secret().len() > most => return Err(VaultError::TooLarge),
            Some(Trouble::Loses) => {}
            Some(Trouble::Keeps | Trouble::Holds(_)) | None => {
                content.secrets.insert(name.to_owned(), secret.clone());
            }
        }
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<(), VaultError> {
        let mut content = self.content();
        match content.trouble {
            Some(Trouble::Fails(error)) => Err(error),
            Some(Trouble::Keeps) => Ok(()),
            Some(Trouble::Loses | Trouble::Holds(_)) | None => {
                content.secrets.remove(name).map(drop).ok_or(VaultError::NoEntry)
            }
        }
    }

    fn list(&self) -> Result<Vec<String>, VaultError> {
        let content = self.content();
        match content.trouble {
            Some(Trouble::Fails(error)) => Err(error),
            Some(Trouble::Keeps | Trouble::Loses | Trouble::Holds(_)) | None => {
                Ok(content.secrets.keys().cloned().collect())
            }
        }
    }
}
