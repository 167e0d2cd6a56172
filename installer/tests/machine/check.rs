//! `--check` in Wine's Windows: each fault of the registry is made, found, cured by what its cure says, and gone.

use std::fs;

use serde_json::Value;

use crate::inputs;
use crate::signing::sign;
use crate::windows::Windows;

const FOLDER: &str = r"C:\My host";
const PROGRAM: &str = r"C:\My host\gmail-sync-host.exe";
const CHROME: &str = r"HKCU\Software\Google\Chrome\NativeMessagingHosts\local.gmail_sync_bitrix24";

/// A Windows with the program alone, as somebody copied it there.
fn copied() -> Windows {
    let windows = Windows::new();
    fs::create_dir(windows.file(FOLDER)).unwrap();
    fs::copy(inputs().built.join("gmail-sync-host.exe"), windows.file(PROGRAM)).unwrap();
    windows
}

fn registered() -> Windows {
    let windows = copied();
    type_in(&windows, "gmail-sync-host register --browser chrome");
    assert_eq!(faults(&windows), [""; 0]);
    windows
}

/// Types a command that has no quoted words.
fn type_in(windows: &Windows, line: &str) {
    let words = line.strip_prefix("gmail-sync-host ").expect("a command of the host's").split(' ');
    let (code, said) = windows.run([PROGRAM].into_iter().chain(words));
    assert_eq!(code, 0, "{line}: {said}");
}

fn reg(windows: &Windows, words: &[&str]) {
    let (code, said) = windows.run(["reg"].into_iter().chain(words.iter().copied()).chain(["/f"]));
    assert_eq!(code, 0, "{words:?}: {said}");
}

/// What the program finds on a browser's way to its host; the keychain and the port are other tests' business.
pub(crate) fn findings(windows: &Windows, program: &str, browser: &str) -> Vec<Value> {
    let (_, text) = windows.run([program, "--check", "--json", "--offline", "--browser", browser]);
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"));
    assert_eq!(report["system"], "windows");
    let on_the_way =
        |finding: &&Value| ["registration", "browser policy", "host"].contains(&finding["probe"].as_str().unwrap());
    report["findings"].as_array().unwrap().iter().filter(on_the_way).cloned().collect()
}

/// What is wrong for Chrome.
fn found(windows: &Windows) -> Vec<Value> {
    findings(windows, PROGRAM, "chrome").into_iter().filter(|finding| finding.get("code").is_some()).collect()
}

fn faults(windows: &Windows) -> Vec<String> {
    let named = |fault: &Value| format!("{} {}", fault["code"].as_str().unwrap(), fault["reason"].as_str().unwrap());
    found(windows).iter().map(named).collect()
}

/// Types the one fault's command; then nothing is wrong any more.
fn is_cured_by_its_command(windows: &Windows, fault: &str) {
    assert_eq!(faults(windows), [fault]);
    type_in(windows, found(windows)[0]["command"].as_str().unwrap());
    assert_eq!(faults(windows), [""; 0]);
}

#[test]
fn nm01_nm02_and_nm03_manifest_and_key_are_both_needed() {
    let windows = copied();
    is_cured_by_its_command(&windows, "NM01 not_registered");
    reg(&windows, &["delete", CHROME]);
    is_cured_by_its_command(&windows, "NM02 registry_key_missing");
    reg(&windows, &["add", CHROME, "/ve", "/d", r"C:\nowhere\manifest.json"]);
    is_cured_by_its_command(&windows, "NM03 manifest_damaged");
}

#[test]
fn unregistering_one_browser_leaves_the_others() {
    let windows = registered();
    type_in(&windows, "gmail-sync-host register --browser edge");
    type_in(&windows, "gmail-sync-host unregister --browser edge");
    assert_eq!(faults(&windows), [""; 0]);
    type_in(&windows, "gmail-sync-host unregister --browser chrome");
    assert_eq!(faults(&windows), ["NM01 not_registered"]);
}

#[test]
fn nm20_the_persons_registration_hides_the_machines() {
    let windows = registered();
    type_in(&windows, "gmail-sync-host register --system --browser chrome");
    assert_eq!(faults(&windows), [""; 0]);
    let machine = windows.file(r"C:\My host\local.gmail_sync_bitrix24.json");
    let other = fs::read_to_string(&machine).unwrap().replace("holds the tokens", "older");
    fs::write(&machine, other).unwrap();
    is_cured_by_its_command(&windows, "NM20 manifest_shadowed");
    type_in(&windows, "gmail-sync-host unregister --system --browser chrome");
    assert!(!machine.exists());
}

#[test]
fn nm06_a_policy_of_the_browser_forbids_the_host() {
    const POLICY: &str = r"HKLM\Software\Policies\Google\Chrome";
    let windows = registered();
    let list = |name: &str| format!(r"{POLICY}\{name}");
    reg(&windows, &["add", &list("NativeMessagingBlocklist"), "/v", "1", "/d", "*"]);
    assert_eq!(faults(&windows), ["NM06 browser_policy_blocks"]);
    reg(&windows, &["add", &list("NativeMessagingAllowlist"), "/v", "1", "/d", "local.gmail_sync_bitrix24"]);
    assert_eq!(faults(&windows), [""; 0]);
    reg(&windows, &["add", POLICY, "/v", "NativeMessagingUserLevelHosts", "/t", "REG_DWORD", "/d", "0"]);
    assert_eq!(faults(&windows), ["NM06 browser_policy_user_level"]);
    type_in(&windows, "gmail-sync-host register --system --browser chrome");
    assert_eq!(faults(&windows), [""; 0]);
}

#[test]
fn nm08_smart_app_control_wants_a_signature() {
    const STATE: &str = r"HKLM\System\CurrentControlSet\Control\CI\Policy";
    let windows = registered();
    reg(&windows, &["add", STATE, "/v", "VerifiedAndReputablePolicyState", "/t", "REG_DWORD", "/d", "1"]);
    assert_eq!(faults(&windows), ["NM08 program_unsigned"]);
    sign(&windows.file(PROGRAM), &[]);
    assert_eq!(faults(&windows), [""; 0]);
}

#[test]
fn nm07_a_program_for_another_processor() {
    let windows = registered();
    let copy = r"C:\My host\arm.exe";
    let mut program = fs::read(windows.file(PROGRAM)).unwrap();
    let header = usize::try_from(u32::from_le_bytes(program[0x3c..0x40].try_into().unwrap())).unwrap();
    program[header + 4..header + 6].copy_from_slice(&0xaa64_u16.to_le_bytes());
    fs::write(windows.file(copy), program).unwrap();
    let manifest = windows.file(r"C:\My host\other.json");
    let text = serde_json::json!({
        "name": "local.gmail_sync_bitrix24",
        "description": "another",
        "path": "arm.exe",
        "type": "stdio",
        "allowed_origins": ["chrome-extension://mebnejionpjiahmhjiindnjipdhmcneo/"],
    });
    fs::write(manifest, text.to_string()).unwrap();
    reg(&windows, &["add", CHROME, "/ve", "/d", r"C:\My host\other.json"]);
    assert_eq!(faults(&windows), ["NM07 program_for_other_processor"]);
    type_in(&windows, "gmail-sync-host register --browser chrome");
    assert_eq!(faults(&windows), [""; 0]);
}
