//! What administrators fix, in a private copy of `/etc` that only the program under test sees.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::machine::{Machine, PROGRAM, write};

/// Runs `--check` with these files in `/etc`; `None` if this account can't have a private one.
fn check_with(machine: &Machine, files: &[(&str, &str)]) -> Option<Vec<Value>> {
    let etc = machine.path("etc");
    drop(fs::remove_dir_all(&etc));
    fs::create_dir(&etc).unwrap();
    for name in ["passwd", "group", "nsswitch.conf", "ld.so.cache"] {
        drop(fs::copy(PathBuf::from("/etc").join(name), etc.join(name)));
    }
    for (name, text) in files {
        write(&etc.join(name), text);
    }
    let line = "mount --bind \"$0\" /etc && exec \"$@\"";
    let mut command = machine.command("unshare");
    command.args(["-m", "sh", "-c", line]).arg(&etc).arg(PROGRAM);
    command.args(["--check", "--json", "--offline", "--browser", "chromium"]);
    if !can_unshare() {
        eprintln!("left out: this account can't have mounts of its own");
        return None;
    }
    Some(of_policies(machine.read(&command.output().unwrap())))
}

/// Without the keychain, which other tests are about, and the port, which other tests use.
fn of_policies(mut faults: Vec<Value>) -> Vec<Value> {
    faults.retain(|fault| fault["code"] != "NM16" && fault["code"] != "NM18");
    faults
}

fn can_unshare() -> bool {
    Command::new("unshare")
        .args(["-m", "mount", "--bind", "/tmp", "/tmp"])
        .status()
        .is_ok_and(|status| status.success())
}

fn reasons(faults: &[Value]) -> Vec<(&str, &str)> {
    faults.iter().map(|fault| (fault["code"].as_str().unwrap(), fault["reason"].as_str().unwrap())).collect()
}

const BROWSER: &str = "chromium/policies/managed/company.json";
const MACHINE: &str = "chromium/native-messaging-hosts/local.gmail_sync_bitrix24.json";
const OURS: &str = "gmail-sync-bitrix24/policy.json";

#[test]
fn nm06_a_policy_of_the_browser_forbids_the_host() {
    let machine = Machine::new();
    let blocked = (BROWSER, r#"{"NativeMessagingBlocklist":["*"]}"#);
    let Some(faults) = check_with(&machine, &[blocked]) else { return };
    assert_eq!(reasons(&faults), [("NM06", "browser_policy_blocks")]);
    let allowed = ("chromium/policies/managed/z.json", r#"{"NativeMessagingAllowlist":["local.gmail_sync_bitrix24"]}"#);
    assert_eq!(check_with(&machine, &[blocked, allowed]), Some(Vec::new()));

    let only_machine = (BROWSER, r#"{"NativeMessagingUserLevelHosts":false}"#);
    let faults = check_with(&machine, &[only_machine]).unwrap();
    assert_eq!(reasons(&faults), [("NM06", "browser_policy_user_level")]);
    let by_package = fs::read_to_string(machine.manifest()).unwrap();
    assert_eq!(check_with(&machine, &[only_machine, (MACHINE, &by_package)]), Some(Vec::new()));
}

#[test]
fn nm20_the_persons_registration_hides_the_machines() {
    let machine = Machine::new();
    let other = fs::read_to_string(machine.manifest()).unwrap().replace("holds the tokens", "older");
    let Some(faults) = check_with(&machine, &[(MACHINE, &other)]) else { return };
    assert_eq!(reasons(&faults), [("NM20", "manifest_shadowed")]);
    machine.shell(faults[0]["command"].as_str().unwrap());
    assert_eq!(check_with(&machine, &[(MACHINE, &other)]), Some(Vec::new()));
}

#[test]
fn pl01_and_pl02_our_own_policy_is_wrong() {
    let machine = Machine::new();
    let Some(faults) = check_with(&machine, &[(OURS, "{")]) else { return };
    assert!(reasons(&faults).contains(&("PL01", "policy_unreadable")), "{faults:?}");
    let faults = check_with(&machine, &[(OURS, r#"{"Portal":["acme.bitrix24.com"]}"#)]).unwrap();
    assert_eq!(reasons(&faults), [("PL02", "policy_unknown_names")]);
    assert_eq!(check_with(&machine, &[(OURS, r#"{"Portals":["acme.bitrix24.com"]}"#)]), Some(Vec::new()));
}

#[test]
fn nm07_the_program_is_where_nothing_may_be_started() {
    let machine = Machine::new();
    let folder = machine.path("stick");
    fs::create_dir(&folder).unwrap();
    if !can_unshare() {
        eprintln!("left out: this account can't have mounts of its own");
        return;
    }
    machine.edit_manifest("path", folder.join("host").to_str().unwrap());
    let check = |options: &str| {
        let line = format!("mount -t tmpfs -o {options} x \"$0\" && cp \"$1\" \"$0/host\" && exec \"$@\"");
        let mut command = machine.command("unshare");
        command.args(["-m", "sh", "-c", &line]).arg(&folder).arg(PROGRAM);
        command.args(["--check", "--json", "--offline", "--browser", "chromium"]);
        of_policies(machine.read(&command.output().unwrap()))
    };
    assert_eq!(reasons(&check("noexec")), [("NM07", "program_mounted_noexec")]);
    // Another copy it still is.
    assert_eq!(reasons(&check("exec")), [("NM20", "manifest_other_program")]);
}
