//! Copies of the extension in a browser's profiles: whoever loads an unpacked one beside the store's has two, each with an id of its
//! own, and the host may know only one.
//!
//! Chromium lists a profile's extensions in `Preferences`, on some systems in `Secure Preferences`, by their ids, with where they lie:
//! <https://chromium.googlesource.com/chromium/src/+/main/extensions/browser/extension_prefs.cc>. These files are its own business:
//! what isn't there or isn't as expected tells nothing. Of a profile nothing is kept but the ids of this extension.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::register::is_extension_id;

/// As every copy's manifest has it, whatever its id and language.
const NAME: &str = "Gmail Sync for Bitrix24";

/// Of a longer file nothing is read: a profile of years has some megabytes.
const LONGEST: u64 = 64 << 20;

/// The ids under which the profiles in that folder have the extension, switched on.
pub(super) fn installed(user_data: &Path) -> BTreeSet<String> {
    let below = fs::read_dir(user_data).into_iter().flatten().flatten().map(|entry| entry.path());
    // Opera's one profile is the folder itself.
    let profiles = below.chain([user_data.to_owned()]);
    profiles
        .flat_map(|profile| ["Preferences", "Secure Preferences"].map(|name| (profile.join(name), profile.clone())))
        .filter_map(|(file, profile)| Some((read::<Preferences>(&file)?, profile)))
        .flat_map(|(preferences, profile)| preferences.switched_on(&profile.join("Extensions")))
        .filter(|(_, folder)| read(&folder.join("manifest.json")).is_some_and(|found: Manifest| found.name == NAME))
        .map(|(id, _)| id)
        .collect()
}

/// The part of a profile's preferences that matters here.
#[derive(Deserialize)]
struct Preferences {
    extensions: Extensions,
}

#[derive(Deserialize)]
struct Extensions {
    settings: BTreeMap<String, Value>,
}

/// What is written of one extension.
#[derive(Deserialize)]
struct Extension {
    /// Its folder; below the profile's `Extensions` for one that the browser unpacked itself.
    path: PathBuf,
    /// A list, in older browsers a number.
    #[serde(default)]
    disable_reasons: Value,
}

#[derive(Deserialize)]
struct Manifest {
    name: String,
}

impl Preferences {
    fn switched_on(self, unpacked: &Path) -> Vec<(String, PathBuf)> {
        let extensions = self.extensions.settings.into_iter().filter(|(id, _)| is_extension_id(id));
        // What was removed has nothing left but its id.
        let known = extensions.filter_map(|(id, value)| Some((id, serde_json::from_value::<Extension>(value).ok()?)));
        let on = known.filter(|(_, extension)| match &extension.disable_reasons {
            Value::Array(reasons) => reasons.is_empty(),
            Value::Number(reasons) => reasons.as_u64() == Some(0),
            _ => true,
        });
        on.map(|(id, extension)| (id, unpacked.join(extension.path))).collect()
    }
}

fn read<T: DeserializeOwned>(file: &Path) -> Option<T> {
    // A pipe would wait for somebody to write.
    let length = file.metadata().ok().filter(fs::Metadata::is_file)?.len();
    let mut bytes = Vec::new();
    File::open(file).ok().filter(|_| length <= LONGEST)?.take(LONGEST).read_to_end(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const STORE: &str = "abcdefghijklmnopabcdefghijklmnop";
    const UNPACKED: &str = "ponmlkjihgfedcbaponmlkjihgfedcba";

    struct Profiles {
        folder: tempfile::TempDir,
    }

    impl Profiles {
        fn new() -> Self {
            Self { folder: tempfile::tempdir().unwrap() }
        }

        fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
            let file = self.folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, content).unwrap();
            file.parent().unwrap().to_owned()
        }

        fn installed(&self) -> Vec<String> {
            installed(self.folder.path()).into_iter().collect()
        }
    }

    fn preferences(extensions: &Value) -> String {
        json!({"profile": {"name": "Ann"}, "extensions": {"settings": extensions}}).to_string()
    }

    #[test]
    fn the_manifests_name_is_the_extensions() {
        let manifest: Manifest = serde_json::from_str(include_str!("../../../extension/manifest.json")).unwrap();
        assert_eq!(manifest.name, NAME);
    }

    #[test]
    fn copies_of_all_profiles_are_found_and_nothing_else_is() {
        let profiles = Profiles::new();
        assert_eq!(profiles.installed(), [""; 0]);
        let ours = json!({"name": NAME}).to_string();
        profiles.write(&format!("Default/Extensions/{STORE}/1.0_0/manifest.json"), &ours);
        let unpacked = profiles.write("elsewhere/ours/manifest.json", &ours);
        let other = profiles.write("elsewhere/other/manifest.json", r#"{"name": "Other"}"#);
        let listed = json!({
            STORE: {"path": format!("{STORE}/1.0_0"), "disable_reasons": []},
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": {"path": other},
            "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb": {"path": unpacked, "disable_reasons": [1]},
            "cccccccccccccccccccccccccccccccc": {"path": unpacked, "disable_reasons": 1},
            "dddddddddddddddddddddddddddddddd": {},
            "../../../x": {"path": unpacked},
        });
        profiles.write("Default/Preferences", preferences(&listed));
        assert_eq!(profiles.installed(), [STORE]);
        profiles.write(
            "Profile 1/Secure Preferences",
            preferences(&json!({UNPACKED: {"path": unpacked, "disable_reasons": 0}})),
        );
        assert_eq!(profiles.installed(), [STORE, UNPACKED]);
        profiles.write("Profile 1/Secure Preferences", preferences(&json!({UNPACKED: {}})));
        profiles.write("Preferences", preferences(&json!({"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee": {"path": unpacked}})));
        assert_eq!(profiles.installed(), [STORE, "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"]);
    }

    #[test]
    fn what_is_not_as_expected_tells_nothing() {
        let profiles = Profiles::new();
        let unpacked = profiles.write("elsewhere/manifest.json", json!({"name": NAME}).to_string());
        let good = preferences(&json!({UNPACKED: {"path": unpacked}}));
        let deep = format!(
            r#"{{"extensions": {{"settings": {{"{UNPACKED}": {}1{}}}}}}}"#,
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        let other_types = [
            json!(null),
            json!([]),
            json!({"extensions": []}),
            json!({"extensions": {"settings": [UNPACKED]}}),
            json!({"extensions": {"settings": {UNPACKED: unpacked}}}),
            json!({"extensions": {"settings": {UNPACKED: {"path": 7}}}}),
            json!({"extensions": {"settings": {UNPACKED: {"path": ["/"]}}}}),
            json!({"extensions": {"settings": {UNPACKED: {"path": "\u{0}"}}}}),
            json!({"extensions": {"settings": {UNPACKED: {"path": ""}}}}),
        ];
        let mut bad: Vec<Vec<u8>> = other_types.iter().map(|value| value.to_string().into()).collect();
        bad.extend((0..good.len()).map(|end| good.as_bytes()[..end].to_vec()));
        bad.extend([deep.into_bytes(), b"\xff\xfe".to_vec(), [b"\xef\xbb\xbf", good.as_bytes()].concat()]);
        for content in bad {
            profiles.write("Default/Preferences", &content);
            assert_eq!(
                profiles.installed(),
                [""; 0],
                "{}",
                String::from_utf8_lossy(&content[..content.len().min(200)])
            );
        }
        profiles.write("Default/Preferences", &good);
        assert_eq!(profiles.installed(), [UNPACKED]);
        File::options()
            .write(true)
            .open(profiles.folder.path().join("Default/Preferences"))
            .unwrap()
            .set_len(LONGEST + 1)
            .unwrap();
        assert_eq!(profiles.installed(), [""; 0]);
    }

    #[test]
    fn folders_in_the_place_of_files_are_passed_by() {
        let profiles = Profiles::new();
        fs::create_dir_all(profiles.folder.path().join("Default/Preferences")).unwrap();
        let folder = profiles.folder.path().join("x");
        fs::create_dir_all(folder.join("manifest.json")).unwrap();
        profiles.write("Profile 1/Preferences", preferences(&json!({UNPACKED: {"path": folder}})));
        assert_eq!(profiles.installed(), [""; 0]);
    }
}
