//! The installed package and the samples of policies, as a real Chromium sees them.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use serde_json::{Map, Value, json};

use crate::copy::{HOME, Machine};
use crate::{deb, extensions, inputs, made};

const NAME: &str = "gmail-sync-bitrix24";
const PROGRAM: &str = "/usr/bin/gmail-sync-host";
const NOT_FOUND: &str = "Specified native messaging host not found.";

fn installed() -> Machine {
    let machine = Machine::new();
    deb::install(&machine, &made(".deb"));
    machine
}

fn sample() -> Value {
    let sample = inputs().project.join("manifests/policies/browser.json");
    serde_json::from_slice(&fs::read(sample).unwrap()).unwrap()
}

/// The sample without what makes the browser get the extension from the store: it would wait for that one and refuse the one
/// that tests load.
fn sample_for_the_build() -> Value {
    let mut policy = sample();
    policy.as_object_mut().unwrap().remove("ExtensionSettings").expect("the sample installs the extension");
    policy
}

fn set_policy(machine: &Machine, policy: &Value) {
    machine.write("/etc/chromium/policies/managed/test.json", &policy.to_string());
}

/// The command by which Chromium starts, and the extension in it asks the host.
fn asking(options: &[&str]) -> Vec<String> {
    let extension = inputs().project.join("extension");
    let script = "cd \"$0\" && exec node tools/run.mjs e2e/ask-host.ts \"$@\"";
    [&["sh", "-c", script, extension.to_str().unwrap()], options].concat().into_iter().map(str::to_owned).collect()
}

/// What the extension gets to hear when it asks the host.
fn ask(machine: &Machine, options: &[&str]) -> String {
    machine.run(asking(options)).trim().to_owned()
}

fn answers(machine: &Machine) -> bool {
    is_answer(&ask(machine, &[]))
}

fn is_answer(said: &str) -> bool {
    serde_json::from_str::<Value>(said).is_ok_and(|answer| answer["result"]["host"] == inputs().version.as_str())
}

#[test]
fn it_finds_the_installed_host_and_loses_the_removed_one() {
    let machine = installed();
    assert!(answers(&machine));
    machine.run(["dpkg", "--remove", NAME]);
    assert_eq!(ask(&machine, &[]), NOT_FOUND);
}

#[test]
fn an_open_browser_keeps_its_host_over_an_upgrade_and_starts_the_new_one_next() {
    let machine = installed();
    let mut browser = machine.command(asking(&[])).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = browser.stdin.take().unwrap();
    let mut answers = BufReader::new(browser.stdout.take().unwrap()).lines().map(Result::unwrap);
    let runs = |ending: &str| machine.running().iter().any(|program| program.to_str().unwrap().ends_with(ending));
    let replaced = format!("{PROGRAM} (deleted)");
    assert!(is_answer(&answers.next().unwrap()) && runs(PROGRAM));
    deb::install(&machine, deb::PACKAGES.later());
    input.write_all(b"ask\n").unwrap();
    assert!(is_answer(&answers.next().unwrap()) && runs(&replaced) && !runs(PROGRAM));
    input.write_all(b"anew\n").unwrap();
    assert!(is_answer(&answers.next().unwrap()) && runs(PROGRAM));
    drop(input);
    assert!(browser.wait().unwrap().success());
}

#[test]
fn the_sample_allows_this_host_and_no_other() {
    let machine = installed();
    let sample = sample_for_the_build();
    set_policy(&machine, &sample);
    assert!(answers(&machine));
    let mut without = sample;
    without["NativeMessagingAllowlist"] = json!([]);
    set_policy(&machine, &without);
    assert_eq!(ask(&machine, &[]), "Access to the native messaging host was disabled by the system administrator.");
}

#[test]
fn the_sample_refuses_a_host_that_a_person_registered() {
    let machine = installed();
    let profile = format!("{HOME}/profile");
    // Registered anew each time, since the profile ends with its browser.
    let ask = || {
        machine.run([PROGRAM, "register", "--user-data-dir", &profile]);
        ask(&machine, &["--profile", &profile])
    };
    machine.run(["sh", "-c", "rm /etc/chromium/native-messaging-hosts/*"]);
    assert!(ask().contains("result"), "without a policy");
    set_policy(&machine, &sample_for_the_build());
    assert_eq!(ask(), NOT_FOUND);
}

/// As a company does that hands the extension out itself, under an id of its own.
#[test]
fn the_sample_installs_the_extension_and_keeps_to_the_rest() {
    let machine = installed();
    let pack = r#"
        cp -r "$1" /mnt/packed
        chromium --headless --no-sandbox --pack-extension=/mnt/packed >/mnt/log 2>&1
        openssl pkey -in /mnt/packed.pem -pubout -outform DER | sha256sum | cut -c1-32 | tr 0-9a-f a-p
    "#;
    let build = inputs().built.join("extension");
    let id = machine.run(["sh", "-c", pack, "sh", build.to_str().unwrap()]).trim().to_owned();
    let update = format!(
        r#"<gupdate xmlns="http://www.google.com/update2/response" protocol="2.0"><app appid="{id}">
           <updatecheck codebase="file:///mnt/packed.crx" version="{}"/></app></gupdate>"#,
        inputs().version
    );
    machine.write("/mnt/update.xml", &update);
    let mut policy = sample();
    let extensions = policy["ExtensionSettings"].as_object_mut().unwrap();
    let mut extension = extensions.values().next().unwrap().clone();
    extension["update_url"] = json!("file:///mnt/update.xml");
    *extensions = Map::from_iter([(id.clone(), extension)]);
    policy["3rdparty"] = json!({ "extensions": { &id: { "Portal": "acme.bitrix24.com" } } });
    // Whoever tests must be let into an extension that a policy installed.
    policy["DeveloperToolsAvailability"] = json!(1);
    set_policy(&machine, &policy);
    machine.write(extensions::POLICY, &json!({ "ExtensionIds": [&id] }).to_string());
    machine.run([PROGRAM, "register", "--system", "--browser", "chromium"]);
    let said = ask(&machine, &["--installed", &id]);
    let [answer, settings] = said.lines().collect::<Vec<_>>().try_into().unwrap();
    let (answer, settings): (Value, Value) =
        (serde_json::from_str(answer).unwrap(), serde_json::from_str(settings).unwrap());
    assert_eq!(answer["result"]["host"], inputs().version.as_str(), "{answer}");
    assert_eq!(settings, json!({ "Portal": "acme.bitrix24.com" }));
}
