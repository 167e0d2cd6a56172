//! Signatures for Windows, by a certificate made up for the occasion.

use std::path::Path;
use std::process::Command;

/// Signs a program or package in its place, with these words more for osslsigncode.
pub(crate) fn sign(file: &Path, more: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let run = |program: &str, words: &[&str]| {
        let output = Command::new(program).args(words).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(
        "openssl",
        &[
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-subj",
            "/CN=test", "-days", "2",
        ],
    );
    let keys = ["sign", "-certs", "cert.pem", "-key", "key.pem"];
    let files = ["-in", file.to_str().unwrap(), "-out", "signed"];
    run("osslsigncode", &[&keys[..], more, &files].concat());
    std::fs::copy(folder.path().join("signed"), file).unwrap();
}
