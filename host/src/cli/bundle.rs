//! `--check --bundle FILE`: what support needs, without what it mustn't see.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use serde::Serialize;

use super::output::{print, say};
use super::redaction::Redaction;
use crate::context::Context;
use crate::failure::{Failure, Reason};
use crate::log;
use crate::paths;
use crate::portal::PortalUrl;
use crate::protocol::CheckReport;

/// How much of the log goes along.
const LOG_LINES: usize = 200;

#[derive(Serialize)]
struct Bundle {
    report: CheckReport,
    log: Vec<String>,
}

/// Says what the file will contain, then writes it. An existing file is left alone.
pub(super) fn write(context: Option<&Context>, report: &CheckReport, file: &Path) -> Result<(), Failure> {
    let log = context.map(|context| log::last_lines(&context.paths, LOG_LINES)).unwrap_or_default();
    say(&format!(
        "The file contains:\n  the {} findings of this check, with their evidence\n  the last {} lines of the log: time, method, code, \
         duration, sizes\n  the versions of host and system\nIt doesn't contain: names of portals, of proxies and other servers, of \
         whoever issued certificates (portal-1, proxy-1, server-1, issuer-1 stand for them), addresses, tokens, anything of \
         mails or records, your home folder's name.",
        report.findings.len(),
        log.len()
    ));
    let home = paths::home().map(|home| home.display().to_string());
    let redaction = Redaction::new(&context.map(portals).unwrap_or_default(), home, report);
    let log = log.iter().map(|line| redaction.text(line)).collect();
    let bundle = Bundle { report: redaction.report(report), log };
    let text = serde_json::to_string_pretty(&bundle).unwrap_or_default() + "\n";
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

/// Every portal that this computer knows by name.
fn portals(context: &Context) -> Vec<PortalUrl> {
    let connections = context.connections.all().unwrap_or_default();
    let connected = connections.into_iter().map(|connection| connection.portal);
    connected.chain(context.policy.portals.iter().cloned()).chain(context.provisions.portals()).collect()
}
