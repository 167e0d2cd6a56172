//! Telling browsers where the host is: its manifest, and who may start it.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::browsers::{Browser, manifest_below};
use crate::failure::{Failure, Reason};
use crate::paths::Paths;
use crate::policy::Policy;
use crate::protocol::HOST_NAME;
use crate::registry::Root;
use crate::settings::Settings;

/// The manifest without what differs between machines.
const TEMPLATE: &str = include_str!("../../manifests/native-host.json");

/// One extension id a line; `#` begins a comment.
const EXTENSION_IDS: &str = include_str!("../../manifests/extension-ids");

/// A native messaging host manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `local.gmail_sync_bitrix24`
    pub name: String,
    /// For people who find the file.
    pub description: String,
    /// The program, absolute.
    pub path: PathBuf,
    /// `stdio`
    #[serde(rename = "type")]
    pub kind: String,
    /// Who may start it: `chrome-extension://ID/`, with the slash.
    pub allowed_origins: Vec<String>,
}

impl Manifest {
    /// The manifest for this machine.
    ///
    /// # Errors
    /// When the program's path isn't Unicode, which a manifest can't hold.
    pub fn new(program: &Path, ids: &[String]) -> Result<Self, Failure> {
        if program.to_str().is_none() {
            return Err(Failure::new(Reason::ProgramUnknown).with("why", "its path isn't Unicode"));
        }
        let template: Self =
            serde_json::from_str(TEMPLATE).map_err(|_| Failure::new(Reason::Internal).with("method", "register"))?;
        let allowed_origins = ids.iter().map(|id| format!("chrome-extension://{id}/")).collect();
        Ok(Self { path: program.to_owned(), allowed_origins, ..template })
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }

    /// Reads one that is installed; `None` if there is none.
    ///
    /// # Errors
    /// When the file can't be read, or isn't a manifest.
    pub fn installed(file: &Path) -> io::Result<Option<Self>> {
        match fs::read(file) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|_| io::ErrorKind::InvalidData.into()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The extensions that may start the host: the compiled ones and those of the machine's policy.
pub fn extension_ids(policy: &Policy) -> Vec<String> {
    let compiled = EXTENSION_IDS.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let all = compiled.chain(policy.extension_ids.iter().map(String::as_str)).filter(|id| is_extension_id(id));
    let mut ids: Vec<String> = Vec::new();
    for id in all {
        if !ids.iter().any(|other| other == id) {
            ids.push(id.to_owned());
        }
    }
    ids
}

/// Whether that extension may start the host. A browser has checked it against the manifest already; this host doesn't
/// rely on a file that others can write. A development build also serves those it was told of by `register`.
#[must_use]
pub fn may_start(extension_id: &str, policy: &Policy, settings: &Settings) -> bool {
    let known = |ids: &[String]| ids.iter().any(|id| id == extension_id);
    known(&extension_ids(policy)) || (cfg!(debug_assertions) && known(&settings.development_extension_ids))
}

/// 32 letters from `a` to `p`.
#[must_use]
pub fn is_extension_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|letter| (b'a'..=b'p').contains(&letter))
}

/// A place where a browser finds the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file.
    File(PathBuf),
    /// A file, and on Windows keys whose default value is its path.
    Keys {
        /// The person's or everybody's.
        root: Root,
        /// Below it.
        keys: Vec<String>,
        /// The manifest; all browsers share it.
        file: PathBuf,
    },
}

impl Place {
    /// Where a browser finds what its person registers; `None` without a home folder.
    #[must_use]
    pub fn of(browser: &Browser, paths: &Paths) -> Option<Self> {
        if cfg!(windows) {
            let file = paths.file(&crate::browsers::file_name());
            return Some(Self::Keys { root: Root::Person, keys: browser.registry_keys(), file });
        }
        browser.user_manifest().map(Self::File)
    }

    /// Where a browser finds what the machine's administrator registers.
    #[must_use]
    pub fn of_machine(browser: &Browser) -> Option<Self> {
        if cfg!(windows) {
            return Some(Self::Keys { root: Root::Machine, keys: browser.registry_keys(), file: beside_program()? });
        }
        browser.machine_manifest().map(Self::File)
    }

    /// Where a browser started with `--user-data-dir` looks; Windows' browsers don't.
    #[must_use]
    pub fn below(user_data: &Path) -> Self {
        Self::File(manifest_below(user_data))
    }

    /// The manifest's file.
    #[must_use]
    pub fn file(&self) -> &Path {
        match self {
            Self::File(file) | Self::Keys { file, .. } => file,
        }
    }

    /// The registry keys that lead there, as the registry editor shows them.
    #[must_use]
    pub fn keys_in_full(&self) -> Vec<String> {
        match self {
            Self::File(_) => Vec::new(),
            Self::Keys { root, keys, .. } => keys.iter().map(|key| format!(r"{root}\{key}")).collect(),
        }
    }

    /// Writes the manifest there, whole or not at all. Returns whether that changed anything.
    ///
    /// # Errors
    /// [`Reason::RegistrationUnwritable`]
    pub fn register(&self, manifest: &Manifest) -> Result<bool, Failure> {
        let write = || {
            let text = manifest.text();
            let mut changed = fs::read(self.file()).ok().as_deref() != Some(text.as_bytes());
            if changed {
                write_whole(self.file(), text.as_bytes())?;
            }
            if let Self::Keys { root, keys, file } = self {
                for key in keys {
                    changed |= by_key::set(*root, key, file)?;
                }
            }
            Ok(changed)
        };
        write().map_err(|error: io::Error| self.unwritable(&error))
    }

    /// Removes the manifest. Returns whether there was one; what isn't ours stays.
    ///
    /// # Errors
    /// [`Reason::RegistrationUnwritable`]
    pub fn unregister(&self) -> Result<bool, Failure> {
        let remove = || {
            if let Self::Keys { root, keys, file } = self {
                let mut removed = false;
                for key in keys {
                    removed |= by_key::remove(*root, key)?;
                }
                if by_key::leads_to(*root, file) {
                    return Ok(removed);
                }
            }
            match Manifest::installed(self.file()) {
                Ok(Some(manifest)) if manifest.name == HOST_NAME => fs::remove_file(self.file()).map(|()| true),
                Ok(_) => Ok(false),
                // Damaged, but under our name: no other program's.
                Err(error) if error.kind() == io::ErrorKind::InvalidData => fs::remove_file(self.file()).map(|()| true),
                Err(error) => Err(error),
            }
        };
        remove().map_err(|error: io::Error| self.unwritable(&error))
    }

    fn unwritable(&self, error: &io::Error) -> Failure {
        let file = self.file().display();
        Failure::new(Reason::RegistrationUnwritable).with("file", file).with("why", error.kind())
    }
}

/// On Windows, a manifest for everybody stands where the program is, which is theirs to read and the administrator's to write.
fn beside_program() -> Option<PathBuf> {
    std::env::current_exe().ok()?.parent().map(|folder| folder.join(crate::browsers::file_name()))
}

/// The manifests on Windows to which keys should lead.
#[cfg(windows)]
pub fn key_files() -> Vec<PathBuf> {
    let own = Paths::find().ok().map(|paths| paths.file(&crate::browsers::file_name()));
    own.into_iter().chain(beside_program()).collect()
}

/// Everybody may read it: the machine's registration is for all who use the machine, and there is no secret in one.
fn write_whole(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = file.parent().ok_or(io::ErrorKind::NotFound)?;
    fs::create_dir_all(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        new.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    new.persist(file).map_err(|error| error.error)?;
    Ok(())
}

/// Where there is no registry, no place has a key.
#[cfg(not(windows))]
mod by_key {
    use std::io;
    use std::path::Path;

    use super::Root;

    pub(super) fn set(_: Root, _: &str, _: &Path) -> io::Result<bool> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn remove(_: Root, _: &str) -> io::Result<bool> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn leads_to(_: Root, _: &Path) -> bool {
        false
    }
}

#[cfg(windows)]
mod by_key {
    use std::path::Path;

    use super::Root;
    use crate::browsers::BROWSERS;
    use crate::registry::{Registry as _, System, Value, View};
    pub(super) use crate::registry::{remove, set};

    /// Whether any browser's key still leads to the file.
    pub(super) fn leads_to(root: Root, file: &Path) -> bool {
        BROWSERS.iter().any(|browser| {
            let values = System.values(root, View::Bits64, &browser.registry_key());
            matches!(values.get(""), Some(Value::Text(text)) if Path::new(text) == file)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "abcdefghijklmnopabcdefghijklmnop";

    #[test]
    fn the_manifest_names_the_program_and_who_may_start_it() {
        let manifest = Manifest::new(Path::new("/usr/bin/gmail-sync-host"), &[ID.to_owned()]).unwrap();
        assert_eq!(manifest.name, HOST_NAME);
        assert_eq!(manifest.kind, "stdio");
        assert_eq!(manifest.allowed_origins, [format!("chrome-extension://{ID}/")]);
        assert_eq!(serde_json::from_str::<Manifest>(&manifest.text()).unwrap(), manifest);
    }

    #[test]
    fn the_compiled_ids_are_ids_and_policy_adds_to_them() {
        let compiled = extension_ids(&Policy::default());
        assert!(!compiled.is_empty());
        let policy = Policy {
            extension_ids: vec![ID.to_owned(), compiled[0].clone(), "*".to_owned(), "ABC".to_owned()],
            ..Policy::default()
        };
        assert_eq!(extension_ids(&policy), [compiled, vec![ID.to_owned()]].concat());
    }

    #[test]
    fn registering_replaces_the_file_and_unregistering_removes_only_ours() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::below(&folder.path().join("profile"));
        assert!(!place.unregister().unwrap());
        let manifest = Manifest::new(Path::new("/old"), &[]).unwrap();
        assert!(place.register(&manifest).unwrap());
        assert!(!place.register(&manifest).unwrap());
        let newer = Manifest::new(Path::new("/new"), &[ID.to_owned()]).unwrap();
        place.register(&newer).unwrap();
        assert_eq!(Manifest::installed(place.file()).unwrap(), Some(newer));
        assert_eq!(fs::read_dir(place.file().parent().unwrap()).unwrap().count(), 1);
        assert!(place.unregister().unwrap());
        assert_eq!(Manifest::installed(place.file()).unwrap(), None);
        fs::write(place.file(), manifest.text().replace(HOST_NAME, "org.other")).unwrap();
        assert!(!place.unregister().unwrap());
        fs::write(place.file(), "{").unwrap();
        assert!(place.unregister().unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn paths_keep_their_spaces_and_letters_and_a_registration_can_be_read_by_everybody() {
        use std::os::unix::ffi::OsStringExt as _;
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let place = Place::below(&folder.path().join("Профиль \u{1f600} \"x\""));
        let program = Path::new("/opt/Größe %20 x/gmail-sync-host");
        place.register(&Manifest::new(program, &[]).unwrap()).unwrap();
        assert_eq!(Manifest::installed(place.file()).unwrap().unwrap().path, program);
        assert_eq!(fs::metadata(place.file()).unwrap().permissions().mode() & 0o777, 0o644);
        let no_text = PathBuf::from(std::ffi::OsString::from_vec(b"/opt/\xff".to_vec()));
        assert_eq!(Manifest::new(&no_text, &[]).unwrap_err().reason(), Reason::ProgramUnknown);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_is_somebody_elses_is_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let manifest = Manifest::new(Path::new("/x"), &[]).unwrap();
        assert_eq!(Place::below(&file).register(&manifest).unwrap_err().reason(), Reason::RegistrationUnwritable);
    }
}
