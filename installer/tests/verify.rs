//! `installer/verify`, without the build that it is about: what it compares and lists, and what it must refuse.
#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use installer::checksums;
use tempfile::TempDir;

/// The file of the source that names the authorization servers, as it is.
const PORTAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../host/src/portal.rs");

/// What of a program's bytes must be there.
const SERVERS: &str = "\0\u{1}oauth.bitrix.infooauth.bitrix24.techdomain";

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("verify")
}

/// What the script or a part of it says, and why it refuses.
fn said(command: &mut Command) -> Result<String, String> {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

/// A part of the script alone.
fn part(name: &str, of: &[&Path]) -> Result<String, String> {
    said(Command::new("bash").args(["-c", ". \"$1\"; shift; \"$@\"", "bash"]).arg(script()).arg(name).args(of))
}

/// A folder with these packages, and their sums.
fn packages(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    checksums::write(folder.path()).unwrap();
    folder
}

fn explained(program: &str, portal: &str) -> Result<String, String> {
    let folder = packages(&[("program", program), ("portal.rs", portal)]);
    part("explain_hosts", &[&folder.path().join("program"), &folder.path().join("portal.rs")])
}

#[test]
fn files_that_no_sum_vouches_for_are_refused() {
    let folder = packages(&[("host-1.deb", "a")]);
    let checked = || part("check_sums", &[folder.path()]).unwrap_err();
    // The end of another's name is no name.
    fs::write(folder.path().join("1.deb"), "b").unwrap();
    assert_eq!(checked(), "NOT VERIFIED: 1.deb is not in SHA256SUMS\n");
    fs::remove_file(folder.path().join("1.deb")).unwrap();
    fs::write(folder.path().join("host-1.deb"), "b").unwrap();
    assert!(checked().ends_with("NOT VERIFIED: a file is not what SHA256SUMS says\n"));
    let folder = packages(&[("setup.exe", "a")]);
    // The whole script, which would go on to build.
    let refused = said(Command::new(script()).arg(folder.path())).unwrap_err();
    assert_eq!(refused, "NOT VERIFIED: setup.exe is nothing that can be built here\n");
}

#[test]
fn what_is_built_again_must_be_the_same() {
    let given = packages(&[("a.deb", "a"), ("b.rpm", "b")]);
    let compared = |again: &TempDir| part("compare", &[given.path(), again.path()]);
    assert_eq!(
        compared(&packages(&[("a.deb", "a"), ("b.rpm", "b")])).unwrap(),
        "the same: SHA256SUMS\nthe same: a.deb\nthe same: b.rpm\n"
    );
    let refused = compared(&packages(&[("a.deb", "a"), ("b.rpm", "c")])).unwrap_err();
    assert!(refused.ends_with("NOT VERIFIED: b.rpm is not what this source makes\n"), "{refused}");
    // A package that the source makes, and nobody handed out.
    let refused = compared(&packages(&[("a.deb", "a"), ("b.rpm", "b"), ("c.zip", "c")])).unwrap_err();
    assert!(refused.ends_with("NOT VERIFIED: SHA256SUMS is not what this source makes\n"), "{refused}");
    let list = part("kinds_of", &[given.path()]).unwrap();
    assert_eq!(list, "deb rpm\n");
}

#[test]
fn every_host_of_a_program_has_its_explanation() {
    let portal = fs::read_to_string(PORTAL).unwrap();
    let told = explained(&format!("{SERVERS}\0https://acme.bitrix24.com/x\0https://docs.rs/y"), &portal).unwrap();
    let named: Vec<_> = told.lines().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(named, ["oauth.bitrix.info", "oauth.bitrix24.tech", "the portal", "acme.bitrix24.com", "docs.rs"]);
    for stranger in ["https://telemetry.example.com/v1", "wss://telemetry.example.com", "http://telemetry.example.com"]
    {
        let refused = explained(&format!("{SERVERS}\0{stranger}"), &portal).unwrap_err();
        assert_eq!(refused, "NOT VERIFIED: the program names telemetry.example.com, and nobody explained why\n");
    }
    let refused = explained("oauth.bitrix.info", &portal).unwrap_err();
    assert_eq!(refused, "NOT VERIFIED: the program doesn't name oauth.bitrix24.tech, the source does\n");
}

#[test]
fn authorization_servers_that_cannot_be_read_from_the_source_are_no_proof() {
    let broken =
        "const AUTHORIZATION_SERVERS: &[&str] =\n    &[\n    \"oauth.bitrix.info\",\n    \"a.example.com\",\n];\n";
    assert_eq!(
        explained(SERVERS, broken).unwrap_err(),
        "NOT VERIFIED: the program doesn't name a.example.com, the source does\n"
    );
    for none in
        ["const SERVERS: &[&str] = &[\"oauth.bitrix.info\"];", "const AUTHORIZATION_SERVERS: &[&str] = &[];", ""]
    {
        let refused = explained(SERVERS, none).unwrap_err();
        assert!(refused.contains("names no authorization servers any more"), "{refused}");
    }
}
