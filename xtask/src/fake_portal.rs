//! The demo's fake Bitrix24 portal, as a running child.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::process::{self, Group};
use crate::project::{DEMO, Profile, Project};

/// Ends when dropped.
pub(crate) struct FakePortal {
    _server: Group,
    pub(crate) access: Access,
}

/// The line the portal prints when it listens.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Access {
    /// `http://127.0.0.1:PORT`
    pub(crate) base_url: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) webhook_url: String,
    /// Where it sends the browser back to, on a port that is free.
    pub(crate) callback_url: String,
    /// A command that follows an authorize address as a person would, `ADDRESS` standing for it.
    pub(crate) approve: String,
}

impl FakePortal {
    /// Starts it on a free port.
    pub(crate) fn start(project: &Project, profile: Profile) -> Result<Self> {
        let demo = project.program(DEMO, profile);
        let mut command = project.command(demo, ["portal", "--port", "0"]);
        // It serves until its input ends, so the pipe stays open as long as the group.
        let mut server = Group::spawn(command.stdin(Stdio::piped()).stdout(Stdio::piped()))?;
        let mut line = String::new();
        BufReader::new(server.take_stdout()?).read_line(&mut line).context("read the fake portal's first line")?;
        let access = serde_json::from_str(&line).with_context(|| format!("the fake portal printed: {line}"))?;
        Ok(Self { _server: server, access })
    }

    /// How many requests it has had at its REST interface and its token endpoint.
    pub(crate) fn calls(&self) -> Result<usize> {
        let address = format!("{}/_fake/log", self.access.base_url);
        let log: Value = serde_json::from_str(&process::output(Command::new("curl").args(["-sf", &address]))?)?;
        Ok(log.as_array().context("the fake portal's log is a list")?.len())
    }
}
