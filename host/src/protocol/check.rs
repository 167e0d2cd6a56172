//! What is wrong on this computer and on the way to the portal, and what cures it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Nothing: the host looks at everything it may tell the caller of.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct CheckParams {}

/// What was found; `gmail-sync-host --check --json` prints the same. New names may come at any time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct CheckReport {
    /// Grows when a name changes its meaning or goes.
    pub schema: u32,
    /// The host's version.
    pub host: &'static str,
    /// `linux`, `macos` or `windows`
    pub system: &'static str,
    /// The worst of all findings.
    pub worst: Severity,
    /// One for each thing that was looked at.
    pub findings: Vec<Finding>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum Severity {
    /// All is well.
    Ok,
    /// It works, or may work, but not as it should.
    Warning,
    /// Something doesn't work.
    Error,
}

/// What a probe found. A fault has all of [`FoundFault`] too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(
    test,
    ts(
        export,
        type = "{ probe: string; severity: Severity; sentence: string; evidence: { [key in string]: string } } & Partial<FoundFault>"
    )
)]
pub struct Finding {
    /// Which probe: `keychain`, `registration`, `portal`, …
    pub probe: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is well, or what is wrong.
    pub sentence: String,
    /// What shows it: files, names, numbers. The sentence's values are among them.
    pub evidence: BTreeMap<&'static str, String>,
    /// The fault, if it is one.
    #[serde(flatten)]
    pub fault: Option<FoundFault>,
}

/// What is known of a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct FoundFault {
    /// A code that never changes its meaning: `NM01`. docs/ADMIN.md lists them.
    pub code: &'static str,
    /// The name of the sentence, for translation; tells faults of one code apart.
    pub reason: &'static str,
    /// What to do.
    pub cure: String,
    /// What to type for that, in a shell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub command: Option<String>,
}
