//! What Windows' registry says of the host: where browsers are led to, what their policies forbid, what Windows itself does.

use std::path::PathBuf;

use super::browser_policy::BrowserPolicy;
use super::registration::Lead;
use crate::registry::{Registry, Root, Value, View};

/// The manifests that a browser with these keys is led to, in its order: the person's before the machine's, the view of 32 bits
/// before that of 64.
///
/// Source: <https://developer.chrome.com/docs/extensions/develop/concepts/native-messaging#native-messaging-host-location>
pub(super) fn leads(registry: &impl Registry, keys: &[String]) -> Vec<Lead> {
    let mut leads: Vec<Lead> = Vec::new();
    for root in [Root::Person, Root::Machine] {
        for view in [View::Bits32, View::Bits64] {
            for key in keys {
                let Some(Value::Text(file)) = registry.values(root, view, key).remove("") else { continue };
                let file = PathBuf::from(file);
                // Both views of the person's keys are one.
                if !leads.iter().any(|lead| lead.file == file) {
                    leads.push(Lead { file, by: Some(as_shown(root, view, key)) });
                }
            }
        }
    }
    leads
}

/// As the registry editor shows it.
fn as_shown(root: Root, view: View, key: &str) -> String {
    match (root, view, key.split_once('\\')) {
        (Root::Machine, View::Bits32, Some((software, rest))) => format!(r"{root}\{software}\WOW6432Node\{rest}"),
        _ => format!(r"{root}\{key}"),
    }
}

/// A browser's policies: what the machine's say isn't the person's to change.
///
/// Source: <https://chromeenterprise.google/policies/#NativeMessagingBlocklist>, "Windows registry location"
pub(super) fn browser_policy(registry: &impl Registry, key: &str) -> BrowserPolicy {
    let list = |name: &str| {
        let of = |root| registry.values(root, View::Bits64, &format!(r"{key}\{name}"));
        let values = [Root::Machine, Root::Person].map(of).into_iter().find(|values| !values.is_empty());
        let texts = values.unwrap_or_default().into_values().filter_map(|value| match value {
            Value::Text(text) => Some(text),
            Value::Number(_) => None,
        });
        texts.collect()
    };
    let user_level = [Root::Machine, Root::Person].into_iter().find_map(|root| {
        match registry.values(root, View::Bits64, key).remove("NativeMessagingUserLevelHosts")? {
            Value::Number(number) => Some(number != 0),
            Value::Text(_) => None,
        }
    });
    BrowserPolicy {
        native_messaging_blocklist: list("NativeMessagingBlocklist"),
        native_messaging_allowlist: list("NativeMessagingAllowlist"),
        native_messaging_user_level_hosts: user_level,
    }
}

/// Whether Smart App Control is on, which starts only what is signed or well known.
///
/// Source: <https://learn.microsoft.com/windows/apps/develop/smart-app-control/test-your-app-with-smart-app-control>
pub(super) fn starts_only_signed(registry: &impl Registry) -> bool {
    const ENFORCED: Value = Value::Number(1);
    let values = registry.values(Root::Machine, View::Bits64, r"System\CurrentControlSet\Control\CI\Policy");
    values.get("VerifiedAndReputablePolicyState") == Some(&ENFORCED)
}

/// Whether the text of a file's `Zone.Identifier` says that it came from the internet.
///
/// Source: <https://learn.microsoft.com/openspecs/windows_protocols/ms-fscc/6e3f7352-d11c-4d76-8c39-2516a9df36e8>
pub(super) fn came_from_internet(zone: &str) -> bool {
    let id = zone.lines().find_map(|line| line.trim().strip_prefix("ZoneId="));
    matches!(id.map(str::trim), Some("3" | "4"))
}

/// Why Windows refused to start a program, by the error's number, where it isn't the program's own fault.
///
/// Source: <https://learn.microsoft.com/windows/win32/debug/system-error-codes>
pub(super) fn refusal(error: i32) -> Option<&'static str> {
    match error {
        225 | 226 => Some("it was taken for a virus"),
        1260 => Some("a policy of this computer forbids it"),
        4550..=4559 => Some("Smart App Control or a policy for applications doesn't know it"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Reason;
    use crate::registry::record::{Record, text};

    const KEY: &str = r"Software\Google\Chrome\NativeMessagingHosts\local.gmail_sync_bitrix24";

    #[test]
    fn a_browser_is_led_by_the_person_first_and_by_32_bits_before_64() {
        let person = (Root::Person, None, KEY, "", text(r"C:\person.json"));
        let wide = (Root::Machine, Some(View::Bits64), KEY, "", text(r"C:\wide.json"));
        let narrow = (Root::Machine, Some(View::Bits32), KEY, "", text(r"C:\narrow.json"));
        let leads = |record: &[_]| {
            let all = leads(&Record(record), &[KEY.to_owned()]).into_iter();
            all.map(|lead| (lead.file.display().to_string(), lead.by.unwrap())).collect::<Vec<_>>()
        };
        assert_eq!(
            leads(&[wide.clone(), narrow.clone(), person]),
            [
                (r"C:\person.json".to_owned(), format!(r"HKCU\{KEY}")),
                (r"C:\narrow.json".to_owned(), format!(r"HKLM\Software\WOW6432Node{}", &KEY["Software".len()..])),
                (r"C:\wide.json".to_owned(), format!(r"HKLM\{KEY}")),
            ]
        );
        let same = (Root::Machine, None, KEY, "", text(r"C:\wide.json"));
        assert_eq!(leads(&[same]).len(), 1);
        for nothing in [
            (Root::Machine, None, KEY, "other", text("x")),
            (Root::Machine, None, KEY, "", Value::Number(7)),
            (Root::Machine, None, "Software", "", text("x")),
        ] {
            assert_eq!(leads(&[nothing]), []);
        }
    }

    #[test]
    fn nm06_policies_of_a_browser_are_read_and_the_machines_win() {
        const POLICY: &str = r"Software\Policies\Google\Chrome";
        let of = |root, key, name, value| (root, None, key, name, value);
        let obstacle = |record: &[_]| browser_policy(&Record(record), POLICY).obstacle(false);
        const BLOCKED: &str = r"Software\Policies\Google\Chrome\NativeMessagingBlocklist";
        const ALLOWED: &str = r"Software\Policies\Google\Chrome\NativeMessagingAllowlist";
        let blocked = of(Root::Machine, BLOCKED, "1", text("*"));
        assert_eq!(obstacle(&[]), None);
        assert_eq!(obstacle(std::slice::from_ref(&blocked)), Some(Reason::BrowserPolicyBlocks));
        let ours = text("local.gmail_sync_bitrix24");
        assert_eq!(obstacle(&[blocked.clone(), of(Root::Machine, ALLOWED, "7", ours.clone())]), None);
        let others = of(Root::Machine, ALLOWED, "1", text("org.other"));
        let persons = of(Root::Person, ALLOWED, "1", ours);
        assert_eq!(obstacle(&[blocked, others, persons]), Some(Reason::BrowserPolicyBlocks));
        let user_level = |root, number| of(root, POLICY, "NativeMessagingUserLevelHosts", Value::Number(number));
        assert_eq!(obstacle(&[user_level(Root::Person, 0)]), Some(Reason::BrowserPolicyUserLevel));
        assert_eq!(obstacle(&[user_level(Root::Person, 0), user_level(Root::Machine, 1)]), None);
    }

    #[test]
    fn nm08_smart_app_control_is_on_off_or_only_watching() {
        const KEY: &str = r"System\CurrentControlSet\Control\CI\Policy";
        for (state, expected) in [(0, false), (1, true), (2, false)] {
            let record = [(Root::Machine, None, KEY, "VerifiedAndReputablePolicyState", Value::Number(state))];
            assert_eq!(starts_only_signed(&Record(&record)), expected, "{state}");
        }
        assert!(!starts_only_signed(&Record(&[])));
    }

    #[test]
    fn nm08_a_mark_of_the_internet_is_one_of_two_zones() {
        for (zone, expected) in [
            ("[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=https://a.example/\r\n", true),
            ("[ZoneTransfer]\nZoneId=4", true),
            ("[ZoneTransfer]\r\nZoneId=2\r\n", false),
            ("", false),
            ("ZoneId=", false),
            ("ZoneId=33", false),
        ] {
            assert_eq!(came_from_internet(zone), expected, "{zone:?}");
        }
    }

    #[test]
    fn nm08_what_windows_says_when_it_refuses_is_told_from_other_errors() {
        for blocked in [225, 226, 1260, 4551, 4556] {
            assert!(refusal(blocked).is_some(), "{blocked}");
        }
        for other in [2, 5, 193, 216, 4560] {
            assert_eq!(refusal(other), None, "{other}");
        }
    }
}
