//! `--check`: what is wrong, and what to do about it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::bundle;
use super::guide::guide;
use super::output::{print, width};
use super::user_data;
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
    /// With --check: write a file for support instead, without the names of portals, proxies and authorities
    #[arg(long, value_name = "FILE", requires = "check", conflicts_with = "json")]
    bundle: Option<PathBuf>,
    /// With --check: look at this browser instead of those that were used
    #[arg(long, value_name = "NAME", requires = "check", value_parser = PossibleValuesParser::new(BROWSERS.iter().map(|browser| browser.name)))]
    browser: Option<String>,
    /// With --check: look at a browser that is started with --user-data-dir=DIR; on Windows none needs that
    #[arg(long, value_name = "DIR", requires = "check", conflicts_with = "browser")]
    user_data_dir: Option<PathBuf>,
}

pub(super) async fn run(context: Result<&Context, &Failure>, args: CheckArgs) -> Result<ExitCode, Failure> {
    let scope = match (args.browser, user_data(args.user_data_dir.as_deref())?) {
        (Some(name), _) => Scope::Browser(name),
        (None, Some(folder)) => Scope::UserData(folder.to_owned()),
        (None, None) => Scope::Used,
    };
    let reach = if args.offline { Reach::Offline } else { Reach::Online };
    let report = report(check(context, scope, reach, Asker::Terminal, |_| {}).await);
    if let Some(file) = &args.bundle {
        bundle::write(context.ok(), &report, file)?;
    } else if args.json {
        print(&serde_json::to_string_pretty(&report).unwrap_or_default());
    } else {
        print(&text(&report.findings, width()));
    }
    Ok(match report.worst {
        Severity::Ok => ExitCode::SUCCESS,
        Severity::Warning => ExitCode::from(1),
        Severity::Error => ExitCode::from(2),
    })
}

/// With a `width`, in characters, no sentence is longer; a command stays whole, so that it can be copied.
fn text(findings: &[Finding], width: Option<usize>) -> String {
    let mut lines: Vec<_> = findings.iter().map(|finding| lines(finding, width)).collect();
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let guide = guide(findings);
    lines.push(match (count(Severity::Error), count(Severity::Warning)) {
        (0, 0) if guide.is_some() => "Nothing is wrong so far.".to_owned(),
        (0, 0) => "Everything is well. If the browser doesn't find the host all the same, quit it completely and start it again."
            .to_owned(),
        (errors, warnings) => format!("{}, {}.", counted(errors, "error"), counted(warnings, "warning")),
    });
    // Whoever has a way to go begins with its first step.
    let begin = || first_step(findings).map(|command| format!("Begin with: {command}"));
    lines.extend(guide.map(|guide| format!("\n{guide}")).or_else(begin));
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

fn lines(finding: &Finding, width: Option<usize>) -> String {
    let severity = match finding.severity {
        Severity::Ok => "ok",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let fault = finding.fault.as_ref();
    let code = fault.map_or("", |found| found.code);
    let head = format!("{severity:<8} {code:<5}{:<15}", finding.probe);
    let mut lines = vec![wrapped(&head, &finding.sentence, width)];
    let said = |value: &str| finding.sentence.contains(value) || fault.is_some_and(|found| found.cure.contains(value));
    let more = finding.evidence.iter().filter(|(_, value)| !said(value));
    lines.extend(more.map(|(name, value)| {
        wrapped(&format!("{INDENT}seen: "), &format!("{}: {value}", name.replace('_', " ")), width)
    }));
    if let Some(found) = fault {
        lines.push(wrapped(&format!("{INDENT}cure: "), &found.cure, width));
        lines.extend(found.command.iter().map(|command| format!("{INDENT}run:  {command}")));
    }
    lines.join("\n")
}

/// The text after its head, and where it goes on in further lines, below its own beginning.
fn wrapped(head: &str, text: &str, width: Option<usize>) -> String {
    let Some(width) = width else { return format!("{head}{text}") };
    let indent = " ".repeat(textwrap::core::display_width(head));
    // A file's name stays whole, so that it can be copied.
    let options = textwrap::Options::new(width)
        .initial_indent(head)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
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
            text(&findings(), None),
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
        assert!(text(&findings()[..1], None).contains("\nEverything is well."));
    }

    #[test]
    fn in_a_terminal_a_sentence_goes_on_below_its_own_beginning_and_a_command_stays_whole() {
        let text = text(&findings(), Some(60));
        assert!(text.contains(
            "\nerror    NM16 keychain       The keychain of this computer\n                             is locked.\n"
        ));
        assert!(text.contains("cure: Unlock it (a dialog may\n                                   be waiting behind"));
        assert!(text.contains("\n                             run:  gmail-sync-host register --browser brave\n"));
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
