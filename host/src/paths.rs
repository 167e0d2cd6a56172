//! Where things are on this machine, and the only reader of the environment.
//!
//! `GMAIL_SYNC_HOME` moves the state folder, so that a second installation or a test never meets the first. Nothing else
//! can be moved: the administrator's policy stands at fixed places, out of reach of whoever sets variables.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use directories::{BaseDirs, ProjectDirs};
use sha2::{Digest as _, Sha256};

use crate::failure::{Failure, Reason};

/// The name of the package and of its folders.
pub const PACKAGE: &str = "gmail-sync-bitrix24";

/// The variable that moves the state folder.
pub const HOME_VARIABLE: &str = "GMAIL_SYNC_HOME";

/// The state folder, which exists and belongs to this user alone.
#[derive(Clone, Debug)]
pub struct Paths {
    state: PathBuf,
    moved: bool,
}

impl Paths {
    /// Finds the state folder, and makes it if need be: `$GMAIL_SYNC_HOME`, or else `~/.local/state/gmail-sync-bitrix24` on
    /// Linux, `~/Library/Application Support/gmail-sync-bitrix24` on macOS, `%LOCALAPPDATA%\gmail-sync-bitrix24\data` on
    /// Windows.
    ///
    /// # Errors
    /// When there is no such place, or it can't be made and kept from others.
    pub fn find() -> Result<Self, Failure> {
        match variable(HOME_VARIABLE) {
            Some(folder) => Self::at(Path::new(&folder)),
            None => {
                let dirs = ProjectDirs::from("", "", PACKAGE).ok_or(Reason::NoHomeFolder)?;
                let state = dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir());
                Self::open(state, false)
            }
        }
    }

    /// A state folder somewhere else, as if `GMAIL_SYNC_HOME` named it.
    ///
    /// # Errors
    /// When it can't be made and kept from others.
    pub fn at(folder: &Path) -> Result<Self, Failure> {
        Self::open(folder, true)
    }

    fn open(folder: &Path, moved: bool) -> Result<Self, Failure> {
        let refused = |error: &io::Error| Failure::new(Reason::StateFolder).with("why", error.kind());
        create_private(folder).map_err(|error| refused(&error))?;
        let state = folder.canonicalize().map_err(|error| refused(&error))?;
        Ok(Self { state, moved })
    }

    /// The state folder's canonical path.
    #[must_use]
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// A file of that name in the state folder.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.state.join(name)
    }

    /// What tells the keychain entries of a moved state folder from those of the usual one: a hash of its canonical path.
    #[must_use]
    pub fn keychain_mark(&self) -> Option<String> {
        let hash = Sha256::digest(self.state.as_os_str().as_encoded_bytes());
        self.moved.then(|| HEXLOWER.encode(hash.get(..8).unwrap_or_default()))
    }
}

/// The folder under which Linux browsers keep their profiles: `~/.config` or `$XDG_CONFIG_HOME`; on macOS
/// `~/Library/Application Support`, on Windows `%APPDATA%`.
#[must_use]
pub fn browser_config() -> Option<PathBuf> {
    BaseDirs::new().map(|dirs| dirs.config_dir().to_owned())
}

/// The person's home folder.
#[must_use]
pub fn home() -> Option<PathBuf> {
    BaseDirs::new().map(|dirs| dirs.home_dir().to_owned())
}

/// A path as it is shown: the home folder, which holds the person's name, is `~`.
#[must_use]
pub fn shown(path: &Path) -> String {
    let below_home = home().and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned));
    below_home.map_or_else(|| path.display().to_string(), |rest| Path::new("~").join(rest).display().to_string())
}

/// What a program needs of its environment to find its person's things. A browser started from a desktop has little more.
#[must_use]
pub fn bare_environment() -> Vec<(&'static str, std::ffi::OsString)> {
    const NEEDED: &[&str] = &[
        HOME_VARIABLE,
        "HOME",
        "USER",
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
        "XDG_RUNTIME_DIR",
        "DBUS_SESSION_BUS_ADDRESS",
        "LOCALAPPDATA",
        "APPDATA",
        "USERPROFILE",
        "SystemRoot",
    ];
    NEEDED.iter().filter_map(|name| Some((*name, variable(name)?))).collect()
}

/// Whether a test wants the process to die at that place.
#[cfg(all(debug_assertions, unix))]
pub(crate) fn dies_at(place: &str) -> bool {
    variable("GMAIL_SYNC_DIE_AT").is_some_and(|wanted| wanted == place)
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
fn variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Makes a folder, and those above it, that only its owner can enter. One that others could enter is closed to them.
fn create_private(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        if fs::metadata(folder)?.permissions().mode() & 0o077 != 0 {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        }
        Ok(())
    }
    // Below the user's own profile, Windows lets nobody else in by default.
    #[cfg(not(unix))]
    fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_folder_marks_its_keychain_entries_by_its_canonical_path() {
        let folder = tempfile::tempdir().unwrap();
        let one = Paths::at(&folder.path().join("a")).unwrap();
        let same = Paths::at(&folder.path().join("a/../a")).unwrap();
        let other = Paths::at(&folder.path().join("b")).unwrap();
        assert_eq!(one.keychain_mark().map(|mark| mark.len()), Some(16));
        assert_eq!(one.keychain_mark(), same.keychain_mark());
        assert_ne!(one.keychain_mark(), other.keychain_mark());
        let usual = Paths::open(folder.path(), false).unwrap();
        assert_eq!(usual.keychain_mark(), None);
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_is_the_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let folder = tempfile::tempdir().unwrap();
        let made = Paths::at(&folder.path().join("x/y")).unwrap();
        assert_eq!(mode(made.state()), 0o700);
        let open = folder.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
        assert_eq!(mode(Paths::at(&open).unwrap().state()), 0o700);
    }

    #[test]
    fn a_file_in_the_way_is_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert_eq!(Paths::at(&file).unwrap_err().reason(), Reason::StateFolder);
    }
}
