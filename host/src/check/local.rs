//! What can be looked at without asking anybody: policy, keychain, port, ledger.

use std::fs;
use std::io;

use super::Finding;
use crate::connection::Access;
use crate::context::{Context, LEDGER};
use crate::failure::{Failure, Reason};
use crate::ledger::verify;
use crate::oauth::{DEFAULT_PORT, Listener};
use crate::policy::Policy;

pub(super) fn policy() -> Option<Finding> {
    match Policy::unknown_names() {
        Err(failure) => Some(Finding::error("policy", &failure)),
        Ok(names) if names.is_empty() => None,
        Ok(names) => {
            let failure = Failure::new(Reason::PolicyUnknownNames).with("names", names.join(", "));
            Some(Finding::warning("policy", &failure))
        }
    }
}

pub(super) async fn keychain(context: &Context) -> Finding {
    match context.vault.probe().await {
        Ok(()) => Finding::fine("keychain", "A secret was stored, read back and deleted."),
        Err(error) => Finding::error("keychain", &error.into()),
    }
}

pub(super) fn extension(context: &Context) -> Finding {
    match context.extension_version.read() {
        Ok(none) if none.is_empty() => Finding::fine("extension", "None has spoken to this host yet."),
        Ok(version) => Finding::fine("extension", format!("Version {version} spoke to this host last.")),
        Err(failure) => Finding::error("extension", &failure),
    }
}

/// Needed only while connecting, so a taken port is no error.
pub(super) async fn callback_port(context: &Context) -> Finding {
    let port = context.policy.callback_port.unwrap_or(DEFAULT_PORT);
    let by_oauth = |all: Vec<_>| {
        all.is_empty()
            || all
                .iter()
                .any(|connection: &crate::connection::Connection| matches!(connection.access, Access::Oauth { .. }))
    };
    match Listener::bind(port).await {
        Ok(_) => Finding::fine("port", format!("Port {port} is free for connecting.")),
        Err(failure) if context.connections.all().is_ok_and(by_oauth) => Finding::warning("port", &failure),
        Err(_) => Finding::fine("port", format!("Port {port} is taken, but only a local application would need it.")),
    }
}

pub(super) fn ledger(context: &Context) -> Finding {
    match fs::read(context.paths.file(LEDGER)).map(|content| verify(&content)) {
        Ok(Ok(count)) => Finding::fine("ledger", format!("{count} requests; no line was changed or removed.")),
        Ok(Err(line)) => Finding::warning("ledger", &Failure::new(Reason::LedgerChanged).with("line", line)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Finding::fine("ledger", "Nothing has left this machine.")
        }
        Err(error) => {
            let failure = Failure::new(Reason::StateFileUnusable).with("file", LEDGER).with("why", error.kind());
            Finding::error("ledger", &failure)
        }
    }
}
