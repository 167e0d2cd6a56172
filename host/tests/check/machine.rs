//! A person's account of the test's own, in which the real program runs.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use demo::{Portal, PortalOptions};
use serde_json::Value;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_gmail-sync-host");

const MANIFEST: &str = "NativeMessagingHosts/local.gmail_sync_bitrix24.json";

pub(crate) struct Machine {
    folder: tempfile::TempDir,
    /// What is found when nothing is broken: without a keychain, that there is none.
    before: Vec<String>,
}

impl Machine {
    /// Chromium was used and knows the host. The home folder's name has all that names can have.
    pub(crate) fn new() -> Self {
        let mut machine = Self::fresh();
        machine.shell("gmail-sync-host register --browser chromium");
        machine.before = codes(&machine.check(&[]));
        machine
    }

    /// Chromium was used, and nothing of the host's is there.
    pub(crate) fn fresh() -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap(), before: Vec::new() };
        fs::create_dir_all(machine.user_data()).unwrap();
        fs::create_dir(machine.path("bin")).unwrap();
        symlink(PROGRAM, machine.path("bin/gmail-sync-host")).unwrap();
        // As sudo finds an administrator's programs.
        machine.script("bin/sudo", "PATH=\"$PATH:/usr/sbin:/sbin\" exec \"$@\"");
        machine
    }

    /// Connected to a portal of its own, whose authority it trusts by `SSL_CERT_FILE` while it connects.
    pub(crate) fn connected(options: PortalOptions) -> (Self, Portal) {
        let (machine, portal) = (Self::new(), Portal::start(options).unwrap());
        let authority = machine.path("authority.pem");
        let mut line = "gmail-sync-host connect --webhook".to_owned();
        if let Some(pem) = portal.ca_pem() {
            fs::write(&authority, pem).unwrap();
            line = format!("SSL_CERT_FILE='{}' {line}", authority.display());
        }
        machine.shell_with(&line, &portal.webhook_url());
        (machine, portal)
    }

    /// Connected as an application, signed in by a browser that follows whatever it is given.
    pub(crate) fn signed_in() -> (Self, Portal) {
        let (machine, portal) = (Self::new(), Portal::start(PortalOptions::default()).unwrap());
        let (to, id, port) = (portal.base_url(), portal.client_id(), portal.callback_port());
        let line = format!("gmail-sync-host connect --portal {to} --client-id {id} --callback-port {port}");
        machine.shell_with(&line, &format!("{}\n", portal.client_secret()));
        (machine, portal)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.path("Jörg's home, 家")
    }

    pub(crate) fn user_data(&self) -> PathBuf {
        self.home().join(".config/chromium")
    }

    pub(crate) fn manifest(&self) -> PathBuf {
        self.user_data().join(MANIFEST)
    }

    pub(crate) fn script(&self, name: &str, text: &str) {
        fs::write(self.path(name), format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Changes one value of the manifest.
    pub(crate) fn edit_manifest(&self, name: &str, value: impl Into<Value>) {
        let mut manifest: Value = serde_json::from_slice(&fs::read(self.manifest()).unwrap()).unwrap();
        manifest[name] = value.into();
        fs::write(self.manifest(), manifest.to_string()).unwrap();
    }

    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        #[expect(clippy::disallowed_methods, reason = "the keychain of the test run is the one that is meant")]
        let session = ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"].map(|name| (name, std::env::var_os(name)));
        command.env_clear().envs(session.into_iter().filter_map(|(name, value)| Some((name, value?))));
        command.env("HOME", self.home()).env("GMAIL_SYNC_HOME", self.path("state"));
        command.env("PATH", format!("{}:/usr/bin:/bin", self.path("bin").display()));
        command.env("BROWSER", "curl -sL");
        command
    }

    /// Types a command, as a person would who reads the cure.
    pub(crate) fn shell(&self, line: &str) {
        self.shell_with(line, "");
    }

    /// The same, with the answers to what it asks.
    pub(crate) fn shell_with(&self, line: &str, answers: &str) {
        let mut shell = self.command("/bin/sh");
        shell.args(["-c", line]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut shell = shell.spawn().unwrap();
        // One that asks nothing may have ended already.
        drop(shell.stdin.take().unwrap().write_all(answers.as_bytes()));
        let output = shell.wait_with_output().unwrap();
        assert!(output.status.success(), "{line}: {output:?}");
    }

    /// What `--check` finds wrong.
    pub(crate) fn check(&self, more: &[&str]) -> Vec<Value> {
        let scope: &[&str] =
            if more.iter().any(|argument| argument.starts_with("--user-data")) || more.contains(&"--used") {
                &[]
            } else {
                &["--browser", "chromium"]
            };
        let reach: &[&str] = if more.contains(&"--online") { &[] } else { &["--offline"] };
        let own = more.iter().filter(|argument| !["--online", "--used"].contains(argument));
        let arguments = ["--check", "--json"].iter().chain(scope).chain(reach).chain(own);
        self.read(&self.command(PROGRAM).args(arguments).output().unwrap())
    }

    /// The faults in a report, which never holds the person's name.
    pub(crate) fn read(&self, output: &Output) -> Vec<Value> {
        let text = String::from_utf8(output.stdout.clone()).unwrap();
        assert!(!text.contains(self.home().to_str().unwrap()), "{text}");
        let report: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{output:?}"));
        assert_eq!(report["schema"], 1);
        let code = match report["worst"].as_str().unwrap() {
            "ok" => 0,
            "warning" => 1,
            _ => 2,
        };
        assert_eq!(output.status.code(), Some(code));
        let findings = report["findings"].as_array().unwrap();
        findings.iter().filter(|finding| finding.get("code").is_some()).cloned().collect()
    }

    /// What is found beside what was found before. The port is left out: checks that run at the same time try it, too.
    pub(crate) fn new_faults(&self, more: &[&str]) -> Vec<Value> {
        let known = |fault: &Value| fault["code"] == "NM18" || self.before.iter().any(|code| fault["code"] == **code);
        self.check(more).into_iter().filter(|fault| !known(fault)).collect()
    }

    /// The fault that is now there, the only one, with this code and reason.
    pub(crate) fn finds(&self, code: &str, reason: &str) -> Value {
        self.finds_with(&[], code, reason)
    }

    pub(crate) fn finds_with(&self, more: &[&str], code: &str, reason: &str) -> Value {
        let mut faults = self.new_faults(more);
        assert_eq!(faults.len(), 1, "{reason}: {faults:#?}");
        assert_eq!((&faults[0]["code"], &faults[0]["reason"]), (&code.into(), &reason.into()));
        self.is_told_whole(&faults[0]);
        faults.remove(0)
    }

    /// Sentence and cure are sentences with all their values, and so is the command, which can be started here.
    fn is_told_whole(&self, fault: &Value) {
        for text in ["sentence", "cure"].map(|name| fault[name].as_str().unwrap()) {
            assert!(text.ends_with('.') && !text.contains(['?', '{', '}']), "{fault:#?}");
        }
        if let Some(command) = fault.get("command") {
            let command = command.as_str().unwrap();
            assert!(!command.contains(['?', '{', '}']), "{fault:#?}");
            self.shell(&format!("command -v {}", command.split(' ').next().unwrap()));
        }
    }

    /// Types the fault's command; then nothing is wrong any more.
    pub(crate) fn is_cured_by_its_command(&self, fault: &Value) {
        self.shell(fault["command"].as_str().unwrap());
        self.is_well();
    }

    pub(crate) fn is_well(&self) {
        assert_eq!(self.new_faults(&[]), Vec::<Value>::new());
    }
}

pub(crate) fn codes(faults: &[Value]) -> Vec<String> {
    faults.iter().map(|fault| fault["code"].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
