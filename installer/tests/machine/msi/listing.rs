//! What Windows lists among its programs.

use super::{FOR_ALL, FOR_ONE, Windows, converse, inputs, made};

const UNINSTALL: &str = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall";

/// A value of the one entry. Wine lists there what one person has installed, too.
pub(super) fn value(windows: &Windows, value: &str) -> Option<String> {
    let entry = entry(windows)?;
    let line = entry.lines().find(|line| line.trim_start().starts_with(&format!("{value}    ")))?;
    Some(line.split("    ").last().unwrap().trim().to_owned())
}

fn entry(windows: &Windows) -> Option<String> {
    let (_, text) = windows.run(["reg", "query", UNINSTALL, "/s", "/reg:64"]);
    let entries: Vec<_> = text.split("\nHKEY_").filter(|entry| entry.contains("Gmail Sync for Bitrix24")).collect();
    assert!(entries.len() <= 1, "{entries:?}");
    entries.first().map(|&entry| entry.to_owned())
}

/// What people and tools of administrators see: <https://learn.microsoft.com/windows/win32/msi/uninstall-registry-key>
#[test]
fn the_entry_tells_what_it_is_and_removes_it() {
    for (package, root) in [(made(FOR_ALL), "HKLM"), (made(FOR_ONE), "HKCU")] {
        let windows = Windows::new();
        assert_eq!(windows.msiexec("/i", &package, &[]), 0);
        let told = |name| value(&windows, name).unwrap_or_else(|| panic!("no {name}: {:?}", entry(&windows)));
        assert_eq!(told("DisplayName"), "Gmail Sync for Bitrix24");
        assert_eq!(told("DisplayVersion"), inputs().version);
        assert_eq!(told("Publisher"), "Gmail Sync for Bitrix24 contributors");
        assert_eq!(told("Comments"), "The native messaging host of the browser extension Gmail Sync for Bitrix24");
        assert_eq!(told("NoModify"), "0x1", "there is nothing to choose");
        assert_eq!(value(&windows, "NoRepair"), None);
        // A picture and a size are Windows' own to add; Wine adds none.
        converse(&windows, root, "chrome");
        let remove = told("UninstallString");
        let product = remove.split_at(remove.find('{').expect("a product")).1;
        assert!(remove.to_ascii_lowercase().starts_with("msiexec"), "{remove}");
        assert_eq!(windows.run(["msiexec", "/x", product, "/qn"]).0, 0);
        assert_eq!(entry(&windows), None);
    }
}
