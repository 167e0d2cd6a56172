//! Promises of docs/THREATS.md that the source alone can keep.

use crate::layers::{Source, none, root, sources};

#[test]
fn sec_39_no_certificate_check_can_be_switched_off() {
    let sources = sources("host/src");
    // What would do it, in reqwest's and rustls' words.
    let switches = ["danger_", "dangerous()", "tls_built_in", "tls_certs_only", "with_custom_certificate_verifier"];
    // `--check` notes who issued a certificate, and leaves the judgement to the system.
    let notes_issuers = "host/src/egress/examine.rs";
    none(sources.iter().filter(|source| source.path != notes_issuers).flat_map(|source| source.saying(&switches)));
    none(sources.iter().flat_map(|source| source.saying(&["::assertion()"])));
    let notes = sources.iter().find(|source| source.path == notes_issuers).unwrap();
    for judged in ["verify_server_cert", "verify_tls12_signature", "verify_tls13_signature"] {
        assert_eq!(notes.saying(&[&format!("self.system.{judged}(")]).len(), 1, "{judged}");
    }
    assert!(
        sources.iter().any(|source| !source.saying(&["tls_version_min(reqwest::tls::Version::TLS_1_2)"]).is_empty())
    );
}

/// No telemetry, no update ping, no crash report: there is nowhere else a request could go.
#[test]
fn sec_37_the_program_knows_no_host_but_the_authorization_servers() {
    let known = ["oauth.bitrix.info", "oauth.bitrix24.tech", "127.0.0.1", "localhost", "acme.bitrix24.com"];
    let is_host = |text: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let name = text.split(|c| !is_part(c)).next().unwrap_or_default();
        name.contains('.') && !known.contains(&name)
    };
    // The example portal of sentences and help is nobody's.
    let tests_alone = ["/tests.rs", "/examples.rs", "/documented.rs"];
    let of_the_product = |source: &Source| !tests_alone.iter().any(|end| source.path.ends_with(end));
    let places = sources("host/src").into_iter().filter(of_the_product).flat_map(|source| {
        let product = source.text.split("#[cfg(test)]").next().unwrap().to_owned();
        let found = product.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        let found = found.filter(|(_, line)| line.split("://").skip(1).any(is_host));
        found.map(|(number, line)| source.place(number + 1, line)).collect::<Vec<_>>()
    });
    none(places);
    assert!(std::fs::read_to_string(root().join("host/src/portal.rs")).unwrap().contains("oauth.bitrix.info"));
}
