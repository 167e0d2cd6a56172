//! From nothing to a working connection, by doing what `--check` says and nothing else.

use std::fs;
use std::process::{Command, Output};

use demo::{Portal, PortalOptions};

use crate::host::greet;
use crate::machine::{Machine, PROGRAM};

/// More than there is to do.
const MOST: usize = 9;

/// The program where no other processes are, if this account can have such a place: other browsers may run on the machine.
fn alone(machine: &Machine) -> Command {
    const ALONE: &[&str] = &["--pid", "--fork", "--mount-proc"];
    let can = machine.command("unshare").args(ALONE).arg("true").status().is_ok_and(|status| status.success());
    let mut command = machine.command(if can { "unshare" } else { PROGRAM });
    command.args(if can { [ALONE, &[PROGRAM]].concat() } else { Vec::new() });
    command
}

fn check(machine: &Machine) -> (i32, String) {
    let Output { status, stdout, .. } = alone(machine).arg("--check").output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap())
}

/// The first step that is open.
fn open_step(text: &str) -> &str {
    assert!(text.contains("The way to a working connection:") && !text.contains("Begin with:"), "{text}");
    text.lines().find(|line| line.contains(". [ ] ")).unwrap_or_else(|| panic!("{text}")).trim_start()
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn whoever_does_what_it_says_ends_with_a_working_connection() {
    const START: &str = "2. [ ] A browser finds the host: Start the browser once, or name it: gmail-sync-host register --browser chrome.";
    const REGISTER: &str = "2. [ ] A browser finds the host: run gmail-sync-host register --browser chromium";
    const INSTALL: &str =
        "4. [ ] The extension has spoken to the host: install it from its store page, then open Gmail and the sidebar";
    const CONNECT: &str =
        "5. [ ] This computer is connected to a portal: click Connect in the sidebar, or run gmail-sync-host connect";
    let (machine, portal) = (Machine::fresh(), Portal::start(PortalOptions::default()).unwrap());
    fs::remove_dir_all(machine.user_data()).unwrap();
    let mut done = Vec::new();
    let mut codes = Vec::new();
    for _ in 0..MOST {
        let (code, text) = check(&machine);
        codes.push(code);
        if code == 0 {
            assert!(text.contains("Everything is well."), "{text}");
            break;
        }
        let step = open_step(&text).to_owned();
        match step.as_str() {
            START => fs::create_dir_all(machine.user_data()).unwrap(),
            REGISTER => machine.shell("gmail-sync-host register --browser chromium"),
            INSTALL => greet(&machine, env!("CARGO_PKG_VERSION")),
            // Asked where to connect, the newcomer gives the webhook's address.
            CONNECT => machine.shell_with("gmail-sync-host connect", &format!("{}\n", portal.webhook_url())),
            other => panic!("{other}\n{text}"),
        }
        done.push(step);
    }
    assert_eq!(done, [START, REGISTER, INSTALL, CONNECT]);
    assert_eq!(codes, [1, 2, 1, 1, 0]);
    machine.shell("gmail-sync-host disconnect");
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn all_is_well_only_once_the_extension_has_spoken() {
    let (machine, _portal) = Machine::connected(PortalOptions::default());
    let (code, text) = check(&machine);
    assert!(open_step(&text).starts_with("4. [ ] The extension has spoken") && text.contains("5. [x]"), "{text}");
    assert!(code == 0 && !text.contains("Everything is well."), "{text}");
    greet(&machine, env!("CARGO_PKG_VERSION"));
    assert!(check(&machine).1.contains("Everything is well."));
    machine.shell("gmail-sync-host disconnect");
}
