//! A copy of this machine that packages may be installed on: an overlay that keeps every change apart from the real files,
//! in a mount namespace of its own.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::{inputs, variable};

/// Makes the copy in the folder $1, with the project $2, an empty home $3 and the bus in $4, says so, and keeps it as long as the input stays open.
const KEEP: &str = r#"
set -eu
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/changes,workdir=$1/work" "$1/machine"
mount --rbind /proc "$1/machine/proc"
mount --rbind /dev "$1/machine/dev"
mount --bind "$1/shown" "$1/machine/mnt"
# These may lie on file systems of their own, which an overlay of / doesn't show; and through an overlay no socket is reached.
for folder in "$2" "$4"; do
  mkdir -p "$1/machine$folder"
  mount --rbind "$folder" "$1/machine$folder"
done
# Images for containers leave manuals out, by a setting that is not ours to test.
rm -f "$1/machine"/etc/dpkg/dpkg.cfg.d/*
mkdir -p "$1/machine$3"
echo ready
exec cat
"#;

/// The home of the person whom commands inside belong to; whoever runs the tests has another one.
pub(crate) const HOME: &str = "/home/person";

/// What every installation touches and no removal restores: the package manager's own books and caches.
const BOOKS: [&str; 5] =
    ["/var/lib/dpkg/", "/var/log/", "/var/cache/man/", "/var/cache/ldconfig/", "/etc/dpkg/dpkg.cfg.d/"];

/// The variable that names the session bus with the keychain: `unix:path=/…/bus-…`, and more after a comma.
const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";

fn bus_folder() -> PathBuf {
    let address = variable(BUS).into_string().unwrap();
    let path = address.strip_prefix("unix:path=").expect("a bus with a path").split(',').next().unwrap();
    Path::new(path).parent().unwrap().to_owned()
}

/// The copy; it ends with this value.
pub(crate) struct Machine {
    folder: TempDir,
    keeper: Child,
}

impl Machine {
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("machine-").tempdir_in(place()).unwrap();
        for name in ["changes", "work", "machine", "shown"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let mut keep = Command::new("unshare");
        keep.args(["--mount", "--propagation=private", "sh", "-c", KEEP, "sh"])
            .arg(folder.path())
            .arg(inputs().project)
            .arg(HOME)
            .arg(bus_folder());
        let mut keeper = keep.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n", "this machine can't be copied: that needs root, and a kernel that mounts overlays");
        Self { folder, keeper }
    }

    /// A command inside, not yet started, that inherits nothing of the environment.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--mount=/proc/{}/ns/mnt", self.keeper.id())).arg("chroot");
        command.arg(self.folder.path().join("machine")).args(words);
        command.env_clear().env(BUS, variable(BUS));
        command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("HOME", HOME).env("LC_ALL", "C.UTF-8");
        command
    }

    /// Runs a command inside to its end and returns what it printed.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> String {
        let output = self.command(words).stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}\n{said}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What the processes inside were started from, as Linux tells; `(deleted)` follows when another file has taken its place.
    pub(crate) fn running(&self) -> BTreeSet<PathBuf> {
        let namespace = |process: &str| fs::read_link(format!("/proc/{process}/ns/mnt")).ok();
        let here = namespace(&self.keeper.id().to_string());
        let processes = fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let inside = processes.filter(|process| namespace(process) == here);
        inside.filter_map(|process| fs::read_link(format!("/proc/{process}/exe")).ok()).collect()
    }

    /// Writes a file inside, and the folders on the way.
    pub(crate) fn write(&self, file: &str, text: &str) {
        self.run(["sh", "-c", r#"mkdir -p "$(dirname "$1")" && printf %s "$2" > "$1""#, "sh", file, text]);
    }

    /// Copies a file into the machine and returns where it is there.
    pub(crate) fn show(&self, file: &Path) -> PathBuf {
        let name = file.file_name().unwrap();
        fs::copy(file, self.folder.path().join("shown").join(name)).unwrap();
        Path::new("/mnt").join(name)
    }

    /// Every path that is new, changed or gone, but for the package manager's own books; folders end with a slash.
    pub(crate) fn changes(&self) -> BTreeSet<String> {
        let root = self.folder.path().join("changes");
        let mut changes = BTreeSet::new();
        collect(&root, &root, &mut changes);
        changes.retain(|path| !BOOKS.iter().any(|book| path.starts_with(book)));
        changes
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // The end of its input ends the keeper, and with it the namespace and everything mounted there.
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// The kernel keeps an overlay's changes on no other overlay, which a container's own root is.
fn place() -> PathBuf {
    let usual = std::env::temp_dir();
    let kind = Command::new("stat").args(["--file-system", "--format=%T"]).arg(&usual).output().unwrap();
    if kind.stdout.starts_with(b"overlay") { PathBuf::from("/dev/shm") } else { usual }
}

fn collect(root: &Path, folder: &Path, changes: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let inside = Path::new("/").join(path.strip_prefix(root).unwrap());
        let kind = fs::symlink_metadata(&path).unwrap().file_type();
        if kind.is_dir() {
            if !inside.is_dir() {
                changes.insert(format!("{}/", inside.display()));
            }
            collect(root, &path, changes);
        } else if !kind.is_char_device() || inside.symlink_metadata().is_ok() {
            // A device with number 0 stands for a file that is gone; one for a file that never was is no change.
            changes.insert(inside.display().to_string());
        }
    }
}
