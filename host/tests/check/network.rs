//! The way to the portal, and what support gets to see of it.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Output;
use std::thread;

use demo::{Fault, FaultKind, PortalOptions};
use serde_json::{Value, json};

use crate::machine::{Machine, PROGRAM};

fn check(machine: &Machine, variables: &[(&str, &str)]) -> Vec<Value> {
    let mut command = machine.command(PROGRAM);
    command.args(["--check", "--json", "--browser", "chromium"]).envs(variables.iter().copied());
    machine.read(&command.output().unwrap())
}

fn of<'a>(faults: &'a [Value], code: &str) -> &'a Value {
    faults.iter().find(|fault| fault["code"] == code).unwrap_or_else(|| panic!("no {code}: {faults:#?}"))
}

fn has(faults: &[Value], code: &str) -> bool {
    faults.iter().any(|fault| fault["code"] == code)
}

fn ledger(machine: &Machine) -> String {
    let Output { stdout, .. } = machine.command(PROGRAM).args(["ledger", "--json"]).output().unwrap();
    String::from_utf8(stdout).unwrap()
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn a_way_that_is_open_is_in_the_ledger() {
    let (machine, portal) = Machine::connected(PortalOptions::default());
    let before = ledger(&machine).lines().count();
    machine.check(&["--online"]);
    let ledger = ledger(&machine);
    let new: Vec<Value> = ledger.lines().skip(before).map(|line| serde_json::from_str(line).unwrap()).collect();
    let greeting = new.iter().find(|entry| entry["outcome"] == "reachable").unwrap_or_else(|| panic!("{ledger}"));
    assert_eq!(greeting["to"], portal.base_url().trim_start_matches("http://"));
    assert_eq!((&greeting["purpose"], &greeting["sent"]), (&"check".into(), &0.into()));
    machine.shell("gmail-sync-host disconnect");
}

#[test]
fn offline_asks_nobody() {
    let machine = Machine::new();
    machine.check(&[]);
    assert_eq!(ledger(&machine).trim(), "");
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn nm17_whoever_issued_the_certificate_is_named() {
    let (machine, _portal) = Machine::connected(PortalOptions { tls: true, ..PortalOptions::default() });
    let trusted = machine.path("authority.pem");
    let untrusted = check(&machine, &[]);
    assert!(of(&untrusted, "NM17")["evidence"]["certificate_issued_by"].is_string(), "{untrusted:#?}");
    assert!(!has(&check(&machine, &[("SSL_CERT_FILE", trusted.to_str().unwrap())]), "NM17"));
    machine.shell("gmail-sync-host disconnect");
}

/// A proxy that answers every CONNECT with this line.
fn proxy(answer: &'static str) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut heard = [0; 2048];
            let length = stream.read(&mut heard).unwrap();
            assert!(heard[..length].starts_with(b"CONNECT oauth.bitrix"));
            stream.write_all(format!("HTTP/1.1 {answer}\r\n\r\n").as_bytes()).unwrap();
        }
    });
    format!("http://someone:s3cret@{address}")
}

/// Before connecting, it is the authorization servers that are tried. Their names are the proxy's business.
#[test]
fn nw07_a_proxy_that_is_gone_refuses_or_speaks_socks() {
    let machine = Machine::new();
    let refusing =
        ["407 Proxy Authentication Required", "403 Forbidden"].map(|answer| (proxy(answer), "proxy_refuses"));
    let gone = ["http://127.0.0.1:1", "https://127.0.0.1:1"].map(|gone| (gone.to_owned(), "proxy_unreachable"));
    let socks = ["socks5://127.0.0.1:1", "socks5h://someone:s3cret@127.0.0.1:1", "socks4://127.0.0.1:1"]
        .map(|socks| (socks.to_owned(), "proxy_speaks_socks"));
    for (proxy, reason) in [&refusing[..], &gone, &socks].concat() {
        let faults = check(&machine, &[("HTTPS_PROXY", &proxy)]);
        let fault = of(&faults, "NW07");
        assert_eq!((&fault["reason"], &fault["severity"]), (&json!(reason), &json!("warning")), "{proxy}");
        assert_eq!(fault["evidence"]["proxy"], proxy.rsplit(['@', '/']).next().unwrap());
        let text = format!("{faults:?}");
        assert!(!text.contains("s3cret") && !text.contains("someone"), "{text}");
    }
    assert!(!has(&check(&machine, &[]), "NW07"));
}

/// What the program says before it writes a file for support, and the file.
fn file_for_support(machine: &Machine, variables: &[(&str, &str)]) -> (String, String) {
    let file = machine.path("bundle.json");
    let mut command = machine.command(PROGRAM);
    command.args(["--check", "--browser", "chromium", "--bundle"]).arg(&file).envs(variables.iter().copied());
    let said = String::from_utf8(command.output().unwrap().stderr).unwrap();
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(command.output().unwrap().status.code(), Some(1), "a file that is there stays");
    fs::remove_file(file).unwrap();
    (said, text)
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn a_file_for_support_names_no_portal_and_nobody() {
    let (machine, portal) = Machine::connected(PortalOptions::default());
    let (said, text) = file_for_support(&machine, &[]);
    assert!(said.contains("The file contains:") && said.contains("It doesn't contain:"), "{said}");
    let address = portal.base_url().trim_start_matches("http://").to_owned();
    for secret in [address.as_str(), machine.home().to_str().unwrap(), "/rest/"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let bundle: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(bundle["report"]["schema"], 1);
    assert!(text.contains("portal-1 answers"), "{text}");
    // Where it has moved to, a portal for which keys were left.
    let keys = "gmail-sync-host provision --portal opal.example --client-id local.5f0";
    machine.shell_with(keys, "secret\n");
    portal.fault(Fault::next(FaultKind::Redirect { to: "https://opal.example".to_owned() }, 20));
    let (_, text) = file_for_support(&machine, &[]);
    assert!(!text.contains("opal") && text.contains("portal-1 has moved to portal-2"), "{text}");
    machine.shell("gmail-sync-host disconnect && gmail-sync-host purge --yes");
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn a_file_for_support_names_no_authority() {
    let (machine, portal) = Machine::connected(PortalOptions { tls: true, ..PortalOptions::default() });
    let issuer = of(&check(&machine, &[]), "NM17")["evidence"]["certificate_issued_by"].as_str().unwrap().to_owned();
    let (_, text) = file_for_support(&machine, &[]);
    assert!(!text.contains(&issuer) && text.contains("issuer-1"), "{text}");
    assert!(text.contains("The certificate of portal-1 comes from"), "{text}");
    drop(portal);
    machine.shell("gmail-sync-host disconnect");
}

#[test]
fn a_file_for_support_names_no_proxy() {
    let machine = Machine::new();
    // RFC 2606: nobody's.
    let (_, text) = file_for_support(&machine, &[("HTTPS_PROXY", "http://gate.acme.invalid:3128")]);
    assert!(!text.contains("acme") && text.contains("The proxy proxy-1 on the way to oauth.bitrix.info"), "{text}");
}
