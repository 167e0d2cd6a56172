//! A GNOME Keyring and a D-Bus of the test's own, which lock, refuse and forget.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::Value;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::{Message, Type};
use zbus::names::{InterfaceName, MemberName};
use zbus::zvariant::{ObjectPath, OwnedObjectPath, Structure};

use crate::machine::{Machine, PROGRAM, codes};

const SERVICE: &str = "org.freedesktop.secrets";

const COLLECTION: &str = "/org/freedesktop/secrets/collection/login";

/// Everybody may speak to everybody.
const OPEN: &str = r#"<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>"#;

/// And nobody may store a secret, as where a sandbox's rules stand between.
const NO_NEW_SECRETS: &str = r#"<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
    <deny send_interface="org.freedesktop.Secret.Collection" send_member="CreateItem"/>"#;

/// Bus and keyring; both end with the test.
struct Session<'a> {
    machine: &'a Machine,
    run: PathBuf,
    address: String,
    bus: Child,
    keyring: Option<Child>,
}

impl<'a> Session<'a> {
    /// `None` where the programs for it aren't installed.
    fn start(machine: &'a Machine, rules: &str) -> Option<Self> {
        let mut session = Self::without_keyring(machine, "run", rules)?;
        session.unlock();
        Some(session)
    }

    /// A bus of that name.
    fn without_keyring(machine: &'a Machine, name: &str, rules: &str) -> Option<Self> {
        let programs = ["dbus-daemon", "gnome-keyring-daemon", "gdbus"];
        if !programs.iter().all(|program| Path::new("/usr/bin").join(program).exists()) {
            eprintln!("left out: no GNOME Keyring");
            return None;
        }
        let run = machine.path(name);
        let config = run.join("bus.conf");
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
        Some(Self { machine, run, address, bus, keyring: None })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = self.machine.command(program);
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.address).env("XDG_RUNTIME_DIR", &self.run);
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

/// Answers on a bus of its own as the keyring of another bus does, word for word, but deletes every secret once it is stored.
fn forgetful(front: &Session<'_>, keyring: &Session<'_>) {
    let connect = |session: &Session<'_>| zbus::blocking::connection::Builder::address(session.address.as_str());
    let back = connect(keyring).unwrap().build().unwrap();
    let front = connect(front).unwrap().name(SERVICE).unwrap().build().unwrap();
    let calls = MessageIterator::from(&front);
    // It ends with its bus.
    thread::spawn(move || {
        for call in calls.map_while(Result::ok).filter(|message| message.message_type() == Type::MethodCall) {
            let header = call.header();
            let (path, member) = (header.path().unwrap(), header.member().unwrap());
            let interface = header.interface().unwrap();
            match ask(&back, path, interface, member, &call) {
                Ok(reply) if member == "CreateItem" => {
                    let (item, _): (OwnedObjectPath, OwnedObjectPath) = reply.body().deserialize().unwrap();
                    back.call_method(Some(SERVICE), &item, Some("org.freedesktop.Secret.Item"), "Delete", &()).unwrap();
                    front.reply(&header, &reply.body().deserialize::<Structure<'_>>().unwrap()).unwrap();
                }
                Ok(reply) if reply.body().is_empty() => front.reply(&header, &()).unwrap(),
                Ok(reply) => front.reply(&header, &reply.body().deserialize::<Structure<'_>>().unwrap()).unwrap(),
                Err(zbus::Error::MethodError(name, text, _)) => {
                    front.reply_error(&header, name, &text.unwrap_or_default()).unwrap();
                }
                Err(error) => panic!("{member}: {error}"),
            }
        }
    });
}

/// Passes a call on.
fn ask(
    keyring: &Connection,
    path: &ObjectPath<'_>,
    interface: &InterfaceName<'_>,
    member: &MemberName<'_>,
    call: &Message,
) -> zbus::Result<Message> {
    let body = call.body();
    if body.is_empty() {
        return keyring.call_method(Some(SERVICE), path, Some(interface), member, &());
    }
    keyring.call_method(Some(SERVICE), path, Some(interface), member, &body.deserialize::<Structure<'_>>()?)
}

#[test]
fn nm16_the_keychain_forgets() {
    let machine = Machine::new();
    let Some(keyring) = Session::start(&machine, OPEN) else { return };
    let front = Session::without_keyring(&machine, "front", OPEN).unwrap();
    forgetful(&front, &keyring);
    let faults = front.faults();
    assert_eq!((codes(&faults), &faults[0]["reason"]), (vec!["NM16".to_owned()], &"keychain_lost".into()));
    // The cure, a keychain that keeps: the same one, with nobody between.
    assert_eq!(keyring.faults(), Vec::<Value>::new());
}
