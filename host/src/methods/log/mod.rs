//! Logging an e-mail: what would be sent is shown first, and only what was shown is sent.

mod commit;
mod earlier;
mod move_log;
mod pending;
mod preview;
mod undo;

pub use commit::commit_log;
pub use move_log::move_log;
pub(super) use pending::Pending;
pub use preview::preview_log;
pub use undo::undo_log;

use crate::never_log::NeverLog;

/// What may be logged, by the person's settings and by policy.
#[derive(Clone, Debug, Default)]
pub struct LogRules {
    /// Whose e-mail may not.
    pub never_log: NeverLog,
    /// Texts of e-mails may not.
    pub subject_only: bool,
}
