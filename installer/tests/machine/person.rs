//! A person who connects the installed program to a portal, in a terminal, and asks who somebody is.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use demo::{Portal, PortalOptions};

/// Somebody whom the portal knows.
const SOMEBODY: (&str, &str) = ("marie.rousseau@helion.example", "Marie Rousseau");

pub(crate) struct Person {
    portal: Portal,
}

impl Person {
    pub(crate) fn new() -> Self {
        Self { portal: Portal::start(PortalOptions::default()).unwrap() }
    }

    /// Signs in as they would, but for the browser: `program` makes a command of the arguments that it is given.
    pub(crate) fn connect(&self, program: &dyn Fn(&[&str]) -> Command) {
        let port = self.portal.callback_port().to_string();
        let mut connect = program(&[
            "connect",
            "--no-browser",
            "--portal",
            self.portal.base_url(),
            "--client-id",
            self.portal.client_id(),
            "--callback-port",
            &port,
        ]);
        let mut host = connect.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut input = host.stdin.take().unwrap();
        writeln!(input, "{}", self.portal.client_secret()).unwrap();
        let mut lines = BufReader::new(host.stdout.take().unwrap()).lines().map(Result::unwrap);
        let address = lines.find(|line| line.starts_with(self.portal.base_url())).expect("an address to open");
        // The portal asks nothing: it leads straight back to the host.
        let page =
            Command::new("curl").args(["--silent", "--fail", "--location", address.trim_end()]).output().unwrap();
        assert!(String::from_utf8_lossy(&page.stdout).contains("You can close this tab"), "{page:?}");
        let said: Vec<_> = lines.collect();
        assert!(host.wait().unwrap().success() && said[0].starts_with("Connected to"), "{said:?}");
    }

    /// Whether the program still finds somebody in the portal, without anybody signing in.
    pub(crate) fn is_connected(&self, program: &dyn Fn(&[&str]) -> Command) -> bool {
        let calls = self.portal.log().len();
        let output = program(&["lookup", SOMEBODY.0]).stdin(Stdio::null()).output().unwrap();
        let asked = self.portal.log().len() > calls;
        let found = String::from_utf8_lossy(&output.stdout).contains(SOMEBODY.1);
        assert_eq!((asked, found), (output.status.success(), output.status.success()), "{output:?}");
        found
    }
}
