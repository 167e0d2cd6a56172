//! The registry keys by which browsers find the host, and the choices of browsers that each belongs to.

use std::collections::BTreeMap;

use crate::browsers::Browser;

/// A key, and the browsers that read it, in the table's order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// Below the root.
    pub(super) path: String,
    pub(super) readers: Vec<String>,
}

/// Each key once.
pub(super) fn keys(browsers: &[Browser]) -> Vec<Key> {
    let mut keys = BTreeMap::<_, Vec<_>>::new();
    for browser in browsers {
        for path in &browser.windows {
            keys.entry(path.clone()).or_default().push(browser.name.clone());
        }
    }
    keys.into_iter().map(|(path, readers)| Key { path, readers }).collect()
}

impl Key {
    /// What Windows Installer decides by: without BROWSERS all keys are set. `~><` looks for a part of the text, so that `chrome` finds
    /// `chrome-beta`, too; a condition has 255 characters at most.
    pub(super) fn condition(&self) -> String {
        let is_found_by_another =
            |name: &String| self.readers.iter().any(|other| other != name && name.contains(other.as_str()));
        let names = self.readers.iter().filter(|name| !is_found_by_another(name));
        let named: Vec<_> = names.map(|name| format!(r#"BROWSERS ~>< "{name}""#)).collect();
        format!("NOT BROWSERS OR {}", named.join(" OR "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn browser(name: &str, keys: &[&str]) -> Browser {
        let windows = keys.iter().map(|&key| key.to_owned()).collect();
        Browser { name: name.into(), linux: String::new(), macos: String::new(), windows }
    }

    #[test]
    fn a_key_belongs_to_every_browser_that_reads_it() {
        let keys = keys(&[browser("chrome", &["c"]), browser("edge", &["e"]), browser("brave", &["b", "c"])]);
        let readers: Vec<_> = keys.iter().map(|key| (key.path.as_str(), key.readers.join(" "))).collect();
        assert_eq!(readers, [("b", "brave".into()), ("c", "chrome brave".into()), ("e", "edge".into())]);
    }

    #[test]
    fn a_channel_is_found_by_its_browsers_name() {
        let readers = ["chrome-beta", "chrome", "brave"].map(str::to_owned).to_vec();
        let key = Key { path: "c".into(), readers };
        assert_eq!(key.condition(), r#"NOT BROWSERS OR BROWSERS ~>< "chrome" OR BROWSERS ~>< "brave""#);
    }
}
