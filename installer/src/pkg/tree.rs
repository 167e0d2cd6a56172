//! What a package installs, or the scripts it brings: a tree of folders and files, all owned by root.

use std::collections::{BTreeMap, BTreeSet};

/// A folder or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// `.` for the root, `./a/b` for what is in it.
    pub(super) path: String,
    /// The bytes of a file; a folder has none.
    pub(super) file: Option<File>,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) bytes: Vec<u8>,
    pub(super) program: bool,
}

impl Entry {
    /// Kind and permissions, as `stat` gives them.
    pub(super) fn mode(&self) -> u16 {
        match &self.file {
            None => 0o040_755,
            Some(File { program: true, .. }) => 0o100_755,
            Some(_) => 0o100_644,
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.file.as_ref().map_or(&[], |file| &file.bytes)
    }

    /// The folder it is in, unless it is the root.
    pub(super) fn parent(&self) -> Option<&str> {
        self.path.rsplit_once('/').map(|(parent, _)| parent)
    }

    /// The last part of its path.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

/// The tree of `files`, whose paths are absolute: a folder before what is in it, those of one depth by name.
pub(super) fn tree(files: BTreeMap<String, File>) -> Vec<Entry> {
    let mut folders = BTreeSet::from([".".to_owned()]);
    for path in files.keys() {
        folders.extend(path.match_indices('/').filter(|&(at, _)| at > 0).map(|(at, _)| format!(".{}", &path[..at])));
    }
    let folders = folders.into_iter().map(|path| Entry { path, file: None });
    let files = files.into_iter().map(|(path, file)| Entry { path: format!(".{path}"), file: Some(file) });
    let mut entries: Vec<_> = folders.chain(files).collect();
    entries.sort_by_key(|entry| (entry.path.matches('/').count(), entry.path.clone()));
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_come_before_what_is_in_them() {
        let file = |program| File { bytes: b"x".to_vec(), program };
        let files = [("/b/c d/e", file(true)), ("/a", file(false)), ("/b/f", file(false))];
        let tree = tree(files.map(|(path, file)| (path.to_owned(), file)).into());
        let seen: Vec<_> = tree.iter().map(|entry| (entry.path.as_str(), entry.mode(), entry.parent())).collect();
        assert_eq!(
            seen,
            [
                (".", 0o040_755, None),
                ("./a", 0o100_644, Some(".")),
                ("./b", 0o040_755, Some(".")),
                ("./b/c d", 0o040_755, Some("./b")),
                ("./b/f", 0o100_644, Some("./b")),
                ("./b/c d/e", 0o100_755, Some("./b/c d")),
            ]
        );
        assert_eq!(tree.iter().map(Entry::name).collect::<Vec<_>>(), [".", "a", "b", "c d", "f", "e"]);
    }
}
