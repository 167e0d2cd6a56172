//! The samples of policies in manifests/policies: those for Windows and macOS say what those for Linux say.
#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use roxmltree::Document;
use serde_json::{Map, Value, json};

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(name: &str) -> String {
    fs::read_to_string(project().join("manifests").join(name)).unwrap()
}

fn sample(name: &str) -> Value {
    serde_json::from_str(&read(&format!("policies/{name}"))).unwrap()
}

/// What the one key of a `.reg` file, and the keys below it, hold: a key with numbered values is a list.
fn registry(name: &str, key: &str) -> Value {
    let mut values = Map::new();
    let mut list = None;
    for line in read(&format!("policies/windows/{name}")).lines().skip(1).map(str::trim).filter(|line| !line.is_empty())
    {
        if let Some(found) = line.strip_prefix('[') {
            let below = found.trim_end_matches(']').strip_prefix(&format!(r"HKEY_LOCAL_MACHINE\{key}")).unwrap();
            list = below.strip_prefix('\\').map(str::to_owned);
            continue;
        }
        let (name, value) = line.split_once('=').unwrap();
        match &list {
            Some(list) => {
                values.entry(list).or_insert_with(|| json!([])).as_array_mut().unwrap().push(registry_value(value));
            }
            None => drop(values.insert(name.trim_matches('"').to_owned(), registry_value(value))),
        }
    }
    Value::Object(values)
}

/// <https://support.microsoft.com/help/310516>
fn registry_value(text: &str) -> Value {
    if let Some(number) = text.strip_prefix("dword:") {
        return u32::from_str_radix(number, 16).unwrap().into();
    }
    if let Some(bytes) = text.strip_prefix("hex(7):") {
        let bytes: Vec<_> = bytes.split(',').map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect();
        let units: Vec<_> = bytes.chunks(2).map(|unit| u16::from_le_bytes(unit.try_into().unwrap())).collect();
        let text = String::from_utf16(&units).unwrap();
        // Each ends with a zero, and the list with another.
        return text.strip_suffix("\0\0").unwrap().split('\0').collect();
    }
    // The escapes of JSON, as far as they are used here.
    serde_json::from_str(text).unwrap()
}

/// The payloads of a profile, by type, without what every payload has.
fn payloads(name: &str) -> Vec<(String, Value)> {
    let profile: Value = plist::from_bytes(read(&format!("policies/macos/{name}")).as_bytes()).unwrap();
    let payload = |payload: &Value| {
        let mut values = payload.as_object().unwrap().clone();
        let kind = values["PayloadType"].as_str().unwrap().to_owned();
        values.retain(|name, _| !name.starts_with("Payload"));
        (kind, Value::Object(values))
    };
    profile["PayloadContent"].as_array().unwrap().iter().map(payload).collect()
}

/// The registry knows no booleans, and takes what is nested as JSON in a text.
fn as_registry(policy: &Value) -> Value {
    let value = |value: &Value| match value {
        Value::Bool(flag) => Value::from(u32::from(*flag)),
        Value::Object(_) => value.to_string().into(),
        other => other.clone(),
    };
    Value::Object(policy.as_object().unwrap().iter().map(|(name, it)| (name.clone(), value(it))).collect())
}

/// Texts that are JSON again, so that spaces and order don't matter.
fn settled(mut policy: Value) -> Value {
    for value in policy.as_object_mut().unwrap().values_mut() {
        if let Some(inner) = value.as_str().and_then(|text| serde_json::from_str::<Map<String, Value>>(text).ok()) {
            *value = inner.into();
        }
    }
    policy
}

#[test]
fn the_browsers_policy_is_the_same_everywhere() {
    let browser = sample("browser.json");
    for (file, key) in [
        ("chrome.reg", r"SOFTWARE\Policies\Google\Chrome"),
        ("chromium.reg", r"SOFTWARE\Policies\Chromium"),
        ("edge.reg", r"SOFTWARE\Policies\Microsoft\Edge"),
        ("brave.reg", r"SOFTWARE\Policies\BraveSoftware\Brave"),
        ("vivaldi.reg", r"SOFTWARE\Policies\Vivaldi"),
    ] {
        assert_eq!(settled(registry(file, key)), settled(as_registry(&browser)), "{file}");
    }
    let payloads = payloads("browsers.mobileconfig");
    assert_eq!(payloads.len(), 4);
    for (kind, values) in payloads {
        assert_eq!(values, browser, "{kind}");
    }
}

/// Intune's catalog takes a policy that is an object as one text.
#[test]
fn the_guide_shows_the_same_for_intune() {
    let guide = fs::read_to_string(project().join("docs/ADMIN.md")).unwrap();
    let intune = guide.split("**Intune.**").nth(1).unwrap();
    let text = intune.split("```json").nth(1).unwrap().split("```").next().unwrap();
    let browser = sample("browser.json");
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), browser["ExtensionSettings"]);
    let before = intune.split("```json").next().unwrap();
    for name in browser.as_object().unwrap().keys() {
        assert!(before.contains(&format!("`{name}`")), "{name}");
    }
}

/// By <https://www.chromium.org/administrators/configuring-policy-for-extensions/>.
#[test]
fn the_extensions_settings_are_the_same_everywhere() {
    let settings = sample("extension.json")["3rdparty"]["extensions"].clone();
    let [(id, settings)] = <[_; 1]>::try_from(settings.as_object().unwrap().iter().collect::<Vec<_>>()).unwrap();
    let installed = &sample("browser.json")["ExtensionSettings"];
    assert!(installed.get(id).is_some(), "{id} is the extension that the browsers' policy installs");
    let key = format!(r"SOFTWARE\Policies\Google\Chrome\3rdparty\extensions\{id}\policy");
    assert_eq!(registry("extension.reg", &key), as_registry(settings));
    let payload = (format!("com.google.Chrome.extensions.{id}"), settings.clone());
    assert_eq!(payloads("extension.mobileconfig"), [payload]);
    let google = sample("google-admin/extension.json");
    let googles = google.as_object().unwrap().iter().map(|(name, setting)| (name.clone(), setting["Value"].clone()));
    assert_eq!(&Value::Object(googles.collect()), settings);
}

#[test]
fn the_hosts_policy_is_the_same_everywhere() {
    let host = sample("host.json");
    assert_eq!(registry("host.reg", r"SOFTWARE\Policies\GmailSyncBitrix24"), as_registry(&host));
    assert_eq!(payloads("host.mobileconfig"), [("local.gmail-sync-bitrix24".to_owned(), host)]);
}

/// Of <https://learn.microsoft.com/windows/client-management/win32-and-centennial-app-policy-configuration>: a template that was
/// brought along, and a setting of it by its path; the private character U+F000 stands between texts of a list.
#[test]
fn intunes_profile_sets_the_same() {
    let profile = sample("intune/host.json");
    let settings = profile["omaSettings"].as_array().unwrap();
    let value = |setting: &Value| {
        let text = match setting["value"].as_str().unwrap() {
            "<enabled/>" => return "true".to_owned(),
            "<disabled/>" => return "false".to_owned(),
            text => text.replace("<enabled/>", ""),
        };
        let data = Document::parse(&text).unwrap();
        data.root_element().attribute("value").unwrap().to_owned()
    };
    let found = settings.iter().filter_map(|setting| {
        let name = setting["omaUri"]
            .as_str()?
            .strip_prefix("./Device/Vendor/MSFT/Policy/Config/GmailSyncBitrix24~Policy~Product/")?;
        Some((name.to_owned(), value(setting)))
    });
    let wanted = sample("host.json").as_object().unwrap().clone().into_iter().map(|(name, value)| match value {
        Value::Array(texts) => {
            (name, texts.iter().map(|text| text.as_str().unwrap()).collect::<Vec<_>>().join("\u{f000}"))
        }
        Value::String(text) => (name, text),
        other => (name, other.to_string()),
    });
    assert_eq!(found.collect::<BTreeMap<_, _>>(), wanted.collect());
    // The template comes along, and the path names the category that it puts them in.
    let template = settings.iter().find(|setting| setting["omaUri"].as_str().unwrap().contains("ADMXInstall")).unwrap();
    let template = template["value"].as_str().unwrap();
    assert_eq!(template, read("policies/windows/gmail-sync-bitrix24.admx"));
    let template = Document::parse(template).unwrap();
    let category = template.descendants().find(|node| node.has_tag_name("category")).unwrap();
    assert_eq!(category.attribute("name"), Some("Product"));
}

/// As the Admin console takes them: <https://support.google.com/chrome/a/answer/6177447>
#[test]
fn google_admins_settings_are_in_the_schema() {
    let schema: Value = serde_json::from_str(&read("managed-schema.json")).unwrap();
    for (name, setting) in sample("google-admin/extension.json").as_object().unwrap() {
        let kind = match &setting["Value"] {
            Value::Array(_) => "array",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            _ => "string",
        };
        assert_eq!(schema["properties"][name]["type"], kind, "{name}");
    }
}

/// The template is what Microsoft's editor for group policies reads; the editor itself has not been seen to.
#[test]
fn the_template_writes_what_the_sample_says_and_every_text_it_names_is_there() {
    let (template, texts) =
        (read("policies/windows/gmail-sync-bitrix24.admx"), read("policies/windows/en-US/gmail-sync-bitrix24.adml"));
    let (template, texts) = (Document::parse(&template).unwrap(), Document::parse(&texts).unwrap());
    let host = sample("host.json");
    for (name, value) in host.as_object().unwrap() {
        let element = template.descendants().find(|node| node.attribute("valueName") == Some(name)).unwrap();
        let kind = match value {
            Value::Array(_) => "multiText",
            Value::Number(_) => "decimal",
            // Yes and no are the policy's own two positions.
            Value::Bool(_) => "policy",
            _ => "text",
        };
        assert_eq!(element.tag_name().name(), kind, "{name}");
    }
    let defined = |tag: &str, id: &str| {
        texts.descendants().any(|node| node.tag_name().name() == tag && node.attribute("id") == Some(id))
    };
    let mut references = 0;
    for text in template.descendants().flat_map(|node| node.attributes()).map(|attribute| attribute.value()) {
        let Some((tag, id)) = text.strip_prefix("$(").and_then(|text| text.strip_suffix(')')?.split_once('.')) else {
            continue;
        };
        assert!(defined(tag, id), "{text}");
        references += 1;
    }
    let policies: Vec<_> = template.descendants().filter(|node| node.has_tag_name("policy")).collect();
    let with_fields = policies.iter().filter(|policy| policy.has_attribute("presentation")).count();
    assert_eq!(references, 2 + 2 * policies.len() + with_fields);
}

#[test]
fn the_browsers_policy_names_this_host_and_this_extension() {
    let browser = sample("browser.json");
    let manifest: Value = serde_json::from_str(&read("native-host.json")).unwrap();
    assert_eq!(browser["NativeMessagingAllowlist"], json!([manifest["name"]]));
    let ids = read("extension-ids");
    for id in browser["ExtensionSettings"].as_object().unwrap().keys() {
        assert!(ids.lines().any(|line| line == id), "{id}");
    }
}
