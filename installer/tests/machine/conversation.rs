//! A native messaging conversation, as a browser holds it: a length of four bytes in the machine's order, then JSON.

use std::fs;
use std::io::{Read as _, Write as _};
use std::iter;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A started host.
pub(crate) struct Conversation {
    host: Child,
    requests: u32,
}

impl Conversation {
    /// Starts `program`, a command that ends with the host, as the first extension that `manifest` admits.
    pub(crate) fn start(mut program: Command, manifest: &Value) -> Self {
        let origin = manifest["allowed_origins"][0].as_str().expect("a manifest admits an extension");
        let host = program.arg(origin).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        Self { host, requests: 0 }
    }

    /// Asks, and returns the whole answer.
    pub(crate) fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.requests += 1;
        let id = self.requests.to_string();
        let request = json!({ "v": 1, "id": id, "method": method, "params": params }).to_string();
        let input = self.host.stdin.as_mut().unwrap();
        input.write_all(&u32::try_from(request.len()).unwrap().to_ne_bytes()).unwrap();
        input.write_all(request.as_bytes()).unwrap();
        input.flush().unwrap();
        // Events are nobody's answer.
        iter::repeat_with(|| self.read()).find(|frame| frame["id"] == id.as_str()).unwrap()
    }

    /// Says hello and returns the version that the host says it has.
    pub(crate) fn hello(&mut self) -> String {
        let params = json!({ "protocols": [1], "extension": env!("CARGO_PKG_VERSION") });
        let answer = self.ask("hello", &params);
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
