//! The policy's names as administrators meet them: in their guide, and in the editor for group policies.
//!
//! The templates' elements: <https://learn.microsoft.com/en-us/previous-versions/windows/desktop/policy/admx-schema>

use gmail_sync_host::policy::{KEYS, Key, Kind};
use serde_json::{Value, json};

use crate::written;

/// Where the registry has them, below `HKEY_LOCAL_MACHINE`.
const PLACE: &str = r"Software\Policies\GmailSyncBitrix24";

const PRODUCT: &str = "Gmail Sync for Bitrix24";

#[test]
fn the_administrators_guide_names_every_key() {
    let rows = KEYS.iter().map(|key| {
        let kind = match key.kind {
            Kind::Texts => "list of texts",
            Kind::Text => "text",
            Kind::Number(..) => "number",
            Kind::Flag => "yes or no",
        };
        format!("| `{}` | {kind} | {} |\n", key.name, key.effect)
    });
    let table = "| name | type | what it does |\n| --- | --- | --- |\n".to_owned() + &rows.collect::<String>();
    written::section("docs/ADMIN.md", "policy", &table);
}

#[test]
fn the_template_for_group_policies_has_every_key() {
    written::file("manifests/policies/windows/gmail-sync-bitrix24.admx", &template());
}

fn template() -> String {
    let policies: String = KEYS.iter().map(definition).collect();
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<policyDefinitions xmlns="http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions" revision="1.0" schemaVersion="1.0">
  <policyNamespaces>
    <target prefix="gmailsync" namespace="GmailSyncBitrix24.Policies"/>
  </policyNamespaces>
  <resources minRequiredRevision="1.0"/>
  <supportedOn>
    <definitions>
      <definition name="Host" displayName="$(string.Host)"/>
    </definitions>
  </supportedOn>
  <categories>
    <category name="Product" displayName="$(string.Product)"/>
  </categories>
  <policies>
{policies}  </policies>
</policyDefinitions>
"#
    )
}

/// A profile for Microsoft Graph: the template, then each value of the sample by its path in it.
///
/// <https://learn.microsoft.com/windows/client-management/win32-and-centennial-app-policy-configuration>
#[test]
fn intunes_profile_sets_what_the_sample_does() {
    let setting = |name: &str, place: String, value: String| {
        json!({
            "@odata.type": "#microsoft.graph.omaSettingString",
            "displayName": name,
            "omaUri": format!("./Device/Vendor/MSFT/Policy/{place}"),
            "value": value,
        })
    };
    let sample: Value = serde_json::from_str(include_str!("../../../manifests/policies/host.json")).unwrap();
    let values = KEYS.iter().filter_map(|Key { name, .. }| {
        let data = match sample.get(name)? {
            Value::Bool(flag) => {
                let position = if *flag { "<enabled/>" } else { "<disabled/>" };
                return Some(setting(name, format!("Config/GmailSyncBitrix24~Policy~Product/{name}"), position.into()));
            }
            // The list's separator, a private character.
            Value::Array(texts) => texts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("&#xF000;"),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let value = format!(r#"<enabled/><data id="{name}" value="{data}"/>"#);
        Some(setting(name, format!("Config/GmailSyncBitrix24~Policy~Product/{name}"), value))
    });
    let place = "ConfigOperations/ADMXInstall/GmailSyncBitrix24/Policy/Host".to_owned();
    let settings: Vec<_> = [setting("Template", place, template())].into_iter().chain(values).collect();
    let profile = json!({
        "@odata.type": "#microsoft.graph.windows10CustomConfiguration",
        "displayName": format!("{PRODUCT}: host"),
        "description": "Replace the example's values by your own before you import it.",
        "omaSettings": settings,
    });
    written::file("manifests/policies/intune/host.json", &format!("{profile:#}\n"));
}

fn definition(Key { name, kind, .. }: &Key) -> String {
    let element = match kind {
        Kind::Texts => format!(r#"<multiText id="{name}" valueName="{name}" required="true"/>"#),
        Kind::Text => format!(r#"<text id="{name}" valueName="{name}" required="true"/>"#),
        Kind::Number(least, most) => {
            format!(r#"<decimal id="{name}" valueName="{name}" minValue="{least}" maxValue="{most}"/>"#)
        }
        Kind::Flag => return flag(name),
    };
    format!(
        r#"    <policy name="{name}" class="Machine" displayName="$(string.{name})" explainText="$(string.{name}_Effect)" presentation="$(presentation.{name})" key="{PLACE}">
      <parentCategory ref="Product"/>
      <supportedOn ref="Host"/>
      <elements>
        {element}
      </elements>
    </policy>
"#
    )
}

/// A policy that is on or off as a whole, so that the editor needs no field for it.
fn flag(name: &str) -> String {
    format!(
        r#"    <policy name="{name}" class="Machine" displayName="$(string.{name})" explainText="$(string.{name}_Effect)" key="{PLACE}" valueName="{name}">
      <parentCategory ref="Product"/>
      <supportedOn ref="Host"/>
      <enabledValue>
        <decimal value="1"/>
      </enabledValue>
      <disabledValue>
        <decimal value="0"/>
      </disabledValue>
    </policy>
"#
    )
}

#[test]
fn the_templates_texts_are_those_of_the_guide() {
    let strings: String = KEYS
        .iter()
        .map(|Key { name, effect, .. }| {
            let effect = escaped(effect);
            format!(
                "      <string id=\"{name}\">{name}</string>\n      <string id=\"{name}_Effect\">{effect}</string>\n"
            )
        })
        .collect();
    let presentations: String = KEYS.iter().map(presentation).collect();
    let language = format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<policyDefinitionResources xmlns="http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions" revision="1.0" schemaVersion="1.0">
  <displayName>{PRODUCT}</displayName>
  <description>What the host's policy may say</description>
  <resources>
    <stringTable>
      <string id="Product">{PRODUCT}</string>
      <string id="Host">The host, {version} or newer</string>
{strings}    </stringTable>
    <presentationTable>
{presentations}    </presentationTable>
  </resources>
</policyDefinitionResources>
"#,
        version = env!("CARGO_PKG_VERSION"),
    );
    written::file("manifests/policies/windows/en-US/gmail-sync-bitrix24.adml", &language);
}

fn presentation(Key { name, kind, .. }: &Key) -> String {
    let field = match kind {
        Kind::Texts => format!(r#"<multiTextBox refId="{name}"/>"#),
        Kind::Text => format!(r#"<textBox refId="{name}"><label>{name}</label></textBox>"#),
        Kind::Number(..) => format!(r#"<decimalTextBox refId="{name}">{name}</decimalTextBox>"#),
        Kind::Flag => return String::new(),
    };
    format!("      <presentation id=\"{name}\">{field}</presentation>\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
