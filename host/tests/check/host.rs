//! What the host keeps, and what it needs of the machine.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use serde_json::json;

use crate::machine::{Machine, PROGRAM};

/// A browser's extension of that version greets.
fn greet(machine: &Machine, version: &str) {
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

#[cfg(target_os = "linux")]
#[test]
fn nm18_the_port_for_connecting_is_taken() {
    let machine = Machine::new();
    // A program that listens at the registered port until its input ends; a check beside it may have the port for a moment.
    let listen = "import socket, sys\ns = socket.socket()\ns.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n\
                  while True:\n  try:\n    s.bind(('127.0.0.1', 17485))\n    s.listen()\n    \
                  break\n  except OSError: pass\nprint('listening', flush=True)\nsys.stdin.read()";
    let holder = machine.command("python3").args(["-c", listen]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut holder) = holder else {
        eprintln!("left out: no python3");
        return;
    };
    let mut line = String::new();
    BufReader::new(holder.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let held_by = format!("python3 ({})", holder.id());
    let ours = || machine.check(&[]).into_iter().find(|fault| fault["evidence"]["held_by"] == *held_by);
    let fault = ours().unwrap();
    assert_eq!((&fault["code"], &fault["severity"]), (&"NM18".into(), &"warning".into()));
    drop(holder.stdin.take());
    holder.wait().unwrap();
    assert_eq!(ours(), None);
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
