//! What a file for support says in place of names: of portals, of what stands on the way to them, and of people.

use crate::portal::{AuthorizationServer, PortalUrl};
use crate::protocol::{CheckReport, Finding};

/// The evidence that is shown as it is: numbers, places on this computer, words of this program, of the system and of Bitrix24's
/// documentation. Whatever else there is names somebody.
const SHOWN: &[&str] = &[
    "aside",
    "browser",
    "code",
    "count",
    "day",
    "extension",
    "file",
    "folder",
    "granted",
    "held_by",
    "id",
    "kind",
    "limit",
    "line",
    "method",
    "methods",
    "minutes",
    "names",
    "ours",
    "place",
    "port",
    "program",
    "registry_key",
    "running",
    "scope",
    "scopes",
    "seconds",
    "status",
    "target",
    "theirs",
    "why",
];

/// The kind of thing that a key's value names, as its stand-in is called; `None` for what may be shown.
fn kind(key: &str) -> Option<&'static str> {
    match key {
        "portal" | "to" => Some("portal"),
        "host" => Some("server"),
        "proxy" => Some("proxy"),
        "certificate_issued_by" => Some("issuer"),
        _ if SHOWN.contains(&key) => None,
        _ => Some("name"),
    }
}

/// What is replaced, and by what; the longest first, since a name may stand in another.
pub(super) struct Redaction {
    names: Vec<(String, String)>,
    home: Option<String>,
}

impl Redaction {
    /// Replaces the names of these portals, everything that the report's evidence names, and the home folder's name.
    pub(super) fn new(portals: &[PortalUrl], home: Option<String>, report: &CheckReport) -> Self {
        let mut redaction = Self { names: Vec::new(), home };
        for portal in portals {
            redaction.add("portal", &portal.to_string());
        }
        for (key, value) in report.findings.iter().flat_map(|finding| &finding.evidence) {
            if let Some(kind) = kind(key) {
                redaction.add(kind, value);
            }
        }
        redaction.names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        redaction
    }

    /// Names a thing by its kind and a number, by the same one wherever its host is named again.
    fn add(&mut self, kind: &str, name: &str) {
        let host = name.parse::<PortalUrl>().ok().map(|address| address.host().to_owned());
        if name.is_empty() || host.as_deref().is_some_and(is_bitrix24s) {
            return;
        }
        let aliases = [Some(name.to_owned()), host];
        let known = self.names.iter().find(|(known, _)| aliases.iter().flatten().any(|alias| alias == known));
        let stand_in = known.map_or_else(|| self.next(kind), |(_, stand_in)| stand_in.clone());
        for alias in aliases.into_iter().flatten() {
            if !self.names.iter().any(|(known, _)| *known == alias) {
                self.names.push((alias, stand_in.clone()));
            }
        }
    }

    fn next(&self, kind: &str) -> String {
        let mut taken: Vec<_> = self.names.iter().map(|(_, stand_in)| stand_in).collect();
        taken.retain(|stand_in| stand_in.starts_with(kind));
        taken.sort_unstable();
        taken.dedup();
        format!("{kind}-{}", taken.len() + 1)
    }

    /// The report without names.
    pub(super) fn report(&self, report: &CheckReport) -> CheckReport {
        let mut report = report.clone();
        for Finding { sentence, evidence, fault, .. } in &mut report.findings {
            let fault = fault.iter_mut().flat_map(|found| found.command.iter_mut().chain([&mut found.cure]));
            for text in evidence.values_mut().chain([sentence]).chain(fault) {
                *text = self.text(text);
            }
        }
        report
    }

    /// A text without names. Beside those that are known, no portal's at Bitrix24 and no address stays.
    pub(super) fn text(&self, text: &str) -> String {
        let named = self.names.iter().fold(text.to_owned(), |text, (name, stand_in)| replaced(&text, name, stand_in));
        let named = self.home.iter().fold(named, |text, home| text.replace(home, "~"));
        let hidden = |word: &str| if word.contains('@') { "(address)".to_owned() } else { without_portals(word) };
        named.split(' ').map(hidden).collect::<Vec<_>>().join(" ")
    }
}

/// Every place where the name stands for itself, and not in a longer word such as a method's.
fn replaced(text: &str, name: &str, stand_in: &str) -> String {
    let goes_on = |rest: &str| {
        let mut next = rest.chars();
        match next.next() {
            Some('.') => next.next().is_some_and(is_of_name),
            other => other.is_some_and(is_of_name),
        }
    };
    let (mut done, mut rest, mut before) = (String::with_capacity(text.len()), text, None);
    while let Some(at) = rest.find(name) {
        let (passed, found) = rest.split_at(at);
        let after = &found[name.len()..];
        let begins = !passed.chars().next_back().or(before).is_some_and(is_of_name);
        done.push_str(passed);
        done.push_str(if begins && !goes_on(after) { stand_in } else { name });
        (before, rest) = (name.chars().next_back(), after);
    }
    done + rest
}

/// Portals at Bitrix24 that nothing has named are known by their domain.
fn without_portals(text: &str) -> String {
    let is_apart = |c: char| !is_of_name(c) && c != '.';
    let hidden = |part: &str| {
        let name = part.trim_end_matches(is_apart).trim_end_matches('.');
        let is_portals = name.parse::<PortalUrl>().is_ok_and(|portal| portal.is_cloud()) && !is_bitrix24s(name);
        if is_portals { part.replace(name, "(portal)") } else { part.to_owned() }
    };
    text.split_inclusive(is_apart).map(hidden).collect()
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}

/// Everybody's authorization servers name nobody.
fn is_bitrix24s(host: &str) -> bool {
    AuthorizationServer::official().any(|server| server.host().eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{FAULTS, report};
    use crate::failure::{Failure, Reason};

    fn redacted(portals: &[&str], findings: Vec<Finding>) -> String {
        let portals: Vec<PortalUrl> = portals.iter().map(|portal| portal.parse().unwrap()).collect();
        let report = report(findings);
        serde_json::to_string(&Redaction::new(&portals, Some("/home/ann".to_owned()), &report).report(&report)).unwrap()
    }

    #[test]
    fn a_moved_portals_new_name_a_proxy_and_an_authority_are_gone_with_the_old_name() {
        let moved = Failure::new(Reason::PortalMoved).with("portal", "acme.bitrix24.com").with("to", "opal.example");
        let proxy = Failure::new(Reason::ProxyUnreachable).with("proxy", "gate.acme.example:3128");
        let untrusted = Failure::new(Reason::CertificateUntrusted).with("host", "crm.acme.example:8443");
        let text = redacted(
            &["acme.bitrix24.com", "left.acme.example"],
            vec![
                Finding::fault("portal", &moved),
                Finding::fault("network", &proxy.with("host", "oauth.bitrix.info")),
                Finding::fault("network", &untrusted).showing("certificate_issued_by", "Acme Ltd, Acme Root"),
                Finding::fine("network", "left.acme.example can be reached."),
            ],
        );
        for (name, stand_in) in [
            ("acme.bitrix24.com", "portal-1 has moved to portal-3"),
            ("opal.example", "If portal-3 is the company's portal"),
            ("gate.acme", "The proxy proxy-1 on the way to oauth.bitrix.info"),
            ("crm.acme", "The certificate of server-1 comes"),
            ("Acme", r#""certificate_issued_by":"issuer-1""#),
            ("left", "portal-2 can be reached."),
        ] {
            assert!(!text.contains(name) && text.contains(stand_in), "{name}: {text}");
        }
    }

    #[test]
    fn evidence_that_nobody_has_called_harmless_is_hidden() {
        let text = redacted(&[], vec![Finding::fine("new", "See blue rabbit.").showing("pet", "blue rabbit")]);
        assert!(text.contains(r#""sentence":"See name-1.","evidence":{"pet":"name-1"}"#), "{text}");
    }

    #[test]
    fn every_value_of_a_faults_sentence_and_cure_is_known() {
        for fault in FAULTS {
            let texts = [fault.reason.message(), fault.reason.hint(), fault.command.unwrap_or_default()].concat();
            for key in texts.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                assert_ne!(kind(key), Some("name"), "{key} of {:?}", fault.reason);
            }
        }
    }

    #[test]
    fn names_and_addresses_are_gone_and_other_words_stay() {
        let portals = ["crm.item", "acme.example:8443"].map(|portal| portal.parse().unwrap());
        let redaction = Redaction::new(&portals, Some("/home/ann".to_owned()), &report(vec![]));
        for (text, expected) in [
            (
                "acme.example:8443 answers /home/ann/x to ann@acme.com, 3 times",
                "portal-2 answers ~/x to (address) 3 times",
            ),
            (
                "crm.item.list of crm.item, not of my-crm.item: https://acme.example.",
                "crm.item.list of portal-1, not of my-crm.item: https://portal-2.",
            ),
            ("notacme.example acme.example2 acme.example.org", "notacme.example acme.example2 acme.example.org"),
            ("(https://other.bitrix24.de/rest/, oauth.bitrix24.tech)", "(https://(portal)/rest/, oauth.bitrix24.tech)"),
            ("Other.Bitrix24.de.", "(portal)."),
        ] {
            assert_eq!(redaction.text(text), expected);
        }
    }
}
