//! A native messaging conversation, as a browser holds it: a length of four bytes in the machine's order, then JSON.

use std::fs;
use std::io::{Read as _, Write as _};
use std::iter;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A started host.
pub(crate) struct Conversation {
    host: Child,
    requests: u32,
}

impl Conversation {
    /// Starts `program`, a command that ends with the host, as the first extension that `manifest` admits, with what browsers
    /// of this system add.
    pub(crate) fn start(mut program: Command, manifest: &Value, more: &[&str]) -> Self {
        let origin = manifest["allowed_origins"][0].as_str().expect("a manifest admits an extension");
        let host = program.arg(origin).args(more).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        Self { host, requests: 0 }
    }

    /// Asks in a frame that spaces make that long, if it isn't longer by itself, and returns the whole answer.
    fn ask_in(&mut self, length: usize, method: &str, params: &Value) -> Value {
        self.requests += 1;
        let id = self.requests.to_string();
        let mut request = json!({ "v": 1, "id": id, "method": method, "params": params }).to_string();
        request.extend(iter::repeat_n(' ', length.saturating_sub(request.len())));
        let input = self.host.stdin.as_mut().unwrap();
        input.write_all(&u32::try_from(request.len()).unwrap().to_ne_bytes()).unwrap();
        input.write_all(request.as_bytes()).unwrap();
        input.flush().unwrap();
        // Events are nobody's answer.
        iter::repeat_with(|| self.read()).find(|frame| frame["id"] == id.as_str()).unwrap()
    }

    /// The file that it was started from, as Linux tells; `(deleted)` follows when another has taken its place.
    pub(crate) fn executable(&self) -> PathBuf {
        fs::read_link(format!("/proc/{}/exe", self.host.id())).unwrap()
    }

    /// Says hello and returns the version that the host says it has.
    pub(crate) fn hello(&mut self) -> String {
        self.hello_in(0)
    }

    /// The same in a frame whose length has the bytes that end a line and a file in a text of Windows'.
    pub(crate) fn hello_in_traps(&mut self) -> String {
        self.hello_in(0x0d_0a_1a)
    }

    fn hello_in(&mut self, length: usize) -> String {
        let params = json!({ "protocols": [1], "extension": env!("CARGO_PKG_VERSION") });
        let answer = self.ask_in(length, "hello", &params);
        answer["result"]["host"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// Ends the input, which must end the host, and well.
    pub(crate) fn end(mut self) {
        drop(self.host.stdin.take());
        assert!(self.host.wait().unwrap().success(), "the end of input ends the host");
    }

    fn read(&mut self) -> Value {
        let output = self.host.stdout.as_mut().unwrap();
        let mut length = [0; 4];
        output.read_exact(&mut length).expect("the host answers");
        let mut body = vec![0; u32::from_ne_bytes(length).try_into().unwrap()];
        output.read_exact(&mut body).expect("the host answers in whole");
        serde_json::from_slice(&body).expect("the host answers with JSON")
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        // A host outlives a test that failed while it was waiting, unless its input ends.
        drop(self.host.stdin.take());
        let _ = self.host.wait();
    }
}

/// A native messaging host manifest.
pub(crate) fn manifest(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}
