//! Answers "what was sent about this address" without keeping the address: beside the ledger stands its HMAC-SHA-256, and the key
//! to that is in the keychain only.
//!
//! Whoever has the files alone can't even try addresses out. Whoever has the key too can, for addresses they think of.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::PathBuf;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;

use super::FOLDER;
use super::file::private;
use crate::failure::{Failure, Reason};
use crate::paths::Paths;
use crate::private_folder;
use crate::settings::{Settings, settings_file};
use crate::state::{StateFile, take_lock};
use crate::thread::on_thread;
use crate::vault::{Vault, VaultError};

/// The key's entry in the keychain. No portal's name has a space in it.
const ENTRY: &str = "ledger addresses";

/// The file that names the key in use without telling it: whoever destroys the key removes this, and a host that still remembers the
/// key then forgets it.
const KEY_ID: &str = "key-id";

/// Makes the hashes.
pub struct AddressIndex {
    vault: Vault,
    settings: StateFile<Settings>,
    folder: PathBuf,
    lock: PathBuf,
    remembered: Mutex<Option<SecretString>>,
}

impl AddressIndex {
    /// For the ledger in the state folder, with its key in the keychain. Opens neither.
    #[must_use]
    pub fn new(paths: &Paths, vault: Vault) -> Self {
        Self {
            vault,
            settings: settings_file(paths),
            folder: paths.file(FOLDER),
            lock: paths.file("ledger-key.lock"),
            remembered: Mutex::default(),
        }
    }

    /// The hashes to keep of the addresses in a request: none if the person switched that off, or if the keychain can't help.
    pub async fn hashes(&self, addresses: &[String]) -> Vec<String> {
        if addresses.is_empty() {
            return Vec::new();
        }
        let hashed = async {
            if !self.settings.read()?.keep_address_hashes {
                return Ok(Vec::new());
            }
            let key = self.key().await?;
            Ok::<_, Failure>(addresses.iter().map(|address| hash(&key, address)).collect())
        };
        hashed.await.unwrap_or_else(|failure| {
            tracing::warn!(reason = failure.reason().name(), "no hashes of addresses");
            Vec::new()
        })
    }

    /// The hash by which an address can be found; `None` if none was ever kept.
    ///
    /// # Errors
    /// When the keychain doesn't give the key.
    pub async fn find(&self, address: &str) -> Result<Option<String>, Failure> {
        match self.vault.get(ENTRY).await {
            Ok(key) => Ok(Some(hash(&key, address))),
            Err(VaultError::NoEntry) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Destroys the key, and with it the meaning of every hash; then the hashes.
    ///
    /// # Errors
    /// When the keychain keeps the key, or a file can't be removed.
    pub async fn forget(&self) -> Result<(), Failure> {
        self.vault.delete(ENTRY).await?;
        let removed = fs::read_dir(&self.folder).and_then(|mut files| {
            files.try_for_each(|file| {
                let path = file?.path();
                let ours = path.extension().is_some_and(|extension| extension == "addresses") || path.ends_with(KEY_ID);
                if ours { fs::remove_file(path) } else { Ok(()) }
            })
        });
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Failure::new(Reason::StateFileUnusable).with("file", FOLDER).with("why", error.kind()))
            }
            _ => Ok(()),
        }
    }

    async fn key(&self) -> Result<SecretString, Failure> {
        let mut remembered = self.remembered.lock().await;
        let in_use = fs::read_to_string(self.folder.join(KEY_ID)).ok();
        if let Some(key) = remembered.as_ref().filter(|key| in_use == Some(id(key))) {
            return Ok(key.clone());
        }
        let key = self.load_or_make().await?;
        *remembered = Some(key.clone());
        Ok(key)
    }

    /// Of all host processes of the person, one makes the key.
    async fn load_or_make(&self) -> Result<SecretString, Failure> {
        let path = self.lock.clone();
        let locked = on_thread(move || take_lock(&path));
        let unusable = |error: io::Error| {
            Failure::new(Reason::StateFileUnusable).with("file", "ledger-key.lock").with("why", error.kind())
        };
        let _lock = locked.await.ok_or(Reason::Internal)?.map_err(unusable)?;
        // The first request of all comes here before it stands in the ledger.
        private_folder::make_inside(&self.folder).map_err(unusable)?;
        let key = match self.vault.get(ENTRY).await {
            Err(VaultError::NoEntry) => {
                let mut random = zeroize::Zeroizing::new([0; 32]);
                getrandom::fill(&mut *random).map_err(|_| Reason::NoRandomNumbers)?;
                let key = SecretString::from(HEXLOWER.encode(&*random));
                self.vault.set(ENTRY, key.clone()).await?;
                key
            }
            known => known?,
        };
        let mut options = OpenOptions::new();
        private(options.write(true).create(true).truncate(true))
            .open(self.folder.join(KEY_ID))
            .and_then(|mut file| file.write_all(id(&key).as_bytes()))
            .map_err(unusable)?;
        Ok(key)
    }
}

/// Of a random key of 256 bits, a hash tells nothing.
fn id(key: &SecretString) -> String {
    HEXLOWER.encode(&Sha256::digest(key.expose_secret().as_bytes()))
}

/// Addresses are compared as lookups compare them: without space around, in lower case.
fn hash(key: &SecretString, address: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes()) else { return String::new() };
    mac.update(address.trim().to_lowercase().as_bytes());
    HEXLOWER.encode(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::vault::{MemoryStore, Trouble};

    fn index() -> (tempfile::TempDir, Arc<MemoryStore>, AddressIndex) {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(MemoryStore::default());
        let index = AddressIndex::new(&Paths::at(folder.path()).unwrap(), Vault::memory(Arc::clone(&store)));
        (folder, store, index)
    }

    const ANN: &str = "ann@example.com";

    /// RFC 4231, test case 2.
    #[test]
    fn the_hash_is_hmac_sha_256() {
        assert_eq!(
            hash(&"Jefe".to_owned().into(), "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[tokio::test]
    async fn an_address_is_found_by_its_hash_however_it_is_written() {
        let (_folder, store, index) = index();
        assert_eq!(index.find(ANN).await.unwrap(), None);
        let kept = index.hashes(&[ANN.to_owned()]).await;
        assert_eq!(index.find(" Ann@Example.COM").await.unwrap(), Some(kept[0].clone()));
        assert_ne!(index.find("bob@example.com").await.unwrap(), Some(kept[0].clone()));
        assert_eq!(store.names(), [ENTRY]);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_names_the_key_is_the_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let (folder, _, index) = index();
        index.hashes(&[ANN.to_owned()]).await;
        let named = fs::metadata(folder.path().join(FOLDER).join(KEY_ID)).unwrap();
        assert_eq!(named.permissions().mode() & 0o777, 0o600);
    }

    #[tokio::test]
    async fn processes_that_start_at_once_share_one_key() {
        let (folder, store, _) = index();
        let paths = Paths::at(folder.path()).unwrap();
        let process = || AddressIndex::new(&paths, Vault::memory(Arc::clone(&store)));
        let all = [process(), process(), process()];
        let asked = [ANN.to_owned()];
        let (a, b, c) = tokio::join!(all[0].hashes(&asked), all[1].hashes(&asked), all[2].hashes(&asked));
        assert!(a == b && b == c && !a.is_empty());
    }

    #[tokio::test]
    async fn nothing_is_kept_when_switched_off_or_without_a_keychain() {
        let (folder, store, index) = index();
        settings_file(&Paths::at(folder.path()).unwrap())
            .update(|settings| {
                settings.keep_address_hashes = false;
                Ok(())
            })
            .unwrap();
        assert!(index.hashes(&[ANN.to_owned()]).await.is_empty());
        assert!(store.names().is_empty());
        let (_folder, store, index) = self::index();
        store.trouble(Some(Trouble::Fails(VaultError::Locked)));
        assert!(index.hashes(&[ANN.to_owned()]).await.is_empty());
    }

    #[tokio::test]
    async fn forgetting_destroys_the_key_first_and_then_the_hashes() {
        let (folder, store, index) = index();
        index.hashes(&[ANN.to_owned()]).await;
        let ledger = folder.path().join(FOLDER);
        let (hashes, lines) = (ledger.join("2026-11-25.addresses"), ledger.join("2026-11-25.jsonl"));
        fs::write(&hashes, "x").unwrap();
        fs::write(&lines, "x").unwrap();
        store.trouble(Some(Trouble::Keeps));
        assert_eq!(index.forget().await.unwrap_err().reason(), Reason::KeychainDenied);
        assert!(hashes.exists());
        store.trouble(None);
        index.forget().await.unwrap();
        assert!(store.names().is_empty() && !hashes.exists() && lines.exists());
        index.forget().await.unwrap();
    }

    #[tokio::test]
    async fn a_running_host_forgets_a_key_that_another_one_destroyed() {
        let (folder, store, index) = index();
        let before = index.hashes(&[ANN.to_owned()]).await;
        let other = AddressIndex::new(&Paths::at(folder.path()).unwrap(), Vault::memory(store));
        other.forget().await.unwrap();
        let after = index.hashes(&[ANN.to_owned()]).await;
        assert_ne!(before, after);
        assert_eq!(other.find(ANN).await.unwrap().as_slice(), after);
    }
}
