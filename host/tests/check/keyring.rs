//! A GNOME Keyring and a D-Bus of the test's own, which lock and refuse.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::machine::{Machine, PROGRAM, codes};

const COLLECTION: &str = "/org/freedesktop/secrets/collection/login";

/// Everybody may speak to everybody.
const OPEN: &str = r#"<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>"#;

/// And nobody may store a secret, as where a sandbox's rules stand between.
const NO_NEW_SECRETS: &str = r#"<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
    <deny send_interface="org.freedesktop.Secret.Collection" send_member="CreateItem"/>"#;

/// Bus and keyring; both end with the test.
struct Session<'a> {
    machine: &'a Machine,
    address: String,
    bus: Child,
    keyring: Option<Child>,
}

impl<'a> Session<'a> {
    /// `None` where the programs for it aren't installed.
    fn start(machine: &'a Machine, rules: &str) -> Option<Self> {
        let programs = ["dbus-daemon", "gnome-keyring-daemon", "gdbus"];
        if !programs.iter().all(|program| Path::new("/usr/bin").join(program).exists()) {
            eprintln!("left out: no GNOME Keyring");
            return None;
        }
        let (config, run) = (machine.path("bus.conf"), machine.path("run"));
        fs::create_dir_all(&run).unwrap();
        let listen = run.display();
        let text = format!(
            "<busconfig><type>session</type><listen>unix:dir={listen}</listen><policy context=\"default\">{rules}</policy></busconfig>"
        );
        fs::write(&config, text).unwrap();
        let mut command = machine.command("dbus-daemon");
        command.arg(format!("--config-file={}", config.display())).args(["--nofork", "--nopidfile", "--print-address"]);
        let mut bus = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let address = address.trim_end().to_owned();
        let mut session = Self { machine, address, bus, keyring: None };
        session.unlock();
        Some(session)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = self.machine.command(program);
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.address).env("XDG_RUNTIME_DIR", self.machine.path("run"));
        command
    }

    /// Starts the keyring anew with its password, as signing in does.
    fn unlock(&mut self) {
        end(self.keyring.take());
        let mut command = self.command("gnome-keyring-daemon");
        command.args(["--foreground", "--unlock", "--components=secrets"]);
        let mut keyring = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        keyring.stdin.take().unwrap().write_all(b"temporary").unwrap();
        self.keyring = Some(keyring);
        self.gdbus(&["wait", "--session", "--timeout=30", "org.freedesktop.secrets"]);
    }

    fn lock(&self) {
        let service = ["--dest=org.freedesktop.secrets", "--object-path=/org/freedesktop/secrets"];
        let lock = ["--method=org.freedesktop.Secret.Service.Lock", &format!("['{COLLECTION}']")];
        self.gdbus(&[&["call", "--session"], &service[..], &lock[..]].concat());
    }

    fn gdbus(&self, words: &[&str]) {
        let output = self.command("gdbus").args(words).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    /// What is wrong with the keychain.
    fn faults(&self) -> Vec<Value> {
        let mut command = self.command(PROGRAM);
        let output = command.args(["--check", "--json", "--offline", "--browser", "chromium"]).output().unwrap();
        let mut faults = self.machine.read(&output);
        faults.retain(|fault| fault["probe"] == "keychain");
        faults
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        end(self.keyring.take());
        drop(self.bus.kill());
        drop(self.bus.wait());
    }
}

fn end(process: Option<Child>) {
    if let Some(mut process) = process {
        drop(process.kill());
        drop(process.wait());
    }
}

#[test]
fn nm16_the_keychain_is_locked() {
    let machine = Machine::new();
    let Some(mut session) = Session::start(&machine, OPEN) else { return };
    assert_eq!(session.faults(), Vec::<Value>::new());
    session.lock();
    let faults = session.faults();
    assert_eq!((codes(&faults), &faults[0]["reason"]), (vec!["NM16".to_owned()], &"keychain_locked".into()));
    // The cure, typed where a dialog would ask.
    session.unlock();
    assert_eq!(session.faults(), Vec::<Value>::new());
}

#[test]
fn nm16_the_keychain_refuses() {
    let machine = Machine::new();
    let Some(session) = Session::start(&machine, NO_NEW_SECRETS) else { return };
    let faults = session.faults();
    assert_eq!((codes(&faults), &faults[0]["reason"]), (vec!["NM16".to_owned()], &"keychain_denied".into()));
    drop(session);
    let session = Session::start(&machine, OPEN).unwrap();
    assert_eq!(session.faults(), Vec::<Value>::new());
}
