//! What probes find: a sentence, and for a fault its code, its cure and what shows it.

use std::collections::BTreeMap;
use std::fmt;

use super::faults::Fault;
use crate::failure::Failure;
use crate::protocol::{CheckReport, Finding, FoundFault, Severity};

impl Finding {
    pub(crate) fn fine(probe: &'static str, what: impl Into<String>) -> Self {
        Self { probe, severity: Severity::Ok, sentence: what.into(), evidence: BTreeMap::new(), fault: None }
    }

    pub(crate) fn fault(probe: &'static str, failure: &Failure) -> Self {
        let fault = Fault::of(failure.reason());
        let found = FoundFault {
            code: fault.code,
            reason: failure.reason().name(),
            cure: failure.hint(),
            command: fault.command.map(|command| failure.fill(command, quoted)),
        };
        let (sentence, evidence) = (failure.message(), failure.args().clone());
        Self { probe, severity: fault.severity, sentence, evidence, fault: Some(found) }
    }

    /// What would be an error if anybody needed it now.
    pub(crate) fn not_needed_now(mut self) -> Self {
        self.severity = self.severity.min(Severity::Warning);
        self
    }

    /// Adds something that shows it.
    pub(crate) fn showing(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.evidence.insert(name, value.to_string());
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

/// Grows when a name that others read changes its meaning or goes; new names may come at any time.
const SCHEMA: u32 = 1;

/// The findings with what they are about.
#[must_use]
pub fn report(findings: Vec<Finding>) -> CheckReport {
    CheckReport {
        schema: SCHEMA,
        host: env!("CARGO_PKG_VERSION"),
        system: std::env::consts::OS,
        worst: findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Ok),
        findings,
    }
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
    }

    #[test]
    fn what_is_well_can_be_shown_too() {
        let fine =
            Finding::fine("network", "acme.bitrix24.com can be reached.").showing("proxy", "proxy.acme.com:3128");
        assert_eq!(
            serde_json::to_value(fine).unwrap(),
            serde_json::json!({
                "probe": "network",
                "severity": "ok",
                "sentence": "acme.bitrix24.com can be reached.",
                "evidence": {"proxy": "proxy.acme.com:3128"},
            })
        );
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
