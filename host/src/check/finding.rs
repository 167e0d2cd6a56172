//! What probes find: a sentence, and for a fault its code, its cure and what shows it.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::faults::Fault;
use crate::failure::Failure;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// All is well.
    Ok,
    /// It works, or may work, but not as it should.
    Warning,
    /// Something doesn't work.
    Error,
}

/// What a probe found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which probe: `keychain`, `registration`, `portal`, …
    pub probe: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is well, or what is wrong.
    pub sentence: String,
    /// The fault, if it is one.
    #[serde(flatten)]
    pub fault: Option<Found>,
}

/// A fault with its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// A code of the table: `NM01`.
    pub code: &'static str,
    /// A name of [`crate::failure::Reason`]: tells faults of one code apart.
    pub reason: &'static str,
    /// What to do.
    pub cure: String,
    /// What to type for that, in a shell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// What shows it: files, names, numbers.
    pub evidence: BTreeMap<&'static str, String>,
}

impl Finding {
    pub(crate) fn fine(probe: &'static str, what: impl Into<String>) -> Self {
        Self { probe, severity: Severity::Ok, sentence: what.into(), fault: None }
    }

    pub(crate) fn fault(probe: &'static str, failure: &Failure) -> Self {
        let fault = Fault::of(failure.reason());
        let found = Found {
            code: fault.code,
            reason: failure.reason().name(),
            cure: failure.hint(),
            command: fault.command.map(|command| failure.fill(command, quoted)),
            evidence: failure.args().clone(),
        };
        Self { probe, severity: fault.severity, sentence: failure.message(), fault: Some(found) }
    }

    /// What would be an error if anybody needed it now.
    pub(crate) fn not_needed_now(mut self) -> Self {
        self.severity = self.severity.min(Severity::Warning);
        self
    }

    /// Adds something that shows the fault.
    pub(crate) fn showing(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        if let Some(found) = &mut self.fault {
            found.evidence.insert(name, value.to_string());
        }
        self
    }
}

/// A value as one word of a shell. `~/` stays outside of the quotes, where shells know it; `target` is words already.
fn quoted(name: &str, value: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./=:".contains(c);
    let (home, rest) = match value.strip_prefix("~/") {
        Some(rest) => ("~/", rest),
        None => ("", value),
    };
    if name == "target" || (!rest.is_empty() && rest.chars().all(plain)) {
        return value.to_owned();
    }
    if cfg!(windows) { format!("{home}\"{rest}\"") } else { format!("{home}'{}'", rest.replace('\'', r"'\''")) }
}

/// A path as one word of a shell.
pub(super) fn word(path: &str) -> String {
    quoted("", path)
}

/// The worst of them.
#[must_use]
pub fn worst(findings: &[Finding]) -> Severity {
    findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Reason;

    #[test]
    fn a_fault_has_all_that_the_table_says_of_it() {
        let failure = Failure::new(Reason::NotRegistered).with("browser", "Brave").with("target", "--browser brave");
        let finding = Finding::fault("registration", &failure).showing("file", "~/x.json");
        assert_eq!(
            serde_json::to_value(&finding).unwrap(),
            serde_json::json!({
                "probe": "registration",
                "severity": "error",
                "sentence": "Brave doesn't know where the host is.",
                "code": "NM01",
                "reason": "not_registered",
                "cure": "Run gmail-sync-host register --browser brave, then reload the extension.",
                "command": "gmail-sync-host register --browser brave",
                "evidence": {"browser": "Brave", "file": "~/x.json", "target": "--browser brave"},
            })
        );
        let fine = serde_json::to_value(Finding::fine("ledger", "Two requests.")).unwrap();
        assert_eq!(fine, serde_json::json!({"probe": "ledger", "severity": "ok", "sentence": "Two requests."}));
    }

    #[cfg(unix)]
    #[test]
    fn a_path_is_one_word_of_a_shell() {
        for (path, expected) in [
            ("/a/b-c.d", "/a/b-c.d"),
            ("/a/Ärger", "/a/Ärger"),
            ("~/my things", "~/'my things'"),
            ("/x; rm y", "'/x; rm y'"),
            ("/it's", r"'/it'\''s'"),
            ("$(x)", "'$(x)'"),
            ("", "''"),
        ] {
            assert_eq!(word(path), expected);
        }
    }
}
