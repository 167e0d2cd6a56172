//! Finding out what is wrong: a list of probes, each with findings that say what it is and what to do.
//!
//! A browser tells nearly every fault of a registration as "host not found", so this looks where the browser looks. What
//! it prints can be shown to anybody: it holds no address, no token and nothing of anybody's mail.

mod browser_policy;
mod copies;
mod executable;
mod faults;
mod finding;
mod headroom;
mod local;
#[cfg(any(target_os = "macos", test))]
mod mac;
mod methods;
mod network;
mod online;
mod processes;
mod program;
mod registration;
mod self_test;
#[cfg(any(windows, test))]
mod windows;

use std::path::PathBuf;

use crate::context::Context;
use crate::failure::{Failure, Reason};
use crate::paths;
use crate::thread::on_thread;

pub use crate::protocol::{Finding, FoundFault, Severity};
pub use faults::{FAULTS, Fault, TOLD, Told};
pub use finding::report;

/// Which browsers to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those this user account has used.
    Used,
    /// One by name.
    Browser(String),
    /// One that is started with `--user-data-dir`.
    UserData(PathBuf),
}

/// Whether the portal is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All probes.
    Online,
    /// Only those that send nothing.
    Offline,
}

/// Who wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A person or a program, by the command line.
    Terminal,
    /// A browser profile that has a session, by the conversation it has with this very process.
    Profile,
    /// One that has none: it is told nothing of what the person did.
    Stranger,
}

/// Runs every probe that can be run, first those of this computer; `known` is told what they found before others are asked.
/// Without a context (its failure is the first finding) only the registration is looked at.
pub async fn check(
    context: Result<&Context, &Failure>,
    scope: Scope,
    reach: Reach,
    asker: Asker,
    known: impl FnOnce(&[Finding]),
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let policy = match context {
        Ok(context) => {
            findings.push(Finding::fine("state", paths::shown(context.paths.state())));
            findings.extend(local::policy(&context.policy));
            context.policy.clone()
        }
        Err(failure) => {
            findings.push(Finding::fault("state", failure));
            crate::policy::Policy::default()
        }
    };
    if let Ok(context) = context {
        // Before a greeting, which would set a damaged file aside.
        findings.push(local::extension(context));
    }
    let on_this_machine = on_thread(move || {
        let mut findings = registration::probe(&scope, &policy);
        findings.extend(browser_policy::probe(&scope));
        findings.push(match asker {
            Asker::Terminal => self_test::probe(),
            Asker::Profile | Asker::Stranger => self_test::passed(),
        });
        findings
    });
    findings.extend(
        on_this_machine
            .await
            .unwrap_or_else(|| vec![Finding::fault("host", &Failure::new(Reason::Internal).with("method", "--check"))]),
    );
    if let Ok(context) = context {
        findings.push(local::keychain(context).await);
        findings.push(local::callback_port(context).await);
        // How much was sent is the person's business.
        if asker != Asker::Stranger {
            findings.push(local::ledger(context).await);
        }
        if reach == Reach::Online {
            known(&findings);
            findings.extend(online::probe(context).await);
        }
    }
    findings
}
