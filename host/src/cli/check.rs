//! `--check`: what is wrong, and what to do about it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde::Serialize;

use super::output::print;
use crate::browsers::BROWSERS;
use crate::check::{Finding, Scope, Severity, check, worst};
use crate::context::Context;
use crate::failure::Failure;

#[derive(Args)]
pub(super) struct CheckArgs {
    /// Find out what is wrong; ends with 0 if nothing is, with 1 after warnings, with 2 after errors
    #[arg(long)]
    pub(super) check: bool,
    /// With --check: for programs
    #[arg(long, requires = "check")]
    json: bool,
    /// With --check: look at this browser instead of those that were used
    #[arg(long, value_name = "NAME", requires = "check", value_parser = PossibleValuesParser::new(BROWSERS.iter().map(|browser| browser.name)))]
    browser: Option<String>,
    /// With --check: look at a browser that is started with --user-data-dir=DIR
    #[arg(long, value_name = "DIR", requires = "check", conflicts_with = "browser")]
    user_data_dir: Option<PathBuf>,
}

pub(super) async fn run(context: Result<&Context, &Failure>, args: CheckArgs) -> ExitCode {
    let scope = match (args.browser, args.user_data_dir) {
        (Some(name), _) => Scope::Browser(name),
        (None, Some(folder)) => Scope::UserData(folder),
        (None, None) => Scope::Used,
    };
    let findings = check(context, &scope).await;
    print(&if args.json { json(&findings) } else { text(&findings) });
    match worst(&findings) {
        Severity::Ok => ExitCode::SUCCESS,
        Severity::Warning => ExitCode::from(1),
        Severity::Error => ExitCode::from(2),
    }
}

fn json(findings: &[Finding]) -> String {
    #[derive(Serialize)]
    struct Report<'a> {
        version: &'static str,
        system: &'static str,
        findings: &'a [Finding],
    }
    let report = Report { version: env!("CARGO_PKG_VERSION"), system: std::env::consts::OS, findings };
    serde_json::to_string_pretty(&report).unwrap_or_default()
}

fn text(findings: &[Finding]) -> String {
    let mut lines: Vec<_> = findings.iter().map(line).collect();
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    lines.push(match (count(Severity::Error), count(Severity::Warning)) {
        (0, 0) => "Everything is well.".to_owned(),
        (errors, warnings) => format!("{errors} errors, {warnings} warnings."),
    });
    lines.join("\n")
}

fn line(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Ok => "ok",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let head = format!("{severity:<8} {:<15}", finding.probe);
    match &finding.failure {
        Some(failure) => format!("{head}{}\n{:24}hint: {}", failure.message, "", failure.hint),
        None => format!("{head}{}", finding.fine),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Reason;

    fn findings() -> [Finding; 2] {
        let failure = Failure::from(Reason::KeychainLocked).to_wire();
        [
            Finding { probe: "ledger", severity: Severity::Ok, fine: "2 requests.".into(), failure: None },
            Finding { probe: "keychain", severity: Severity::Error, fine: String::new(), failure: Some(failure) },
        ]
    }

    #[test]
    fn a_person_reads_sentences_with_cures() {
        assert_eq!(
            text(&findings()),
            "ok       ledger         2 requests.\n\
             error    keychain       The keychain of this computer is locked.\n                        \
             hint: Unlock it (a dialog may be waiting behind other windows), then try again.\n\
             1 errors, 0 warnings."
        );
        assert!(text(&findings()[..1]).ends_with("\nEverything is well."));
    }

    #[test]
    fn a_program_reads_names() {
        let report: serde_json::Value = serde_json::from_str(&json(&findings())).unwrap();
        assert_eq!(report["findings"][0]["fine"], "2 requests.");
        assert_eq!(report["findings"][1]["reason"], "keychain_locked");
        assert_eq!(report["findings"][1]["severity"], "error");
    }
}
