//! Where secrets are kept: the operating system's keychain, and nowhere else.
//!
//! A keychain may ask the person to unlock it and wait for as long as they like, so every call runs on a thread of its own
//! and is given up after [`DEADLINE`]. Whatever was stored is read back before anybody relies on it.

mod keychain;
mod memory;
mod portal_secret;

use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;

use data_encoding::HEXLOWER;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::oneshot;

use crate::failure::{Failure, Reason};

pub use keychain::Keychain;
pub use memory::{MemoryStore, Trouble};
pub use portal_secret::{OauthSecret, PortalSecret};

/// How long a keychain may take to answer, an unlock dialog included. The dialog stays; asking again finds it answered.
pub const DEADLINE: Duration = Duration::from_secs(5);

/// The longest secret every system takes: Windows stores no more in one credential.
/// <https://learn.microsoft.com/windows/win32/api/wincred/ns-wincred-credentialw>
pub const SECRET_LIMIT: usize = 2560;

/// What stands between the name of an entry and its state folder's mark, and in no name.
const MARK: char = '#';

/// Keeps secrets by name. Calls may block for long.
pub trait SecretStore: Send + Sync + 'static {
    /// The secret of that name.
    ///
    /// # Errors
    /// [`VaultError::NoEntry`] if there is none; others if the store can't tell.
    fn get(&self, name: &str) -> Result<SecretString, VaultError>;

    /// Stores a secret, in place of an older one of that name.
    ///
    /// # Errors
    /// When the store refuses.
    fn set(&self, name: &str, secret: &SecretString) -> Result<(), VaultError>;

    /// Forgets the secret of that name.
    ///
    /// # Errors
    /// [`VaultError::NoEntry`] if there is none; others if the store refuses.
    fn delete(&self, name: &str) -> Result<(), VaultError>;

    /// The names of all secrets that this program has stored, for whatever state folder.
    ///
    /// # Errors
    /// When the store can't tell all of them.
    fn list(&self) -> Result<Vec<String>, VaultError>;
}

/// What can be wrong with a keychain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// It holds nothing of that name.
    #[error("no entry of that name")]
    NoEntry,
    /// It is locked, or waits for the person to unlock it.
    #[error("the keychain is locked")]
    Locked,
    /// There is none on this machine, or none is running.
    #[error("there is no keychain")]
    Missing,
    /// It said no, or broke.
    #[error("the keychain refused")]
    Denied,
    /// The secret doesn't fit.
    #[error("the secret is longer than {SECRET_LIMIT} bytes")]
    TooLarge,
    /// It took the secret and gave back something else.
    #[error("the keychain lost what it was given")]
    Lost,
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        Failure::new(match error {
            VaultError::NoEntry => Reason::KeychainNoEntry,
            VaultError::Locked => Reason::KeychainLocked,
            VaultError::Missing => Reason::KeychainMissing,
            VaultError::Denied => Reason::KeychainDenied,
            VaultError::TooLarge => Reason::KeychainTooLarge,
            VaultError::Lost => Reason::KeychainLost,
        })
    }
}

type Job = Box<dyn FnOnce() + Send>;

/// A [`SecretStore`] that async code can ask. Clones share one thread.
#[derive(Clone)]
pub struct Vault {
    store: Arc<dyn SecretStore>,
    /// `None`: the store never blocks, so it is asked where it stands.
    thread: Option<Arc<LazyLock<Sender<Job>>>>,
    mark: Option<String>,
}

impl Vault {
    /// The operating system's keychain. `mark` tells the entries of one state folder from another's.
    #[must_use]
    pub fn keychain(mark: Option<String>) -> Self {
        Self { store: Arc::new(Keychain), thread: Some(Arc::new(LazyLock::new(start_thread))), mark }
    }

    /// Secrets in memory, for tests.
    #[must_use]
    pub fn memory(store: Arc<MemoryStore>) -> Self {
        Self { store, thread: None, mark: None }
    }

    /// The secret of that name.
    ///
    /// # Errors
    /// As the store says; [`VaultError::Locked`] after [`DEADLINE`].
    pub async fn get(&self, name: &str) -> Result<SecretString, VaultError> {
        let name = self.entry(name);
        self.ask(move |store| store.get(&name)).await
    }

    /// Stores a secret and reads it back.
    ///
    /// # Errors
    /// As the store says; [`VaultError::Lost`] if something else comes back; [`VaultError::Locked`] after [`DEADLINE`].
    pub async fn set(&self, name: &str, secret: SecretString) -> Result<(), VaultError> {
        let name = self.entry(name);
        self.ask(move |store| set_and_read_back(store, &name, &secret)).await
    }

    /// Forgets a secret, and looks that it is gone. Forgetting what isn't there is no error.
    ///
    /// # Errors
    /// As the store says; [`VaultError::Denied`] if it is still there; [`VaultError::Locked`] after [`DEADLINE`].
    pub async fn delete(&self, name: &str) -> Result<(), VaultError> {
        let name = self.entry(name);
        self.ask(move |store| delete_and_look(store, &name)).await
    }

    /// Stores, reads and deletes a secret that means nothing, under a name nobody else uses. It is as long as a secret may be, so
    /// that a keychain which holds less is found out before there are tokens.
    ///
    /// # Errors
    /// What a connection would meet.
    pub async fn probe(&self) -> Result<(), VaultError> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|_| VaultError::Denied)?;
        let name = self.entry(&format!("probe-{}", HEXLOWER.encode(&random)));
        self.ask(move |store| {
            let stored = set_and_read_back(store, &name, &SecretString::from("p".repeat(SECRET_LIMIT)));
            let deleted = delete_and_look(store, &name);
            stored.and(deleted)
        })
        .await
    }

    /// Forgets whatever is kept for this state folder, and looks that it is gone. Asks the store itself, since lists in files get
    /// lost, and a program that is killed may leave what stands in none. Returns the names.
    ///
    /// # Errors
    /// As [`Vault::delete`]; what was forgotten until then stays forgotten.
    pub async fn forget_all(&self) -> Result<Vec<String>, VaultError> {
        let vault = self.clone();
        self.ask(move |store| {
            let kept = store.list()?;
            let own: Vec<_> = kept.iter().filter_map(|entry| vault.name(entry)).collect();
            own.iter().try_for_each(|name| delete_and_look(store, &vault.entry(name)))?;
            Ok(own.into_iter().map(str::to_owned).collect())
        })
        .await
    }

    /// The name of an entry; `None` if it is another state folder's.
    fn name<'a>(&self, entry: &'a str) -> Option<&'a str> {
        match (&self.mark, entry.rsplit_once(MARK)) {
            (Some(own), Some((name, mark))) => (own == mark).then_some(name),
            (None, None) => Some(entry),
            (Some(_), None) | (None, Some(_)) => None,
        }
    }

    fn entry(&self, name: &str) -> String {
        match &self.mark {
            Some(mark) => format!("{name}{MARK}{mark}"),
            None => name.to_owned(),
        }
    }

    /// Asks the store on the thread. A question whose asker is gone before its turn is not put at all; one that the store
    /// is already working on is finished.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn SecretStore) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let Some(thread) = &self.thread else { return question(&*self.store) };
        let (answer, answered) = oneshot::channel();
        let store = Arc::clone(&self.store);
        let job: Job = Box::new(move || {
            if !answer.is_closed() {
                let _asker_gone = answer.send(question(&*store));
            }
        });
        thread.send(job).map_err(|_| VaultError::Missing)?;
        match tokio::time::timeout(DEADLINE, answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(VaultError::Denied),
            Err(_) => Err(VaultError::Locked),
        }
    }
}

/// One thread, since keychains answer one question at a time. It ends with the last [`Vault`], or with the process.
fn start_thread() -> Sender<Job> {
    let (sender, jobs) = mpsc::channel::<Job>();
    let run = move || jobs.into_iter().for_each(|job| job());
    // Should there be no thread, the channel closes and every question is answered with `Missing`.
    let _handle = thread::Builder::new().name("keychain".into()).spawn(run);
    sender
}

fn set_and_read_back(store: &dyn SecretStore, name: &str, secret: &SecretString) -> Result<(), VaultError> {
    if secret.expose_secret().len() > SECRET_LIMIT {
        return Err(VaultError::TooLarge);
    }
    store.set(name, secret)?;
    match store.get(name) {
        Ok(stored) if stored.expose_secret() == secret.expose_secret() => Ok(()),
        Ok(_) | Err(VaultError::NoEntry) => Err(VaultError::Lost),
        Err(error) => Err(error),
    }
}

fn delete_and_look(store: &dyn SecretStore, name: &str) -> Result<(), VaultError> {
    match store.delete(name) {
        Ok(()) | Err(VaultError::NoEntry) => {}
        Err(error) => return Err(error),
    }
    match store.get(name) {
        Err(VaultError::NoEntry) => Ok(()),
        Ok(_) => Err(VaultError::Denied),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    fn vault() -> (Arc<MemoryStore>, Vault) {
        let store = Arc::new(MemoryStore::default());
        (Arc::clone(&store), Vault::memory(store))
    }

    #[tokio::test]
    async fn gives_back_what_it_was_given_and_forgets_when_told() {
        let (store, vault) = vault();
        assert_eq!(vault.get("a").await.unwrap_err(), VaultError::NoEntry);
        vault.set("a", "one".into()).await.unwrap();
        vault.set("a", "two".into()).await.unwrap();
        assert_eq!(vault.get("a").await.unwrap().expose_secret(), "two");
        vault.delete("a").await.unwrap();
        vault.delete("a").await.unwrap();
        vault.probe().await.unwrap();
        assert!(store.names().is_empty());
    }

    #[tokio::test]
    async fn notices_a_store_that_loses_or_keeps_what_it_should_not() {
        let (store, vault) = vault();
        store.trouble(Some(Trouble::Loses));
        assert_eq!(vault.set("a", "one".into()).await, Err(VaultError::Lost));
        assert_eq!(vault.probe().await, Err(VaultError::Lost));
        store.trouble(None);
        vault.set("a", "one".into()).await.unwrap();
        store.trouble(Some(Trouble::Keeps));
        assert_eq!(vault.delete("a").await, Err(VaultError::Denied));
        store.trouble(Some(Trouble::Fails(VaultError::Locked)));
        assert_eq!(vault.get("a").await.unwrap_err(), VaultError::Locked);
    }

    #[tokio::test]
    async fn everything_of_its_own_is_forgotten_and_nothing_of_another_state_folders() {
        let (store, usual) = vault();
        let marked = |mark: &str| Vault { mark: Some(mark.to_owned()), ..usual.clone() };
        let (moved, other) = (marked("01"), marked("02"));
        for vault in [&usual, &moved, &other] {
            vault.set("acme.bitrix24.com", "one".into()).await.unwrap();
            vault.set("probe-0123", "probe".into()).await.unwrap();
        }
        assert_eq!(moved.forget_all().await.unwrap(), ["acme.bitrix24.com", "probe-0123"]);
        assert_eq!(moved.forget_all().await.unwrap(), [""; 0]);
        assert_eq!(usual.forget_all().await.unwrap(), ["acme.bitrix24.com", "probe-0123"]);
        assert_eq!(store.names(), ["acme.bitrix24.com#02", "probe-0123#02"]);
        store.trouble(Some(Trouble::Keeps));
        assert_eq!(other.forget_all().await.unwrap_err(), VaultError::Denied);
    }

    #[tokio::test]
    async fn refuses_what_windows_could_not_hold() {
        let (_, vault) = vault();
        vault.set("a", "x".repeat(SECRET_LIMIT).into()).await.unwrap();
        assert_eq!(vault.set("a", "x".repeat(SECRET_LIMIT + 1).into()).await, Err(VaultError::TooLarge));
    }

    #[tokio::test]
    async fn a_keychain_that_holds_less_is_found_out_by_the_probe() {
        let (store, vault) = vault();
        store.trouble(Some(Trouble::Holds(SECRET_LIMIT - 1)));
        assert_eq!(vault.probe().await, Err(VaultError::TooLarge));
        store.trouble(Some(Trouble::Holds(SECRET_LIMIT)));
        vault.probe().await.unwrap();
        assert!(store.names().is_empty());
    }

    /// A store behind an unlock dialog: it answers when the test lets it.
    struct Dialog(Mutex<mpsc::Receiver<()>>);

    impl SecretStore for Dialog {
        fn get(&self, _: &str) -> Result<SecretString, VaultError> {
            self.0.lock().unwrap().recv().map_err(|_| VaultError::Denied)?;
            Ok("secret".into())
        }
        fn set(&self, _: &str, _: &SecretString) -> Result<(), VaultError> {
            Ok(())
        }
        fn delete(&self, _: &str) -> Result<(), VaultError> {
            Ok(())
        }
        fn list(&self) -> Result<Vec<String>, VaultError> {
            Ok(Vec::new())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_unlock_dialog_is_not_waited_for_for_ever() {
        let (unlock, locked) = mpsc::channel();
        let vault = Vault {
            store: Arc::new(Dialog(Mutex::new(locked))),
            thread: Some(Arc::new(LazyLock::new(start_thread))),
            mark: None,
        };
        assert_eq!(vault.get("a").await.unwrap_err(), VaultError::Locked);
        // The first question takes the first answer although nobody waits for it any more; the second takes the second.
        unlock.send(()).unwrap();
        unlock.send(()).unwrap();
        tokio::time::resume();
        assert_eq!(vault.get("a").await.unwrap().expose_secret(), "secret");
    }

    #[test]
    fn entries_of_a_moved_state_folder_have_names_of_their_own() {
        let vault = Vault::keychain(Some("0123456789abcdef".into()));
        assert_eq!(vault.entry("acme.bitrix24.com"), "acme.bitrix24.com#0123456789abcdef");
        assert_eq!(Vault::keychain(None).entry("acme.bitrix24.com"), "acme.bitrix24.com");
    }
}
