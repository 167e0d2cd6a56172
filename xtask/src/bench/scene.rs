//! Both hosts, and a portal for the one that does something.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::conversation::Conversation;
use crate::fake_portal::FakePortal;
use crate::keychain::Keychain;
use crate::project::{DEMO, HOST, Profile, Project};
use crate::{apt, process};

/// The fake portal's administrator.
const MAILBOX: &str = "lena@brightline.example";

const NOTHING: &str = "do-nothing-host";

/// Everything that is measured, running or ready to start.
pub(super) struct Scene<'a> {
    project: &'a Project,
    keychain: Keychain,
    pub(super) portal: FakePortal,
    state: TempDir,
    origin: String,
}

impl<'a> Scene<'a> {
    /// Builds the hosts as they are shipped and starts a keychain and a fake portal of their own.
    pub(super) fn prepare(project: &'a Project) -> Result<Self> {
        apt::ensure_present(apt::KEYCHAIN)?;
        process::run(&mut project.release_build([HOST, NOTHING])?)?;
        process::run(&mut project.cargo(["build", "--package", DEMO]))?;
        let keychain = Keychain::start(project)?;
        let portal = FakePortal::start(project, Profile::Dev)?;
        let state = tempfile::tempdir().context("make a temporary folder")?;
        Ok(Self { project, keychain, portal, state, origin: origin(&project.root)? })
    }

    /// Starts the host as a browser does, with a state folder of its own.
    pub(super) fn start_host(&self) -> Result<Conversation> {
        self.start(&self.host())
    }

    /// Starts the host that does nothing, in the same way.
    pub(super) fn start_nothing(&self) -> Result<Conversation> {
        self.start(&self.nothing())
    }

    /// The first frame of every conversation.
    pub(super) fn hello() -> Vec<u8> {
        let params = json!({"protocols": [1], "extension": env!("CARGO_PKG_VERSION")});
        json!({"v": 1, "id": "1", "method": "hello", "params": params}).to_string().into_bytes()
    }

    /// Connects by webhook, which needs no browser, and returns the session.
    pub(super) fn connect(&self, host: &mut Conversation) -> Result<String> {
        let params = json!({"url": self.portal.access.webhook_url, "mailbox": MAILBOX});
        let connected = host.ask(&json!({"v": 1, "id": "2", "method": "connectWebhook", "params": params}))?;
        Ok(connected["session"].as_str().context("connecting gives a session")?.to_owned())
    }

    /// The request that the sidebar sends for a thread.
    pub(super) fn lookup(session: &str, addresses: &[&str]) -> Value {
        let params = json!({"mailbox": MAILBOX, "addresses": addresses});
        json!({"v": 1, "id": "3", "method": "lookup", "session": session, "params": params})
    }

    /// Size of the host's program.
    pub(super) fn host_bytes(&self) -> Result<u32> {
        Ok(fs::metadata(self.host())?.len().try_into()?)
    }

    /// Size of the program that does nothing.
    pub(super) fn nothing_bytes(&self) -> Result<u32> {
        Ok(fs::metadata(self.nothing())?.len().try_into()?)
    }

    fn host(&self) -> PathBuf {
        self.project.program(HOST, Profile::Release)
    }

    fn nothing(&self) -> PathBuf {
        self.project.program(NOTHING, Profile::Release)
    }

    fn start(&self, host: &Path) -> Result<Conversation> {
        let mut command = self.project.command(host, [&self.origin]);
        self.keychain.enclose(&mut command);
        Conversation::start(command.env("GMAIL_SYNC_HOME", self.state.path()))
    }
}

/// The origin of an extension that may start the host.
fn origin(root: &Path) -> Result<String> {
    let ids = fs::read_to_string(root.join("manifests/extension-ids")).context("read manifests/extension-ids")?;
    let id = ids.lines().find(|line| !line.is_empty() && !line.starts_with('#')).context("an id is allowed")?;
    Ok(format!("chrome-extension://{id}/"))
}
