//! The program `demo portal`, as others start it.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::client::{get, query};

fn portal(arguments: &[&str], input: Stdio) -> (std::process::Child, Value) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_demo"))
        .arg("portal")
        .args(arguments)
        .stdin(input)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (child, serde_json::from_str(&line).unwrap())
}

#[tokio::test]
async fn one_line_says_where_and_the_end_of_input_stops_it() {
    let (mut child, handle) = portal(&["--port", "0", "--callback", "http://127.0.0.1:1/cb?x=1"], Stdio::piped());
    let text = |name: &str| handle[name].as_str().unwrap();
    assert_eq!((text("callbackUrl"), text("approve")), ("http://127.0.0.1:1/cb?x=1", "curl -sL ADDRESS"));
    assert!(text("clientId").starts_with("local.") && text("clientSecret").len() > 30);
    let authorize = format!("{}/oauth/authorize/?client_id={}&state=s", text("baseUrl"), text("clientId"));
    let location = get(&authorize).await.location;
    assert!(location.starts_with("http://127.0.0.1:1/cb?x=1&code=") && query(&location, "state") == "s");
    assert_eq!(get(&format!("{}profile", text("webhookUrl"))).await.result()["NAME"], "Lena");
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn tls_names_its_authority_and_takes_the_file_away_again() {
    let (mut child, handle) = portal(&["--tls"], Stdio::piped());
    let file = handle["caFile"].as_str().unwrap().to_owned();
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    assert!(handle["baseUrl"].as_str().unwrap().starts_with("https://"));
    assert_eq!(handle["approve"], format!("curl -sL --cacert {file} ADDRESS"));
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert!(!std::path::Path::new(&file).exists());
}

/// As a shell starts what ends in `&`.
#[cfg(unix)]
#[tokio::test]
async fn in_the_background_it_goes_on_until_it_is_ended() {
    let (mut child, handle) = portal(&[], Stdio::null());
    let profile = format!("{}profile", handle["webhookUrl"].as_str().unwrap());
    for _ in 0..20 {
        assert_eq!(get(&profile).await.result()["NAME"], "Lena");
    }
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success());
}
