//! A record's timeline: what is added to it, and what happened last.

pub(crate) mod add;
pub(crate) mod recent;

use crate::bitrix24::batch::Command;
use crate::bitrix24::models::EntryRow;
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

    pub(crate) fn of(kind: RecordType, id: u64) -> Self {
        Self { kind, id }
    }

    /// Whether an activity stands at the record, as far as its row tells: bound to more records, it names those of the addresses
    /// and the one that owns it.
    pub(crate) fn has(self, row: &EntryRow) -> bool {
        let talked_to = row.communications.0.iter().any(|one| self.is(one.entity_type_id, one.entity_id));
        talked_to || self.is(row.owner_type_id, row.owner_id)
    }

    /// Whether these are the portal's numbers of the record.
    pub(crate) fn is(self, kind: Option<u64>, id: Option<u64>) -> bool {
        (kind, id) == (Some(self.type_id().into()), Some(self.id))
    }

    /// Adds the record to a filter by bindings, a list of pairs, as the pair at that place.
    pub(crate) fn bound(self, command: Command, place: usize) -> Command {
        command
            .with(&format!("filter[BINDINGS][{place}][OWNER_TYPE_ID]"), self.type_id())
            .with(&format!("filter[BINDINGS][{place}][OWNER_ID]"), self.id)
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
