//! Between the browser and the host.

use std::fs;
use std::io::{Write as _, stdout};
use std::os::unix::fs::PermissionsExt as _;
#[cfg(target_os = "linux")]
use std::path::Path;
#[cfg(target_os = "linux")]
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::machine::{Machine, PROGRAM, write};

#[test]
fn nm01_the_browser_finds_no_manifest() {
    let machine = Machine::new();
    fs::remove_file(machine.manifest()).unwrap();
    let fault = machine.finds("NM01", "not_registered");
    assert_eq!(fault["command"], "gmail-sync-host register --browser chromium");
    machine.is_cured_by_its_command(&fault);
}

#[test]
fn nm01_a_folder_of_ones_own_is_registered_by_its_name() {
    let machine = Machine::new();
    let folder = machine.home().join("it's mine");
    let option = format!("--user-data-dir={}", folder.display());
    let fault = machine.finds_with(&[&option], "NM01", "not_registered");
    assert_eq!(fault["command"], r"gmail-sync-host register --user-data-dir ~/'it'\''s mine'");
    machine.shell(fault["command"].as_str().unwrap());
    assert!(machine.new_faults(&[&option]).is_empty());
}

#[test]
fn nm01_no_browser_was_used() {
    let machine = Machine::new();
    fs::remove_dir_all(machine.user_data()).unwrap();
    let others = |fault: &Value| fault["code"] != "NM13";
    let faults: Vec<_> = machine.new_faults(&["--used"]).into_iter().filter(others).collect();
    // Whoever runs the tests may have a browser running with a folder of its own, which is then what counts.
    if faults.iter().any(|fault| fault["reason"] == "running_elsewhere") {
        writeln!(stdout(), "skipped: a browser runs with a folder of its own").unwrap();
        return;
    }
    assert_eq!(faults[0]["reason"], "no_browser_found");
    assert_eq!(faults[0]["severity"], "warning");
}

#[test]
fn nm03_the_manifest_is_damaged() {
    let machine = Machine::new();
    let good = fs::read_to_string(machine.manifest()).unwrap();
    for (name, value) in [("name", "org.other"), ("type", "pipe"), ("path", "gmail-sync-host")] {
        machine.edit_manifest(name, value);
        machine.is_cured_by_its_command(&machine.finds("NM03", "manifest_damaged"));
    }
    for text in ["", "{", "[]", "null", &good[..good.len() / 2], "\u{feff}{}"] {
        fs::write(machine.manifest(), text).unwrap();
        machine.is_cured_by_its_command(&machine.finds("NM03", "manifest_damaged"));
    }
    fs::remove_file(machine.manifest()).unwrap();
    std::os::unix::fs::symlink("/no/such/file", machine.manifest()).unwrap();
    machine.is_cured_by_its_command(&machine.finds("NM03", "manifest_damaged"));
}

#[test]
fn nm04_the_program_has_moved() {
    let machine = Machine::new();
    machine.edit_manifest("path", "/no/such/place/gmail-sync-host");
    machine.is_cured_by_its_command(&machine.finds("NM04", "manifest_program_gone"));
}

#[test]
fn nm05_the_extension_is_not_let_in() {
    let machine = Machine::new();
    let without_slash = "chrome-extension://mebnejionpjiahmhjiindnjipdhmcneo";
    for origins in [json!([]), json!([without_slash]), json!(["chrome-extension://abcdefghijklmnopabcdefghijklmnop/"])]
    {
        machine.edit_manifest("allowed_origins", origins);
        machine.is_cured_by_its_command(&machine.finds("NM05", "manifest_forbids"));
    }
}

#[test]
fn nm05_a_copy_of_the_extension_has_another_id() {
    const OURS: &str = "mebnejionpjiahmhjiindnjipdhmcneo";
    const COPY: &str = "abcdefghijklmnopabcdefghijklmnop";
    let machine = Machine::new();
    let folder = machine.home().join("unpacked");
    write(&folder.join("manifest.json"), r#"{"name": "Gmail Sync for Bitrix24"}"#);
    // As a browser writes it down; of what is removed it leaves an empty entry.
    let profile_has = |extensions: Value| {
        let preferences = json!({"extensions": {"settings": extensions}, "profile": {"name": "Ann's"}});
        write(&machine.user_data().join("Profile 1/Preferences"), &preferences.to_string());
    };
    let unpacked = json!({"path": folder});
    profile_has(json!({COPY: unpacked}));
    let fault = machine.finds("NM05", "extension_copy");
    assert_eq!((&fault["severity"], &fault["evidence"]["id"]), (&"error".into(), &COPY.into()));
    assert!(fault["cure"].as_str().unwrap().starts_with("Remove that copy at chrome://extensions"), "{fault}");
    assert!(!fault.to_string().contains("Ann") && !fault.to_string().contains("unpacked"), "{fault}");
    // With the right one beside it, the person has something that works.
    profile_has(json!({OURS: unpacked, COPY: unpacked}));
    assert_eq!(machine.finds("NM05", "extension_copy")["severity"], "warning");
    profile_has(json!({OURS: unpacked, COPY: {}}));
    machine.is_well();
    // Registered for a copy, and so not for the extension that is there.
    machine.edit_manifest("allowed_origins", json!([format!("chrome-extension://{COPY}/")]));
    machine.is_cured_by_its_command(&machine.finds("NM05", "manifest_forbids"));
}

#[test]
fn nm07_the_program_may_not_be_executed() {
    let machine = Machine::new();
    let copy = machine.home().join("my host");
    fs::copy(PROGRAM, &copy).unwrap();
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o644)).unwrap();
    machine.edit_manifest("path", copy.to_str().unwrap());
    let fault = machine.finds("NM07", "manifest_program_stuck");
    assert_eq!(fault["command"], "chmod a+x ~/'my host'");
    machine.shell(fault["command"].as_str().unwrap());
    // Another copy it still is.
    machine.is_cured_by_its_command(&machine.finds("NM20", "manifest_other_program"));
}

#[test]
fn nm07_the_program_is_for_another_processor() {
    let machine = Machine::new();
    let copy = machine.path("host");
    let mut program = fs::read(PROGRAM).unwrap();
    program[18] = 8;
    fs::write(&copy, program).unwrap();
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).unwrap();
    machine.edit_manifest("path", copy.to_str().unwrap());
    let fault = machine.finds("NM07", "program_for_other_processor");
    assert!(fault["cure"].as_str().unwrap().contains("gmail-sync-host register --browser chromium"), "{fault}");
    machine.shell("gmail-sync-host register --browser chromium");
    machine.is_well();
}

#[test]
fn nm10_what_is_registered_ends_at_once() {
    let machine = Machine::new();
    machine.script("wrapper", "exit 3");
    machine.edit_manifest("path", machine.path("wrapper").to_str().unwrap());
    machine.is_cured_by_its_command(&machine.finds("NM10", "registered_program_silent"));
}

#[test]
fn nm11_what_is_registered_writes_text() {
    let machine = Machine::new();
    machine.script("wrapper", &format!("echo Starting the host\nexec '{PROGRAM}' \"$@\""));
    machine.edit_manifest("path", machine.path("wrapper").to_str().unwrap());
    machine.is_cured_by_its_command(&machine.finds("NM11", "registered_program_chatters"));
}

#[test]
fn nm12_the_browser_is_in_a_sandbox() {
    let machine = Machine::fresh();
    fs::remove_dir_all(machine.user_data()).unwrap();
    let found = || machine.check(&["--used"]).into_iter().find(|fault| fault["code"] == "NM12");
    for place in [".local/share/flatpak/app/org.chromium.Chromium", ".var/app/org.chromium.Chromium"] {
        let folder = machine.home().join(place);
        fs::create_dir_all(&folder).unwrap();
        let fault = found().unwrap();
        assert_eq!((&fault["reason"], &fault["severity"]), (&"sandboxed_browser".into(), &"warning".into()), "{place}");
        assert_eq!(fault["cure"], "Use a browser that was installed by a deb or rpm package.");
        // One was started, and knows the host; what the other has left stays.
        fs::create_dir_all(machine.user_data()).unwrap();
        assert!(found().is_some());
        machine.shell("gmail-sync-host register");
        assert_eq!(found(), None, "{place}");
        fs::remove_dir_all(machine.user_data()).unwrap();
        fs::remove_dir(folder).unwrap();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn nm12_the_browser_that_runs_is_in_a_sandbox() {
    let machine = Machine::new();
    for folder in [".config/BraveSoftware/Brave-Browser", ".var/app/com.brave.Browser", "snap/brave"] {
        fs::create_dir_all(machine.home().join(folder)).unwrap();
    }
    // Other browsers may run on the machine.
    let told = || {
        let faults = machine.new_faults(&["--used"]).into_iter();
        let ours = faults.filter(|fault| fault["evidence"]["browser"] == "Brave");
        let told = ours.map(|fault| json!([fault["code"], fault["evidence"]["kind"], fault["evidence"]["running"]]));
        Value::from_iter(told)
    };
    // Chromium finds the host.
    assert_eq!(told(), json!([["NM01", null, null]]));
    for (place, kind) in [("app/brave/brave", "Flatpak"), ("snap/brave/680/opt/brave.com/brave/brave", "Snap")] {
        let mut browser = browser(&machine, place, &machine.user_data());
        assert_eq!(told(), json!([["NM01", null, null], ["NM12", kind, "yes"]]));
        drop(browser.stdin.take());
        browser.wait().unwrap();
    }
}

/// A program that only its place and its arguments make a browser; it waits until its input ends.
#[cfg(target_os = "linux")]
fn browser(machine: &Machine, place: &str, user_data: &Path) -> Child {
    let program = machine.path(place);
    fs::create_dir_all(program.parent().unwrap()).unwrap();
    fs::copy("/bin/sh", &program).unwrap();
    let mut browser = machine.command(program.to_str().unwrap());
    browser.args(["-c", "read line", "sh"]).arg(format!("--user-data-dir={}", user_data.display()));
    browser.stdin(Stdio::piped()).spawn().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn nm13_a_browser_runs_with_a_folder_of_its_own() {
    let machine = Machine::new();
    let mut browser = browser(&machine, "lib/chromium/chromium", &machine.home().join("other profiles"));
    // Other browsers may run on the machine.
    let ours = || {
        let faults = machine.new_faults(&["--used"]).into_iter();
        faults.filter(|fault| fault["evidence"]["folder"] == "~/other profiles").collect::<Vec<_>>()
    };
    let faults = ours();
    assert_eq!((&faults[0]["code"], &faults[0]["reason"]), (&"NM13".into(), &"running_elsewhere".into()));
    assert_eq!(faults[0]["command"], "gmail-sync-host register --user-data-dir ~/'other profiles'");
    machine.shell(faults[0]["command"].as_str().unwrap());
    assert!(ours().is_empty());
    drop(browser.stdin.take());
    browser.wait().unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn nm01_the_browser_that_runs_comes_first() {
    let machine = Machine::new();
    machine.shell("gmail-sync-host unregister --browser chromium");
    let beta = machine.home().join(".config/google-chrome-beta");
    fs::create_dir_all(&beta).unwrap();
    let unregistered = || {
        let faults = machine.new_faults(&["--used"]).into_iter().filter(|fault| fault["code"] == "NM01");
        let evidence = faults.map(|fault| fault["evidence"].clone());
        evidence.map(|seen| (seen["browser"].clone(), seen.get("running").cloned())).collect::<Vec<_>>()
    };
    let (chrome_beta, chromium) = ("Google Chrome Beta", "Chromium");
    assert_eq!(unregistered(), [(json!(chrome_beta), None), (json!(chromium), None)]);
    for (place, user_data, first, second) in [
        ("lib/chromium/chromium", machine.user_data(), chromium, chrome_beta),
        ("opt/google/chrome-beta/chrome", beta, chrome_beta, chromium),
    ] {
        let mut browser = browser(&machine, place, &user_data);
        assert_eq!(unregistered(), [(json!(first), Some(json!("yes"))), (json!(second), None)]);
        let folder = format!("--user-data-dir={}", user_data.display());
        assert_eq!(machine.finds_with(&[&folder], "NM01", "not_registered")["evidence"]["running"], "yes");
        drop(browser.stdin.take());
        browser.wait().unwrap();
    }
}

#[test]
fn nm14_the_browsers_folder_is_somebody_elses() {
    let machine = Machine::new();
    let folder = machine.manifest().parent().unwrap().to_owned();
    if std::os::unix::fs::chown(&folder, Some(12345), None).is_err() {
        eprintln!("left out: only root can give a folder away");
        return;
    }
    let fault = machine.finds("NM14", "browser_folder_of_other");
    assert_eq!(fault["command"], r#"sudo chown -R "$(id -un):$(id -gn)" ~/.config/chromium/NativeMessagingHosts"#);
    machine.is_cured_by_its_command(&fault);
}

#[test]
fn nm20_another_copy_is_registered() {
    let machine = Machine::new();
    let copy = machine.path("host");
    fs::copy(PROGRAM, &copy).unwrap();
    machine.edit_manifest("path", copy.to_str().unwrap());
    machine.is_cured_by_its_command(&machine.finds("NM20", "manifest_other_program"));
}

#[test]
fn what_is_not_ours_beside_the_manifest_is_left_alone() {
    let machine = Machine::new();
    let other = machine.manifest().with_file_name("org.other.json");
    write(&other, "{}");
    machine.is_well();
    machine.shell("gmail-sync-host register --browser chromium && gmail-sync-host unregister --browser chromium");
    assert_eq!(fs::read_to_string(other).unwrap(), "{}");
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn purge_takes_every_registration_of_ours_and_no_other() {
    let machine = Machine::new();
    let theirs = machine.manifest().with_file_name("org.example.other.json");
    fs::write(&theirs, "{}").unwrap();
    assert!(machine.manifest().exists());
    machine.shell("gmail-sync-host purge --yes");
    assert!(!machine.manifest().exists() && theirs.exists());
    machine.finds("NM01", "not_registered");
}
