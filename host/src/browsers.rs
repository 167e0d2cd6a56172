//! Where each browser looks for native messaging hosts, on each system: one table. Those in a sandbox, which can start none, are in
//! [`crate::sandboxed`].
//!
//! Sources: <https://developer.chrome.com/docs/extensions/develop/concepts/native-messaging#native-messaging-host-location>,
//! <https://learn.microsoft.com/microsoft-edge/extensions/developer-guide/native-messaging>, and for the others the places
//! their users report to work. Programs are where the makers' packages put them, as
//! <https://playwright.dev/docs/browsers#google-chrome--microsoft-edge> starts Chrome's and Edge's channels; a channel that isn't
//! made for a system has none there.

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
    /// How its program's path ends, in whole names; all three lists leave out what scripts stand in front of it.
    linux_programs: &'static [&'static str],
    /// Its profile folder below `~/Library/Application Support`.
    mac: &'static str,
    /// The machine's folder of host manifests.
    pub mac_machine: &'static str,
    /// What managed preferences know it by.
    pub mac_bundle: &'static str,
    /// How its program's path ends.
    mac_programs: &'static [&'static str],
    /// Its key below `HKCU` and `HKLM`, without `\NativeMessagingHosts`.
    windows: &'static str,
    /// Its profile folder below `%LOCALAPPDATA%`.
    windows_data: &'static str,
    /// The key of its policies below `HKCU` and `HKLM`.
    pub windows_policies: &'static str,
    /// How its program's path ends.
    windows_programs: &'static [&'static str],
}

macro_rules! browsers {
    ($($name:literal $title:literal: $linux:literal, $linux_machine:literal, $linux_policies:literal, $linux_programs:expr, $mac:literal, $mac_machine:literal, $mac_bundle:literal, $mac_programs:expr, $windows:literal, $windows_data:literal, $windows_policies:literal, $windows_programs:expr;)*) => {
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
            mac_programs: &$mac_programs,
            windows: $windows,
            windows_data: $windows_data,
            windows_policies: $windows_policies,
            windows_programs: &$windows_programs,
        }),*];
    };
}

browsers! {
    "chrome" "Google Chrome":
        "google-chrome", "/etc/opt/chrome/native-messaging-hosts", "/etc/opt/chrome/policies/managed", ["google/chrome/chrome"],
        "Google/Chrome", "/Library/Google/Chrome/NativeMessagingHosts", "com.google.Chrome", ["Google Chrome"],
        r"Software\Google\Chrome", r"Google\Chrome\User Data", r"Software\Policies\Google\Chrome", [r"Google\Chrome\Application\chrome.exe"];
    "chrome-beta" "Google Chrome Beta":
        "google-chrome-beta", "/etc/opt/chrome/native-messaging-hosts", "/etc/opt/chrome/policies/managed", ["google/chrome-beta/chrome"],
        "Google/Chrome Beta", "/Library/Google/Chrome/NativeMessagingHosts", "com.google.Chrome.beta", ["Google Chrome Beta"],
        r"Software\Google\Chrome", r"Google\Chrome Beta\User Data", r"Software\Policies\Google\Chrome", [r"Google\Chrome Beta\Application\chrome.exe"];
    "chrome-dev" "Google Chrome Dev":
        "google-chrome-unstable", "/etc/opt/chrome/native-messaging-hosts", "/etc/opt/chrome/policies/managed", ["google/chrome-unstable/chrome"],
        "Google/Chrome Dev", "/Library/Google/Chrome/NativeMessagingHosts", "com.google.Chrome.dev", ["Google Chrome Dev"],
        r"Software\Google\Chrome", r"Google\Chrome Dev\User Data", r"Software\Policies\Google\Chrome", [r"Google\Chrome Dev\Application\chrome.exe"];
    "chrome-canary" "Google Chrome Canary":
        "google-chrome-canary", "/etc/opt/chrome/native-messaging-hosts", "/etc/opt/chrome/policies/managed", ["google/chrome-canary/chrome"],
        "Google/Chrome Canary", "/Library/Google/Chrome/NativeMessagingHosts", "com.google.Chrome.canary", ["Google Chrome Canary"],
        r"Software\Google\Chrome", r"Google\Chrome SxS\User Data", r"Software\Policies\Google\Chrome", [r"Google\Chrome SxS\Application\chrome.exe"];
    "chromium" "Chromium":
        "chromium", "/etc/chromium/native-messaging-hosts", "/etc/chromium/policies/managed", ["chromium", "chromium-browser"],
        "Chromium", "/Library/Application Support/Chromium/NativeMessagingHosts", "org.chromium.Chromium", ["Chromium"],
        r"Software\Chromium", r"Chromium\User Data", r"Software\Policies\Chromium", [r"Chromium\Application\chrome.exe"];
    "edge" "Microsoft Edge":
        "microsoft-edge", "/etc/opt/edge/native-messaging-hosts", "/etc/opt/edge/policies/managed", ["msedge"],
        "Microsoft Edge", "/Library/Microsoft/Edge/NativeMessagingHosts", "com.microsoft.Edge", ["Microsoft Edge"],
        r"Software\Microsoft\Edge", r"Microsoft\Edge\User Data", r"Software\Policies\Microsoft\Edge", [r"Microsoft\Edge\Application\msedge.exe"];
    "edge-beta" "Microsoft Edge Beta":
        "microsoft-edge-beta", "/etc/opt/edge/native-messaging-hosts", "/etc/opt/edge/policies/managed", ["microsoft/msedge-beta/msedge"],
        "Microsoft Edge Beta", "/Library/Microsoft/Edge/NativeMessagingHosts", "com.microsoft.Edge.Beta", ["Microsoft Edge Beta"],
        r"Software\Microsoft\Edge", r"Microsoft\Edge Beta\User Data", r"Software\Policies\Microsoft\Edge", [r"Microsoft\Edge Beta\Application\msedge.exe"];
    "edge-dev" "Microsoft Edge Dev":
        "microsoft-edge-dev", "/etc/opt/edge/native-messaging-hosts", "/etc/opt/edge/policies/managed", ["microsoft/msedge-dev/msedge"],
        "Microsoft Edge Dev", "/Library/Microsoft/Edge/NativeMessagingHosts", "com.microsoft.Edge.Dev", ["Microsoft Edge Dev"],
        r"Software\Microsoft\Edge", r"Microsoft\Edge Dev\User Data", r"Software\Policies\Microsoft\Edge", [r"Microsoft\Edge Dev\Application\msedge.exe"];
    "edge-canary" "Microsoft Edge Canary":
        "microsoft-edge-canary", "/etc/opt/edge/native-messaging-hosts", "/etc/opt/edge/policies/managed", [],
        "Microsoft Edge Canary", "/Library/Microsoft/Edge/NativeMessagingHosts", "com.microsoft.Edge.Canary", ["Microsoft Edge Canary"],
        r"Software\Microsoft\Edge", r"Microsoft\Edge SxS\User Data", r"Software\Policies\Microsoft\Edge", [r"Microsoft\Edge SxS\Application\msedge.exe"];
    "brave" "Brave":
        "BraveSoftware/Brave-Browser", "/etc/opt/chrome/native-messaging-hosts", "/etc/brave/policies/managed", ["brave"],
        "BraveSoftware/Brave-Browser", "/Library/Google/Chrome/NativeMessagingHosts", "com.brave.Browser", ["Brave Browser"],
        r"Software\BraveSoftware\Brave-Browser", r"BraveSoftware\Brave-Browser\User Data", r"Software\Policies\BraveSoftware\Brave", [r"BraveSoftware\Brave-Browser\Application\brave.exe"];
    "brave-beta" "Brave Beta":
        "BraveSoftware/Brave-Browser-Beta", "/etc/opt/chrome/native-messaging-hosts", "/etc/brave/policies/managed", ["brave.com/brave-beta/brave"],
        "BraveSoftware/Brave-Browser-Beta", "/Library/Google/Chrome/NativeMessagingHosts", "com.brave.Browser.beta", ["Brave Browser Beta"],
        r"Software\BraveSoftware\Brave-Browser", r"BraveSoftware\Brave-Browser-Beta\User Data", r"Software\Policies\BraveSoftware\Brave", [r"BraveSoftware\Brave-Browser-Beta\Application\brave.exe"];
    "brave-nightly" "Brave Nightly":
        "BraveSoftware/Brave-Browser-Nightly", "/etc/opt/chrome/native-messaging-hosts", "/etc/brave/policies/managed", ["brave.com/brave-nightly/brave"],
        "BraveSoftware/Brave-Browser-Nightly", "/Library/Google/Chrome/NativeMessagingHosts", "com.brave.Browser.nightly", ["Brave Browser Nightly"],
        r"Software\BraveSoftware\Brave-Browser", r"BraveSoftware\Brave-Browser-Nightly\User Data", r"Software\Policies\BraveSoftware\Brave", [r"BraveSoftware\Brave-Browser-Nightly\Application\brave.exe"];
    "vivaldi" "Vivaldi":
        "vivaldi", "/etc/opt/vivaldi/native-messaging-hosts", "/etc/opt/vivaldi/policies/managed", ["vivaldi-bin"],
        "Vivaldi", "/Library/Google/Chrome/NativeMessagingHosts", "com.vivaldi.Vivaldi", ["Vivaldi"],
        r"Software\Vivaldi", r"Vivaldi\User Data", r"Software\Policies\Vivaldi", [r"Vivaldi\Application\vivaldi.exe"];
    "vivaldi-snapshot" "Vivaldi Snapshot":
        "vivaldi-snapshot", "/etc/opt/vivaldi/native-messaging-hosts", "/etc/opt/vivaldi/policies/managed", ["vivaldi-snapshot/vivaldi-bin"],
        "Vivaldi Snapshot", "/Library/Google/Chrome/NativeMessagingHosts", "com.vivaldi.Vivaldi.snapshot", ["Vivaldi Snapshot"],
        r"Software\Vivaldi", r"Vivaldi Snapshot\User Data", r"Software\Policies\Vivaldi", [r"Vivaldi Snapshot\Application\vivaldi.exe"];
    "opera" "Opera":
        "opera", "/etc/chromium/native-messaging-hosts", "/etc/chromium/policies/managed", ["opera"],
        "com.operasoftware.Opera", "/Library/Google/Chrome/NativeMessagingHosts", "com.operasoftware.Opera", ["Opera"],
        r"Software\Google\Chrome", r"..\Roaming\Opera Software\Opera Stable", r"Software\Policies\Opera Software\Opera", [r"Opera\opera.exe"];
    "opera-beta" "Opera Beta":
        "opera-beta", "/etc/chromium/native-messaging-hosts", "/etc/chromium/policies/managed", ["opera-beta"],
        "com.operasoftware.OperaNext", "/Library/Google/Chrome/NativeMessagingHosts", "com.operasoftware.OperaNext", ["Opera Beta", "Opera Beta.app/Contents/MacOS/Opera"],
        r"Software\Google\Chrome", r"..\Roaming\Opera Software\Opera Next", r"Software\Policies\Opera Software\Opera", [r"Opera beta\opera.exe"];
    "opera-developer" "Opera Developer":
        "opera-developer", "/etc/chromium/native-messaging-hosts", "/etc/chromium/policies/managed", ["opera-developer"],
        "com.operasoftware.OperaDeveloper", "/Library/Google/Chrome/NativeMessagingHosts", "com.operasoftware.OperaDeveloper", ["Opera Developer", "Opera Developer.app/Contents/MacOS/Opera"],
        r"Software\Google\Chrome", r"..\Roaming\Opera Software\Opera Developer", r"Software\Policies\Opera Software\Opera", [r"Opera developer\opera.exe"];
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

    /// The browser whose program that is on this system.
    #[must_use]
    pub fn started_by(program: &Path) -> Option<&'static Self> {
        let programs = match () {
            () if cfg!(target_os = "macos") => |browser: &Self| browser.mac_programs,
            () if cfg!(windows) => |browser: &Self| browser.windows_programs,
            () => |browser: &Self| browser.linux_programs,
        };
        Self::with_program(&program.to_string_lossy(), programs)
    }

    /// The longest end that fits tells one channel's program from another's of the same name.
    fn with_program(path: &str, programs: fn(&Self) -> &'static [&'static str]) -> Option<&'static Self> {
        let fits = |browser| programs(browser).iter().filter(|end| ends_in(path, end)).map(|end| end.len()).max();
        let fitting = BROWSERS.iter().filter_map(|browser| Some((fits(browser)?, browser)));
        fitting.max_by_key(|(length, _)| *length).map(|(_, browser)| browser)
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

/// Whether these are the last names of the path, `*` being any one. Windows and most Macs don't tell large letters from small ones.
pub(crate) fn ends_in(path: &str, names: &str) -> bool {
    const SEPARATORS: [char; 2] = ['/', '\\'];
    let mut parts = path.rsplit(SEPARATORS);
    let mut fits = |name: &str| parts.next().is_some_and(|part| name == "*" || part.eq_ignore_ascii_case(name));
    names.rsplit(SEPARATORS).all(&mut fits) && parts.next().is_some()
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
        all(|browser| browser.mac_programs.to_vec());
        all(|browser| browser.windows_programs.to_vec());
    }

    #[test]
    fn channels_are_told_apart_by_where_their_programs_are() {
        let linux = |path| Browser::with_program(path, |browser| browser.linux_programs).map(|browser| browser.name);
        assert_eq!(linux("/opt/google/chrome/chrome"), Some("chrome"));
        assert_eq!(linux("/opt/google/chrome-beta/chrome"), Some("chrome-beta"));
        assert_eq!(linux("/nix/store/x-google-chrome/share/google/chrome-unstable/chrome"), Some("chrome-dev"));
        assert_eq!(linux("/usr/lib/chromium/chromium"), Some("chromium"));
        assert_eq!(linux("/usr/lib64/chromium-browser/chromium-browser"), Some("chromium"));
        assert_eq!(linux("/opt/brave.com/brave/brave"), Some("brave"));
        assert_eq!(linux("/opt/brave.com/brave-nightly/brave"), Some("brave-nightly"));
        let mac = |path| Browser::with_program(path, |browser| browser.mac_programs).map(|browser| browser.name);
        assert_eq!(mac("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"), Some("chrome"));
        assert_eq!(mac("/Applications/Google Chrome Beta.app/Contents/MacOS/Google Chrome Beta"), Some("chrome-beta"));
        assert_eq!(mac("/Users/ann/My Chromium.app/Contents/MacOS/Chromium"), Some("chromium"));
        assert_eq!(mac("/Applications/Opera Beta.app/Contents/MacOS/Opera"), Some("opera-beta"));
        let windows =
            |path| Browser::with_program(path, |browser| browser.windows_programs).map(|browser| browser.name);
        assert_eq!(windows(r"C:\Program Files\Google\Chrome\Application\chrome.exe"), Some("chrome"));
        assert_eq!(windows(r"C:\Program Files\Google\Chrome Beta\Application\chrome.exe"), Some("chrome-beta"));
        assert_eq!(windows(r"C:\Users\ann\AppData\Local\Chromium\Application\chrome.exe"), Some("chromium"));
        assert_eq!(windows(r"c:\program files (x86)\microsoft\edge\application\MSEDGE.EXE"), Some("edge"));
        for other in ["", "chrome", "/usr/bin/notchromium", "/opt/google/chrome/chrome_crashpad_handler", "/ß/é"] {
            assert_eq!((linux(other), mac(other), windows(other)), (None, None, None), "{other}");
        }
        let helper =
            "Google Chrome.app/Contents/Frameworks/x/Google Chrome Helper.app/Contents/MacOS/Google Chrome Helper";
        assert_eq!(mac(helper), None);
        assert_eq!(linux("/snap/chromium/1/usr/lib/chromium-browser/chrome"), None);
        assert_eq!(windows(r"C:\chrome-win64\chrome.exe"), None);
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
