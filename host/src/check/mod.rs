//! Finding out what is wrong: a list of probes, each with findings that say what it is and what to do.
//!
//! A browser tells nearly every fault of a registration as "host not found", so this looks where the browser looks. What
//! it prints can be shown to anybody: it holds no address, no token and nothing of anybody's mail.

mod browser_policy;
mod local;
mod online;
mod registration;
mod self_test;

use std::path::PathBuf;

use serde::Serialize;

use crate::context::Context;
use crate::failure::Failure;
use crate::protocol::WireFailure;

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
    /// What is well; empty otherwise.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub fine: String,
    /// What is wrong, with its cure.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub failure: Option<WireFailure>,
}

impl Finding {
    fn fine(probe: &'static str, what: impl Into<String>) -> Self {
        Self { probe, severity: Severity::Ok, fine: what.into(), failure: None }
    }

    fn warning(probe: &'static str, failure: &Failure) -> Self {
        Self { probe, severity: Severity::Warning, fine: String::new(), failure: Some(failure.to_wire()) }
    }

    fn error(probe: &'static str, failure: &Failure) -> Self {
        Self { probe, severity: Severity::Error, fine: String::new(), failure: Some(failure.to_wire()) }
    }
}

/// Which browsers to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those this user account has used.
    Used,
    /// One by name.
    Browser(String),
    /// One that is started with `--user-data-dir`.
    UserData(PathBuf),
}

/// Runs every probe that can be run. Without a context (its failure is the first finding) only the registration is looked at.
pub async fn check(context: Result<&Context, &Failure>, scope: &Scope) -> Vec<Finding> {
    let mut findings = Vec::new();
    let policy = match context {
        Ok(context) => {
            findings.push(Finding::fine("state", context.paths.state().display().to_string()));
            findings.extend(local::policy());
            context.policy.clone()
        }
        Err(failure) => {
            findings.push(Finding::error("state", failure));
            crate::policy::Policy::default()
        }
    };
    findings.extend(registration::probe(scope, &policy));
    findings.extend(browser_policy::probe(scope));
    findings.push(self_test::probe().await);
    if let Ok(context) = context {
        findings.push(local::extension(context));
        findings.push(local::keychain(context).await);
        findings.push(local::callback_port(context).await);
        findings.push(local::ledger(context));
        findings.extend(online::probe(context).await);
    }
    findings
}

/// The worst of them.
#[must_use]
pub fn worst(findings: &[Finding]) -> Severity {
    findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Ok)
}
