//! Keys of a local application that a fleet's tools leave with a person before they connect, so that nobody has to type them.
//!
//! The client secret goes to the keychain, into an entry of its own, and stays there when the person disconnects.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Reason};
use crate::paths::Paths;
use crate::portal::PortalUrl;
use crate::state::StateFile;
use crate::vault::{Vault, VaultError};

/// Which application was left for a portal. Its secret is in the keychain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Provision {
    portal: PortalUrl,
    client_id: String,
}

/// All that was left with this user account.
#[derive(Clone)]
pub struct Provisions {
    file: StateFile<Vec<Provision>>,
    vault: Vault,
}

/// An application's keys.
#[derive(Clone, Debug)]
pub struct ApplicationKeys {
    /// `local.…`
    pub client_id: String,
    /// The client secret.
    pub client_secret: SecretString,
}

impl Provisions {
    /// Those in the state folder and in the keychain.
    #[must_use]
    pub fn new(paths: &Paths, vault: Vault) -> Self {
        Self { file: StateFile::new(paths, "provisions.json"), vault }
    }

    /// Leaves an application's keys for a portal, in place of older ones.
    ///
    /// # Errors
    /// When the keychain or the file doesn't take them.
    pub async fn put(&self, portal: &PortalUrl, keys: ApplicationKeys) -> Result<(), Failure> {
        // What isn't secret first, so that whatever is in the keychain can always be found and purged.
        self.file.update(|all| {
            all.retain(|other| other.portal != *portal);
            all.push(Provision { portal: portal.clone(), client_id: keys.client_id });
            Ok(())
        })?;
        Ok(self.vault.set(&entry(portal), keys.client_secret).await?)
    }

    /// What was left for a portal.
    ///
    /// # Errors
    /// When the file or the keychain can't be read.
    pub async fn find(&self, portal: &PortalUrl) -> Result<Option<ApplicationKeys>, Failure> {
        let Some(provision) = self.file.read()?.into_iter().find(|provision| provision.portal == *portal) else {
            return Ok(None);
        };
        match self.vault.get(&entry(portal)).await {
            Ok(client_secret) => Ok(Some(ApplicationKeys { client_id: provision.client_id, client_secret })),
            Err(VaultError::NoEntry) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The portals for which something was left; none if the file can't be read.
    #[must_use]
    pub fn portals(&self) -> Vec<PortalUrl> {
        self.file.read().unwrap_or_default().into_iter().map(|provision| provision.portal).collect()
    }
}

/// Beside the connection's own entry, which has the portal's name alone.
fn entry(portal: &PortalUrl) -> String {
    format!("{portal}/application")
}

impl ApplicationKeys {
    /// Checks what was handed in.
    ///
    /// # Errors
    /// [`Reason::ClientIdMissing`], [`Reason::ClientSecretMissing`]
    pub fn new(portal: &PortalUrl, client_id: &str, client_secret: Option<SecretString>) -> Result<Self, Failure> {
        let missing = |reason| Failure::new(reason).with("portal", portal);
        let client_id = client_id.trim();
        if client_id.is_empty() {
            return Err(missing(Reason::ClientIdMissing));
        }
        let client_secret = client_secret.ok_or_else(|| missing(Reason::ClientSecretMissing))?;
        Ok(Self { client_id: client_id.to_owned(), client_secret })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::vault::MemoryStore;

    #[tokio::test]
    async fn keys_stay_until_they_are_forgotten_and_the_secret_is_in_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(MemoryStore::default());
        let provisions = Provisions::new(&Paths::at(folder.path()).unwrap(), Vault::memory(Arc::clone(&store)));
        let portal: PortalUrl = "acme.bitrix24.com".parse().unwrap();
        assert!(provisions.find(&portal).await.unwrap().is_none());
        for secret in ["old", "s3cret"] {
            let keys = ApplicationKeys::new(&portal, " local.5f0 ", Some(secret.into())).unwrap();
            provisions.put(&portal, keys).await.unwrap();
        }
        let keys = provisions.find(&portal).await.unwrap().unwrap();
        assert_eq!((keys.client_id.as_str(), keys.client_secret.expose_secret()), ("local.5f0", "s3cret"));
        let file = std::fs::read_to_string(folder.path().join("provisions.json")).unwrap();
        assert!(file.contains("local.5f0") && !file.contains("s3cret"));
        provisions.vault.forget_all().await.unwrap();
        assert!(store.names().is_empty() && provisions.find(&portal).await.unwrap().is_none());
    }
}
