//! From nothing to a working connection, by typing what `--check` says and nothing else.

use std::process::Output;

use demo::{Portal, PortalOptions};

use crate::machine::{Machine, PROGRAM};

/// More than there is to do.
const STEPS: usize = 5;

fn check(machine: &Machine) -> (Option<i32>, String) {
    let Output { status, stdout, .. } =
        machine.command(PROGRAM).args(["--check", "--browser", "chromium"]).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap())
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn whoever_does_what_it_says_ends_with_a_working_connection() {
    let (machine, portal) = (Machine::fresh(), Portal::start(PortalOptions::default()).unwrap());
    let mut typed = Vec::new();
    let mut codes = Vec::new();
    for _ in 0..STEPS {
        let (code, text) = check(&machine);
        codes.push(code.unwrap());
        if code == Some(0) {
            assert!(text.contains("Everything is well."), "{text}");
            break;
        }
        assert!(text.contains("The way to a working connection:"), "{text}");
        let begin = text.lines().find_map(|line| line.strip_prefix("Begin with: ")).unwrap_or_else(|| panic!("{text}"));
        // Asked where to connect, the newcomer gives the webhook's address.
        machine.shell_with(begin, &format!("{}\n", portal.webhook_url()));
        typed.push(begin.to_owned());
    }
    assert_eq!(typed, ["gmail-sync-host register --browser chromium", "gmail-sync-host connect"]);
    assert_eq!(codes, [2, 1, 0]);
    machine.shell("gmail-sync-host disconnect");
}
