//! A Windows of Wine's that ends with the test.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::inputs;

/// What an installation may leave: Windows' own books, not the package's.
const BOOKS: [&str; 5] = [
    r"Software\\Wine\\",
    r"Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\",
    // Wine looks for devices at each start.
    r"System\\CurrentControlSet\\Control\\Class\\",
    r"System\\CurrentControlSet\\Hardware Profiles\\",
    r"Software\\Microsoft\\Windows NT\\CurrentVersion\\NetworkCards",
];

pub(crate) struct Windows {
    folder: TempDir,
}

impl Windows {
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("windows-").tempdir().unwrap();
        let prefix = folder.path().join("prefix");
        copy(&["--archive", "--link"], &fresh().join("drive_c"), &prefix.join("drive_c"));
        // Links instead of copies are for files that nothing changes in place, as Wine does the registry.
        for file in ["dosdevices", "system.reg", "user.reg", "userdef.reg", ".update-timestamp"] {
            copy(&["--archive"], &fresh().join(file), &prefix.join(file));
        }
        fs::create_dir(folder.path().join("home")).unwrap();
        Self { folder }
    }

    /// A program of Windows, not yet started.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Command {
        wine(self.folder.path(), words)
    }

    /// Runs a program to its end and returns its exit code, which Wine cuts to eight bits, and what it printed.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> (i32, String) {
        let output = self.command(words).stdin(Stdio::null()).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8_lossy(&output.stdout).replace('\r', ""))
    }

    /// Runs Windows Installer without questions and returns its exit code.
    pub(crate) fn msiexec(&self, action: &str, package: &Path, properties: &[&str]) -> i32 {
        self.msiexec_with("/qn", action, package, properties)
    }

    /// With so many windows: `/qn` is none, `/qf` all.
    pub(crate) fn msiexec_with(&self, windows: &str, action: &str, package: &Path, properties: &[&str]) -> i32 {
        let package = self.windows_path(package);
        let words = ["msiexec", action, &package, windows];
        let mut installer = self.command(words.into_iter().chain(properties.iter().copied()));
        // Not heard: what Windows starts for it holds on to its output for as long as any program runs.
        let status = installer.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.unwrap().code().unwrap()
    }

    /// The name that Windows programs know a file of this system by.
    pub(crate) fn windows_path(&self, path: &Path) -> String {
        format!("Z:{}", path.to_str().unwrap().replace('/', "\\"))
    }

    /// The file of this system that stands for one of drive C.
    pub(crate) fn file(&self, path: &str) -> PathBuf {
        let inside = path.strip_prefix("C:\\").expect("a path on drive C");
        self.folder.path().join("prefix/drive_c").join(inside.replace('\\', "/"))
    }

    /// What Wine calls the person: as this system does.
    pub(crate) fn user(&self) -> String {
        let users = fs::read_dir(self.file(r"C:\users")).unwrap();
        let names = users.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let own: Vec<_> = names.filter(|name| name != "Public").collect();
        let [name] = <[String; 1]>::try_from(own).unwrap();
        name
    }

    /// A registry value, if it is there; without a name the key's default.
    pub(crate) fn registry(&self, key: &str, name: Option<&str>) -> Option<String> {
        let value = name.map_or(vec!["/ve"], |name| vec!["/v", name]);
        let (code, text) = self.run(["reg", "query", key].into_iter().chain(value).chain(["/reg:64"]));
        let line = text.lines().find(|line| line.contains("    REG_"))?;
        assert_eq!(code, 0, "{text}");
        Some(line.split("    ").last().unwrap().trim().to_owned())
    }

    /// Every file, every registry key and every registry value there is, but for Windows' own books.
    pub(crate) fn contents(&self) -> BTreeSet<String> {
        self.settle();
        let prefix = self.folder.path().join("prefix");
        let mut list = Command::new("find");
        list.args(["drive_c", "-printf", "%p\n"]).current_dir(&prefix);
        let files = String::from_utf8(list.output().unwrap().stdout).unwrap();
        let mut contents: BTreeSet<_> = files.lines().map(str::to_owned).collect();
        for (root, file) in [("HKLM", "system.reg"), ("HKCU", "user.reg")] {
            contents.extend(entries(root, &String::from_utf8_lossy(&fs::read(prefix.join(file)).unwrap())));
        }
        contents
    }

    /// The product's entries in the Credential Manager, as Wine keeps them.
    pub(crate) fn credentials(&self) -> Vec<String> {
        self.settle();
        let registry = fs::read(self.folder.path().join("prefix/user.reg")).unwrap();
        let registry = String::from_utf8_lossy(&registry).into_owned();
        let keys = registry.lines().filter(|line| line.starts_with(r"[Software\\Wine\\Credential Manager\\"));
        keys.filter(|key| key.contains("gmail_sync")).map(str::to_owned).collect()
    }

    /// Waits until all programs have ended and the registry is written.
    fn settle(&self) {
        self.server("-w");
    }

    fn server(&self, argument: &str) {
        let mut server = Command::new("/usr/lib/wine/wineserver64");
        let _ = surround(&mut server, self.folder.path()).arg(argument).status().unwrap();
    }
}

impl Drop for Windows {
    fn drop(&mut self) {
        self.server("-k");
    }
}

/// Keys and values of a registry file; times of keys are left out.
fn entries(root: &str, text: &str) -> Vec<String> {
    let mut key = "";
    let mut entries = Vec::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix('[') {
            key = rest.split(']').next().unwrap();
            // Wine writes no line for a key with nothing but keys below it.
            let above = key.match_indices(r"\\").map(|(at, _)| &key[..at]);
            entries.extend(above.chain([key]).filter(|key| !is_book(key)).map(|key| format!("{root}\\{key}")));
        } else if !line.is_empty() && !line.starts_with('#') && !is_book(key) {
            // Wine's installer takes a folder off PATH and leaves its semicolon.
            let line = if line.starts_with("\"PATH\"=") { without_empty_places(line) } else { line.to_owned() };
            entries.push(format!("{root}\\{key}: {line}"));
        }
    }
    entries
}

fn without_empty_places(path: &str) -> String {
    path.trim_end_matches('"').split(';').filter(|folder| !folder.is_empty()).collect::<Vec<_>>().join(";")
}

fn is_book(key: &str) -> bool {
    BOOKS.iter().any(|book| key.starts_with(book))
}

/// A Windows 10 that nothing was installed on, as the tier has made it.
fn fresh() -> PathBuf {
    inputs().built.join("wine/prefix")
}

fn copy(how: &[&str], from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    assert!(Command::new("cp").args(how).args([from, to]).status().unwrap().success(), "{}", from.display());
}

fn wine<S: AsRef<OsStr>>(folder: &Path, words: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new("/usr/lib/wine/wine64");
    surround(&mut command, folder).args(words);
    command
}

/// The tier says how programs of Wine's are started, and this in which Windows.
fn surround<'a>(command: &'a mut Command, folder: &Path) -> &'a mut Command {
    command.env("HOME", folder.join("home")).env("WINEPREFIX", folder.join("prefix"))
}
