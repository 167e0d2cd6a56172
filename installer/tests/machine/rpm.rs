//! The rpm package, installed below a folder of its own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use installer::files::{self, Kind};
use installer::{browsers, rpm};
use serde_json::Value;
use tempfile::TempDir;

use crate::conversation::{self, Conversation};
use crate::person::Person;
use crate::{Packages, inputs, later, made};

pub(crate) static PACKAGES: Packages = Packages::by(rpm::write);

struct Root {
    folder: TempDir,
}

impl Root {
    fn new() -> Self {
        let root = Self { folder: tempfile::tempdir().unwrap() };
        root.rpm(&["--initdb"]);
        root
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    fn rpm(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("rpm");
        command.arg("--root").arg(self.path()).args(arguments);
        let output = command.output().unwrap();
        assert!(output.status.success(), "rpm {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn install(&self, package: &Path) {
        // Debian's rpm knows no packages that could meet needs, and this root has no shell: the script is `extensions`' matter.
        self.rpm(&["--upgrade", "--nodeps", "--noscripts", package.to_str().unwrap()]);
    }

    /// The manifest that Chromium would find; its links are for a root that is the machine's own.
    fn manifest(&self) -> Value {
        let link = self.path().join("etc/chromium/native-messaging-hosts/local.gmail_sync_bitrix24.json");
        let target = std::fs::read_link(link).unwrap();
        conversation::manifest(&self.path().join(target.strip_prefix("/").unwrap()))
    }

    fn start(&self, manifest: &Value) -> Conversation {
        Conversation::start(self.command(manifest["path"].as_str().unwrap()), manifest, &[])
    }

    /// The program at that path, with a person's folder that is no part of the root.
    fn command(&self, program: &str) -> Command {
        let mut host = Command::new(self.path().join(program.trim_start_matches('/')));
        host.env("GMAIL_SYNC_HOME", self.folder.path().join("state"));
        host
    }

    /// What is there, but for rpm's own books.
    fn tree(&self) -> BTreeSet<String> {
        let mut list = Command::new("find");
        list.arg(self.path()).args(["-mindepth", "1", "-not", "-path", "*/var*", "-printf", "/%P\n"]);
        let output = list.output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
    }
}

fn query(package: &Path, what: &str) -> String {
    let output = Command::new("rpm").args(["--query", "--package", what]).arg(package).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn installed_upgraded_and_erased_it_leaves_nothing() {
    let root = Root::new();
    let before = root.tree();
    let inputs = inputs();
    root.install(&made(".rpm"));
    assert_eq!(root.rpm(&["--query", "gmail-sync-bitrix24", "--queryformat=%{VERSION}"]), inputs.version);
    assert_eq!(root.rpm(&["--verify", "--nodeps", "gmail-sync-bitrix24"]), "");
    let manifest = root.manifest();
    let mut running = root.start(&manifest);
    assert_eq!(running.hello(), inputs.version);
    root.install(PACKAGES.later());
    assert_eq!(root.rpm(&["--query", "gmail-sync-bitrix24", "--queryformat=%{VERSION}"]), later().version);
    running.hello();
    running.end();
    let mut next = root.start(&root.manifest());
    next.hello();
    next.end();
    root.rpm(&["--erase", "gmail-sync-bitrix24"]);
    let own =
        |path: &&String| path.contains("gmail") || path.contains("native-messaging-hosts") || path.starts_with("/etc/");
    let after = root.tree();
    let left: Vec<_> = after.difference(&before).filter(own).collect();
    // Folders that belong to the system's own packages, which this root does not have.
    assert_eq!(left, ["/etc/opt"], "{after:?}");
}

#[test]
fn a_connection_outlives_upgrade_and_erasure_until_it_is_purged() {
    let root = Root::new();
    let program = |arguments: &[&str]| {
        let mut command = root.command("/usr/bin/gmail-sync-host");
        command.args(arguments);
        command
    };
    root.install(&made(".rpm"));
    let person = Person::new();
    person.connect(&program);
    let mut running = root.start(&root.manifest());
    running.hello();
    root.install(PACKAGES.later());
    running.hello();
    assert!(running.executable().to_str().unwrap().ends_with("(deleted)"), "the browser holds the old one");
    running.end();
    let mut next = root.start(&root.manifest());
    next.hello();
    assert!(next.executable().ends_with("usr/bin/gmail-sync-host"), "the next start is the new one");
    next.end();
    assert!(person.is_connected(&program), "after the upgrade");
    // No package reaches a person's keychain.
    root.rpm(&["--erase", "gmail-sync-bitrix24"]);
    root.install(&made(".rpm"));
    assert!(person.is_connected(&program), "after an erasure");
    assert!(program(&["purge", "--yes"]).status().unwrap().success());
    assert!(!person.is_connected(&program), "after a purge");
}

#[test]
fn it_brings_exactly_the_listed_files() {
    let inputs = inputs();
    let mut listed: BTreeSet<_> = files::of(&inputs, Kind::Rpm).unwrap().into_iter().map(|file| file.target).collect();
    listed.extend(browsers::links(&inputs).unwrap().into_iter().map(|link| link.at));
    let list =
        query(&made(".rpm"), "--queryformat=[%{FILEMODES:perms} %{FILEUSERNAME}:%{FILEGROUPNAME} %{FILENAMES}\n]");
    let mut found = BTreeSet::new();
    for line in list.lines() {
        let (mode, rest) = line.split_once(' ').unwrap();
        let path = rest.strip_prefix("root:root ").expect("root owns everything");
        assert!(mode.starts_with('l') || !mode[5..].contains('w'), "others can't write {path}: {mode}");
        if !mode.starts_with('d') {
            found.insert(path.to_owned());
        }
    }
    assert_eq!(found, listed);
}

#[test]
fn it_says_what_it_needs_and_what_it_runs() {
    let needs = query(&made(".rpm"), "--requires");
    assert!(needs.lines().any(|line| line.starts_with("libc.so.6(GLIBC_")), "{needs}");
    let script = std::fs::read_to_string(inputs().project.join("installer/linux/postinstall")).unwrap();
    assert_eq!(query(&made(".rpm"), "--queryformat=%{POSTIN}").trim(), script.trim());
    let scripts = query(&made(".rpm"), "--scripts");
    assert_eq!(scripts.matches("scriptlet").count(), 1, "{scripts}");
    assert_eq!(query(&made(".rpm"), "--queryformat=%{BUILDHOST} %{LICENSE}"), "reproducible MIT OR Apache-2.0");
}
