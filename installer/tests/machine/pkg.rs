//! The macOS package, taken apart by programs that know nothing of the code that wrote it. No Mac has seen it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use apple_bom::ParsedBom;
use goblin::mach::constants::cputype::{CPU_TYPE_ARM64, CPU_TYPE_X86_64};
use goblin::mach::load_command::{CommandVariant, LinkeditDataCommand};
use goblin::mach::{Mach, MachO};
use installer::files::{self, Kind};
use installer::sbom::Subject;
use installer::{browsers, pkg};
use roxmltree::Document;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::copy::Machine;
use crate::{Packages, bill, conversation, inputs, made};

static PACKAGES: Packages = Packages::by(pkg::write);

const FOLDER: &str = "/Library/Application Support/gmail-sync-bitrix24";
const PROGRAM: &str = "/Library/Application Support/gmail-sync-bitrix24/gmail-sync-host";
const LINK: &str = "/usr/local/bin/gmail-sync-host";

fn output(program: &str, words: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(words).output().unwrap();
    assert!(output.status.success(), "{program} {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The package unpacked, and its payload and scripts below it.
fn unpacked(package: &Path) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    output("bsdtar", &["-xf", package.to_str().unwrap(), "-C", &at("")]);
    for part in ["Payload", "Scripts"] {
        fs::create_dir(at(&format!("{part}.d"))).unwrap();
        output("bsdtar", &["-xpf", &at(&format!("component.pkg/{part}")), "-C", &at(&format!("{part}.d"))]);
    }
    folder
}

/// What the package must install: the listed files, the manifests, and what removes them.
fn wanted() -> BTreeSet<String> {
    let inputs = inputs();
    let listed = files::of(&inputs, Kind::Pkg).unwrap().into_iter().map(|file| file.target);
    let manifests = browsers::table(&inputs).unwrap().browsers.into_iter().map(|browser| browser.macos);
    listed.chain(manifests).chain([format!("{FOLDER}/uninstall.sh")]).collect()
}

/// Fails unless that is everything, whose paths begin with a full stop, and each file has its mode.
fn assert_all(found: impl IntoIterator<Item = (String, u32)>) {
    let found: BTreeMap<_, _> = found.into_iter().filter(|(_, mode)| mode & 0o170_000 == 0o100_000).collect();
    let programs = [PROGRAM.to_owned(), format!("{FOLDER}/uninstall.sh")];
    let wanted = wanted().into_iter().map(|path| {
        let mode = if programs.contains(&path) { 0o100_755 } else { 0o100_644 };
        (format!(".{path}"), mode)
    });
    assert_eq!(found, wanted.collect());
}

#[test]
fn archives_are_what_two_readers_take_them_for() {
    let package = made(".pkg");
    let path = package.to_str().unwrap();
    // Both compare checksums.
    let names = String::from_utf8(output("bsdtar", &["-tf", path])).unwrap();
    let parts = ["Bom", "PackageInfo", "Payload", "Scripts"].map(|part| format!("component.pkg/{part}"));
    assert_eq!(
        names.lines().collect::<Vec<_>>(),
        [&["Distribution", "component.pkg"][..], &parts.each_ref().map(String::as_str)].concat()
    );
    let told = String::from_utf8(output("7z", &["t", path])).unwrap();
    assert!(told.contains("Type = Xar") && told.contains("Everything is Ok"), "{told}");
    let folder = unpacked(&package);
    let payload = folder.path().join("component.pkg/Payload");
    let list = "gzip -dc \"$1\" | cpio --quiet --list --verbose --numeric-uid-gid";
    let list = String::from_utf8(output("sh", &["-c", list, "sh", payload.to_str().unwrap()])).unwrap();
    let owners = list.lines().map(|line| line.split_whitespace().skip(2).take(2).collect::<Vec<_>>());
    assert!(owners.into_iter().all(|owner| owner == ["0", "0"]), "{list}");
}

#[test]
fn it_brings_exactly_the_listed_files() {
    let folder = unpacked(&made(".pkg"));
    let root = folder.path().join("Payload.d");
    let list = output("find", &[root.to_str().unwrap(), "-printf", "./%P\t%m\t%y\n"]);
    let list = String::from_utf8(list).unwrap();
    assert_all(list.lines().map(|line| {
        let [path, mode, kind] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let kind = if kind == "f" { 0o100_000 } else { 0o040_000 };
        (path.to_owned(), kind + u32::from_str_radix(mode, 8).unwrap())
    }));
    for file in files::of(&inputs(), Kind::Pkg).unwrap() {
        let packed = fs::read(root.join(&file.target[1..])).unwrap();
        assert!(packed == fs::read(inputs().locate(&file.source)).unwrap(), "{}", file.target);
    }
}

#[test]
fn the_bill_of_materials_says_the_same() {
    let folder = unpacked(&made(".pkg"));
    let bytes = fs::read(folder.path().join("component.pkg/Bom")).unwrap();
    let bom = ParsedBom::parse(&bytes).unwrap();
    let paths = bom.paths().unwrap();
    assert_all(paths.iter().map(|path| (path.path().to_owned(), path.file_mode().into())));
    for path in paths.iter().filter(|path| path.file_mode() & 0o170_000 == 0o100_000) {
        let file = folder.path().join("Payload.d").join(path.path());
        let sum = output("cksum", &[file.to_str().unwrap()]);
        let sum = String::from_utf8(sum).unwrap();
        let sum: Vec<_> = sum.split(' ').take(2).map(|number| number.parse::<usize>().unwrap()).collect();
        assert_eq!(sum, [path.crc32().unwrap() as usize, path.size()], "{}", path.path());
    }
}

#[test]
fn descriptions_are_xml_and_agree() {
    let folder = unpacked(&made(".pkg"));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let (info, distribution) = (read("component.pkg/PackageInfo"), read("Distribution"));
    let (info, distribution) = (Document::parse(&info).unwrap(), Document::parse(&distribution).unwrap());
    let one = |document: &Document<'_>, tag: &str, attribute: &str| {
        let mut values =
            document.descendants().filter(|node| node.has_tag_name(tag)).filter_map(|node| node.attribute(attribute));
        values.next().map(str::to_owned)
    };
    let entries = output("find", &[folder.path().join("Payload.d").to_str().unwrap()]);
    let entries = entries.iter().filter(|&&byte| byte == b'\n').count().to_string();
    for (document, tag, attribute, wanted) in [
        (&info, "pkg-info", "identifier", pkg::IDENTIFIER),
        (&info, "pkg-info", "version", &inputs().version),
        (&info, "pkg-info", "install-location", "/"),
        (&info, "payload", "numberOfFiles", &entries),
        (&info, "preinstall", "file", "./preinstall"),
        (&info, "postinstall", "file", "./postinstall"),
        (&distribution, "options", "hostArchitectures", "arm64,x86_64"),
        (&distribution, "os-version", "min", "11.0"),
        (&distribution, "pkg-ref", "version", &inputs().version),
    ] {
        assert_eq!(one(document, tag, attribute).as_deref(), Some(wanted), "{tag} {attribute}");
    }
    let part = distribution.descendants().find(|node| node.has_tag_name("pkg-ref") && node.text().is_some()).unwrap();
    assert_eq!((part.attribute("id"), part.text()), (Some(pkg::IDENTIFIER), Some("#component.pkg")));
}

/// The program as it is packed: each processor's name and bytes.
fn halves() -> BTreeMap<&'static str, Vec<u8>> {
    let folder = unpacked(&made(".pkg"));
    let bytes = fs::read(folder.path().join("Payload.d").join(&PROGRAM[1..])).unwrap();
    let Mach::Fat(both) = Mach::parse(&bytes).unwrap() else { panic!("it is for one processor only") };
    let halves = both.arches().unwrap().into_iter().map(|half| {
        let name = match half.cputype() {
            CPU_TYPE_ARM64 => "arm64",
            CPU_TYPE_X86_64 => "x86_64",
            other => panic!("processor {other}"),
        };
        (name, half.slice(&bytes).to_owned())
    });
    halves.collect()
}

fn read(half: &[u8]) -> MachO<'_> {
    MachO::parse(half, 0).unwrap()
}

#[test]
fn the_program_is_for_both_processors_and_asks_only_for_what_every_mac_has() {
    let halves = halves();
    assert_eq!(halves.keys().copied().collect::<Vec<_>>(), ["arm64", "x86_64"]);
    for (processor, half) in halves {
        let program = read(&half);
        let libraries = program.libs.iter().filter(|&&name| name != "self");
        for library in libraries {
            assert!(
                ["/usr/lib/lib", "/System/Library/Frameworks/"].iter().any(|place| library.starts_with(place)),
                "{processor}: {library}"
            );
        }
        assert_eq!(program.rpaths, [""; 0], "{processor}");
        let oldest = program.load_commands.iter().find_map(|command| match &command.command {
            CommandVariant::BuildVersion(build) => Some((build.platform, build.minos >> 16, build.minos >> 8 & 0xff)),
            _ => None,
        });
        // 1: macOS.
        assert_eq!(oldest, Some((1, 11, 0)), "{processor}");
        // MH_PIE
        assert_ne!(program.header.flags & 0x20_0000, 0, "{processor}");
    }
}

#[test]
fn the_arm_half_is_signed_as_its_processor_demands() {
    let bytes = &halves()["arm64"];
    let signature = read(bytes).load_commands.iter().find_map(|command| match command.command {
        CommandVariant::CodeSignature(LinkeditDataCommand { dataoff, datasize, .. }) => Some((dataoff, datasize)),
        _ => None,
    });
    let (at, size) = signature.expect("a signature");
    assert_eq!(directory_faults(bytes, at as usize, size as usize), [""; 0]);
}

/// Compares the hash of each page with the one in the signature's code directory, as the kernel does before it runs a page.
///
/// The format: `osfmk/kern/cs_blobs.h` of <https://github.com/apple-oss-distributions/xnu>
fn directory_faults(bytes: &[u8], at: usize, size: usize) -> Vec<String> {
    let blob = &bytes[at..at + size];
    let number = |at: usize| u32::from_be_bytes(blob[at..at + 4].try_into().unwrap()) as usize;
    // A super blob holds an index of blobs by type; type 0 is the directory.
    assert_eq!(number(0), 0xfade_0cc0);
    let rows = (0..number(8)).map(|row| (number(12 + row * 8), number(16 + row * 8)));
    let (_, start) = rows.into_iter().find(|&(kind, _)| kind == 0).expect("a code directory");
    let of = |field: usize| number(start + field);
    assert_eq!(of(0), 0xfade_0c02);
    let (hashes, count, limit) = (of(16), of(28), of(32));
    let (hash_size, hash_type, page) = (blob[start + 36] as usize, blob[start + 37], 1 << blob[start + 39]);
    // SHA-256, over everything before the signature.
    assert_eq!((hash_size, hash_type, limit), (32, 2, at));
    assert_eq!(count, limit.div_ceil(page));
    let pages = bytes[..limit].chunks(page).enumerate();
    let wrong = pages.filter(|(index, page)| {
        let stored = &blob[start + hashes + index * 32..][..32];
        stored != Sha256::digest(page).as_slice()
    });
    wrong.map(|(index, _)| format!("page {index}")).collect()
}

#[test]
fn each_half_carries_the_list_of_its_crates() {
    for half in halves().values() {
        bill::assert_carried_in(half, Subject::Macos);
    }
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    assert!(fs::read(made(".pkg")).unwrap() == fs::read(PACKAGES.again()).unwrap());
}

/// Puts the package into a copy of this machine as Installer does, with its own scripts. The program can't run here: a stand-in
/// takes its place if there is one.
fn install(machine: &Machine, package: &Path) {
    let package = machine.show(package);
    let script = r#"
        set -eu
        work=$(mktemp -d)
        bsdtar -xf "$1" -C "$work"
        mkdir "$work/scripts"
        bsdtar -xpf "$work/component.pkg/Scripts" -C "$work/scripts"
        "$work/scripts/preinstall" "$1" / / /
        bsdtar -xpf "$work/component.pkg/Payload" -C /
        [ ! -e /mnt/stand-in ] || cp /mnt/stand-in "$2"
        "$work/scripts/postinstall" "$1" / / /
        rm -rf "$work"
    "#;
    machine.run([Path::new("sh"), Path::new("-c"), Path::new(script), Path::new("sh"), &package, Path::new(PROGRAM)]);
}

/// A machine with what a new Mac has and this one hasn't, and without what it has not: `/usr/local/bin`. A stand-in tells what it
/// was asked for.
fn mac() -> Machine {
    let machine = Machine::new();
    machine.run(["rm", "-rf", "/usr/local/bin"]);
    for name in ["pkgutil", "sudo"] {
        let write = format!(
            "printf '#!/bin/sh\\necho {name} \"$@\" >> /mnt/said\\n' > /usr/local/sbin/{name}; chmod +x /usr/local/sbin/{name}"
        );
        machine.run(["sh", "-c", &format!("mkdir -p /usr/local/sbin '/Library/Application Support'; {write}")]);
    }
    machine
}

fn remove(machine: &Machine, words: &[&str]) -> String {
    let path = "PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin";
    machine.run([&["env", "SUDO_USER=ann", path, &format!("{FOLDER}/uninstall.sh")], words].concat());
    machine.run(["cat", "/mnt/said"])
}

#[test]
fn installed_upgraded_and_removed_it_leaves_nothing() {
    let machine = mac();
    let before = machine.changes();
    install(&machine, &made(".pkg"));
    let table = browsers::table(&inputs()).unwrap();
    for browser in &table.browsers {
        let manifest: serde_json::Value = serde_json::from_str(&machine.run(["cat", &browser.macos])).unwrap();
        assert_eq!(manifest, conversation::manifest(&inputs().locate(&format!("built/macos/{}.json", table.host))));
        machine.run(["test", "-x", manifest["path"].as_str().unwrap()]);
    }
    assert_eq!(machine.run(["readlink", LINK]), format!("{PROGRAM}\n"));
    machine.run(["touch", &format!("{FOLDER}/of-an-older-version")]);
    install(&machine, PACKAGES.later());
    assert_eq!(machine.run(["find", FOLDER, "-name", "of-an-*"]), "", "what a new version doesn't bring goes");
    assert_eq!(remove(&machine, &[]), format!("pkgutil --forget {}\n", pkg::IDENTIFIER));
    let left: Vec<_> = machine.changes().difference(&before).cloned().collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn installed_beside_others_it_spares_them() {
    let machine = mac();
    let other = "/Library/Google/Chrome/NativeMessagingHosts/other.json";
    machine.run([
        "sh",
        "-c",
        &format!("mkdir -p /usr/local/bin \"$(dirname {other})\"; echo '{{}}' > {other}; echo theirs > {LINK}"),
    ]);
    install(&machine, &made(".pkg"));
    let said = remove(&machine, &["--purge"]);
    assert!(said.starts_with(&format!("sudo -u ann -H {PROGRAM} purge --yes\n")), "{said}");
    assert_eq!(machine.run(["cat", other, LINK]), "{}\ntheirs\n");
}

#[test]
fn installed_it_is_not_purged_for_nobody() {
    let machine = mac();
    install(&machine, &made(".pkg"));
    let remove = format!("{FOLDER}/uninstall.sh");
    for words in [&["env", "SUDO_USER=root", &remove, "--purge"][..], &[&remove, "--everything"]] {
        let mut refused = machine.command(words);
        assert!(!refused.stdin(Stdio::null()).stderr(Stdio::null()).status().unwrap().success());
    }
    machine.run(["test", "-x", PROGRAM]);
}

#[test]
fn installed_where_a_profile_is_it_registers_what_the_profile_adds() {
    let machine = mac();
    let stand_in = r#"
        printf '#!/bin/sh\necho "$@" >> /mnt/said; touch "$GMAIL_SYNC_HOME/log"\n' > /mnt/stand-in
        chmod +x /mnt/stand-in
    "#;
    machine.run(["sh", "-c", stand_in]);
    install(&machine, &made(".pkg"));
    assert_eq!(machine.run(["sh", "-c", "cat /mnt/said || true"]), "", "without a profile");
    machine.run([
        "sh",
        "-c",
        "mkdir \"$0\" && touch \"$0/local.gmail-sync-bitrix24.plist\"",
        "/Library/Managed Preferences",
    ]);
    install(&machine, PACKAGES.later());
    assert_eq!(machine.run(["cat", "/mnt/said"]), "register --system\n");
    let changes = machine.changes();
    assert!(!changes.iter().any(|path| path.starts_with("/tmp/")), "{changes:?}");
    // One that fails, as a profile that can't be read makes it, is no reason not to install.
    machine.run(["sh", "-c", "printf '#!/bin/sh\\nexit 1\\n' > /mnt/stand-in"]);
    install(&machine, PACKAGES.later());
}

#[test]
fn scripts_are_shell() {
    let inputs = inputs();
    for script in ["preinstall", "postinstall", "uninstall.sh", "build.sh"] {
        let path = inputs.project.join("installer/macos").join(script);
        let shell = if script == "build.sh" { "bash" } else { "dash" };
        output(shell, &["-n", path.to_str().unwrap()]);
    }
}
