//! The way from nothing to a working connection, as far as a report tells.

use crate::check::{Finding, FoundFault, Severity};

struct Step {
    done: bool,
    what: &'static str,
    how: String,
}

/// What is done and what comes next; `None` once this computer is connected.
pub(super) fn guide(findings: &[Finding]) -> Option<String> {
    let of = |probe: &'static str| findings.iter().filter(move |finding| finding.probe == probe);
    let is_well = |finding: &Finding| finding.severity == Severity::Ok;
    let code =
        |code: &str| findings.iter().find(|finding| finding.fault.as_ref().is_some_and(|found| found.code == code));
    code("PT01")?;
    let cure = |finding: Option<&Finding>, otherwise: &str| match finding.and_then(|finding| finding.fault.as_ref()) {
        Some(FoundFault { command: Some(command), .. }) => format!("run {command}"),
        Some(found) => found.cure.clone(),
        None => otherwise.to_owned(),
    };
    let first_wrong = |probe| of(probe).find(|finding| !is_well(finding));
    let steps = [
        Step {
            done: of("host").any(is_well),
            what: "The host starts",
            how: cure(first_wrong("host"), "install it again"),
        },
        Step {
            done: of("registration").any(is_well),
            what: "A browser finds the host",
            how: cure(first_wrong("registration"), "run gmail-sync-host register"),
        },
        Step {
            done: of("keychain").all(is_well),
            what: "The keychain keeps secrets",
            how: cure(first_wrong("keychain"), ""),
        },
        Step {
            done: of("extension").any(|finding| finding.sentence.starts_with("Version")),
            what: "The extension has spoken to the host",
            how: "install it from its store page, then open Gmail and the sidebar".to_owned(),
        },
        Step {
            done: false,
            what: "This computer is connected to a portal",
            how: "click Connect in the sidebar, or run gmail-sync-host connect".to_owned(),
        },
    ];
    let line = |(index, step): (usize, &Step)| {
        let (mark, how) = if step.done { ("x", String::new()) } else { (" ", format!(": {}", step.how)) };
        format!("  {}. [{mark}] {}{how}", index + 1, step.what)
    };
    let mut lines = vec!["The way to a working connection:".to_owned()];
    lines.extend(steps.iter().enumerate().map(line));
    lines.push("Do the first one that is open, then run gmail-sync-host --check again.".to_owned());
    Some(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, Reason};

    #[test]
    fn a_newcomer_is_led_step_by_step() {
        let target = "--browser chromium";
        let unregistered = Failure::new(Reason::NotRegistered).with("browser", "Chromium").with("target", target);
        let text = guide(&[
            Finding::fine("host", ""),
            Finding::fault("registration", &unregistered),
            Finding::fine("extension", "None has spoken to this host yet."),
            Finding::fault("keychain", &Reason::KeychainLocked.into()),
            Finding::fault("portal", &Reason::NotConnected.into()),
        ]);
        let text = text.unwrap();
        assert!(text.contains("1. [x] The host starts\n"), "{text}");
        let register = "2. [ ] A browser finds the host: run gmail-sync-host register --browser chromium\n";
        assert!(text.contains(register), "{text}");
        assert!(text.contains("3. [ ] The keychain keeps secrets: Unlock it"), "{text}");
        assert!(text.contains("4. [ ] The extension has spoken to the host: install it"), "{text}");
        let further = [
            Finding::fine("registration", ""),
            Finding::fine("extension", "Version 0.1.0 spoke to this host last."),
            Finding::fault("portal", &Reason::NotConnected.into()),
        ];
        let text = guide(&further).unwrap();
        assert!(
            text.contains("2. [x]") && text.contains("3. [x]") && text.contains("4. [x]") && text.contains("5. [ ]")
        );
    }

    #[test]
    fn whoever_is_connected_needs_no_guide() {
        assert_eq!(guide(&[Finding::fault("registration", &Reason::NotRegistered.into())]), None);
    }
}
