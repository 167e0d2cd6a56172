//! A browser's side of native messaging, as fast as pipes go.

use std::fs;
use std::io::{Read, Write};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::process::Group;

/// A host process that is being talked to; it ends when dropped.
pub(super) struct Conversation {
    // Closed before the process is waited for: the end of input is how a browser says goodbye.
    to_host: ChildStdin,
    from_host: ChildStdout,
    host: Group,
}

impl Conversation {
    /// Starts a host the way browsers do.
    pub(super) fn start(command: &mut Command) -> Result<Self> {
        let mut host = Group::spawn(command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()))?;
        Ok(Self { to_host: host.take_stdin()?, from_host: host.take_stdout()?, host })
    }

    /// Sends one frame and reads the next one.
    pub(super) fn exchange(&mut self, request: &[u8]) -> Result<Vec<u8>> {
        self.send(request)?;
        self.receive()
    }

    /// Asks, and passes over parts and events until the answer comes.
    ///
    /// # Errors
    /// When the host breaks off, or answers with an error.
    pub(super) fn ask(&mut self, request: &Value) -> Result<Value> {
        self.send(request.to_string().as_bytes())?;
        loop {
            let mut frame: Value = serde_json::from_slice(&self.receive()?).context("read the host's answer")?;
            ensure!(frame.get("error").is_none(), "the host answered {frame}");
            if let Some(result) = frame.get_mut("result") {
                return Ok(result.take());
            }
        }
    }

    /// Resident memory in KiB, as the kernel counts it.
    pub(super) fn resident_kib(&self) -> Result<u32> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.host.leader()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("find VmRSS")?;
        line.trim().trim_end_matches(" kB").parse().context("read VmRSS")
    }

    fn send(&mut self, request: &[u8]) -> Result<()> {
        let length = u32::try_from(request.len()).context("a request fits a frame")?;
        self.to_host.write_all(&[&length.to_ne_bytes(), request].concat()).context("write to the host")
    }

    fn receive(&mut self) -> Result<Vec<u8>> {
        let mut length = [0; 4];
        self.from_host.read_exact(&mut length).context("the host ended without an answer")?;
        let mut frame = vec![0; usize::try_from(u32::from_ne_bytes(length))?];
        self.from_host.read_exact(&mut frame).context("the host ended within an answer")?;
        Ok(frame)
    }
}
