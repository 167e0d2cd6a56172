//! Small JSON files in the state folder, shared by every host process of the user.
//!
//! A change is made under a lock, written to a new file and moved over the old one: readers see the old content or the new,
//! never half of either. A file that can't be read is set aside under another name, never overwritten.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Reason};
use crate::fault;
use crate::paths::Paths;

/// The format of the files. A host that meets a higher one leaves the file alone.
const FORMAT: u32 = 1;

/// Longer than any of these files gets.
const SIZE_LIMIT: u64 = 4 * 1024 * 1024;

/// One file holding one `T`; a missing file holds the default.
#[derive(Debug)]
pub struct StateFile<T> {
    folder: PathBuf,
    name: &'static str,
    content: PhantomData<fn() -> T>,
}

impl<T> Clone for StateFile<T> {
    fn clone(&self) -> Self {
        Self { folder: self.folder.clone(), name: self.name, content: PhantomData }
    }
}

/// What a file looks like: `{"format":1,"content":…}`.
#[derive(Serialize, Deserialize)]
struct Stored<T> {
    format: u32,
    content: T,
}

/// Why a file's bytes are no `T`.
#[derive(Debug, PartialEq, Eq)]
enum Unreadable {
    /// Torn, foreign or edited badly.
    Damaged,
    /// Written by a newer host.
    Newer,
}

impl<T: Serialize + DeserializeOwned + Default> StateFile<T> {
    /// The file of that name in the state folder; it need not exist.
    #[must_use]
    pub fn new(paths: &Paths, name: &'static str) -> Self {
        Self { folder: paths.state().to_owned(), name, content: PhantomData }
    }

    /// What the file holds.
    ///
    /// # Errors
    /// When it can't be read. A damaged file is set aside first, so the next read finds none; one of a newer host stays.
    pub fn read(&self) -> Result<T, Failure> {
        match self.load()? {
            Ok(content) => Ok(content),
            Err(_) => {
                let _lock = self.lock()?;
                self.load_or_set_aside()
            }
        }
    }

    /// Changes what the file holds, alone among all processes. Nothing is written when `change` fails.
    ///
    /// # Errors
    /// The failure of `change`, or when the file can't be read or written.
    pub fn update<R>(&self, change: impl FnOnce(&mut T) -> Result<R, Failure>) -> Result<R, Failure> {
        let _lock = self.lock()?;
        let mut content = self.load_or_set_aside()?;
        let result = change(&mut content)?;
        self.store(&content).map_err(|error| self.unusable(&error))?;
        Ok(result)
    }

    fn load_or_set_aside(&self) -> Result<T, Failure> {
        self.load()?.or_else(|why| match why {
            Unreadable::Newer => Err(Failure::new(Reason::StateFileNewer).with("file", self.name)),
            Unreadable::Damaged => {
                let aside = format!("{}.damaged-{}", self.name, jiff::Timestamp::now().as_millisecond());
                fs::rename(self.path(), self.folder.join(&aside)).map_err(|error| self.unusable(&error))?;
                Err(Failure::new(Reason::StateFileDamaged).with("file", self.name).with("aside", aside))
            }
        })
    }

    fn load(&self) -> Result<Result<T, Unreadable>, Failure> {
        match fs::metadata(self.path()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Ok(T::default())),
            Err(error) => return Err(self.unusable(&error)),
            Ok(metadata) if metadata.len() > SIZE_LIMIT => return Ok(Err(Unreadable::Damaged)),
            Ok(_) => {}
        }
        match fs::read(self.path()) {
            Ok(bytes) => Ok(parse(&bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Ok(T::default())),
            Err(error) => Err(self.unusable(&error)),
        }
    }

    /// Writes a new file (owner-only, as `tempfile` makes them), has it reach the disk, and moves it over the old one.
    fn store(&self, content: &T) -> io::Result<()> {
        let mut file = tempfile::Builder::new().prefix(self.name).tempfile_in(&self.folder)?;
        serde_json::to_writer_pretty(&mut file, &Stored { format: FORMAT, content })?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        fault::point(&format!("state {}", self.name));
        file.persist(self.path()).map_err(|error| error.error)?;
        Ok(())
    }

    /// Held only for as long as it takes to read and write a small file.
    fn lock(&self) -> Result<File, Failure> {
        take_lock(&self.folder.join("state.lock")).map_err(|error| self.unusable(&error))
    }

    fn path(&self) -> PathBuf {
        self.folder.join(self.name)
    }

    fn unusable(&self, error: &io::Error) -> Failure {
        Failure::new(Reason::StateFileUnusable).with("file", self.name).with("why", error.kind())
    }
}

/// Waits for the lock that an empty file stands for, among all processes of the person. It goes with the handle, and the operating
/// system frees it if the process is killed.
///
/// # Errors
/// When the file can't be opened or locked; the folder around it must be there.
pub(crate) fn take_lock(path: &Path) -> io::Result<File> {
    let file = File::options().create(true).append(true).open(path)?;
    file.lock()?;
    Ok(file)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    #[derive(Deserialize)]
    struct Probe {
        format: u32,
    }
    let probe: Probe = serde_json::from_slice(bytes).map_err(|_| Unreadable::Damaged)?;
    if probe.format > FORMAT {
        return Err(Unreadable::Newer);
    }
    let stored: Stored<T> = serde_json::from_slice(bytes).map_err(|_| Unreadable::Damaged)?;
    Ok(stored.content)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::thread;

    use super::*;

    type Counts = BTreeMap<String, u32>;

    fn file() -> (tempfile::TempDir, StateFile<Counts>) {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::at(folder.path()).unwrap();
        (folder, StateFile::new(&paths, "counts.json"))
    }

    #[test]
    fn remembers_what_it_was_told() {
        let (_folder, file) = file();
        assert_eq!(file.read().unwrap(), Counts::new());
        file.update(|counts| Ok(counts.insert("a".into(), 1))).unwrap();
        assert_eq!(file.read().unwrap(), Counts::from([("a".into(), 1)]));
    }

    #[test]
    fn a_failed_change_changes_nothing() {
        let (_folder, file) = file();
        let failure = file
            .update(|counts| {
                counts.insert("a".into(), 1);
                Err::<(), _>(Reason::Internal.into())
            })
            .unwrap_err();
        assert_eq!(failure.reason(), Reason::Internal);
        assert_eq!(file.read().unwrap(), Counts::new());
    }

    #[test]
    fn a_damaged_file_is_set_aside_whole_and_named() {
        for damaged in
            ["", "{", r#"{"format":1,"content":{"a"#, r#"{"format":1}"#, r#"{"format":1,"content":[1]}"#, "\0\0"]
        {
            let (folder, file) = file();
            fs::write(file.path(), damaged).unwrap();
            let failure = file.read().unwrap_err();
            assert_eq!(failure.reason(), Reason::StateFileDamaged, "{damaged}");
            let aside = folder.path().join(failure.arg("aside").unwrap());
            assert_eq!(fs::read_to_string(aside).unwrap(), damaged);
            assert_eq!(file.read().unwrap(), Counts::new());
        }
    }

    #[test]
    fn a_newer_hosts_file_stays_where_it_is() {
        let (_folder, file) = file();
        let newer = r#"{"format":2,"content":"something else"}"#;
        fs::write(file.path(), newer).unwrap();
        assert_eq!(file.read().unwrap_err().reason(), Reason::StateFileNewer);
        assert_eq!(file.update(|_| Ok(())).unwrap_err().reason(), Reason::StateFileNewer);
        assert_eq!(fs::read_to_string(file.path()).unwrap(), newer);
    }

    #[test]
    fn changes_at_the_same_time_are_all_kept() {
        let (_folder, file) = file();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..25 {
                        file.update(|counts| {
                            *counts.entry("a".into()).or_default() += 1;
                            Ok(())
                        })
                        .unwrap();
                    }
                });
            }
        });
        assert_eq!(file.read().unwrap(), Counts::from([("a".into(), 100)]));
    }

    #[cfg(unix)]
    #[test]
    fn files_are_the_owners_alone_and_nothing_is_left_beside_them() {
        use std::os::unix::fs::PermissionsExt as _;
        let (folder, file) = file();
        file.update(|counts| Ok(counts.insert("a".into(), 1))).unwrap();
        assert_eq!(fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o600);
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["counts.json", "state.lock"]);
    }

    #[cfg(unix)]
    #[test]
    fn sec_34_a_link_in_a_files_place_is_replaced_and_never_written_through() {
        let (folder, file) = file();
        let elsewhere = tempfile::tempdir().unwrap();
        let foreign = elsewhere.path().join("theirs");
        for symbolic in [true, false] {
            fs::write(&foreign, r#"{"format":1,"content":{"theirs":1}}"#).unwrap();
            let made = if symbolic {
                std::os::unix::fs::symlink(&foreign, file.path())
            } else {
                fs::hard_link(&foreign, file.path())
            };
            made.unwrap();
            file.update(|counts| Ok(counts.insert("ours".into(), 2))).unwrap();
            assert_eq!(fs::read_to_string(&foreign).unwrap(), r#"{"format":1,"content":{"theirs":1}}"#);
            assert!(fs::symlink_metadata(file.path()).unwrap().is_file());
            fs::remove_file(file.path()).unwrap();
        }
        drop(folder);
    }

    #[test]
    fn fuzz_state() {
        crate::fuzz::target("state", |bytes| {
            if let Ok(counts) = parse::<Counts>(bytes) {
                let text = serde_json::to_vec(&Stored { format: FORMAT, content: &counts }).unwrap();
                assert_eq!(parse::<Counts>(&text), Ok(counts));
            }
        });
    }
}
