//! Where browsers look for the native messaging hosts of a machine. The table itself is the host's own; the build writes it
//! to `built/browsers.json`.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::stage::Link;
use crate::{Inputs, PACKAGE};

/// What the host says of the browsers it can be registered with.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The name by which extensions ask for the host, and the manifest's file name before `.json`.
    pub host: String,
    /// In the table's own order.
    pub browsers: Vec<Browser>,
}

/// A browser's places for what all people of a machine share.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Browser {
    /// As on the command line: `chrome`.
    pub name: String,
    /// The manifest.
    pub linux: String,
    /// The manifest.
    pub macos: String,
    /// The registry keys that it reads, its own first; the default value is the manifest's path: below `HKEY_LOCAL_MACHINE` for
    /// everybody, below `HKEY_CURRENT_USER` for one person.
    pub windows: Vec<String>,
}

/// Reads the table.
///
/// # Errors
/// When it is missing or no table.
pub fn table(inputs: &Inputs) -> Result<Table> {
    let path = inputs.locate("built/browsers.json");
    let text = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("understand {}", path.display()))
}

/// The links by which Linux' browsers find the manifest of a package, each place once: several browsers share one.
///
/// # Errors
/// When the table can't be read.
pub fn links(inputs: &Inputs) -> Result<Vec<Link>> {
    let Table { host, browsers } = table(inputs)?;
    let places: BTreeSet<_> = browsers.into_iter().map(|browser| browser.linux).collect();
    let to = format!("/usr/share/{PACKAGE}/{host}.json");
    Ok(places.into_iter().map(|at| Link { at, to: to.clone() }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(folder: &std::path::Path, table: &str) -> Inputs {
        fs::write(folder.join("browsers.json"), table).unwrap();
        Inputs { project: folder.into(), built: folder.into(), version: "1".into(), timestamp: 1 }
    }

    #[test]
    fn browsers_that_share_a_place_share_a_link() {
        let row =
            |name: &str, linux: &str| format!(r#"{{"name":"{name}","linux":"{linux}","macos":"/m","windows":["k"]}}"#);
        let rows = [row("a", "/etc/b/h.json"), row("b", "/etc/a/h.json"), row("c", "/etc/b/h.json")].join(",");
        let folder = tempfile::tempdir().unwrap();
        let links = links(&inputs(folder.path(), &format!(r#"{{"host":"h","browsers":[{rows}]}}"#))).unwrap();
        let to = "/usr/share/gmail-sync-bitrix24/h.json";
        let link = |at: &str| Link { at: at.into(), to: to.into() };
        assert_eq!(links, [link("/etc/a/h.json"), link("/etc/b/h.json")]);
    }

    #[test]
    fn what_is_no_table_is_told() {
        for table in ["", "{}", r#"{"host":"h","browsers":[{"name":"a"}]}"#, r#"{"host":"h","browsers":[],"more":1}"#] {
            let folder = tempfile::tempdir().unwrap();
            let error = links(&inputs(folder.path(), table)).unwrap_err();
            assert!(format!("{error:#}").contains("browsers.json"), "{error:#}");
        }
    }
}
