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
use crate::private_folder;

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
    /// Windows. Sources: XDG Base Directory Specification;
    /// <https://developer.apple.com/library/archive/documentation/FileManagement/Conceptual/FileSystemProgrammingGuide/FileSystemOverview/FileSystemOverview.html>,
    /// "Where to put your app's files"; <https://learn.microsoft.com/windows/win32/shell/knownfolderid>.
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
        private_folder::make(folder).map_err(|error| refused(&error))?;
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

    /// Removes the state folder with all that is in it, and the product's own folder that Windows has around it, unless
    /// something of somebody else's lies there.
    ///
    /// # Errors
    /// When something in the state folder can't be removed.
    pub fn remove(&self) -> io::Result<()> {
        fs::remove_dir_all(&self.state)?;
        if let Some(around) = self.state.parent().filter(|around| around.ends_with(PACKAGE)) {
            // What isn't empty stays.
            drop(fs::remove_dir(around));
        }
        Ok(())
    }

    /// What tells the keychain entries of a moved state folder from those of the usual one: a hash of its canonical path.
    #[must_use]
    pub fn keychain_mark(&self) -> Option<String> {
        let hash = Sha256::digest(self.state.as_os_str().as_encoded_bytes());
        self.moved.then(|| HEXLOWER.encode(hash.get(..8).unwrap_or_default()))
    }
}

/// The folder under which browsers keep their profiles: `~/.config` or `$XDG_CONFIG_HOME` on Linux,
/// `~/Library/Application Support` on macOS, `%LOCALAPPDATA%` on Windows.
#[must_use]
pub fn browser_profiles() -> Option<PathBuf> {
    BaseDirs::new().map(|dirs| if cfg!(windows) { dirs.data_local_dir() } else { dirs.config_dir() }.to_owned())
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

    #[test]
    fn a_folder_of_the_products_own_goes_with_the_state_folder_unless_others_use_it() {
        let folder = tempfile::tempdir().unwrap();
        let around = folder.path().join(PACKAGE);
        let state = || Paths::at(&around.join("data")).unwrap();
        fs::write(state().file("x"), "").unwrap();
        state().remove().unwrap();
        assert!(!around.exists() && folder.path().exists());
        let used = state();
        fs::write(around.join("of-others"), "").unwrap();
        used.remove().unwrap();
        assert!(around.join("of-others").exists() && !around.join("data").exists());
    }

    #[test]
    fn a_file_in_the_way_is_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert_eq!(Paths::at(&file).unwrap_err().reason(), Reason::StateFolder);
    }
}
