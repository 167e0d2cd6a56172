//! What administrators fix, in a private copy of `/etc` that only the program under test sees.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use demo::{Portal, PortalOptions};
use serde_json::Value;

use crate::machine::{Machine, PROGRAM, write};

/// Runs `--check --offline` with these files in `/etc`; `None` if this account can't have a private one.
fn check_with(machine: &Machine, files: &[(&str, &str)]) -> Option<Vec<Value>> {
    check_trusting(machine, files, &["--offline"], None)
}

/// Runs `--check` where the system trusts the authorities of one file only.
fn check_trusting(
    machine: &Machine,
    files: &[(&str, &str)],
    more: &[&str],
    system: Option<&Path>,
) -> Option<Vec<Value>> {
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
    command.args(["--check", "--json", "--browser", "chromium"]).args(more);
    command.envs(system.map(|file| ("SSL_CERT_FILE", file)));
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

const AUTHORITY: &str = "gmail-sync-bitrix24/authority.pem";
const WITH_AUTHORITY: (&str, &str) = (OURS, r#"{"ExtraCAFile":"/etc/gmail-sync-bitrix24/authority.pem"}"#);

#[test]
fn sec_40_a_file_of_authorities_that_cant_be_believed_stops_everything() {
    let machine = Machine::new();
    let Some(faults) = check_with(&machine, &[WITH_AUTHORITY]) else { return };
    let why = |faults: &[Value]| {
        let fault = faults.iter().find(|fault| fault["reason"] == "policy_unreadable").unwrap();
        fault["sentence"].as_str().unwrap().to_owned()
    };
    assert!(why(&faults).contains("the file of ExtraCAFile can't be read"), "{faults:?}");
    let faults = check_with(&machine, &[WITH_AUTHORITY, (AUTHORITY, "nothing of that kind")]).unwrap();
    assert!(why(&faults).contains("the file of ExtraCAFile holds no certificate"), "{faults:?}");
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn sec_40_an_authority_by_policy_is_trusted_beside_the_systems() {
    let (machine, portal) = Machine::connected(PortalOptions { tls: true, ..PortalOptions::default() });
    let other = Portal::start(PortalOptions { tls: true, ..PortalOptions::default() }).unwrap();
    let (its, others) = (portal.ca_pem().unwrap(), other.ca_pem().unwrap());
    let (its_file, others_file) = (machine.path("authority.pem"), machine.path("other.pem"));
    fs::write(&others_file, others).unwrap();
    let untrusted = |policy: &[(&str, &str)], system: &Path| {
        let faults = check_trusting(&machine, policy, &[], Some(system))?;
        Some(reasons(&faults).contains(&("NM17", "certificate_untrusted")))
    };
    if let Some(without) = untrusted(&[], &others_file) {
        assert!(without);
        assert_eq!(untrusted(&[WITH_AUTHORITY, (AUTHORITY, its)], &others_file), Some(false));
        assert_eq!(untrusted(&[WITH_AUTHORITY, (AUTHORITY, others)], &others_file), Some(true));
        // The system's own are still believed.
        assert_eq!(untrusted(&[WITH_AUTHORITY, (AUTHORITY, others)], &its_file), Some(false));
    }
    machine.shell("gmail-sync-host disconnect");
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn pt10_and_nw04_another_portal_is_allowed_or_no_authority_is_there() {
    let (machine, _portal) = Machine::connected(PortalOptions::default());
    let authorities = machine.path("authorities.pem");
    fs::copy("/etc/ssl/certs/ca-certificates.crt", &authorities).unwrap();
    let check = |files: &[(&str, &str)], system| check_trusting(&machine, files, &[], system);
    if let Some(faults) = check(&[(OURS, r#"{"Portals":["acme.bitrix24.com"]}"#)], Some(authorities.as_path())) {
        assert_eq!(reasons(&faults), [("PT10", "portal_not_allowed")]);
        // The private `/etc` has no authorities of its own.
        assert_eq!(reasons(&check(&[], None).unwrap()), [("NW04", "tls_failed")]);
        assert_eq!(check(&[], Some(authorities.as_path())), Some(Vec::new()));
    }
    machine.shell("gmail-sync-host disconnect");
}

/// The private `/etc` has no name servers: only the names in its `hosts` are known.
#[test]
fn nw01_and_nw05_a_name_is_unknown_or_leads_inside() {
    let machine = Machine::new();
    let Some(faults) = check_trusting(&machine, &[], &[], None) else { return };
    assert!(reasons(&faults).contains(&("NW01", "host_unknown")), "{faults:#?}");
    let servers = "10.1.2.3 oauth.bitrix.info oauth.bitrix24.tech oauth.bitrix24.com";
    let faults = check_trusting(&machine, &[("hosts", servers)], &[], None).unwrap();
    assert!(reasons(&faults).contains(&("NW05", "address_not_public")), "{faults:#?}");
    assert!(!reasons(&faults).contains(&("NW01", "host_unknown")), "{faults:#?}");
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
