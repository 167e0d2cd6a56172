//! `check`: what is wrong on this computer and on the way to the portal.

use crate::check::{self, Asker, Reach, Scope};
use crate::context::Context;
use crate::protocol::CheckReport;
use crate::sessions::Session;

/// What `--check` finds, told to the extension. A caller without a session is told of this computer alone: portals are
/// neither asked nor named, and of the ledger nothing is said.
pub async fn check(context: &Context, session: Option<&Session>, part: impl FnOnce(&CheckReport)) -> CheckReport {
    let (reach, asker) = match session {
        Some(_) => (Reach::Online, Asker::Profile),
        None => (Reach::Offline, Asker::Stranger),
    };
    let known = |findings: &[_]| part(&check::report(findings.to_vec()));
    check::report(check::check(Ok(context), Scope::Used, reach, asker, known).await)
}
