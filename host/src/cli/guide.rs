//! The way from nothing to a working connection, as far as a report tells.

use crate::check::{Finding, FoundFault, Severity};

struct Step {
    done: bool,
    what: &'static str,
    how: String,
}

/// What is done and what comes next; `None` once this computer is connected and the extension has spoken to the host, or where
/// nobody looked whether it is.
pub(super) fn guide(findings: &[Finding]) -> Option<String> {
    let of = |probe: &'static str| findings.iter().filter(move |finding| finding.probe == probe);
    let is_well = |finding: &Finding| finding.severity == Severity::Ok;
    let is_error = |finding: &Finding| finding.severity == Severity::Error;
    let not_connected = of("portal").any(|finding| finding.fault.as_ref().is_some_and(|found| found.code == "PT01"));
    let connected = !not_connected && of("portal").chain(of("network")).next().is_some();
    let spoken = of("extension").any(|finding| finding.evidence.contains_key("extension"));
    let is_whole = connected && spoken;
    if is_whole || !(connected || not_connected) {
        return None;
    }
    let cure = |finding: Option<&Finding>, otherwise: &str| match finding.and_then(|finding| finding.fault.as_ref()) {
        Some(FoundFault { command: Some(command), .. }) => format!("run {command}"),
        Some(found) => found.cure.clone(),
        None => otherwise.to_owned(),
    };
    // What is broken before what only may be.
    let first_wrong =
        |probe| of(probe).find(|finding| is_error(finding)).or_else(|| of(probe).find(|one| !is_well(one)));
    let steps = [
        Step {
            done: of("host").any(is_well),
            what: "The host starts",
            how: cure(first_wrong("host"), "install it again"),
        },
        Step {
            done: of("registration").any(is_well) && !of("registration").any(is_error),
            what: "A browser finds the host",
            how: cure(first_wrong("registration"), "run gmail-sync-host register"),
        },
        Step {
            done: of("keychain").all(is_well),
            what: "The keychain keeps secrets",
            how: cure(first_wrong("keychain"), ""),
        },
        Step {
            done: spoken,
            what: "The extension has spoken to the host",
            how: cure(first_wrong("browser policy"), "install it from its store page, then open Gmail and the sidebar"),
        },
        Step {
            done: connected,
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
            Finding::fine("extension", "Version 0.1.0 spoke to this host last.").showing("extension", "0.1.0"),
            Finding::fault("portal", &Reason::NotConnected.into()),
        ];
        let text = guide(&further).unwrap();
        assert!(
            text.contains("2. [x]") && text.contains("3. [x]") && text.contains("4. [x]") && text.contains("5. [ ]")
        );
    }

    #[test]
    fn what_is_broken_comes_before_what_only_may_be() {
        let elsewhere = Failure::new(Reason::RunningElsewhere).with("folder", "/x");
        let unregistered = Failure::new(Reason::NotRegistered).with("target", "--browser brave");
        let text = guide(&[
            Finding::fault("registration", &elsewhere),
            Finding::fine("registration", "Chromium finds the host."),
            Finding::fault("registration", &unregistered),
            Finding::fault("portal", &Reason::NotConnected.into()),
        ]);
        let text = text.unwrap();
        assert!(
            text.contains("2. [ ] A browser finds the host: run gmail-sync-host register --browser brave"),
            "{text}"
        );
    }

    #[test]
    fn whoever_is_connected_and_has_the_extension_needs_no_guide() {
        let registration = Finding::fault("registration", &Reason::NotRegistered.into());
        let network = Finding::fine("network", "acme.bitrix24.com can be reached.");
        let silent = Finding::fine("extension", "None has spoken to this host yet.");
        let spoken = Finding::fine("extension", "").showing("extension", "0.1.0");
        assert_eq!(guide(&[registration.clone(), silent.clone()]), None, "nobody asked whether it is connected");
        assert_eq!(guide(&[registration.clone(), network.clone(), spoken]), None);
        let text = guide(&[registration, network, silent]).unwrap();
        assert!(text.contains("4. [ ]") && text.contains("5. [x]"), "{text}");
    }
}
