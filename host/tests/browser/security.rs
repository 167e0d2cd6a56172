//! What the real program does when somebody means it no good. The numbers are those of docs/THREATS.md.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use gmail_sync_host::framing::{Incoming, read_frame, write_frame};
use serde_json::{Value, json};

use crate::support::{Home, ORIGIN};

fn greeting() -> Value {
    json!({"protocols": [1], "extension": "0.1.0"})
}

/// All that was written must be frames, one after another, to the last byte.
fn frames(mut bytes: &[u8]) -> Vec<Value> {
    let mut frames = Vec::new();
    while let Some(incoming) = read_frame(&mut bytes).unwrap() {
        let Incoming::Frame(frame) = incoming else { panic!("no frame") };
        frames.push(serde_json::from_slice(&frame).unwrap());
    }
    frames
}

#[test]
fn sec_11_stdout_carries_frames_only_whatever_the_environment_asks_for() {
    let home = Home::new();
    let mut host = home.command(&[ORIGIN]);
    host.env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full").env("RUST_LIB_BACKTRACE", "1");
    let mut child = host.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    for (id, request) in [
        json!({"v": 1, "id": "0", "method": "hello", "params": greeting()}).to_string(),
        json!({"v": 1, "id": "1", "method": "lookup", "session": "x", "params": {"addresses": ["ann@example.com"]}})
            .to_string(),
        "not json".to_owned(),
        json!({"v": 1, "id": "3", "method": "hello", "params": {"protocols": "x"}}).to_string(),
    ]
    .iter()
    .enumerate()
    {
        write_frame(&mut input, request.as_bytes()).unwrap_or_else(|error| panic!("{id}: {error}"));
    }
    // An end inside a frame is something to log.
    input.write_all(&[7, 0]).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(frames(&output.stdout).len(), 4);
    let logs = std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(logs.filter(|name| name.starts_with("log-")).count(), 1, "something was logged");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

/// Not a speed limit: a host that kept what it skips would need twice as much as this.
#[cfg(target_os = "linux")]
#[test]
fn sec_10_what_is_too_long_is_not_kept_in_memory() {
    const LONG: u32 = 60 << 20;
    let home = Home::new();
    let mut host = home.command(&[ORIGIN]).spawn().unwrap();
    let (mut input, mut output) = (host.stdin.take().unwrap(), host.stdout.take().unwrap());
    input.write_all(&LONG.to_ne_bytes()).unwrap();
    let piece = vec![b'['; 1 << 20];
    for _ in 0..LONG >> 20 {
        input.write_all(&piece).unwrap();
    }
    let Some(Incoming::Frame(frame)) = read_frame(&mut output).unwrap() else { panic!("no frame") };
    let answer: Value = serde_json::from_slice(&frame).unwrap();
    assert_eq!(answer["error"]["reason"], "frame_too_long");
    let status = std::fs::read_to_string(format!("/proc/{}/status", host.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: u32 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(kilobytes < 32 * 1024, "{kilobytes} kB at the peak");
    drop(input);
    assert!(host.wait().unwrap().success());
}

/// A proxy that asks for no password and lets nobody through. What it heard of each visitor, in order.
struct Proxy {
    address: String,
    heard: thread::JoinHandle<Vec<String>>,
}

impl Proxy {
    fn start(visitors: usize) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let heard = thread::spawn(move || (0..visitors).map(|_| hear(listener.accept().unwrap().0)).collect());
        Self { address, heard }
    }
}

fn hear(mut visitor: TcpStream) -> String {
    let (mut text, mut buffer) = (String::new(), [0; 4096]);
    while !text.contains("\r\n\r\n") {
        match visitor.read(&mut buffer).unwrap() {
            0 => break,
            count => text.push_str(&String::from_utf8_lossy(&buffer[..count])),
        }
    }
    visitor.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
    text
}

#[test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
#[expect(clippy::disallowed_methods, reason = "the test's own proxy is let go")]
fn sec_41_a_proxy_is_asked_for_a_tunnel_and_hears_no_secret() {
    let home = Home::new();
    let proxy = Proxy::start(1);
    let mut connecting = home.command(&["connect", "--webhook"]);
    for name in ["http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
        connecting.env(name, format!("http://{}", proxy.address));
    }
    let mut child = connecting.env_remove("NO_PROXY").env_remove("no_proxy").spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"https://acme.bitrix24.com/rest/7/s3cretw0rds/\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    // Should nobody have come, this lets the proxy go home.
    drop(TcpStream::connect(&proxy.address));
    let [heard] = proxy.heard.join().unwrap().try_into().unwrap();
    assert!(heard.starts_with("CONNECT acme.bitrix24.com:443 HTTP/1.1\r\n"), "{heard}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    for secret in ["s3cretw0rds", "rest/7"] {
        assert!(!heard.contains(secret) && !said.contains(secret), "{heard}{said}");
    }
}
