//! `--check --bundle FILE`: what support needs, without what it mustn't see.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use serde::Serialize;

use super::output::{print, say};
use crate::context::Context;
use crate::failure::{Failure, Reason};
use crate::log;
use crate::paths;
use crate::protocol::CheckReport;

/// How much of the log goes along.
const LOG_LINES: usize = 200;

#[derive(Serialize)]
struct Bundle<'a> {
    report: &'a CheckReport,
    log: Vec<String>,
}

/// Says what the file will contain, then writes it. An existing file is left alone.
pub(super) fn write(context: Option<&Context>, report: &CheckReport, file: &Path) -> Result<(), Failure> {
    let log = context.map(|context| log::last_lines(&context.paths, LOG_LINES)).unwrap_or_default();
    say(&format!(
        "The file contains:\n  the {} findings of this check, with their evidence\n  the last {} lines of the log: time, method, code, \
         duration, sizes\n  the versions of host and system\nIt doesn't contain: portal names (portal-1 stands for them), \
         addresses, tokens, anything of mails or records, your home folder's name.",
        report.findings.len(),
        log.len()
    ));
    let redaction = Redaction::new(context);
    let text = serde_json::to_string_pretty(&Bundle { report, log }).unwrap_or_default();
    let text = text.lines().map(|line| redaction.apply(line)).collect::<Vec<_>>().join("\n") + "\n";
    let failed = |error: io::Error| {
        Failure::new(Reason::BundleUnwritable).with("file", file.display()).with("why", error.kind())
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).and_then(|mut file| file.write_all(text.as_bytes())).map_err(failed)?;
    print(&format!("Wrote {}. Look through it before you send it.", file.display()));
    Ok(())
}

/// What is replaced, and by what.
struct Redaction(Vec<(String, String)>);

impl Redaction {
    fn new(context: Option<&Context>) -> Self {
        let connected = context.and_then(|context| context.connections.all().ok()).unwrap_or_default();
        let allowed = context.map(|context| context.policy.portals.clone()).unwrap_or_default();
        let mut portals: Vec<_> = connected.into_iter().map(|connection| connection.portal).chain(allowed).collect();
        portals.dedup();
        let mut names: Vec<_> = portals
            .iter()
            .enumerate()
            .flat_map(|(index, portal)| {
                let stand_in = format!("portal-{}", index + 1);
                [(portal.to_string(), stand_in.clone()), (portal.host().to_owned(), stand_in)]
            })
            .collect();
        names.extend(paths::home().map(|home| (home.display().to_string(), "~".to_owned())));
        Self(names)
    }

    fn apply(&self, line: &str) -> String {
        let named = self.0.iter().fold(line.to_owned(), |line, (name, stand_in)| line.replace(name.as_str(), stand_in));
        let hide = |word: &str| if word.contains('@') { "(address)".to_owned() } else { word.to_owned() };
        named.split(' ').map(hide).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_gone() {
        let names = [("acme.bitrix24.com", "portal-1"), ("/home/ann", "~")];
        let redaction = Redaction(names.map(|(name, stand_in)| (name.to_owned(), stand_in.to_owned())).to_vec());
        assert_eq!(
            redaction.apply("acme.bitrix24.com answers /home/ann/x to ann@acme.com, 3 times"),
            "portal-1 answers ~/x to (address) 3 times"
        );
    }
}
