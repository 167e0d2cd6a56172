//! A browser profile that talks to the real program.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use gmail_sync_host::framing::{Incoming, read_frame, write_frame};
use gmail_sync_host::paths::Paths;
use gmail_sync_host::vault::Vault;
use serde_json::{Value, json};

/// The development extension, as in `manifests/extension-ids`.
pub(crate) const ORIGIN: &str = "chrome-extension://mebnejionpjiahmhjiindnjipdhmcneo/";

/// A state folder of the test's own, in which several profiles may meet.
pub(crate) struct Home(tempfile::TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The program with this state folder; following addresses is left to curl, as a person's browser would.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gmail-sync-host"));
        command.args(arguments).env("GMAIL_SYNC_HOME", self.path()).env("BROWSER", "curl -sL -o /dev/null %s");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// The program, started by another one that makes its surroundings and ends with the program's name and arguments.
    #[cfg(unix)]
    pub(crate) fn started_by(&self, mut other: Command, arguments: &[&str]) -> Command {
        let program = self.command(arguments);
        other.arg(program.get_program()).args(arguments);
        other.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        other.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        other
    }

    /// What the program keeps in the keychain with this state folder.
    pub(crate) fn vault(&self) -> Vault {
        Vault::keychain(Paths::at(self.path()).unwrap().keychain_mark())
    }

    /// The program, after a mount of which nobody else knows: a shell's command, in which `$0` is the folder. `None` if this account
    /// can't have mounts of its own.
    #[cfg(target_os = "linux")]
    pub(crate) fn mounting(&self, mount: &str, folder: &Path, arguments: &[&str]) -> Option<Command> {
        let can_unshare = ["-m", "mount", "--bind", "/tmp", "/tmp"];
        if !Command::new("unshare").args(can_unshare).status().is_ok_and(|status| status.success()) {
            eprintln!("left out: this account can't have mounts of its own");
            return None;
        }
        let mut unshare = Command::new("unshare");
        unshare.args(["-m", "sh", "-c"]).arg(format!("{mount} && exec \"$@\"")).arg(folder);
        Some(self.started_by(unshare, arguments))
    }

    /// What a command prints; it must succeed.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn profile(&self) -> Profile {
        Profile::of(&mut self.command(&[ORIGIN]))
    }
}

/// The example requests in the text of docs/PROTOCOL.md, which has some of every method: its name and its parameters.
pub(crate) fn documented_requests(document: &str) -> Vec<(String, Value)> {
    let blocks = document.split("```json request ").skip(1);
    let requests = blocks.map(|block| {
        let (method, rest) = block.split_once('\n').unwrap();
        let mut request: Value = serde_json::from_str(rest.split_once("\n```").unwrap().0).unwrap();
        (method.to_owned(), request["params"].take())
    });
    requests.collect()
}

/// Where a test that isn't asynchronous waits for something that is.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}

/// The document as it is shipped.
pub(crate) const PROTOCOL: &str = include_str!("../../../docs/PROTOCOL.md");

pub(crate) struct Profile {
    host: Child,
    to_host: Option<ChildStdin>,
    from_host: ChildStdout,
    pub(crate) session: Option<String>,
    /// All the host said: answers, parts and events.
    pub(crate) heard: String,
    asked: u32,
}

impl Profile {
    /// Talks to the host that this command starts.
    pub(crate) fn of(command: &mut Command) -> Self {
        let mut host = command.spawn().unwrap();
        let (to_host, from_host) = (host.stdin.take(), host.stdout.take().unwrap());
        Self { host, to_host, from_host, session: None, heard: String::new(), asked: 0 }
    }

    /// Lets the host die of a signal that leaves a core where cores may be left.
    #[cfg(unix)]
    pub(crate) fn crash(self) {
        use rustix::process::{Pid, Signal, kill_process};
        kill_process(Pid::from_child(&self.host), Signal::ABORT).unwrap();
        assert!(!self.end().success());
    }

    #[cfg(unix)]
    /// Waits for the host's end, whatever it still says; returns how it ended.
    pub(crate) fn end(mut self) -> ExitStatus {
        self.from_host.read_to_end(&mut Vec::new()).unwrap();
        self.host.wait().unwrap()
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        let to_host = self.to_host.as_mut().unwrap();
        to_host.write_all(bytes).unwrap();
        to_host.flush().unwrap();
    }

    pub(crate) fn next(&mut self) -> Value {
        let Some(Incoming::Frame(frame)) = read_frame(&mut self.from_host).unwrap() else { panic!("no frame") };
        self.heard.push_str(std::str::from_utf8(&frame).unwrap());
        serde_json::from_slice(&frame).unwrap()
    }

    /// The last answer to a question: its result, or its error. Parts and events on the way are passed over.
    pub(crate) fn ask(&mut self, method: &str, params: &Value) -> Result<Value, Value> {
        let id = self.start(method, params);
        self.answer(&id)
    }

    pub(crate) fn start(&mut self, method: &str, params: &Value) -> String {
        self.asked += 1;
        let id = self.asked.to_string();
        let mut request = json!({"v": 1, "id": id, "method": method, "params": params});
        if let Some(session) = &self.session {
            request["session"] = json!(session);
        }
        write_frame(self.to_host.as_mut().unwrap(), request.to_string().as_bytes()).unwrap();
        id
    }

    pub(crate) fn answer(&mut self, id: &str) -> Result<Value, Value> {
        loop {
            let mut frame = self.next();
            if frame["id"] == json!(id) && frame.get("part").is_none() {
                return match frame.get("error") {
                    Some(error) => Err(error.clone()),
                    None => Ok(frame["result"].take()),
                };
            }
        }
    }

    /// The reason of the failure a question ends in.
    pub(crate) fn refused(&mut self, method: &str, params: &Value) -> String {
        let error = self.ask(method, params).unwrap_err();
        error["reason"].as_str().unwrap().to_owned()
    }

    /// Takes the session that `connect` or `allow` gives.
    pub(crate) fn keep_session(&mut self, connected: &Value) {
        self.session = Some(connected["session"].as_str().unwrap().to_owned());
    }

    /// Closes the host's input, as a browser does; returns how it ended and what it still wrote.
    pub(crate) fn leave(mut self) -> (ExitStatus, Vec<u8>, String) {
        self.to_host = None;
        let (mut rest, mut errors) = (Vec::new(), String::new());
        self.from_host.read_to_end(&mut rest).unwrap();
        self.host.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        (self.host.wait().unwrap(), rest, errors)
    }

    pub(crate) fn kill(mut self) {
        self.host.kill().unwrap();
        self.host.wait().unwrap();
    }
}
