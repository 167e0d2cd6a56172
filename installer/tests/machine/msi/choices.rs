//! What was chosen on the command line, and the next version keeps.

use super::{
    CHOICES, FOLDER, FOR_ALL, FOR_ONE, MACHINE, PERSON, POLICY, Windows, converse, converse_by, key, later, listing,
    made, path, path_of_one,
};

/// The browsers out of these whose own key leads to the host.
fn registered(windows: &Windows, root: &str) -> Vec<&'static str> {
    let is_there = |browser: &&str| windows.registry(&format!(r"{root}\{}", key(browser)), None).is_some();
    ["chrome", "chromium", "edge", "brave", "vivaldi"].into_iter().filter(is_there).collect()
}

/// Portals, client id and port, as the host reads them.
fn policy(windows: &Windows) -> [Option<String>; 3] {
    ["Portals", "ClientId", "CallbackPort"].map(|name| windows.registry(POLICY, Some(name)))
}

fn some(texts: [&str; 3]) -> [Option<String>; 3] {
    texts.map(|text| Some(text.to_owned()))
}

const FIRST: [&str; 5] = [
    "PORTAL=acme.bitrix24.com",
    "CLIENTID=local.1",
    "CALLBACKPORT=17500",
    r"INSTALLDIR=C:\Büro Tools\Host",
    "BROWSERS=edge",
];

#[test]
fn an_upgrade_keeps_every_choice() {
    let windows = Windows::new();
    assert_eq!(windows.msiexec("/i", &made(FOR_ALL), &FIRST), 0);
    let chosen = (policy(&windows), registered(&windows, "HKLM"), path(&windows));
    assert_eq!(chosen.0, some(["acme.bitrix24.com", "local.1", "0x445c"]));
    assert_eq!(chosen.1, ["edge"]);
    assert_eq!(windows.msiexec("/i", MACHINE.later(), &[]), 0);
    assert_eq!(listing::value(&windows, "DisplayVersion"), Some(later().version));
    assert_eq!((policy(&windows), registered(&windows, "HKLM"), path(&windows)), chosen);
    assert!(!windows.file(FOLDER).exists());
    // Wine's console has no letters for the whole of it.
    let found = windows.registry(&format!(r"HKLM\{}", key("edge")), None).unwrap();
    assert!(found.ends_with(r"ro Tools\Host\local.gmail_sync_bitrix24.json"), "{found}");
    converse_by(&windows, r"C:\Büro Tools\Host\local.gmail_sync_bitrix24.json");
}

#[test]
fn the_command_line_wins_over_every_choice() {
    let windows = Windows::new();
    let before = path(&windows);
    assert_eq!(windows.msiexec("/i", &made(FOR_ALL), &FIRST), 0);
    let second = [
        "PORTAL=other.bitrix24.com",
        "CLIENTID=local.2",
        "CALLBACKPORT=17501",
        r"INSTALLDIR=C:\Tools\Host",
        "BROWSERS=vivaldi,chromium",
    ];
    assert_eq!(windows.msiexec("/i", MACHINE.later(), &second), 0);
    assert_eq!(policy(&windows), some(["other.bitrix24.com", "local.2", "0x445d"]));
    // Vivaldi reads Chrome's, too.
    assert_eq!(registered(&windows, "HKLM"), ["chrome", "chromium", "vivaldi"]);
    assert_eq!(path(&windows), [before, vec![r"C:\Tools\Host\".to_owned()]].concat());
    assert!(!windows.file(r"C:\Büro Tools\Host").exists());
    converse(&windows, "HKLM", "vivaldi");
    // And is what is remembered from then on.
    let remembered = ["Portal", "ClientId", "CallbackPort", "InstallDir", "Browsers"]
        .map(|name| windows.registry(CHOICES, Some(name)).unwrap());
    assert_eq!(remembered, ["other.bitrix24.com", "local.2", "17501", r"C:\Tools\Host\", "vivaldi,chromium"]);
}

#[test]
fn the_package_for_one_person_remembers_too() {
    let windows = Windows::new();
    let folder = format!(r"C:\users\{}\Tools\", windows.user());
    let first = [&format!("INSTALLDIR={folder}"), "BROWSERS=brave"];
    assert_eq!(windows.msiexec("/i", &made(FOR_ONE), &first), 0);
    assert_eq!(windows.msiexec("/i", PERSON.later(), &[]), 0);
    assert_eq!(listing::value(&windows, "DisplayVersion"), Some(later().version));
    assert_eq!(registered(&windows, "HKCU"), ["chrome", "brave"]);
    assert_eq!(path_of_one(&windows), [folder]);
    converse(&windows, "HKCU", "brave");
}

#[test]
fn an_empty_choice_is_none_and_a_removal_forgets() {
    let windows = Windows::new();
    assert_eq!(windows.msiexec("/i", &made(FOR_ALL), &["PORTAL=acme.bitrix24.com", "CLIENTID=local.1"]), 0);
    assert_eq!(windows.msiexec("/i", MACHINE.later(), &["PORTAL="]), 0);
    assert_eq!(policy(&windows), [Some("acme.bitrix24.com".to_owned()), Some("local.1".to_owned()), None]);
    assert_eq!(windows.msiexec("/x", MACHINE.later(), &[]), 0);
    assert_eq!(windows.msiexec("/i", MACHINE.later(), &["CLIENTID=local.1"]), 0);
    assert_eq!(policy(&windows), [None, Some("local.1".to_owned()), None]);
}

/// As by a double click, where what is chosen is asked before the privileged half begins.
#[test]
fn an_upgrade_with_windows_keeps_every_choice() {
    let windows = Windows::new();
    assert_eq!(windows.msiexec("/i", &made(FOR_ALL), &FIRST), 0);
    assert_eq!(windows.msiexec_with("/qf", "/i", MACHINE.later(), &[]), 0);
    assert_eq!(listing::value(&windows, "DisplayVersion"), Some(later().version));
    assert!(!windows.file(FOLDER).exists());
    assert_eq!(registered(&windows, "HKLM"), ["edge"]);
}
