//! Whether an administrator's policy for a browser keeps it from starting the host.
//!
//! Source: <https://chromeenterprise.google/policies/#NativeMessaging>

#[cfg(any(not(any(windows, target_os = "macos")), test))]
use std::{fs, path::Path};

use serde::Deserialize;
#[cfg(any(not(any(windows, target_os = "macos")), test))]
use serde_json::{Map, Value};

#[cfg(windows)]
use super::registration::Lead;
use super::{Finding, Scope};
use crate::browsers::{BROWSERS, Browser};
use crate::failure::{Failure, Reason};
use crate::protocol::HOST_NAME;

const PROBE: &str = "browser policy";

/// The part of a browser's policies that matters here.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct BrowserPolicy {
    pub(super) native_messaging_blocklist: Vec<String>,
    pub(super) native_messaging_allowlist: Vec<String>,
    pub(super) native_messaging_user_level_hosts: Option<bool>,
}

pub(super) fn probe(scope: &Scope) -> Vec<Finding> {
    let wanted = |browser: &&Browser| match scope {
        Scope::Browser(name) => browser.name == name,
        Scope::Used | Scope::UserData(_) => browser.user_data().is_some_and(|folder| folder.is_dir()),
    };
    let findings = BROWSERS.iter().filter(wanted).filter_map(|browser| {
        let reason = in_force(browser).obstacle(is_registered_by_machine(browser))?;
        Some(Finding::fault(PROBE, &Failure::new(reason).with("browser", browser.title)))
    });
    findings.collect()
}

#[cfg(windows)]
fn in_force(browser: &Browser) -> BrowserPolicy {
    super::windows::browser_policy(&crate::registry::System, browser.windows_policies)
}

#[cfg(target_os = "macos")]
fn in_force(browser: &Browser) -> BrowserPolicy {
    super::mac::policy_of(browser.mac_bundle)
}

#[cfg(not(any(windows, target_os = "macos")))]
fn in_force(browser: &Browser) -> BrowserPolicy {
    of_folder(Path::new(browser.linux_policies))
}

#[cfg(windows)]
fn is_registered_by_machine(browser: &Browser) -> bool {
    super::windows::leads(&crate::registry::System, &browser.registry_keys()).iter().any(Lead::is_machines)
}

#[cfg(not(windows))]
fn is_registered_by_machine(browser: &Browser) -> bool {
    browser.machine_manifest().is_some_and(|file| file.exists())
}

/// All files of the folder together: of a policy that several set, the last one's value counts, by the files' names and as a whole.
/// What can't be read is the browser's business.
///
/// Source: Chromium's `components/policy/core/common/config_dir_policy_loader.cc`, `LoadFromPath`
#[cfg(any(not(any(windows, target_os = "macos")), test))]
fn of_folder(folder: &Path) -> BrowserPolicy {
    let mut files: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.path()).collect();
    files.sort_unstable();
    let mut all = Map::new();
    for file in files {
        all.extend(
            fs::read(file).ok().and_then(|bytes| serde_json::from_slice::<Map<_, _>>(&bytes).ok()).unwrap_or_default(),
        );
    }
    BrowserPolicy {
        native_messaging_blocklist: value(&all, "NativeMessagingBlocklist"),
        native_messaging_allowlist: value(&all, "NativeMessagingAllowlist"),
        native_messaging_user_level_hosts: value(&all, "NativeMessagingUserLevelHosts"),
    }
}

/// A policy of another type than it has is none.
#[cfg(any(not(any(windows, target_os = "macos")), test))]
fn value<T: serde::de::DeserializeOwned + Default>(all: &Map<String, Value>, name: &str) -> T {
    all.get(name).and_then(|value| T::deserialize(value).ok()).unwrap_or_default()
}

impl BrowserPolicy {
    /// What the policies have against the host.
    pub(super) fn obstacle(&self, registered_by_machine: bool) -> Option<Reason> {
        let blocked = self.native_messaging_blocklist.iter().any(|name| name == "*" || name == HOST_NAME);
        let allowed = self.native_messaging_allowlist.iter().any(|name| name == HOST_NAME);
        if blocked && !allowed {
            return Some(Reason::BrowserPolicyBlocks);
        }
        let user_level = self.native_messaging_user_level_hosts.unwrap_or(true);
        (!user_level && !registered_by_machine).then_some(Reason::BrowserPolicyUserLevel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn obstacle(files: &[&str], by_machine: bool) -> Option<Reason> {
        let folder = tempfile::tempdir().unwrap();
        for (number, content) in files.iter().enumerate() {
            fs::write(folder.path().join(format!("{number}.json")), content).unwrap();
        }
        of_folder(folder.path()).obstacle(by_machine)
    }

    #[test]
    fn a_blocklist_counts_unless_the_host_is_allowed() {
        let everything = r#"{"NativeMessagingBlocklist":["*"]}"#;
        assert_eq!(obstacle(&[everything], true), Some(Reason::BrowserPolicyBlocks));
        let ours = r#"{"NativeMessagingBlocklist":["local.gmail_sync_bitrix24"],"Other":{"x":1}}"#;
        assert_eq!(obstacle(&[ours], true), Some(Reason::BrowserPolicyBlocks));
        let allowed = r#"{"NativeMessagingAllowlist":["local.gmail_sync_bitrix24"]}"#;
        assert_eq!(obstacle(&[everything, allowed], true), None);
        assert_eq!(obstacle(&[r#"{"NativeMessagingBlocklist":["org.other"]}"#], true), None);
    }

    #[test]
    fn of_a_policy_that_several_files_set_the_last_ones_value_counts() {
        let everything = r#"{"NativeMessagingBlocklist":["*"],"NativeMessagingUserLevelHosts":true}"#;
        let others = r#"{"NativeMessagingBlocklist":["org.other"]}"#;
        let nothing = r#"{"NativeMessagingBlocklist":[]}"#;
        assert_eq!(obstacle(&[everything, others], false), None);
        assert_eq!(obstacle(&[everything, nothing], false), None);
        assert_eq!(obstacle(&[others, nothing, everything], false), Some(Reason::BrowserPolicyBlocks));
        // One that is of another type leaves those beside it alone.
        let damaged = r#"{"NativeMessagingAllowlist":7,"NativeMessagingBlocklist":["*"]}"#;
        assert_eq!(obstacle(&[damaged], false), Some(Reason::BrowserPolicyBlocks));
        let user_level = |allowed: bool| format!(r#"{{"NativeMessagingUserLevelHosts":{allowed}}}"#);
        assert_eq!(obstacle(&[&user_level(true), &user_level(false)], false), Some(Reason::BrowserPolicyUserLevel));
        assert_eq!(obstacle(&[&user_level(false), &user_level(true)], false), None);
    }

    #[test]
    fn hosts_of_the_person_may_be_forbidden() {
        let only_machine = r#"{"NativeMessagingUserLevelHosts":false}"#;
        assert_eq!(obstacle(&[only_machine], false), Some(Reason::BrowserPolicyUserLevel));
        assert_eq!(obstacle(&[only_machine], true), None);
    }

    #[test]
    fn no_policy_and_damaged_files_are_no_obstacle() {
        assert_eq!(obstacle(&["", "[]", "{\"NativeMessagingBlocklist\":7}"], false), None);
        assert_eq!(of_folder(Path::new("/no/such/folder")), BrowserPolicy::default());
    }
}
