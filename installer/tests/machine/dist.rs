//! The folder of packages as a person downloads it.

use std::fs;
use std::process::Command;

use installer::{checksums, deb, rpm, zip};
use serde_json::Value;

use crate::{Packages, dist, made};

#[test]
fn checksums_cover_every_file_and_are_right() {
    let check = Command::new("sha256sum").args(["--check", "--strict", checksums::NAME]).current_dir(dist()).output();
    let output = check.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    assert_eq!(text.lines().count(), fs::read_dir(dist()).unwrap().count() - 1, "{text}");
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    for (ending, packages) in
        [(".deb", Packages::by(deb::write)), (".rpm", Packages::by(rpm::write)), (".zip", Packages::by(zip::write))]
    {
        assert!(fs::read(made(ending)).unwrap() == fs::read(packages.again()).unwrap(), "{ending}");
    }
}

#[test]
fn lintian_has_nothing_to_say_but_what_is_explained() {
    // Tests run as root, which lintian remarks on.
    let mut look = Command::new("lintian");
    look.args(["--allow-root", "--fail-on=error,warning", "--tag-display-limit=0"]).arg(made(".deb"));
    let output = look.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.is_empty(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn what_the_extension_is_made_of_lies_beside_it() {
    let list: Value = serde_json::from_slice(&fs::read(made("-extension.cdx.json")).unwrap()).unwrap();
    let parts: Vec<_> = list["components"].as_array().unwrap().iter().map(|part| part["name"].as_str()).collect();
    // What its tests and its build need is not in it.
    assert_eq!(parts, [Some("preact")]);
}
