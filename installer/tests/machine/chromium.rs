//! The installed package and the samples of policies, as a real Chromium sees them.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::copy::Machine;
use crate::{inputs, made};

const NAME: &str = "gmail-sync-bitrix24";
const POLICIES: &str = "/etc/chromium/policies/managed";

fn installed() -> Machine {
    let machine = Machine::new();
    machine.run([Path::new("dpkg"), Path::new("--install"), &machine.show(&made(".deb"))]);
    machine
}

/// The sample without what makes the browser get the extension from the store: it would wait for that one and refuse the one
/// that tests load.
fn browser_policy() -> Value {
    let sample = inputs().project.join("manifests/policies/browser.json");
    let mut policy: Value = serde_json::from_slice(&fs::read(sample).unwrap()).unwrap();
    policy.as_object_mut().unwrap().remove("ExtensionSettings").expect("the sample installs the extension");
    policy
}

fn set_policy(machine: &Machine, policy: &Value) {
    let write = format!("mkdir -p {POLICIES} && printf %s \"$1\" > {POLICIES}/test.json");
    machine.run(["sh", "-c", &write, "sh", &policy.to_string()]);
}

/// What the extension gets to hear when it asks the host.
fn ask(machine: &Machine) -> String {
    let extension = inputs().project.join("extension");
    let script = "cd \"$1\" && exec node tools/run.mjs e2e/ask-host.ts";
    machine.run([Path::new("sh"), Path::new("-c"), Path::new(script), Path::new("sh"), &extension]).trim().to_owned()
}

fn answers(machine: &Machine) -> bool {
    let said = ask(machine);
    serde_json::from_str::<Value>(&said).is_ok_and(|answer| answer["result"]["host"] == inputs().version.as_str())
}

#[test]
fn it_finds_the_installed_host_and_loses_the_removed_one() {
    let machine = installed();
    assert!(answers(&machine));
    machine.run(["dpkg", "--remove", NAME]);
    assert_eq!(ask(&machine), "Specified native messaging host not found.");
}

#[test]
fn the_sample_allows_this_host_and_no_other() {
    let machine = installed();
    let sample = browser_policy();
    set_policy(&machine, &sample);
    assert!(answers(&machine));
    let mut without = sample;
    without["NativeMessagingAllowlist"] = json!([]);
    set_policy(&machine, &without);
    assert_eq!(ask(&machine), "Access to the native messaging host was disabled by the system administrator.");
}
