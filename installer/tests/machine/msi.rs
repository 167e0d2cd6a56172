//! The Windows packages, installed in Wine's Windows.

mod choices;
mod linking;
mod listing;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use installer::sbom::Subject;
use installer::{Inputs, browsers, msi};

use crate::conversation::{self, Conversation};
use crate::person::Person;
use crate::signing::sign;
use crate::windows::Windows;
use crate::{Packages, bill, check, guide, inputs, later, made};

static MACHINE: Packages = Packages::by(msi::machine);
static PERSON: Packages = Packages::by(msi::person);

/// Of a program that is newer itself: Windows Installer leaves one alone whose version is no lower than what it brings.
static NEWER: Packages = Packages::by(|inputs, out| {
    let built = tempfile::tempdir()?;
    for part in fs::read_dir(&inputs.built)?.map(Result::unwrap) {
        symlink(part.path(), built.path().join(part.file_name()))?;
    }
    let program = built.path().join("gmail-sync-host.exe");
    let mut bytes = fs::read(&program)?;
    fs::remove_file(&program)?;
    let at = bytes.windows(4).position(|window| window == 0xfeef_04bd_u32.to_le_bytes()).expect("a version");
    let [major, minor, patch] =
        inputs.version.split('.').map(|part| part.parse::<u32>().unwrap()).collect::<Vec<_>>()[..]
    else {
        panic!("{}", inputs.version)
    };
    // https://learn.microsoft.com/windows/win32/api/verrsrc/ns-verrsrc-vs_fixedfileinfo
    bytes[at + 8..at + 12].copy_from_slice(&(major << 16 | minor).to_le_bytes());
    bytes[at + 12..at + 16].copy_from_slice(&(patch << 16).to_le_bytes());
    fs::write(&program, bytes)?;
    msi::machine(&Inputs { built: built.path().to_owned(), ..inputs.clone() }, out)
});

const FOR_ALL: &str = "-x64.msi";
const FOR_ONE: &str = "-x64-user.msi";

const FOLDER: &str = r"C:\Program Files\Gmail Sync for Bitrix24";
const MANIFEST: &str = r"C:\Program Files\Gmail Sync for Bitrix24\local.gmail_sync_bitrix24.json";
const CHOICES: &str = r"HKLM\Software\GmailSyncBitrix24";
const POLICY: &str = r"HKLM\Software\Policies\GmailSyncBitrix24";

/// The registry keys of all browsers, each once.
fn keys() -> BTreeSet<String> {
    browsers::table(&inputs()).unwrap().browsers.into_iter().flat_map(|browser| browser.windows).collect()
}

/// A browser's own key.
fn key(browser: &str) -> String {
    let browsers = browsers::table(&inputs()).unwrap().browsers;
    browsers.into_iter().find(|row| row.name == browser).unwrap().windows.swap_remove(0)
}

/// The folders of the machine's PATH.
fn path(windows: &Windows) -> Vec<String> {
    folders(windows.registry(r"HKLM\System\CurrentControlSet\Control\Session Manager\Environment", Some("PATH")))
}

/// Those that one person adds.
fn path_of_one(windows: &Windows) -> Vec<String> {
    folders(windows.registry(r"HKCU\Environment", Some("PATH")))
}

/// Without the empty places that Wine's installer leaves where it took a folder away.
fn folders(path: Option<String>) -> Vec<String> {
    path.unwrap_or_default().split(';').filter(|folder| !folder.is_empty()).map(str::to_owned).collect()
}

/// Follows a browser's key to the program, as the browser does, speaks with it, and has it look at what it was found by.
fn converse(windows: &Windows, root: &str, browser: &str) {
    let key = format!(r"{root}\{}", key(browser));
    let manifest = windows.registry(&key, None).expect("a key for the browser");
    let program = converse_by(windows, &manifest);
    let findings = check::findings(windows, &program, browser);
    let faults: Vec<_> = findings.iter().filter(|finding| finding.get("code").is_some()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    assert!(findings.iter().any(|finding| finding["evidence"]["registry_key"] == key.as_str()), "{findings:?}");
}

/// Follows the manifest at `path` and returns where the program is.
fn converse_by(windows: &Windows, path: &str) -> String {
    let manifest = conversation::manifest(&windows.file(path));
    assert_eq!(manifest["name"], browsers::table(&inputs()).unwrap().host.as_str());
    let folder = path.rsplit_once('\\').unwrap().0;
    let program = format!(r"{folder}\{}", manifest["path"].as_str().unwrap());
    let mut conversation = Conversation::start(windows.command([&program]), &manifest, &["--parent-window=0"]);
    assert_eq!(conversation.hello(), inputs().version);
    assert_eq!(conversation.hello_in_traps(), inputs().version);
    conversation.end();
    program
}

#[test]
fn installed_for_all_every_browser_finds_it_and_it_answers() {
    let windows = Windows::new();
    let before = path(&windows);
    assert_eq!(
        windows.msiexec(
            "/i",
            &made(FOR_ALL),
            &["PORTAL=acme.bitrix24.com", "CLIENTID=local.5f0", "CALLBACKPORT=17500"]
        ),
        0
    );
    for key in keys() {
        assert_eq!(windows.registry(&format!(r"HKLM\{key}"), None).as_deref(), Some(MANIFEST), "{key}");
    }
    converse(&windows, "HKLM", "chrome");
    assert_eq!(path(&windows), [before, vec![format!(r"{FOLDER}\")]].concat());
    let policy = |name| windows.registry(POLICY, Some(name));
    assert_eq!(policy("Portals").as_deref(), Some("acme.bitrix24.com"));
    assert_eq!(policy("ClientId").as_deref(), Some("local.5f0"));
    assert_eq!(policy("CallbackPort").as_deref(), Some("0x445c"));
    let (code, told) = windows.run([&format!(r"{FOLDER}\gmail-sync-host.exe"), "--version"]);
    assert_eq!((code, told.trim()), (0, format!("gmail-sync-host {}", inputs().version).as_str()));
}

#[test]
fn a_downgrade_is_refused_and_changes_nothing() {
    let windows = Windows::new();
    assert_eq!(windows.msiexec("/i", MACHINE.later(), &["PORTAL=acme.bitrix24.com"]), 0);
    // 1603, of which Wine keeps the last eight bits.
    assert_eq!(windows.msiexec("/i", &made(FOR_ALL), &["PORTAL=other.bitrix24.com"]), 1603 % 256);
    assert_eq!(listing::value(&windows, "DisplayVersion"), Some(later().version));
    assert_eq!(windows.registry(CHOICES, Some("Portal")).as_deref(), Some("acme.bitrix24.com"));
    converse(&windows, "HKLM", "chrome");
}

/// Wine looks for related products among the machine's alone, so that a person's own package can't be seen to refuse one.
#[test]
fn both_packages_ask_for_newer_ones_and_refuse_to_replace_them() {
    for package in [FOR_ALL, FOR_ONE].map(made) {
        let table = |name| {
            let output = Command::new("msiinfo").arg("export").arg(&package).arg(name).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        let newer = format!("{}\t\t\t2\t\tWIX_DOWNGRADE_DETECTED", inputs().version);
        assert!(table("Upgrade").contains(&newer), "{}", table("Upgrade"));
        assert!(table("LaunchCondition").contains("NOT WIX_DOWNGRADE_DETECTED"), "{}", table("LaunchCondition"));
    }
}

#[test]
fn windows_8_is_refused() {
    let windows = Windows::new();
    assert_eq!(windows.run(["winecfg", "-v", "win81"]).0, 0);
    assert_eq!(windows.msiexec("/i", &made(FOR_ALL), &[]), 1603 % 256);
    assert_eq!(listing::value(&windows, "DisplayVersion"), None);
}

#[test]
fn a_reinstallation_brings_back_what_was_deleted() {
    let windows = Windows::new();
    assert_eq!(windows.msiexec("/i", &made(FOR_ALL), &[]), 0);
    fs::remove_file(windows.file(MANIFEST)).unwrap();
    assert_eq!(windows.msiexec("/i", &made(FOR_ALL), &["REINSTALL=ALL", "REINSTALLMODE=vomus"]), 0);
    converse(&windows, "HKLM", "chrome");
}

#[test]
fn removed_it_leaves_nothing() {
    for (package, properties) in [
        (made(FOR_ALL), &["PORTAL=acme.bitrix24.com", "CLIENTID=local.1", "CALLBACKPORT=17500"][..]),
        (made(FOR_ONE), &[][..]),
    ] {
        let windows = Windows::new();
        // Windows Installer keeps books from its first use on.
        let before = windows.contents();
        assert_eq!(windows.msiexec("/i", &package, properties), 0);
        assert_eq!(windows.msiexec("/x", &package, &[]), 0);
        let after = windows.contents();
        let left: Vec<_> = after.difference(&before).filter(|what| !is_installers(what, &windows.user())).collect();
        assert_eq!(left, [""; 0]);
        // Wine's installer takes empty keys away upwards.
        let lost: Vec<_> = before.difference(&after).filter(|what| *what != r"HKLM\Software\\Policies").collect();
        assert_eq!(lost, [""; 0]);
    }
}

#[test]
fn a_connection_outlives_upgrade_and_removal_until_one_with_purge() {
    let windows = Windows::new();
    // Windows Installer keeps books from its first use on.
    let before = windows.contents();
    let program = |arguments: &[&str]| {
        windows.command([&[r"C:\Program Files\Gmail Sync for Bitrix24\gmail-sync-host.exe"], arguments].concat())
    };
    assert_eq!(windows.msiexec("/i", &made(FOR_ALL), &[]), 0);
    let person = Person::new();
    person.connect(&program);
    assert!(person.is_connected(&program));
    let manifest = conversation::manifest(&windows.file(MANIFEST));
    let start = || Conversation::start(program(&[]), &manifest, &["--parent-window=0"]);
    let file = || fs::read(windows.file(&format!(r"{FOLDER}\gmail-sync-host.exe"))).unwrap();
    let old = file();
    let mut running = start();
    running.hello();
    // 3010: done when Windows has restarted. Wine leaves the old program in its place until then.
    assert_eq!(windows.msiexec("/i", NEWER.later(), &[]), 3010 % 256);
    running.hello();
    running.end();
    assert_eq!(windows.run(["wineboot", "--restart"]).0, 0);
    assert!(file() != old, "the next start is the new one");
    let mut next = start();
    next.hello();
    next.end();
    assert!(person.is_connected(&program), "after the upgrade");
    assert_eq!(windows.msiexec("/x", NEWER.later(), &[]), 0);
    assert_eq!(windows.msiexec("/i", &made(FOR_ALL), &[]), 0);
    assert!(person.is_connected(&program), "after a removal");
    assert_ne!(windows.credentials(), [""; 0]);
    assert_eq!(windows.msiexec("/x", &made(FOR_ALL), &["PURGE=1"]), 0);
    assert_eq!(windows.credentials(), [""; 0]);
    let after = windows.contents();
    let left: Vec<_> = after.difference(&before).filter(|what| !is_installers(what, &windows.user())).collect();
    assert_eq!(left, [""; 0]);
}

/// Folders of Windows' own, which a fresh Wine lacks until an installer needs them, and the keys that books of products are kept in.
fn is_installers(what: &str, user: &str) -> bool {
    let own = ["Temp", "AppData/Roaming/Microsoft/Installer", "AppData/Local/Programs"]
        .map(|folder| format!("users/{user}/{folder}"));
    let is_folder = |path| own.iter().any(|folder| folder == path) || path == "windows/Installer";
    what.strip_prefix("drive_c/").is_some_and(is_folder) || is_shelf(what)
}

/// A key of Windows Installer's that says nothing of any product: those are named by their codes.
fn is_shelf(what: &str) -> bool {
    let is_code = |name: &str| name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let names: Vec<_> = what.split(r"\\").collect();
    let is_value = what.contains(": ");
    names.contains(&"Installer") && !is_value && !names.into_iter().any(is_code)
}

#[test]
fn one_person_can_install_it_without_touching_the_machine() {
    let windows = Windows::new();
    let ours = |what: &String| what.starts_with("HKLM") && what.contains("itrix24");
    // The books of Windows Installer and of Wine.
    let books = |what: &String| [r"\\Installer\\", r"\\Uninstall\\"].iter().any(|book| what.contains(book));
    let machine =
        |contents: BTreeSet<String>| contents.into_iter().filter(|what| ours(what) && !books(what)).collect::<Vec<_>>();
    let own = format!(r"C:\users\{}\AppData\Local\Programs\Gmail Sync for Bitrix24\", windows.user());
    assert_eq!(path_of_one(&windows), [""; 0]);
    assert_eq!(windows.msiexec("/i", &made(FOR_ONE), &[]), 0);
    for key in keys() {
        let path = windows.registry(&format!(r"HKCU\{key}"), None).expect("a key for each browser");
        assert!(path.starts_with(&own), "{path}");
    }
    converse(&windows, "HKCU", "chrome");
    assert_eq!(path_of_one(&windows), [own.as_str()]);
    assert_eq!(windows.msiexec("/i", PERSON.later(), &[]), 0);
    converse(&windows, "HKCU", "chrome");
    assert_eq!(path_of_one(&windows), [own.as_str()]);
    assert_eq!(listing::value(&windows, "DisplayVersion"), Some(later().version));
    assert_eq!(machine(windows.contents()), [""; 0]);
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    for (ending, packages) in [(FOR_ALL, &MACHINE), (FOR_ONE, &PERSON)] {
        assert!(fs::read(made(ending)).unwrap() == fs::read(packages.again()).unwrap(), "{ending}");
    }
}

#[test]
fn the_program_tells_windows_its_version_and_has_an_icon() {
    let text = Command::new("x86_64-w64-mingw32-objdump")
        .args(["--section=.rsrc", "--full-contents"])
        .arg(inputs().built.join("gmail-sync-host.exe"))
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&text.stdout).contains(".rsrc"));
    let program = fs::read(inputs().built.join("gmail-sync-host.exe")).unwrap();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    for text in ["Gmail Sync for Bitrix24, native messaging host", &inputs().version, "gmail-sync-host.exe"] {
        let bytes = wide(text);
        assert!(program.windows(bytes.len()).any(|window| window == bytes), "{text}");
    }
    let picture = fs::read(inputs().project.join("extension/icons/48.png")).unwrap();
    assert!(program.windows(picture.len()).any(|window| window == picture), "the icon");
}

#[test]
fn the_program_needs_only_what_every_windows_has() {
    let output = Command::new("x86_64-w64-mingw32-objdump")
        .arg("--private-headers")
        .arg(inputs().built.join("gmail-sync-host.exe"))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let needed: Vec<_> = text.lines().filter_map(|line| line.trim().strip_prefix("DLL Name: ")).collect();
    assert!(needed.contains(&"KERNEL32.dll"), "{needed:?}");
    // The compiler's own libraries would have to be packed.
    assert!(
        !needed.iter().any(|name| name.starts_with("libgcc") || name.contains("winpthread") || name.contains("stdc++")),
        "{needed:?}"
    );
    let traits = text.lines().find(|line| line.starts_with("DllCharacteristics")).unwrap_or_default();
    let traits = u32::from_str_radix(traits.split_whitespace().nth(1).unwrap(), 16).unwrap();
    // Dynamic base, high entropy, no execution of data.
    assert_eq!(traits & 0x0160, 0x0160, "{traits:x}");
}

#[test]
fn the_program_carries_the_list_of_its_crates() {
    bill::assert_carried(&inputs().built.join("gmail-sync-host.exe"), Subject::Windows);
}

#[test]
fn what_the_guide_shows_to_type_can_be_typed() {
    let windows = Windows::new();
    let package = windows.windows_path(&made(FOR_ALL));
    let policy =
        format!("reg import {}", windows.windows_path(&inputs().project.join("manifests/policies/windows/chrome.reg")));
    let install = guide::block("bat", "msiexec");
    let quiet = guide::block("text", "/qn");
    assert!(install.trim_end().ends_with(quiet.trim_end()), "the script and Intune say the same");
    let share = install.split_whitespace().nth(2).unwrap();
    let type_in = |line: &str| windows.run(["cmd", "/c"].into_iter().chain(line.split_whitespace()));
    assert_eq!(type_in(&install.replace(share, &package)).0, 0);
    assert_eq!(type_in(&policy).0, 0);
    let check = guide::block("bat", "reg query");
    let told: Vec<_> = check.lines().filter(|line| line.starts_with("reg")).map(|line| type_in(line).1).collect();
    assert!(told[0].contains("acme.bitrix24.com") && told[0].contains("local.0123456789abcdef.01234567"), "{told:?}");
    assert!(told[1].contains("local.gmail_sync_bitrix24"), "{told:?}");
}

#[test]
fn signing_leaves_it_installable() {
    let folder = tempfile::tempdir().unwrap();
    let signed = folder.path().join("signed.msi");
    fs::copy(made(FOR_ALL), &signed).unwrap();
    sign(&signed, &["-add-msi-dse"]);
    let windows = Windows::new();
    assert_eq!(windows.msiexec("/i", &signed, &[]), 0);
    converse(&windows, "HKLM", "chrome");
}
