//! The packed program itself: how it is linked, and what it carries.

use std::process::Command;

use installer::sbom::Subject;

use crate::{bill, inputs};

/// The oldest glibc that the packages promise to run on: Debian 12, Ubuntu 22.04, Fedora 36, RHEL 9.
const OLDEST_GLIBC: (u32, u32) = (2, 34);

fn readelf(argument: &str) -> String {
    let output = Command::new("readelf")
        .args(["--wide", argument])
        .arg(inputs().built.join("gmail-sync-host"))
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn it_is_hardened() {
    assert!(readelf("--file-header").contains("DYN (Position-Independent Executable file)"));
    let segments = readelf("--program-headers");
    assert!(segments.contains("GNU_RELRO"), "{segments}");
    let stack = segments.lines().find(|line| line.trim_start().starts_with("GNU_STACK")).unwrap();
    assert!(stack.contains(" RW ") && !stack.contains("RWE"), "{stack}");
    let dynamic = readelf("--dynamic");
    assert!(dynamic.contains("BIND_NOW") || dynamic.contains("NOW PIE"), "{dynamic}");
    assert!(!dynamic.contains("RPATH") && !dynamic.contains("RUNPATH"), "{dynamic}");
}

#[test]
fn it_runs_on_the_oldest_promised_system() {
    let versions = readelf("--version-info");
    let needed = versions.split("Name: GLIBC_").skip(1).filter_map(|rest| {
        let (major, rest) = rest.split_once('.')?;
        let minor = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    });
    let newest = needed.max().expect("it needs some glibc");
    assert!(newest <= OLDEST_GLIBC, "it needs glibc {newest:?}");
}

#[test]
fn it_needs_no_library_but_the_compilers_and_glibc() {
    let dynamic = readelf("--dynamic");
    let libraries: Vec<_> = dynamic
        .lines()
        .filter(|line| line.contains("(NEEDED)"))
        .filter_map(|line| line.split(['[', ']']).nth(1))
        .collect();
    for library in &libraries {
        assert!(
            ["libc.so.6", "libgcc_s.so.1", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"]
                .contains(library),
            "{libraries:?}"
        );
    }
}

#[test]
fn it_carries_the_list_of_its_crates() {
    bill::assert_carried(&inputs().built.join("gmail-sync-host"), Subject::Linux);
}

#[test]
fn it_tells_nothing_of_the_machine_it_was_built_on() {
    let program = std::fs::read(inputs().built.join("gmail-sync-host")).unwrap();
    let holds = |text: &str| program.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(!holds(".cargo/registry"), "a folder of cargo's");
    assert!(!holds(inputs().project.to_str().unwrap()), "the project's folder");
}
