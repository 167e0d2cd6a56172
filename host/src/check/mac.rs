//! What macOS itself does with programs that were downloaded, and what its managed preferences say to browsers.

use std::path::Path;

use super::browser_policy::BrowserPolicy;

/// Whether the program runs from a place that macOS made up for this one start.
///
/// Source: Apple's "App Translocation", <https://developer.apple.com/library/archive/technotes/tn2206/_index.html>
pub(super) fn is_translocated(program: &Path) -> bool {
    program.components().any(|part| part.as_os_str() == "AppTranslocation")
}

/// Whether the value of `com.apple.quarantine`, such as `0083;5f3e7a2b;Safari;`, says that the person hasn't allowed the
/// program yet. A value that can't be read keeps nothing from starting.
///
/// Source: `QTN_FLAG_USER_APPROVED` in Apple's `quarantine.h`
pub(super) fn is_quarantined(value: &[u8]) -> bool {
    const APPROVED: u32 = 0x40;
    let flags = value.split(|byte| *byte == b';').next().and_then(|flags| std::str::from_utf8(flags).ok());
    flags.and_then(|flags| u32::from_str_radix(flags, 16).ok()).is_some_and(|flags| flags & APPROVED == 0)
}

/// A browser's policies in a property list; what can't be read is the browser's business.
pub(super) fn browser_policy(list: &[u8]) -> BrowserPolicy {
    plist::from_bytes(list).unwrap_or_default()
}

#[cfg(target_os = "macos")]
mod system {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::{BrowserPolicy, browser_policy, is_quarantined, is_translocated};
    use crate::failure::Reason;
    use crate::paths;

    /// What keeps macOS from starting the program, or from finding it the next time.
    pub(in crate::check) fn obstacle(program: &Path) -> Option<Reason> {
        let mut value = [0; 256];
        let length = rustix::fs::getxattr(program, "com.apple.quarantine", &mut value).unwrap_or_default();
        match () {
            () if is_translocated(program) => Some(Reason::ProgramTranslocated),
            () if is_quarantined(value.get(..length).unwrap_or_default()) => Some(Reason::ProgramQuarantined),
            () => None,
        }
    }

    /// The policies of the browser with that bundle identifier: the person's where there are any, or else the machine's.
    pub(in crate::check) fn policy_of(bundle: &str) -> BrowserPolicy {
        const MANAGED: &str = "/Library/Managed Preferences";
        let person = paths::home().and_then(|home| home.file_name().map(|name| Path::new(MANAGED).join(name)));
        let places = person.into_iter().chain([PathBuf::from(MANAGED)]);
        let list = places.map(|folder| folder.join(format!("{bundle}.plist"))).find_map(|file| fs::read(file).ok());
        list.map(|list| browser_policy(&list)).unwrap_or_default()
    }
}

#[cfg(target_os = "macos")]
pub(super) use system::{obstacle, policy_of};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Reason;

    #[test]
    fn nm09_a_program_is_quarantined_until_the_person_allows_it() {
        for (value, expected) in [
            (&b"0081;5f3e7a2b;Safari;7A1B2C3D-0000-0000-0000-000000000000"[..], true),
            (b"0083;5f3e7a2b;Safari;", true),
            (b"00c1;5f3e7a2b;Safari;", false),
            (b"01c3;00000000;;", false),
            (b"", false),
            (b";;;", false),
            (b"xyz;1", false),
            (b"\xff\xfe", false),
            (b"ffffffffffffffff;", false),
        ] {
            assert_eq!(is_quarantined(value), expected, "{value:?}");
        }
    }

    #[test]
    fn nm09_a_place_made_up_for_one_start_is_known_by_its_name() {
        let made_up =
            "/private/var/folders/ab/cd/T/AppTranslocation/7A1B/d/Gmail Sync.app/Contents/MacOS/gmail-sync-host";
        assert!(is_translocated(Path::new(made_up)));
        assert!(!is_translocated(Path::new("/Applications/AppTranslocations/gmail-sync-host")));
    }

    #[test]
    fn nm06_managed_preferences_forbid_or_allow_the_host() {
        let list = |inner: &str| {
            let text = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict><key>Other</key><integer>7</integer>{inner}</dict></plist>"
            );
            browser_policy(text.as_bytes()).obstacle(false)
        };
        let names = |key: &str, name: &str| format!("<key>{key}</key><array><string>{name}</string></array>");
        let blocked = names("NativeMessagingBlocklist", "*");
        assert_eq!(list(&blocked), Some(Reason::BrowserPolicyBlocks));
        assert_eq!(list(&(blocked + &names("NativeMessagingAllowlist", "local.gmail_sync_bitrix24"))), None);
        assert_eq!(list("<key>NativeMessagingUserLevelHosts</key><false/>"), Some(Reason::BrowserPolicyUserLevel));
        for other in [&b""[..], b"<plist", b"bplist00", b"\xff\xff"] {
            assert_eq!(browser_policy(other), BrowserPolicy::default());
        }
    }
}
