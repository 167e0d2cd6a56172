//! Promises of docs/THREATS.md that the source alone can keep.

use crate::layers::{Source, none, sources};

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

/// A comparison that ends at the first difference tells whoever can time it how much of a guess was right.
#[test]
fn tokens_and_codes_are_compared_in_constant_time() {
    let product = product_sources();
    // What a stranger may guess at, and all places that read it: the hashes of a session's token and of a one-time code; the state of
    // an attempt to connect, which also goes into the address that the browser is sent to; the state that a redirect brings.
    for (file, secret, places) in [
        ("host/src/sessions.rs", ".hash", &["session.hash.as_bytes().ct_eq(", "code.hash.as_bytes().ct_eq("][..]),
        (
            "host/src/oauth/flow.rs",
            ".0.expose_secret()",
            &["self.0.expose_secret().as_bytes().ct_eq(", "CsrfToken::new(state.0."],
        ),
        ("host/src/oauth/flow.rs", r#""state""#, &[r#"if !state.is(&take("state")"#]),
    ] {
        let source = product.iter().find(|source| source.path == file).unwrap();
        let found = source.saying(&[secret]);
        assert_eq!(found.len(), places.len(), "{found:#?}");
        found.iter().zip(places).for_each(|(found, place)| assert!(found.contains(place), "{found}"));
    }
    // Other secrets are compared with what is this host's own: a token that was refused, a probe that was stored.
    let own = ["host/src/oauth/refresh.rs", "host/src/vault/mod.rs"];
    let others = product.iter().filter(|source| !own.contains(&source.path.as_str()));
    let secrets = others.flat_map(|source| source.saying(&["expose_secret()"]));
    none(secrets.filter(|place| place.contains(" == ") || place.contains(" != ")));
}

/// No telemetry, no update ping, no crash report: there is nowhere else a request could go.
#[test]
fn sec_37_the_program_knows_no_host_but_the_authorization_servers() {
    let product = product_sources();
    none(product.iter().flat_map(strange_hosts));
    let named = product.iter().any(|source| !source.saying(&["\"oauth.bitrix.info\""]).is_empty());
    assert!(named, "the authorization servers have moved: is anything read at all?");
}

#[test]
fn sec_37_a_stranger_is_found_with_and_without_a_scheme() {
    let source = |text: &str| Source { path: "host/src/new.rs".to_owned(), text: text.to_owned() };
    for text in [
        r#"const A: &str = "telemetry.acme-metrics.com";"#,
        r#"let b = "telemetry.acme-metrics.io:443/v1";"#,
        r#"format!("https://{name}.acme.xyz/"); get("wss://telemetry.example/")"#,
        r#"&["oauth.bitrix.info", "oauth.acme-metrics.tech"]"#,
    ] {
        assert_eq!(strange_hosts(&source(text)).len(), 1, "{text}");
    }
    for text in [
        r#"const LIST: &str = "crm.activity.list"; const FILE: &str = "settings.json";"#,
        r#"// https://apidocs.bitrix24.com/settings"#,
        r#"let shown = "https://acme.bitrix24.com, or portal.example.com by itself";"#,
        r#"format!("https://{name}/")"#,
    ] {
        assert_eq!(strange_hosts(&source(text)), [""; 0], "{text}");
    }
}

/// What is compiled into the program: tests are not.
fn product_sources() -> Vec<Source> {
    let tests_alone = ["/tests.rs", "/examples.rs", "/documented.rs"];
    let of_the_product = |source: &Source| !tests_alone.iter().any(|end| source.path.ends_with(end));
    sources("host/src").iter().filter(|source| of_the_product(source)).map(Source::product).collect()
}

/// Names with which people call others' computers. `crm.item.get` and `settings.json` are none.
const ENDINGS: &[&str] = &[
    "ai", "app", "biz", "cloud", "co", "com", "de", "dev", "eu", "info", "io", "net", "online", "org", "ru", "site",
    "tech", "xyz",
];

/// What is compared with and never called, by file and beginning: where mail is free for everybody, where Bitrix24 keeps portals, and
/// what browsers' folders and bundles are called.
const COMPARED: &[(&str, &str)] = &[
    ("host/src/crm/team.rs", ""),
    ("host/src/portal.rs", "bitrix24."),
    ("host/src/browsers.rs", "brave.com"),
    ("host/src/browsers.rs", "com."),
];

/// Where a source names a host that isn't known: after a scheme, or as a text's beginning.
fn strange_hosts(source: &Source) -> Vec<String> {
    // The example portal of sentences and help is nobody's.
    let known = ["oauth.bitrix.info", "oauth.bitrix24.tech", "127.0.0.1", "localhost", "acme.bitrix24.com"];
    let host = |text: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        text.split(|c| !is_part(c)).next().unwrap_or_default().to_owned()
    };
    let after_a_scheme = |line: &str| {
        line.split("://").skip(1).map(host).any(|name| name.contains('.') && !known.contains(&name.as_str()))
    };
    let is_compared = |name: &str| COMPARED.iter().any(|(file, start)| source.path == *file && name.starts_with(start));
    let bare = |line: &str| {
        line.split('"').skip(1).step_by(2).any(|text| {
            let name = host(text);
            let whole = text[name.len()..].is_empty() || text[name.len()..].starts_with([':', '/']);
            let ending = name.rsplit_once('.').is_some_and(|(_, last)| ENDINGS.contains(&last));
            whole && ending && !known.contains(&name.as_str()) && !is_compared(&name)
        })
    };
    let lines = source.code().filter(|(_, line)| after_a_scheme(line) || bare(line));
    lines.map(|(number, line)| source.place(number, line)).collect()
}
