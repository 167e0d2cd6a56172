//! What the host keeps, and what it needs of the machine.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::machine::{Machine, PROGRAM};

/// A browser's extension of that version greets.
pub(crate) fn greet(machine: &Machine, version: &str) {
    let mut host = machine.command(PROGRAM);
    host.arg("chrome-extension://mebnejionpjiahmhjiindnjipdhmcneo/").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut host = host.spawn().unwrap();
    let hello =
        json!({"v": 1, "id": "1", "method": "hello", "params": {"protocols": [1], "extension": version}}).to_string();
    let length = u32::try_from(hello.len()).unwrap().to_ne_bytes();
    host.stdin.take().unwrap().write_all(&[&length, hello.as_bytes()].concat()).unwrap();
    assert!(host.wait_with_output().unwrap().status.success());
}

#[test]
fn nm15_the_extension_is_of_another_release() {
    let machine = Machine::new();
    greet(&machine, "7.2.0");
    let fault = machine.finds("NM15", "versions_apart");
    assert_eq!(fault["evidence"]["extension"], "7.2.0");
    greet(&machine, env!("CARGO_PKG_VERSION"));
    machine.is_well();
}

#[test]
fn hs01_the_state_folder_is_no_folder() {
    let machine = Machine::new();
    let (state, aside) = (machine.path("state"), machine.path("aside"));
    fs::rename(&state, &aside).unwrap();
    fs::write(&state, "").unwrap();
    let faults = machine.new_faults(&[]);
    assert_eq!((&faults[0]["code"], &faults[0]["reason"]), (&"HS01".into(), &"state_folder".into()));
    fs::remove_file(&state).unwrap();
    fs::rename(&aside, &state).unwrap();
    machine.is_well();
}

#[test]
fn hs02_a_file_was_damaged_and_is_set_aside() {
    let machine = Machine::new();
    greet(&machine, env!("CARGO_PKG_VERSION"));
    fs::write(machine.path("state/extension.json"), "{").unwrap();
    let fault = machine.finds("HS02", "state_file_damaged");
    assert_eq!(fault["evidence"]["file"], "extension.json");
    // The cure: try again.
    machine.is_well();
}

#[test]
fn hs02_a_file_is_a_newer_hosts() {
    let machine = Machine::new();
    greet(&machine, env!("CARGO_PKG_VERSION"));
    let file = machine.path("state/extension.json");
    let good = fs::read_to_string(&file).unwrap();
    let mut newer: Value = serde_json::from_str(&good).unwrap();
    newer["format"] = 1000.into();
    fs::write(&file, newer.to_string()).unwrap();
    machine.finds("HS02", "state_file_newer");
    // The cure, a newer host, is one that reads what is there.
    fs::write(&file, good).unwrap();
    machine.is_well();
}

/// Asks servers that a proxy hides, which leaves lines in the ledger; whether it is the ledger that is wrong.
fn of_ledger(machine: &Machine) -> Vec<Value> {
    let mut command = machine.command(PROGRAM);
    command.env("HTTPS_PROXY", "http://127.0.0.1:1").args(["--check", "--json", "--browser", "chromium"]);
    let mut faults = machine.read(&command.output().unwrap());
    faults.retain(|fault| fault["reason"].as_str().unwrap().starts_with("ledger_"));
    faults
}

#[test]
fn hs03_the_ledger_was_changed_cut_or_emptied() {
    let machine = Machine::new();
    for (spoil, reason) in [
        ((|lines: &str| lines.replacen("check", "chock", 1)) as fn(&str) -> String, "ledger_changed"),
        (|lines: &str| lines.lines().take(1).map(|line| format!("{line}\n")).collect(), "ledger_cut"),
        (|_: &str| String::new(), "ledger_emptied"),
    ] {
        assert_eq!(of_ledger(&machine), Vec::<Value>::new(), "{reason}");
        let folder = machine.path("state/ledger");
        let is_of_day = |file: &fs::DirEntry| file.file_name().to_str().unwrap().ends_with(".jsonl");
        let day = fs::read_dir(&folder).unwrap().map(Result::unwrap).find(is_of_day).unwrap().path();
        let good = fs::read_to_string(&day).unwrap();
        fs::write(&day, spoil(&good)).unwrap();
        let fault = machine.finds("HS03", reason);
        assert_eq!(fault["severity"], "warning");
        // The cure, once it is known who did it: what changes later is told all the same.
        assert!(fault["cure"].as_str().unwrap().contains("then run gmail-sync-host ledger --accept,"), "{fault}");
        machine.shell("gmail-sync-host ledger --accept");
        machine.is_well();
        assert_eq!(of_ledger(&machine), Vec::<Value>::new(), "{reason}");
        machine.is_well();
        let later = fs::read_to_string(&day).unwrap();
        fs::write(&day, later.lines().skip(1).map(|line| format!("{line}\n")).collect::<String>()).unwrap();
        machine.finds("HS03", "ledger_changed");
        fs::remove_dir_all(&folder).unwrap();
    }
}

#[test]
fn hs04_the_ledger_cannot_be_written_so_nobody_is_asked() {
    let machine = Machine::new();
    let (folder, aside) = (machine.path("state/ledger"), machine.path("aside"));
    assert_eq!(of_ledger(&machine), Vec::<Value>::new());
    fs::rename(&folder, &aside).unwrap();
    fs::write(&folder, "").unwrap();
    let faults = of_ledger(&machine);
    assert!(!faults.is_empty());
    for fault in faults {
        assert_eq!((&fault["code"], &fault["reason"]), (&"HS04".into(), &"ledger_unwritable".into()));
    }
    let unreadable = machine.new_faults(&[]);
    assert_eq!((&unreadable[0]["code"], &unreadable[0]["reason"]), (&"HS02".into(), &"state_file_unusable".into()));
    fs::remove_file(&folder).unwrap();
    fs::rename(&aside, &folder).unwrap();
    assert_eq!(of_ledger(&machine), Vec::<Value>::new());
}

#[cfg(target_os = "linux")]
#[test]
fn hs01_there_is_no_home_folder() {
    use std::os::unix::process::CommandExt as _;

    let machine = Machine::new();
    let mut homeless = machine.command(PROGRAM);
    // Somebody whom no list of users names.
    homeless.uid(12345).env_remove("GMAIL_SYNC_HOME").env_remove("HOME");
    let output = homeless.args(["--check", "--json", "--offline", "--browser", "chromium"]).output();
    let Ok(output) = output else {
        eprintln!("left out: only root can be somebody else, and only where others may run what was built");
        return;
    };
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let fault = &report["findings"][0];
    assert_eq!((&fault["code"], &fault["reason"]), (&"HS01".into(), &"no_home_folder".into()));
    assert!(fault["cure"].as_str().unwrap().contains("GMAIL_SYNC_HOME"));
    machine.is_well();
}
