//! Where each browser looks for native messaging hosts, on each system: one table.
//!
//! Sources: <https://developer.chrome.com/docs/extensions/develop/concepts/native-messaging#native-messaging-host-location>,
//! <https://learn.microsoft.com/microsoft-edge/extensions/developer-guide/native-messaging>, and for the others the places
//! their users report to work.

use std::path::{Path, PathBuf};

use crate::paths;
use crate::protocol::HOST_NAME;

/// A browser of the Chromium family.
#[derive(Debug, PartialEq, Eq)]
pub struct Browser {
    /// As the command line names it.
    pub name: &'static str,
    /// As its users know it.
    pub title: &'static str,
    /// Its profile folder below `~/.config`.
    linux: &'static str,
    /// The machine's folder of host manifests; browsers without one of their own read Chrome's.
    pub linux_machine: &'static str,
    /// Where the machine's administrator puts its policies, one JSON file or several.
    pub linux_policies: &'static str,
    /// What its program files are called.
    linux_programs: &'static [&'static str],
    /// Its profile folder below `~/Library/Application Support`.
    mac: &'static str,
    /// The machine's folder of host manifests.
    pub mac_machine: &'static str,
    /// What managed preferences know it by.
    pub mac_bundle: &'static str,
    /// Its key below `HKCU` and `HKLM`, without `\NativeMessagingHosts`.
    windows: &'static str,
    /// Its profile folder below `%LOCALAPPDATA%`.
    windows_data: &'static str,
    /// The key of its policies below `HKCU` and `HKLM`.
    pub windows_policies: &'static str,
}

macro_rules! browsers {
    ($($name:literal $title:literal: $linux:literal, $linux_machine:literal, $linux_policies:literal, $linux_programs:expr, $mac:literal, $mac_machine:literal, $mac_bundle:literal, $windows:literal, $windows_data:literal, $windows_policies:literal;)*) => {
        /// All browsers the host can be registered with.
        pub const BROWSERS: &[Browser] = &[$(Browser {
            name: $name,
            title: $title,
            linux: $linux,
            linux_machine: $linux_machine,
            linux_policies: $linux_policies,
            linux_programs: &$linux_programs,
            mac: $mac,
            mac_machine: $mac_machine,
            mac_bundle: $mac_bundle,
            windows: $windows,
            windows_data: $windows_data,
            windows_policies: $windows_policies,
        }),*];
    };
}

browsers! {
    "chrome" "Google Chrome":
        "google-chrome", "/etc/opt/chrome/native-messaging-hosts", "/etc/opt/chrome/policies/managed", ["chrome", "google-chrome", "google-chrome-stable"],
        "Google/Chrome", "/Library/Google/Chrome/NativeMessagingHosts", "com.google.Chrome",
        r"Software\Google\Chrome", r"Google\Chrome\User Data", r"Software\Policies\Google\Chrome";
    "chrome-beta" "Google Chrome Beta":
        "google-chrome-beta", "/etc/opt/chrome/native-messaging-hosts", "/etc/opt/chrome/policies/managed", ["google-chrome-beta"],
        "Google/Chrome Beta", "/Library/Google/Chrome/NativeMessagingHosts", "com.google.Chrome.beta",
        r"Software\Google\Chrome", r"Google\Chrome Beta\User Data", r"Software\Policies\Google\Chrome";
    "chrome-dev" "Google Chrome Dev":
        "google-chrome-unstable", "/etc/opt/chrome/native-messaging-hosts", "/etc/opt/chrome/policies/managed", ["google-chrome-unstable"],
        "Google/Chrome Dev", "/Library/Google/Chrome/NativeMessagingHosts", "com.google.Chrome.dev",
        r"Software\Google\Chrome", r"Google\Chrome Dev\User Data", r"Software\Policies\Google\Chrome";
    "chrome-canary" "Google Chrome Canary":
        "google-chrome-canary", "/etc/opt/chrome/native-messaging-hosts", "/etc/opt/chrome/policies/managed", ["google-chrome-canary"],
        "Google/Chrome Canary", "/Library/Google/Chrome/NativeMessagingHosts", "com.google.Chrome.canary",
        r"Software\Google\Chrome", r"Google\Chrome SxS\User Data", r"Software\Policies\Google\Chrome";
    "chromium" "Chromium":
        "chromium", "/etc/chromium/native-messaging-hosts", "/etc/chromium/policies/managed", ["chromium", "chromium-browser"],
        "Chromium", "/Library/Application Support/Chromium/NativeMessagingHosts", "org.chromium.Chromium",
        r"Software\Chromium", r"Chromium\User Data", r"Software\Policies\Chromium";
    "edge" "Microsoft Edge":
        "microsoft-edge", "/etc/opt/edge/native-messaging-hosts", "/etc/opt/edge/policies/managed", ["msedge", "microsoft-edge", "microsoft-edge-stable"],
        "Microsoft Edge", "/Library/Microsoft/Edge/NativeMessagingHosts", "com.microsoft.Edge",
        r"Software\Microsoft\Edge", r"Microsoft\Edge\User Data", r"Software\Policies\Microsoft\Edge";
    "edge-beta" "Microsoft Edge Beta":
        "microsoft-edge-beta", "/etc/opt/edge/native-messaging-hosts", "/etc/opt/edge/policies/managed", ["microsoft-edge-beta"],
        "Microsoft Edge Beta", "/Library/Microsoft/Edge/NativeMessagingHosts", "com.microsoft.Edge.Beta",
        r"Software\Microsoft\Edge", r"Microsoft\Edge Beta\User Data", r"Software\Policies\Microsoft\Edge";
    "edge-dev" "Microsoft Edge Dev":
        "microsoft-edge-dev", "/etc/opt/edge/native-messaging-hosts", "/etc/opt/edge/policies/managed", ["microsoft-edge-dev"],
        "Microsoft Edge Dev", "/Library/Microsoft/Edge/NativeMessagingHosts", "com.microsoft.Edge.Dev",
        r"Software\Microsoft\Edge", r"Microsoft\Edge Dev\User Data", r"Software\Policies\Microsoft\Edge";
    "edge-canary" "Microsoft Edge Canary":
        "microsoft-edge-canary", "/etc/opt/edge/native-messaging-hosts", "/etc/opt/edge/policies/managed", ["microsoft-edge-canary"],
        "Microsoft Edge Canary", "/Library/Microsoft/Edge/NativeMessagingHosts", "com.microsoft.Edge.Canary",
        r"Software\Microsoft\Edge", r"Microsoft\Edge SxS\User Data", r"Software\Policies\Microsoft\Edge";
    "brave" "Brave":
        "BraveSoftware/Brave-Browser", "/etc/opt/chrome/native-messaging-hosts", "/etc/brave/policies/managed", ["brave", "brave-browser"],
        "BraveSoftware/Brave-Browser", "/Library/Google/Chrome/NativeMessagingHosts", "com.brave.Browser",
        r"Software\BraveSoftware\Brave-Browser", r"BraveSoftware\Brave-Browser\User Data", r"Software\Policies\BraveSoftware\Brave";
    "brave-beta" "Brave Beta":
        "BraveSoftware/Brave-Browser-Beta", "/etc/opt/chrome/native-messaging-hosts", "/etc/brave/policies/managed", ["brave-browser-beta"],
        "BraveSoftware/Brave-Browser-Beta", "/Library/Google/Chrome/NativeMessagingHosts", "com.brave.Browser.beta",
        r"Software\BraveSoftware\Brave-Browser", r"BraveSoftware\Brave-Browser-Beta\User Data", r"Software\Policies\BraveSoftware\Brave";
    "brave-nightly" "Brave Nightly":
        "BraveSoftware/Brave-Browser-Nightly", "/etc/opt/chrome/native-messaging-hosts", "/etc/brave/policies/managed", ["brave-browser-nightly"],
        "BraveSoftware/Brave-Browser-Nightly", "/Library/Google/Chrome/NativeMessagingHosts", "com.brave.Browser.nightly",
        r"Software\BraveSoftware\Brave-Browser", r"BraveSoftware\Brave-Browser-Nightly\User Data", r"Software\Policies\BraveSoftware\Brave";
    "vivaldi" "Vivaldi":
        "vivaldi", "/etc/opt/vivaldi/native-messaging-hosts", "/etc/opt/vivaldi/policies/managed", ["vivaldi-bin", "vivaldi"],
        "Vivaldi", "/Library/Google/Chrome/NativeMessagingHosts", "com.vivaldi.Vivaldi",
        r"Software\Vivaldi", r"Vivaldi\User Data", r"Software\Policies\Vivaldi";
    "vivaldi-snapshot" "Vivaldi Snapshot":
        "vivaldi-snapshot", "/etc/opt/vivaldi/native-messaging-hosts", "/etc/opt/vivaldi/policies/managed", ["vivaldi-snapshot"],
        "Vivaldi Snapshot", "/Library/Google/Chrome/NativeMessagingHosts", "com.vivaldi.Vivaldi.snapshot",
        r"Software\Vivaldi", r"Vivaldi Snapshot\User Data", r"Software\Policies\Vivaldi";
    "opera" "Opera":
        "opera", "/etc/chromium/native-messaging-hosts", "/etc/chromium/policies/managed", ["opera"],
        "com.operasoftware.Opera", "/Library/Google/Chrome/NativeMessagingHosts", "com.operasoftware.Opera",
        r"Software\Google\Chrome", r"..\Roaming\Opera Software\Opera Stable", r"Software\Policies\Opera Software\Opera";
    "opera-beta" "Opera Beta":
        "opera-beta", "/etc/chromium/native-messaging-hosts", "/etc/chromium/policies/managed", ["opera-beta"],
        "com.operasoftware.OperaNext", "/Library/Google/Chrome/NativeMessagingHosts", "com.operasoftware.OperaNext",
        r"Software\Google\Chrome", r"..\Roaming\Opera Software\Opera Next", r"Software\Policies\Opera Software\Opera";
    "opera-developer" "Opera Developer":
        "opera-developer", "/etc/chromium/native-messaging-hosts", "/etc/chromium/policies/managed", ["opera-developer"],
        "com.operasoftware.OperaDeveloper", "/Library/Google/Chrome/NativeMessagingHosts", "com.operasoftware.OperaDeveloper",
        r"Software\Google\Chrome", r"..\Roaming\Opera Software\Opera Developer", r"Software\Policies\Opera Software\Opera";
}

/// A packaging that keeps a browser from starting programs outside of itself.
#[derive(Debug, PartialEq, Eq)]
pub struct Sandboxed {
    /// The folder below the home folder that tells it is installed and was used.
    pub folder: &'static str,
    /// As its users know it.
    pub title: &'static str,
    /// `Snap` or `Flatpak`.
    pub kind: &'static str,
}

macro_rules! sandboxed {
    ($($kind:literal $title:literal $folder:literal;)*) => {
        /// The packagings of browsers with which the host can't work, on Linux.
        pub const SANDBOXED: &[Sandboxed] = &[$(Sandboxed { folder: $folder, title: $title, kind: $kind }),*];
    };
}

sandboxed! {
    "Snap" "Chromium" "snap/chromium";
    "Snap" "Brave" "snap/brave";
    "Snap" "Opera" "snap/opera";
    "Snap" "Vivaldi" "snap/vivaldi";
    "Flatpak" "Chromium" ".var/app/org.chromium.Chromium";
    "Flatpak" "Google Chrome" ".var/app/com.google.Chrome";
    "Flatpak" "Brave" ".var/app/com.brave.Browser";
    "Flatpak" "Microsoft Edge" ".var/app/com.microsoft.Edge";
    "Flatpak" "Vivaldi" ".var/app/com.vivaldi.Vivaldi";
    "Flatpak" "Opera" ".var/app/com.opera.Opera";
}

impl Browser {
    /// The browser of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        BROWSERS.iter().find(|browser| browser.name == name)
    }

    /// The folder it keeps profiles in, if the person has a home folder.
    #[must_use]
    pub fn user_data(&self) -> Option<PathBuf> {
        let below = match () {
            () if cfg!(target_os = "macos") => self.mac,
            () if cfg!(windows) => self.windows_data,
            () => self.linux,
        };
        paths::browser_profiles().map(|folder| folder.join(below))
    }

    /// Where it finds the manifest that the person registered: a file, except on Windows.
    #[must_use]
    pub fn user_manifest(&self) -> Option<PathBuf> {
        if cfg!(windows) {
            return None;
        }
        self.user_data().map(|folder| manifest_below(&folder))
    }

    /// Where it finds the manifest that the machine's administrator registered: a file, except on Windows.
    #[must_use]
    pub fn machine_manifest(&self) -> Option<PathBuf> {
        let folder = match () {
            () if cfg!(target_os = "macos") => self.mac_machine,
            () if cfg!(windows) => return None,
            () => self.linux_machine,
        };
        Some(Path::new(folder).join(file_name()))
    }

    /// The browser whose program on Linux has that file name.
    #[must_use]
    pub fn started_by(program: &str) -> Option<&'static Self> {
        BROWSERS.iter().find(|browser| browser.linux_programs.contains(&program))
    }

    /// The keys by which it finds hosts on Windows, its own first. Its users report Brave and Vivaldi to read Chrome's.
    #[must_use]
    pub fn registry_keys(&self) -> Vec<String> {
        let own = self.registry_key();
        let chromes = BROWSERS.first().filter(|_| self.name.starts_with("brave") || self.name.starts_with("vivaldi"));
        [own].into_iter().chain(chromes.map(Self::registry_key)).collect()
    }

    /// Its key on Windows, below `HKCU` or `HKLM`; the default value is the manifest's path.
    #[must_use]
    pub fn registry_key(&self) -> String {
        format!(r"{}\NativeMessagingHosts\{HOST_NAME}", self.windows)
    }
}

/// Where a browser with that profile folder (`--user-data-dir`) finds the manifest.
#[must_use]
pub fn manifest_below(user_data: &Path) -> PathBuf {
    user_data.join("NativeMessagingHosts").join(file_name())
}

/// The manifest's file name: browsers look for exactly this.
#[must_use]
pub fn file_name() -> String {
    format!("{HOST_NAME}.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_browser_is_found_by_its_name() {
        for browser in BROWSERS {
            assert_eq!(Browser::named(browser.name), Some(browser));
        }
        assert_eq!(Browser::named("lynx"), None);
    }

    #[test]
    fn no_two_browsers_share_a_name_a_folder_or_a_program() {
        let all = |of: fn(&Browser) -> Vec<&'static str>| {
            let mut values: Vec<_> = BROWSERS.iter().flat_map(of).collect();
            let count = values.len();
            values.sort_unstable();
            values.dedup();
            assert_eq!(values.len(), count);
        };
        all(|browser| vec![browser.name]);
        all(|browser| vec![browser.linux]);
        all(|browser| vec![browser.mac]);
        all(|browser| vec![browser.mac_bundle]);
        all(|browser| vec![browser.windows_data]);
        all(|browser| browser.linux_programs.to_vec());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn chromium_on_linux_looks_where_its_documentation_says() {
        let chromium = Browser::named("chromium").unwrap();
        let user = chromium.user_manifest().unwrap();
        assert!(user.ends_with("chromium/NativeMessagingHosts/local.gmail_sync_bitrix24.json"), "{user:?}");
        let machine = chromium.machine_manifest().unwrap();
        assert_eq!(machine, Path::new("/etc/chromium/native-messaging-hosts/local.gmail_sync_bitrix24.json"));
        assert_eq!(chromium.registry_key(), r"Software\Chromium\NativeMessagingHosts\local.gmail_sync_bitrix24");
    }
}
