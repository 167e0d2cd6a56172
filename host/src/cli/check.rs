//! `--check`: what is wrong, and what to do about it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::bundle;
use super::guide::guide;
use super::output::print;
use crate::browsers::BROWSERS;
use crate::check::{Asker, Finding, Reach, Scope, Severity, check, report};
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
    /// With --check: send nothing, so don't ask the portal
    #[arg(long, requires = "check")]
    offline: bool,
    /// With --check: write a file for support instead, without the names of portals
    #[arg(long, value_name = "FILE", requires = "check", conflicts_with = "json")]
    bundle: Option<PathBuf>,
    /// With --check: look at this browser instead of those that were used
    #[arg(long, value_name = "NAME", requires = "check", value_parser = PossibleValuesParser::new(BROWSERS.iter().map(|browser| browser.name)))]
    browser: Option<String>,
    /// With --check: look at a browser that is started with --user-data-dir=DIR
    #[arg(long, value_name = "DIR", requires = "check", conflicts_with = "browser")]
    user_data_dir: Option<PathBuf>,
}

pub(super) async fn run(context: Result<&Context, &Failure>, args: CheckArgs) -> Result<ExitCode, Failure> {
    let scope = match (args.browser, args.user_data_dir) {
        (Some(name), _) => Scope::Browser(name),
        (None, Some(folder)) => Scope::UserData(folder),
        (None, None) => Scope::Used,
    };
    let reach = if args.offline { Reach::Offline } else { Reach::Online };
    let report = report(check(context, scope, reach, Asker::Terminal, |_| {}).await);
    if let Some(file) = &args.bundle {
        bundle::write(context.ok(), &report, file)?;
    } else if args.json {
        print(&serde_json::to_string_pretty(&report).unwrap_or_default());
    } else {
        print(&text(&report.findings));
        if let Some(guide) = guide(&report.findings) {
            print(&format!("\n{guide}"));
        }
    }
    Ok(match report.worst {
        Severity::Ok => ExitCode::SUCCESS,
        Severity::Warning => ExitCode::from(1),
        Severity::Error => ExitCode::from(2),
    })
}

fn text(findings: &[Finding]) -> String {
    let mut lines: Vec<_> = findings.iter().map(lines).collect();
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    lines.push(match (count(Severity::Error), count(Severity::Warning)) {
        (0, 0) => "Everything is well. If the browser doesn't find the host all the same, quit it completely and start it again."
            .to_owned(),
        (errors, warnings) => format!("{}, {}.", counted(errors, "error"), counted(warnings, "warning")),
    });
    lines.extend(first_step(findings).map(|command| format!("Begin with: {command}")));
    lines.join("\n")
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The command for what is broken most.
fn first_step(findings: &[Finding]) -> Option<&str> {
    let command = |severity| {
        let of_severity = findings.iter().filter(move |finding| finding.severity == severity);
        of_severity.filter_map(|finding| finding.fault.as_ref()?.command.as_deref()).next()
    };
    command(Severity::Error).or_else(|| command(Severity::Warning))
}

fn lines(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Ok => "ok",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let code = finding.fault.as_ref().map_or("", |found| found.code);
    let mut text = format!("{severity:<8} {code:<5}{:<15}{}", finding.probe, finding.sentence);
    if let Some(found) = &finding.fault {
        let said = |value: &str| finding.sentence.contains(value) || found.cure.contains(value);
        let more = found.evidence.iter().filter(|(_, value)| !said(value));
        text.extend(more.map(|(name, value)| format!("\n{INDENT}seen: {}: {value}", name.replace('_', " "))));
        text += &format!("\n{INDENT}cure: {}", found.cure);
        text.extend(found.command.iter().map(|command| format!("\n{INDENT}run:  {command}")));
    }
    text
}

/// As wide as what stands before a sentence.
const INDENT: &str = "                             ";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Reason;

    fn findings() -> [Finding; 3] {
        let unregistered =
            Failure::new(Reason::NotRegistered).with("browser", "Brave").with("target", "--browser brave");
        [
            Finding::fine("ledger", "2 requests."),
            Finding::fault("keychain", &Reason::KeychainLocked.into()).showing("held_by", "kwalletd"),
            Finding::fault("registration", &unregistered),
        ]
    }

    #[test]
    fn a_person_reads_sentences_with_cures_and_where_to_begin() {
        assert_eq!(
            text(&findings()),
            "ok            ledger         2 requests.\n\
             error    NM16 keychain       The keychain of this computer is locked.\n                             \
             seen: held by: kwalletd\n                             \
             cure: Unlock it (a dialog may be waiting behind other windows), then try again.\n\
             error    NM01 registration   Brave doesn't know where the host is.\n                             \
             cure: Run gmail-sync-host register --browser brave, then reload the extension.\n                             \
             run:  gmail-sync-host register --browser brave\n\
             2 errors, 0 warnings.\n\
             Begin with: gmail-sync-host register --browser brave"
        );
        assert!(text(&findings()[..1]).contains("\nEverything is well."));
    }

    #[test]
    fn a_program_reads_names() {
        let report: serde_json::Value = serde_json::to_value(report(findings().to_vec())).unwrap();
        assert_eq!((&report["schema"], &report["worst"]), (&1.into(), &"error".into()));
        assert_eq!(report["findings"][0]["sentence"], "2 requests.");
        assert_eq!(report["findings"][1]["code"], "NM16");
        assert_eq!(report["findings"][2]["command"], "gmail-sync-host register --browser brave");
    }
}
