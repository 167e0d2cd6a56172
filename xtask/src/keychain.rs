//! A real keychain that is nobody's: gnome-keyring in a D-Bus session of its own, at home in a temporary folder.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::process::{self, Group};
use crate::project::{Project, variable};

/// Unlocks a keyring that is created with it and deleted a moment later: no secret.
const PASSWORD: &[u8] = b"temporary";

/// The variable that names a session bus.
const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";

/// The variable that names the folder for temporary files; what an interrupted child leaves there goes with the keychain.
const TEMPORARY: &str = "TMPDIR";

/// The variables by which a program finds a person's folders, and the folder of the private home each is set to.
const FOLDERS: [(&str, &str); 7] = [
    ("HOME", "home"),
    (TEMPORARY, "tmp"),
    ("XDG_CACHE_HOME", "home/.cache"),
    ("XDG_CONFIG_HOME", "home/.config"),
    ("XDG_DATA_HOME", "home/.local/share"),
    ("XDG_STATE_HOME", "home/.local/state"),
    ("XDG_RUNTIME_DIR", "run"),
];

/// A running session bus with an unlocked keyring on it; both end, and the folder goes, when this is dropped.
pub(crate) struct Keychain {
    // In the order in which they have to end.
    _keyring: Group,
    _bus: Group,
    address: String,
    folder: TempDir,
}

impl Keychain {
    /// Starts bus and keyring and waits until the keyring answers to its name.
    pub(crate) fn start(project: &Project) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("gmail-sync-").tempdir().context("make a temporary folder")?;
        for (_, name) in FOLDERS {
            fs::create_dir_all(folder.path().join(name))?;
        }
        let (bus, address) = start_bus(project, folder.path())?;
        let keyring = start_keyring(project, folder.path(), &address)?;
        Ok(Self { _keyring: keyring, _bus: bus, address, folder })
    }

    /// Lets `command` see this keychain, and the person's own home and display.
    pub(crate) fn lend(&self, command: &mut Command) {
        command.env(BUS, &self.address).env(TEMPORARY, self.folder.path().join("tmp"));
    }

    /// Lets `command` see this keychain and this home only. Cargo keeps its own caches.
    pub(crate) fn enclose(&self, command: &mut Command) {
        enclose(command, self.folder.path());
        command.env(BUS, &self.address);
    }
}

fn enclose(command: &mut Command, folder: &Path) {
    for (name, default) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        command.env(name, variable(name).unwrap_or_else(|| in_real_home(default)));
    }
    command.envs(FOLDERS.map(|(name, inside)| (name, folder.join(inside))));
    // With a display a locked keyring would ask a person, and wait.
    for name in ["DISPLAY", "WAYLAND_DISPLAY", BUS, "GNOME_KEYRING_CONTROL"] {
        command.env_remove(name);
    }
}

fn in_real_home(name: &str) -> OsString {
    std::env::home_dir().unwrap_or_default().join(name).into_os_string()
}

fn start_bus(project: &Project, folder: &Path) -> Result<(Group, String)> {
    let mut command = project.command("dbus-daemon", ["--session", "--nofork", "--nopidfile", "--print-address"]);
    command.arg(format!("--address=unix:dir={}", folder.join("run").display()));
    enclose(&mut command, folder);
    // As root it remarks on a limit it can't raise.
    let mut bus = Group::spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()))?;
    let mut address = String::new();
    BufReader::new(bus.take_stdout()?).read_line(&mut address).context("read the bus's address")?;
    ensure!(address.starts_with("unix:"), "dbus-daemon printed no address");
    Ok((bus, address.trim_end().to_owned()))
}

fn start_keyring(project: &Project, folder: &Path, address: &str) -> Result<Group> {
    let on_bus = |program: &str, arguments: &[&str]| {
        let mut command = project.command(program, arguments);
        enclose(&mut command, folder);
        command.env(BUS, address);
        command
    };
    // In the foreground, so that its process is known and ends with us; a bare --unlock leaves a daemon behind.
    let mut command = on_bus("gnome-keyring-daemon", &["--foreground", "--unlock", "--components=secrets"]);
    let mut keyring = Group::spawn(command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()))?;
    keyring.take_stdin()?.write_all(PASSWORD).context("unlock the keyring")?;
    process::run(&mut on_bus("gdbus", &["wait", "--session", "--timeout=30", "org.freedesktop.secrets"]))
        .context("gnome-keyring-daemon does not answer")?;
    Ok(keyring)
}
