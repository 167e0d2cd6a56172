//! A record's timeline: what is added to it, and what happened last.

pub(crate) mod add;
pub(crate) mod recent;

use crate::crm::email::activity::type_id;
use crate::protocol::{RecordRef, RecordType};

/// Lists activities.
pub(crate) const ACTIVITIES: &str = "crm.activity.list";
/// Lists comments.
pub(crate) const COMMENTS: &str = "crm.timeline.comment.list";

/// The record a timeline belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    kind: RecordType,
    id: u64,
}

impl Owner {
    /// `None` for an id that is none.
    pub(crate) fn new(record: &RecordRef) -> Option<Self> {
        let id = record.id.parse().ok().filter(|id| *id > 0)?;
        Some(Self { kind: record.kind, id })
    }

    fn type_id(self) -> u8 {
        type_id(self.kind)
    }

    /// How comments name the kind of record they stand at.
    ///
    /// Source: <https://apidocs.bitrix24.com/api-reference/crm/timeline/comments/crm-timeline-comment-add.html>
    fn type_name(self) -> &'static str {
        match self.kind {
            RecordType::Contact => "contact",
            RecordType::Company => "company",
            RecordType::Lead => "lead",
            RecordType::Deal => "deal",
        }
    }
}
