//! What administrators fix, in a private copy of `/etc` that only the program under test sees.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

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
    check_all(machine, files, more, system).map(of_policies)
}

fn check_all(machine: &Machine, files: &[(&str, &str)], more: &[&str], system: Option<&Path>) -> Option<Vec<Value>> {
    let mut command = under(machine, files)?;
    command.args(["--check", "--json", "--browser", "chromium"]).args(more);
    command.envs(system.map(|file| ("SSL_CERT_FILE", file)));
    Some(machine.read(&command.output().unwrap()))
}

/// The program with these files in `/etc`; `None` if this account can't have a private one.
fn under(machine: &Machine, files: &[(&str, &str)]) -> Option<Command> {
    under_after(machine, files, "true")
}

/// The same, after this was typed there.
fn under_after(machine: &Machine, files: &[(&str, &str)], typed: &str) -> Option<Command> {
    let etc = machine.path("etc");
    drop(fs::remove_dir_all(&etc));
    fs::create_dir(&etc).unwrap();
    for name in ["passwd", "group", "nsswitch.conf", "ld.so.cache"] {
        drop(fs::copy(PathBuf::from("/etc").join(name), etc.join(name)));
    }
    for (name, text) in files {
        write(&etc.join(name), text);
    }
    let line = format!("mount --bind \"$0\" /etc && {{ {typed}; }} >&2 && exec \"$@\"");
    let mut command = machine.command("unshare");
    command.args(["-m", "sh", "-c", &line]).arg(&etc).arg(PROGRAM);
    if !can_unshare() {
        eprintln!("left out: this account can't have mounts of its own");
        return None;
    }
    Some(command)
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
fn nm05_a_copy_that_is_allowed_is_let_in_once_it_is_registered_again() {
    const COPY: &str = "abcdefghijklmnopabcdefghijklmnop";
    let machine = Machine::new();
    let folder = machine.home().join("unpacked");
    write(&folder.join("manifest.json"), r#"{"name": "Gmail Sync for Bitrix24"}"#);
    let preferences = serde_json::json!({"extensions": {"settings": {COPY: {"path": folder}}}});
    write(&machine.user_data().join("Default/Preferences"), &preferences.to_string());
    let allowing = format!(r#"{{"ExtensionIds":["{COPY}"]}}"#);
    let check = |files: &[(&str, &str)], typed: &str| {
        let mut command = under_after(&machine, files, typed)?;
        command.args(["--check", "--json", "--offline", "--browser", "chromium"]);
        Some(of_policies(machine.read(&command.output().unwrap())))
    };
    let Some(faults) = check(&[], "true") else { return };
    assert_eq!(reasons(&faults), [("NM05", "extension_copy")]);
    let cure = faults[0]["cure"].as_str().unwrap();
    assert!(cure.contains("gmail-sync-host register --system") && cure.contains("without --system"), "{cure}");
    let allowed = [(OURS, allowing.as_str())];
    assert_eq!(reasons(&check(&allowed, "true").unwrap()), [("NM05", "manifest_forbids")]);
    assert_eq!(check(&allowed, "gmail-sync-host register"), Some(Vec::new()));
    machine.shell("gmail-sync-host unregister");
    assert_eq!(check(&allowed, "gmail-sync-host register --system"), Some(Vec::new()));
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
    let faults = check_with(&machine, &[(OURS, r#"{"Portals":[]}"#)]).unwrap();
    let said = |fault: &Value| fault["sentence"].as_str().is_some_and(|text| text.contains("a list without a portal"));
    assert!(faults.iter().any(said), "{faults:?}");
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

/// What the guide says an administrator of a Debian types.
fn trusting_on_debian(certificate: &Path) -> String {
    let guide = include_str!("../../../docs/ADMIN.md");
    let row = guide.lines().find(|line| line.starts_with("| Debian, Ubuntu |") && line.contains("FILE")).unwrap();
    row.split('`').nth(1).unwrap().replace("FILE", certificate.to_str().unwrap())
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn nm17_an_authority_is_trusted_once_the_system_is_told_as_the_guide_says() {
    const SYSTEMS: &str = "/etc/ssl/certs/ca-certificates.crt";
    const LOCAL: &str = "/usr/local/share/ca-certificates";
    let (machine, _portal) = Machine::connected(PortalOptions { tls: true, ..PortalOptions::default() });
    let (authority, local) = (machine.path("authority.pem"), machine.path("local"));
    fs::create_dir(&local).unwrap();
    let check = |typed: &str| {
        let systems = fs::read_to_string(SYSTEMS).unwrap();
        let mut command = under_after(&machine, &[("ssl/certs/ca-certificates.crt", &systems)], typed)?;
        command.args(["--check", "--json", "--browser", "chromium"]);
        Some(of_policies(machine.read(&command.output().unwrap())))
    };
    if !Path::new(SYSTEMS).exists() || !Path::new(LOCAL).exists() {
        eprintln!("left out: this is no Debian");
    } else if let Some(faults) = check("true") {
        assert_eq!(reasons(&faults), [("NM17", "certificate_untrusted")]);
        assert_eq!(faults[0].get("command"), None);
        let private = format!("mount --bind '{}' {LOCAL}", local.display());
        assert_eq!(check(&format!("{private} && {}", trusting_on_debian(&authority))), Some(Vec::new()));
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
        let faults = check(&[(OURS, r#"{"AllowOnPremHosts":false}"#)], Some(authorities.as_path())).unwrap();
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

/// A proxy that lets nobody through, and what it was asked for.
struct Refusing {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Refusing {
    fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let heard = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, mut bytes) = (stream.unwrap(), [0; 2048]);
                let length = stream.read(&mut bytes).unwrap();
                let line = String::from_utf8_lossy(&bytes[..length]).lines().next().unwrap_or_default().to_owned();
                heard.lock().unwrap().push(line);
                drop(stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
            }
        });
        Self { address, asked }
    }

    /// Whether it was asked for that host since this was asked last.
    fn was_asked_for(&self, host: &str) -> bool {
        let asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.iter().any(|line| line.starts_with(&format!("CONNECT {host}:443 ")))
    }
}

/// Where the private `/etc` has no name servers, nobody but a proxy knows the way.
#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn the_way_out_is_the_policys_whatever_the_persons_environment_says() {
    let machine = Machine::new();
    let (persons, companys) = (Refusing::start(), Refusing::start());
    // The private `/etc` has no authorities of its own.
    let authorities = machine.path("authorities.pem");
    fs::copy("/etc/ssl/certs/ca-certificates.crt", &authorities).unwrap();
    let program = |policy: &str| {
        let mut command = under(&machine, &[(OURS, policy)])?;
        command.env("HTTPS_PROXY", &persons.address).env("ALL_PROXY", &persons.address);
        command.env("SSL_CERT_FILE", &authorities);
        Some(command)
    };
    let fixed = format!(r#"{{"ProxyMode":"{}"}}"#, companys.address);
    for (policy, goes_to_persons, goes_to_companys) in [
        ("{}", true, false),
        (r#"{"ProxyMode":"system"}"#, true, false),
        (r#"{"ProxyMode":"direct"}"#, false, false),
        (&fixed, false, true),
    ] {
        let Some(mut checking) = program(policy) else { return };
        checking.args(["--check", "--json", "--browser", "chromium"]);
        let faults = of_policies(machine.read(&checking.output().unwrap()));
        let expected = if goes_to_persons || goes_to_companys { "proxy_refuses" } else { "host_unknown" };
        assert!(reasons(&faults).iter().any(|(_, reason)| *reason == expected), "{policy}: {faults:#?}");
        let asked = [&persons, &companys].map(|proxy| proxy.was_asked_for("oauth.bitrix.info"));
        assert_eq!(asked, [goes_to_persons, goes_to_companys], "{policy}");

        let mut connecting = program(policy).unwrap();
        connecting.args(["connect", "--webhook"]).stdin(Stdio::piped()).stderr(Stdio::null());
        let mut connecting = connecting.spawn().unwrap();
        connecting.stdin.take().unwrap().write_all(b"https://acme.bitrix24.com/rest/7/s3cretw0rds/\n").unwrap();
        assert_eq!(connecting.wait().unwrap().code(), Some(1));
        let asked = [&persons, &companys].map(|proxy| proxy.was_asked_for("acme.bitrix24.com"));
        assert_eq!(asked, [goes_to_persons, goes_to_companys], "{policy}");
    }
}

/// The first line of a day takes away what is too old.
#[test]
fn the_ledger_is_kept_as_long_as_the_policy_says() {
    let machine = Machine::new();
    let days_ago = |days: i64| {
        let today = jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date();
        machine.path("state/ledger").join(format!("{}.jsonl", today - jiff::Span::new().days(days)))
    };
    // Without a proxy and without name servers: looked at, and written down, all the same.
    for (policy, kept) in
        [("{}", true), (r#"{"LedgerRetentionDays":60}"#, true), (r#"{"LedgerRetentionDays":59}"#, false)]
    {
        drop(fs::remove_dir_all(machine.path("state/ledger")));
        write(&days_ago(59), "");
        let Some(mut command) = under(&machine, &[(OURS, policy)]) else { return };
        command.args(["--check", "--json", "--browser", "chromium"]).output().unwrap();
        assert!(days_ago(0).exists(), "nothing was written down");
        assert_eq!(days_ago(59).exists(), kept, "{policy}");
    }
}

#[test]
fn nm18_the_port_for_connecting_is_taken_at_either_address() {
    let machine = Machine::new();
    for (address, reason) in [("127.0.0.1", "callback_port_taken"), ("::1", "callback_port_shared")] {
        let port = demo::free_port().unwrap();
        let listener = TcpListener::bind((address, port)).unwrap();
        let policy = format!(r#"{{"CallbackPort":{port}}}"#);
        let check = || {
            let faults = check_all(&machine, &[(OURS, &policy)], &["--offline"], None)?;
            Some(faults.into_iter().find(|fault| fault["code"] == "NM18"))
        };
        let Some(fault) = check() else { return };
        let fault = fault.unwrap();
        assert_eq!((&fault["reason"], &fault["severity"]), (&reason.into(), &"warning".into()));
        let held_by = fault["evidence"]["held_by"].as_str().unwrap();
        assert!(held_by.ends_with(&format!(" ({})", std::process::id())), "{held_by}");
        // The cure: close the program that uses it.
        drop(listener);
        assert_eq!(check(), Some(None));
    }
}
