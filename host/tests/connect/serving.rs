//! The real program as a browser starts it.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use demo::{Portal, PortalOptions};
use serde_json::{Value, json};

const ORIGIN: &str = "chrome-extension://mebnejionpjiahmhjiindnjipdhmcneo/";

/// A text browser is what `$BROWSER` may name on a machine without a display: it reads stdin and writes to stdout.
#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
fn a_program_the_host_starts_gets_nothing_of_the_conversation_and_adds_nothing_to_it() {
    let home = tempfile::tempdir().unwrap();
    let browser = home.path().join("lynx");
    std::fs::write(&browser, "#!/bin/sh\necho a page\ncat > $GMAIL_SYNC_HOME/heard\necho more\ncurl -sL \"$1\"\n")
        .unwrap();
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o700)).unwrap();
    let portal = Portal::start(PortalOptions::default()).unwrap();
    let mut host = Command::new(env!("CARGO_BIN_EXE_gmail-sync-host"))
        .arg(ORIGIN)
        .env("GMAIL_SYNC_HOME", home.path())
        .env("BROWSER", &browser)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut input, mut output) = (host.stdin.take().unwrap(), host.stdout.take().unwrap());
    let params = json!({
        "portal": portal.base_url(), "clientId": portal.client_id(), "clientSecret": portal.client_secret(),
        "callbackPort": portal.callback_port(),
    });
    let request = json!({ "v": 1, "id": "1", "method": "connect", "params": params }).to_string();
    input.write_all(&u32::try_from(request.len()).unwrap().to_ne_bytes()).unwrap();
    input.write_all(request.as_bytes()).unwrap();
    let mut frames = Vec::new();
    while frames.last().is_none_or(|frame: &Value| frame.get("result").or(frame.get("error")).is_none()) {
        let mut length = [0; 4];
        output.read_exact(&mut length).unwrap();
        let length = u32::from_ne_bytes(length) as usize;
        assert!(length < 1 << 20, "no frame is that long: somebody else wrote");
        let mut frame = vec![0; length];
        output.read_exact(&mut frame).unwrap();
        frames.push(serde_json::from_slice(&frame).unwrap());
    }
    let last = frames.last().unwrap();
    assert_eq!(last["result"]["status"]["user"]["name"], "Lena Hartmann", "{last}");
    assert_eq!(std::fs::read_to_string(home.path().join("heard")).unwrap(), "");
    drop(input);
    assert!(host.wait().unwrap().success());
}
