//! `check`: what is wrong on this computer and on the way to the portal.

use crate::check::{self, Asker, Reach, Scope};
use crate::context::Context;
use crate::protocol::CheckReport;
use crate::sessions::Session;

/// What `--check` finds, told to the extension. A caller without a session is told of this computer alone: portals are
/// neither asked nor named.
pub async fn check(context: &Context, session: Option<&Session>, part: impl FnOnce(&CheckReport)) -> CheckReport {
    let reach = if session.is_some() { Reach::Online } else { Reach::Offline };
    let known = |findings: &[_]| part(&check::report(findings.to_vec()));
    check::report(check::check(Ok(context), Scope::Used, reach, Asker::Extension, known).await)
}
