//! The lock on a connection's tokens: of all host processes of the user, one at a time changes them.

use std::fs::File;
use std::io;
use std::time::Duration;

use crate::failure::{Failure, Reason};
use crate::paths::Paths;
use crate::portal::PortalUrl;
use crate::thread::on_thread;

/// How long another process may be at it: longer than a token request's deadline.
const PATIENCE: Duration = Duration::from_secs(30);

/// Held by whoever renews, replaces or forgets the tokens of a connection. Without it, tokens renewed meanwhile would be
/// written over those of a new connection, or back into the keychain after a disconnect.
///
/// The operating system frees it if this process is killed.
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
        let path = paths.file(&format!("refresh-{name}.lock"));
        let locked = on_thread(move || {
            let file = File::options().create(true).append(true).open(path)?;
            file.lock()?;
            Ok(file)
        });
        let unusable = |error: io::Error| {
            Failure::new(Reason::StateFileUnusable).with("file", "refresh.lock").with("why", error.kind())
        };
        match tokio::time::timeout(PATIENCE, locked).await {
            Ok(Some(result)) => result.map(|file| Self { _file: file }).map_err(unusable),
            Ok(None) => Err(Failure::new(Reason::Internal).with("method", "refresh")),
            Err(_) => Err(Failure::new(Reason::RefreshBusy).with("seconds", 5)),
        }
    }
}
