//! `package.wxs` with everything filled in.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};
use uuid::Uuid;

use super::keys::{Key, keys};
use super::{PUBLISHER, Scope, identity};
use crate::files::File;
use crate::{Inputs, SUMMARY, browsers};

/// Where the package keeps what was chosen, so that the next version keeps it too.
const CHOICES: &str = r"Software\GmailSyncBitrix24";

/// Where the host reads what the administrator fixed.
const POLICY: &str = r"Software\Policies\GmailSyncBitrix24";

/// A public property that is remembered from one version to the next.
struct Choice {
    property: &'static str,
    /// The registry value it is remembered in.
    value: &'static str,
    /// The policy it becomes, by name and with what stands around the value: only for a whole machine.
    policy: Option<(&'static str, &'static str)>,
}

const CHOICES_OF_ALL: [Choice; 2] = [
    Choice { property: "INSTALLDIR", value: "InstallDir", policy: None },
    Choice { property: "BROWSERS", value: "Browsers", policy: None },
];

const CHOICES_OF_MACHINES: [Choice; 3] = [
    Choice {
        property: "PORTAL",
        value: "Portal",
        policy: Some(("Portals", r#"Type="string" Value="[~][PORTAL][~]""#)),
    },
    Choice {
        property: "CLIENTID",
        value: "ClientId",
        policy: Some(("ClientId", r#"Type="string" Value="[CLIENTID]""#)),
    },
    Choice {
        property: "CALLBACKPORT",
        value: "CallbackPort",
        policy: Some(("CallbackPort", r#"Type="integer" Value="[CALLBACKPORT]""#)),
    },
];

/// The public properties of a package, which Windows Installer must pass on to its privileged half.
pub(super) fn public_properties(scope: Scope) -> Vec<&'static str> {
    choices(scope).map(|choice| choice.property).chain(["PURGE"]).collect()
}

fn choices(scope: Scope) -> impl Iterator<Item = &'static Choice> {
    let more: &[Choice] = if scope == Scope::Machine { &CHOICES_OF_MACHINES } else { &[] };
    CHOICES_OF_ALL.iter().chain(more)
}

/// The folder with the files, beside the source.
pub(super) const TREE: &str = "tree";

/// What a package is made of.
pub(super) struct Source {
    /// For wixl.
    pub(super) text: String,
    /// Which components are only installed on which condition: wixl can't say that.
    pub(super) conditions: BTreeMap<String, String>,
}

/// The source of a package with `files`, which lie in the folder [`TREE`] beside it.
pub(super) fn write(inputs: &Inputs, scope: Scope, files: &[File]) -> Result<Source> {
    let template = inputs.template("windows/package.wxs");
    let text = fs::read_to_string(&template).with_context(|| format!("read {}", template.display()))?;
    let mut components = Components::of(scope);
    for file in files {
        components.file(file)?;
    }
    let table = browsers::table(inputs)?;
    let manifest = format!("[INSTALLDIR]{}.json", table.host);
    for key in keys(&table.browsers) {
        components.browser(&key, &manifest)?;
    }
    for choice in choices(scope) {
        components.choice(choice)?;
    }
    let (open, close) = folder(scope);
    let program = files.iter().find(|file| file.program).context("the list names the program for Windows")?;
    let text = text
        .replace("@PRODUCT@", &text_of(identity::product(scope, &inputs.version)))
        .replace("@UPGRADE@", identity::UPGRADE)
        .replace("@VERSION@", &inputs.version)
        .replace("@PUBLISHER@", PUBLISHER)
        .replace("@SCOPE@", if scope == Scope::Machine { "perMachine" } else { "perUser" })
        .replace("@SUMMARY@", SUMMARY)
        .replace("@PROGRAM@", &id("File", &program.target))
        .replace("@SEARCHES@", &searches(scope)?)
        .replace("@KEEPERS@", &keepers(scope)?)
        .replace("@KEEPER_STEPS@", &keeper_steps(scope)?)
        .replace("@FOLDER_OPEN@", open)
        .replace("@FOLDER_CLOSE@", close)
        .replace("@COMPONENTS@", components.text.trim_end())
        .replace("@REFERENCES@", components.references.trim_end());
    Ok(Source { text, conditions: components.conditions })
}

fn folder(scope: Scope) -> (&'static str, &'static str) {
    match scope {
        Scope::Machine => (r#"      <Directory Id="ProgramFiles64Folder">"#, "      </Directory>"),
        // Where programs of one person belong: https://learn.microsoft.com/windows/win32/shell/knownfolderid (UserProgramFiles)
        Scope::Person => (
            r#"      <Directory Id="LocalAppDataFolder"><Directory Id="ProgramsFolder" Name="Programs">"#,
            "      </Directory></Directory>",
        ),
    }
}

struct Components {
    scope: Scope,
    text: String,
    references: String,
    conditions: BTreeMap<String, String>,
}

impl Components {
    fn of(scope: Scope) -> Self {
        Self { scope, text: String::new(), references: String::new(), conditions: BTreeMap::new() }
    }

    fn file(&mut self, file: &File) -> Result<()> {
        let File { target, .. } = file;
        let id = id("File", target);
        let inner = format!(r#"<File Id="{id}" Name="{target}" Source="{TREE}/{target}" KeyPath="yes"/>"#);
        self.add(&file.target, None, &inner)
    }

    fn browser(&mut self, key: &Key, manifest: &str) -> Result<()> {
        let inner = self.value(&key.path, None, &format!(r#"Type="string" Value="{manifest}""#));
        // By the first name only: an identifier has 72 letters at most, and a component stays the same when its key gets more readers.
        let name = key.readers.first().context("every key has a browser")?;
        self.add(&format!("Browser.{name}"), Some(key.condition()), &inner)
    }

    fn choice(&mut self, choice: &Choice) -> Result<()> {
        let Choice { property, value, policy } = choice;
        let chosen = format!(r#"Type="string" Value="[{property}]""#);
        let inner = self.value(CHOICES, Some(value), &chosen);
        self.add(property, Some((*property).to_owned()), &inner)?;
        if let Some((name, content)) = policy {
            let inner = self.value(POLICY, Some(name), content);
            self.add(&format!("Policy{name}"), Some((*property).to_owned()), &inner)?;
        }
        Ok(())
    }

    /// Root and key stand at the value: wixl writes a wrong key for a value inside a RegistryKey.
    fn value(&self, key: &str, name: Option<&str>, content: &str) -> String {
        let root = root(self.scope);
        let name = name.map_or_else(String::new, |name| format!(r#" Name="{name}""#));
        format!(r#"<RegistryValue Root="{root}" Key="{key}"{name} {content} KeyPath="yes"/>"#)
    }

    fn add(&mut self, what: &str, condition: Option<String>, inner: &str) -> Result<()> {
        let id = id("Component", what);
        let guid = text_of(identity::component(self.scope, what));
        writeln!(self.text, r#"          <Component Id="{id}" Guid="{guid}" Win64="yes">{inner}</Component>"#)?;
        writeln!(self.references, r#"      <ComponentRef Id="{id}"/>"#)?;
        self.conditions.extend(condition.map(|condition| (id, condition)));
        Ok(())
    }
}

fn root(scope: Scope) -> &'static str {
    match scope {
        Scope::Machine => "HKLM",
        Scope::Person => "HKCU",
    }
}

fn searches(scope: Scope) -> Result<String> {
    let mut text = String::new();
    for Choice { property, value, .. } in choices(scope) {
        let root = root(scope);
        writeln!(
            text,
            r#"    <Property Id="OLD{property}"><RegistrySearch Id="Search{value}" Root="{root}" Key="{CHOICES}" Name="{value}" Type="raw" Win64="yes"/></Property>"#
        )?;
    }
    Ok(text)
}

fn keepers(scope: Scope) -> Result<String> {
    let mut text = String::new();
    for Choice { property, value, .. } in choices(scope) {
        writeln!(
            text,
            r#"    <CustomAction Id="Keep{value}" Property="{property}" Value="[OLD{property}]" Execute="immediate" Impersonate="yes"/>"#
        )?;
    }
    Ok(text)
}

/// After AppSearch (50), before CostInitialize (800).
fn keeper_steps(scope: Scope) -> Result<String> {
    let mut text = String::new();
    for (step, Choice { property, value, .. }) in choices(scope).enumerate() {
        let sequence = 60 + step;
        writeln!(
            text,
            r#"      <Custom Action="Keep{value}" Sequence="{sequence}">OLD{property} AND NOT {property}</Custom>"#
        )?;
    }
    Ok(text)
}

/// An identifier of the database: letters, digits, underscores and full stops.
fn id(kind: &str, what: &str) -> String {
    let tail: String = what.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("{kind}.{tail}")
}

/// As Windows writes it.
fn text_of(guid: Uuid) -> String {
    guid.hyphenated().to_string().to_uppercase()
}
