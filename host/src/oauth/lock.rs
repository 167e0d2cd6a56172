//! Locks that hold for all host processes of the person: the operating system frees them if a process is killed.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::failure::{Failure, Reason};
use crate::paths::Paths;
use crate::portal::PortalUrl;
use crate::state::take_lock;
use crate::thread::on_thread;

/// How long another process may be at it: longer than a token request's deadline.
const PATIENCE: Duration = Duration::from_secs(30);

/// Held by whoever renews, replaces or forgets the tokens of a connection. Without it, tokens renewed meanwhile would be
/// written over those of a new connection, or back into the keychain after a disconnect.
pub struct TokenLock {
    _file: File,
}

impl TokenLock {
    /// Waits for the tokens of the connection to `portal`.
    ///
    /// # Errors
    /// [`Reason::RefreshBusy`] if another process doesn't let go, [`Reason::StateFileUnusable`]
    pub async fn take(paths: &Paths, portal: &PortalUrl) -> Result<Self, Failure> {
        let name = portal.to_string().replace(|c: char| !c.is_ascii_alphanumeric() && c != '.', "_");
        let busy = Failure::new(Reason::RefreshBusy).with("seconds", 5);
        let file = lock(paths.file(&format!("refresh-{name}.lock")), "refresh", busy).await?;
        Ok(Self { _file: file })
    }
}

/// Held by whoever writes a connection down, from the last look at who may until the session is there, and by whoever takes access
/// away. Without it, two browser profiles that connect at once would both be the first, and one that is shut out while its connection
/// is stored would get a session after all. Who holds it may take a [`TokenLock`], never the other way round.
pub struct ConnectLock {
    _file: File,
}

impl ConnectLock {
    /// Waits until no other process writes a connection down or takes access away.
    ///
    /// # Errors
    /// [`Reason::ConnectRunning`] if another process doesn't let go, [`Reason::StateFileUnusable`]
    pub async fn take(paths: &Paths) -> Result<Self, Failure> {
        let file = lock(paths.file("connect.lock"), "connect", Reason::ConnectRunning.into()).await?;
        Ok(Self { _file: file })
    }
}

/// Waits for the file, whose state folder must be there; for too long is `busy`. `work` names what is locked in failures.
async fn lock(path: PathBuf, work: &'static str, busy: Failure) -> Result<File, Failure> {
    let locked = on_thread(move || take_lock(&path));
    let unusable = |error: io::Error| {
        Failure::new(Reason::StateFileUnusable).with("file", format!("{work}.lock")).with("why", error.kind())
    };
    match tokio::time::timeout(PATIENCE, locked).await {
        Ok(Some(result)) => result.map_err(unusable),
        Ok(None) => Err(Failure::new(Reason::Internal).with("method", work)),
        Err(_) => Err(busy),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_at_a_time_connects_and_nobody_where_the_state_folder_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::at(folder.path()).unwrap();
        let held = ConnectLock::take(&paths).await.unwrap();
        // Who renews tokens has a lock of its own.
        let tokens = TokenLock::take(&paths, &"acme.bitrix24.com".parse().unwrap()).await.unwrap();
        let another_process = File::open(paths.file("connect.lock")).unwrap();
        assert!(another_process.try_lock().is_err());
        tokio::time::pause();
        assert_eq!(ConnectLock::take(&paths).await.err().unwrap().reason(), Reason::ConnectRunning);
        tokio::time::resume();
        drop((held, tokens));
        drop(ConnectLock::take(&paths).await.unwrap());
        assert!(another_process.lock().is_ok());
        drop(another_process);
        paths.remove().unwrap();
        assert_eq!(ConnectLock::take(&paths).await.err().unwrap().reason(), Reason::StateFileUnusable);
        assert!(!folder.path().exists());
    }
}
