//! The packages of the extension: npm's own list, without what tells the machine or the moment.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// npm's list with its random number, its time and its version taken out.
pub(super) fn bill(printed: &str) -> Result<Value> {
    let mut bill: Value = serde_json::from_str(printed).context("understand what npm sbom printed")?;
    ensure!(bill["bomFormat"] == "CycloneDX" && bill["specVersion"] == "1.5", "npm sbom printed something else");
    let list = bill.as_object_mut().context("a list is an object")?;
    list.remove("serialNumber");
    let metadata = list.get_mut("metadata").and_then(Value::as_object_mut).context("a list says what it is about")?;
    metadata.remove("timestamp");
    metadata.remove("tools");
    Ok(bill)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(number: u32, version: &str) -> String {
        format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","serialNumber":"urn:uuid:{number}",
                "metadata":{{"timestamp":"{number}","tools":[{{"name":"cli","version":"{version}"}}],"component":{{"name":"x"}}}},
                "components":[{{"name":"preact"}}]}}"#
        )
    }

    #[test]
    fn two_machines_make_the_same_list() {
        let one = bill(&printed(1, "10.0.0")).unwrap();
        assert_eq!(one, bill(&printed(2, "11.0.0")).unwrap());
        assert_eq!(one["components"][0]["name"], "preact");
        assert_eq!(one["metadata"]["component"]["name"], "x");
    }

    #[test]
    fn what_is_no_list_is_told() {
        for text in ["", "[]", "{}", r#"{"bomFormat":"CycloneDX","specVersion":"1.5"}"#] {
            assert!(bill(text).is_err(), "{text}");
        }
    }
}
