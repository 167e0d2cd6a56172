//! The demo in the terminal alone: connect, look up, print.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::fake_portal::{Access, FakePortal};
use crate::keychain::Keychain;
use crate::process::Group;
use crate::project::{HOST, Profile, Project};
use crate::{apt, process};

/// Connects a host of its own to a fake portal, and lets it say who the addresses are.
pub(super) fn run(project: &Project, profile: Profile, addresses: &[String]) -> Result<()> {
    apt::ensure_present([apt::KEYCHAIN, apt::CURL].into_iter().flatten())?;
    project.build_programs(profile)?;
    let keychain = Keychain::start(project)?;
    let state = tempfile::tempdir().context("make a temporary folder")?;
    let host = || {
        let mut command = Command::new(project.program(HOST, profile));
        keychain.lend(&mut command);
        command.env("GMAIL_SYNC_HOME", state.path());
        command
    };
    let portal = FakePortal::start(project, profile)?;
    connect(host(), &portal.access)?;
    process::run(host().arg("lookup").args(addresses))
}

/// As a person would, but for the browser: the host prints the address to open, and the portal's own command follows it.
fn connect(mut host: Command, portal: &Access) -> Result<()> {
    let port = portal.callback_url.rsplit([':', '/']).nth(1).context("the fake portal's callback names a port")?;
    host.args(["connect", "--no-browser", "--portal", &portal.base_url, "--client-id", &portal.client_id]);
    host.args(["--callback-port", port]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut host = Group::spawn(&mut host)?;
    writeln!(host.take_stdin()?, "{}", portal.client_secret).context("hand the client secret to the host")?;
    let mut lines = BufReader::new(host.take_stdout()?).lines();
    let authorize = loop {
        let line = lines.next().context("the host ended before it printed an address")??;
        println!("{line}");
        if let Some(address) = line.split_whitespace().find(|word| word.starts_with(&portal.base_url)) {
            break address.to_owned();
        }
    };
    process::output(&mut approval(&portal.approve, &authorize))?;
    for line in lines {
        println!("{}", line?);
    }
    let status = host.wait()?;
    ensure!(status.success(), "connecting failed: {status}");
    Ok(())
}

/// The portal's own command for it, `ADDRESS` standing for the address.
fn approval(command: &str, address: &str) -> Command {
    let mut words = command.split_whitespace().map(|word| if word == "ADDRESS" { address } else { word });
    let mut approval = Command::new(words.next().unwrap_or_default());
    approval.args(words).stdin(Stdio::null());
    approval
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_takes_its_place_as_one_word() {
        let command = approval("curl -sL ADDRESS", "http://127.0.0.1:1/oauth/authorize/?a=1&b=2 3");
        assert_eq!(process::describe(&command), "curl -sL http://127.0.0.1:1/oauth/authorize/?a=1&b=2 3");
        assert_eq!(command.get_args().len(), 2);
    }
}
