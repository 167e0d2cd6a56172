//! What may name what. The compiler can't tell a layer from another inside a crate; these tests read the source.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the project: its path from the root, and its text.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// Its lines without comments, each with its number.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Where it names one of `words` as a whole word, outside of its texts.
    fn naming(&self, words: &[&str]) -> Vec<String> {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let names = |line: &str| {
            let mut outside = line.split('"').step_by(2);
            outside.any(|code| code.split(|c| !is_name(c)).any(|word| words.contains(&word)))
        };
        self.code().filter(|(_, line)| names(line)).map(|(number, line)| self.place(number, line)).collect()
    }

    /// Where it says one of `phrases`.
    pub(crate) fn saying(&self, phrases: &[&str]) -> Vec<String> {
        let says = |line: &str| phrases.iter().any(|phrase| line.contains(phrase));
        self.code().filter(|(_, line)| says(line)).map(|(number, line)| self.place(number, line)).collect()
    }

    /// Without what is there for tests alone: every item that `#[cfg(test)]` stands before, to the end of that item, and no more.
    pub(crate) fn product(&self) -> Self {
        let mut indent = None;
        let lines = self.text.lines().map(|line| {
            let own = line.len() - line.trim_start().len();
            let begins =
                line.trim_start().starts_with("#[cfg(test)]") || line.trim_start().starts_with("#[cfg(all(test");
            let Some(of_item) = indent else {
                indent = begins.then_some(own);
                return if begins { "" } else { line };
            };
            if own == of_item && line.ends_with([';', '}', ',']) {
                indent = None;
            }
            ""
        });
        Self { path: self.path.clone(), text: lines.collect::<Vec<_>>().join("\n") }
    }

    pub(crate) fn place(&self, number: usize, line: &str) -> String {
        format!("{}:{number}: {}", self.path, line.trim())
    }
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// All Rust files below a folder of the project, or the one file.
pub(crate) fn sources(below: &str) -> Vec<Source> {
    let (mut folders, mut found) = (vec![root().join(below)], Vec::new());
    while let Some(path) = folders.pop() {
        if path.is_dir() {
            folders.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            found.push(Source { path, text });
        }
    }
    assert!(!found.is_empty(), "{below} has moved");
    found
}

pub(crate) fn none(places: impl Iterator<Item = String>) {
    let places: Vec<_> = places.collect();
    assert!(places.is_empty(), "{}", places.join("\n"));
}

/// Whether somebody names these words at all: a rule about nothing would always hold.
fn named_in(below: &str, words: &[&str]) -> bool {
    sources(below).iter().any(|source| !source.naming(words).is_empty())
}

#[test]
fn only_egress_opens_connections() {
    let words = [
        "reqwest",
        "TcpStream",
        "TcpSocket",
        "UdpSocket",
        "hyper_util",
        "lookup_host",
        "ToSocketAddrs",
        "to_socket_addrs",
        "socket_addrs",
    ];
    assert!(named_in("host/src/egress", &words));
    // It is connected to, and holds what the browser's end is.
    let listener = "host/src/oauth/listener.rs";
    let others = sources("host/src").into_iter().filter(|source| !source.path.starts_with("host/src/egress/"));
    // In a test, a browser may visit the listener.
    none(others.map(|source| source.product()).flat_map(|source| {
        if source.path != listener {
            return source.naming(&words);
        }
        let more = source.naming(&words).into_iter().filter(|place| !place.contains("TcpStream"));
        more.chain(source.saying(&["TcpStream::"])).collect()
    }));
}

/// A program that is started, such as curl, could connect in the host's place.
#[test]
fn only_known_places_start_programs() {
    let starting = |source: &Source| -> Vec<String> {
        let commands = source.saying(&["process::"]).into_iter().filter(|place| place.contains("Command"));
        commands.chain(source.naming(&["webbrowser"])).collect()
    };
    let starters = ["host/src/check/program.rs", "host/src/check/self_test.rs", "host/src/oauth/browser.rs"];
    let product: Vec<_> = sources("host/src").iter().map(Source::product).collect();
    let (known, others): (Vec<_>, Vec<_>) = product.iter().partition(|source| starters.contains(&source.path.as_str()));
    assert!(known.len() == starters.len() && known.iter().all(|source| !starting(source).is_empty()));
    none(others.into_iter().flat_map(starting));
}

#[test]
fn what_stands_after_something_for_tests_is_read() {
    let text = "#[cfg(test)]\nuse a::{\n    b,\n};\nuse c;\n#[cfg(test)]\n#[derive(X)]\nstruct D {\n    e: F,\n}\nstruct G;\n#[cfg(test)]\nmod h;";
    let product = Source { path: String::new(), text: text.to_owned() }.product();
    assert_eq!(product.text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>(), ["use c;", "struct G;"]);
    // Where it was cut off once.
    let sources = sources("host/src/ledger/mod.rs");
    assert!(!sources.first().unwrap().product().naming(&["Retention"]).is_empty());
}

#[test]
fn only_the_vault_speaks_to_the_keychain() {
    assert!(named_in("host/src/vault/keychain.rs", &["keyring"]));
    let others = sources("host/src").into_iter().filter(|source| source.path != "host/src/vault/keychain.rs");
    none(others.flat_map(|source| source.naming(&["keyring"])));
}

#[test]
fn decisions_do_nothing() {
    let pure = ["batch", "envelope", "errors", "limits", "models", "tolerant", "unanswered"]
        .map(|file| format!("host/src/bitrix24/{file}.rs"));
    let pure =
        pure.iter().map(String::as_str).chain(["host/src/crm", "host/src/oauth/flow.rs", "host/src/oauth/answer.rs"]);
    let doing = ["async", "await", "spawn", "fs", "net", "env", "thread", "sleep", "vault", "Egress"];
    none(pure.flat_map(sources).flat_map(|source| source.naming(&doing)));
}

#[test]
fn the_protocol_is_types_and_serde() {
    // Its examples are a test.
    let types = sources("host/src/protocol").into_iter().filter(|source| !source.path.ends_with("/examples.rs"));
    let known = ["serde", "serde_json", "secrecy", "ts_rs", "super", "std"];
    let foreign = |line: &str| {
        let line = line.trim_start().trim_start_matches("pub ");
        line.strip_prefix("use ").is_some_and(|path| {
            let first = path.split([':', ';', ' ']).next().unwrap_or_default();
            // `pub use people::*;` names a file of the folder.
            !known.contains(&first) && !root().join(format!("host/src/protocol/{first}.rs")).exists()
        })
    };
    let places = types.flat_map(|source| {
        let uses = source.code().filter(|(_, line)| foreign(line));
        let mut places: Vec<_> = uses.map(|(number, line)| source.place(number, line)).collect();
        places.extend(source.saying(&["crate::bitrix24", "crate::crm", "crate::egress", "crate::vault"]));
        places
    });
    none(places);
}

#[test]
fn the_portals_field_names_stay_with_the_portal() {
    let is_field_name = |text: &str| {
        text.contains('_')
            && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let quoted = |line: &str| !line.contains("env!(") && line.split('"').skip(1).step_by(2).any(is_field_name);
    let find = |below: &str| -> Vec<String> {
        let all = sources(below);
        let places = all.iter().flat_map(|source| {
            source.code().filter(|(_, line)| quoted(line)).map(|(number, line)| source.place(number, line))
        });
        places.collect()
    };
    assert!(!find("host/src/bitrix24/models.rs").is_empty());
    none(["host/src/protocol", "host/src/methods"].into_iter().flat_map(find));
    none(sources("host/src/protocol").iter().flat_map(|source| source.saying(&["UPPERCASE", "UPPER_CASE"])));
}

#[test]
fn the_fake_portal_shares_nothing_with_the_host() {
    let manifest = fs::read_to_string(root().join("demo/Cargo.toml")).unwrap();
    assert!(!manifest.contains("gmail-sync-host"), "{manifest}");
    none(sources("demo").into_iter().flat_map(|source| source.naming(&["gmail_sync_host"])));
}
