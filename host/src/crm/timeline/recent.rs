//! What happened last with a record: its newest activities and comments, together.
//!
//! Source: <https://apidocs.bitrix24.com/api-reference/crm/timeline/activities/activity-base/crm-activity-list.html>,
//! <https://apidocs.bitrix24.com/api-reference/crm/timeline/comments/crm-timeline-comment-list.html>

use jiff::Timestamp;

use super::{ACTIVITIES, COMMENTS, Owner};
use crate::bitrix24::batch::{Batch, Command};
use crate::bitrix24::models::EntryRow;
use crate::crm::email::moving;
use crate::protocol::{EntryKind, MailDirection};

/// So many are shown.
pub(crate) const MOST: usize = 10;

/// A subject is cut to so many characters: a comment may be long.
const LONGEST_SUBJECT: usize = 200;

/// The names of the two lists in the batch, and their methods.
pub(crate) const LISTS: [(&str, &str); 2] = [("activities", ACTIVITIES), ("comments", COMMENTS)];

/// An entry, its author by their id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) kind: EntryKind,
    pub(crate) at: Option<Timestamp>,
    pub(crate) author: Option<u64>,
    pub(crate) subject: String,
    pub(crate) due: Option<Timestamp>,
}

/// Asks for both lists. They hold nothing but the record's number.
pub(crate) fn batch(owner: Owner) -> Batch {
    let mut batch = Batch::default();
    // By bindings, so that e-mails that are logged to several records are found at each.
    let activities =
        owner.bound(Command::new(ACTIVITIES), 0).select(ACTIVITY_FIELDS).with("order[ID]", "DESC").with("start", -1);
    let comments = Command::new(COMMENTS)
        .with("filter[ENTITY_TYPE]", owner.type_name())
        .with("filter[ENTITY_ID]", owner.id)
        .select(COMMENT_FIELDS)
        .with("order[ID]", "DESC");
    for ((name, _), command) in LISTS.iter().zip([activities, comments]) {
        batch.add(*name, command);
    }
    batch
}

/// The activities whose rows say that they stand at the record, and the others: those were bound to it later, or nobody asked for
/// them, since a portal that doesn't know a filter's field leaves the filter out.
pub(crate) fn asked_for(owner: Owner, activities: Vec<EntryRow>) -> (Vec<EntryRow>, Vec<EntryRow>) {
    activities.into_iter().partition(|row| owner.has(row))
}

/// Asks where the newest of these activities stand, each under the name that [`place`] gives it.
pub(crate) fn places(rows: &[EntryRow]) -> Batch {
    let mut batch = Batch::default();
    for id in rows.iter().filter_map(|row| row.id).take(MOST) {
        batch.add(place(id), Command::new(moving::LIST).with("activityId", id));
    }
    batch
}

pub(crate) fn place(id: u64) -> String {
    format!("a{id}")
}

/// The newest of both lists, and whether there are more.
pub(crate) fn newest(activities: &[EntryRow], comments: &[EntryRow]) -> (Vec<Entry>, bool) {
    let activities = activities.iter().map(|row| entry(kind(row), &row.subject, row));
    let comments = comments.iter().map(|row| entry(EntryKind::Comment, &row.comment, row));
    let mut entries: Vec<Entry> = activities.chain(comments).collect();
    // What has no time is as old as can be.
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    let more = entries.len() > MOST;
    entries.truncate(MOST);
    (entries, more)
}

fn entry(kind: EntryKind, subject: &str, row: &EntryRow) -> Entry {
    let time = |text: &str| text.parse::<Timestamp>().ok();
    let open = matches!(kind, EntryKind::Todo | EntryKind::Call | EntryKind::Meeting) && row.completed == Some(false);
    Entry {
        kind,
        at: time(&row.created),
        author: row.author_id,
        subject: subject.chars().take(LONGEST_SUBJECT).collect::<String>().trim().to_owned(),
        due: time(&row.deadline).filter(|_| open),
    }
}

/// Source: <https://apidocs.bitrix24.com/api-reference/crm/auxiliary/enum/crm-enum-activity-type.html>; the providers of type 6 name
/// themselves.
fn kind(row: &EntryRow) -> EntryKind {
    match (row.type_id, row.provider_id.as_str()) {
        (Some(1), _) => EntryKind::Meeting,
        (Some(2), _) => EntryKind::Call,
        (Some(3), _) | (Some(6), "CRM_TODO" | "CRM_TASKS_TASK" | "TASKS") => EntryKind::Todo,
        (Some(4), _) => {
            let direction = if row.direction == Some(2) { MailDirection::Outgoing } else { MailDirection::Incoming };
            EntryKind::Email { direction }
        }
        _ => EntryKind::Other,
    }
}

const ACTIVITY_FIELDS: &[&str] = &[
    "ID",
    "OWNER_TYPE_ID",
    "OWNER_ID",
    "TYPE_ID",
    "PROVIDER_ID",
    "DIRECTION",
    "SUBJECT",
    "CREATED",
    "AUTHOR_ID",
    "COMPLETED",
    "DEADLINE",
    "COMMUNICATIONS",
];
const COMMENT_FIELDS: &[&str] = &["ID", "CREATED", "AUTHOR_ID", "COMMENT"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitrix24::Rows;
    use crate::bitrix24::models::CommunicationRow;
    use crate::protocol::{RecordRef, RecordType};

    fn row(created: &str) -> EntryRow {
        EntryRow { created: created.to_owned(), author_id: Some(3), ..EntryRow::default() }
    }

    #[test]
    fn both_lists_are_asked_for_at_once() {
        let record = RecordRef { kind: RecordType::Deal, id: "88".to_owned() };
        let batch = batch(Owner::new(&record).unwrap());
        let texts: Vec<String> = batch.iter().map(|(_, command)| command.text()).collect();
        assert!(texts[0].starts_with(
            "crm.activity.list?filter%5BBINDINGS%5D%5B0%5D%5BOWNER_TYPE_ID%5D=2&filter%5BBINDINGS%5D%5B0%5D%5BOWNER_ID%5D=88&"
        ));
        assert!(
            texts[1].starts_with("crm.timeline.comment.list?filter%5BENTITY_TYPE%5D=deal&filter%5BENTITY_ID%5D=88&")
        );
        assert_eq!(texts.len(), 2);
    }

    #[test]
    fn rows_of_other_records_are_left_out() {
        let at = |entity_type_id, entity_id| CommunicationRow {
            entity_type_id: Some(entity_type_id),
            entity_id: Some(entity_id),
            ..CommunicationRow::default()
        };
        let row = |owner_type_id, owner_id, communications| EntryRow {
            owner_type_id: Some(owner_type_id),
            owner_id: Some(owner_id),
            communications: Rows(communications),
            ..row("")
        };
        let record = RecordRef { kind: RecordType::Contact, id: "275".to_owned() };
        let rows = vec![
            row(3, 275, vec![]),
            row(2, 88, vec![at(3, 12), at(3, 275)]),
            row(2, 275, vec![at(4, 275)]),
            EntryRow::default(),
        ];
        let (theirs, others) = asked_for(Owner::new(&record).unwrap(), rows);
        assert_eq!((theirs.len(), others.len()), (2, 2));
        assert!(places(&others).is_empty(), "without an id nothing can be asked about");
    }

    #[test]
    fn the_newest_of_both_come_first() {
        let activity = |created, type_id| EntryRow { type_id: Some(type_id), subject: "S".into(), ..row(created) };
        let comment = |created| EntryRow { comment: "C".into(), ..row(created) };
        let activities = [activity("2026-11-20T10:00:00+03:00", 2), activity("2026-11-18T10:00:00+01:00", 1)];
        let comments = [comment("2026-11-20T08:30:00+00:00"), comment("not a time")];
        let (entries, more) = newest(&activities, &comments);
        let kinds: Vec<EntryKind> = entries.iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, [EntryKind::Comment, EntryKind::Call, EntryKind::Meeting, EntryKind::Comment]);
        assert_eq!((entries[3].at, more), (None, false));
        let (entries, more) =
            newest(&vec![activity("2026-11-20T10:00:00+03:00", 2); 9], &vec![comment("2026-11-21T10:00:00Z"); 9]);
        assert_eq!((entries.len(), more), (MOST, true));
    }

    #[test]
    fn kinds_are_told_apart() {
        let of = |type_id, provider_id: &str, direction| {
            kind(&EntryRow { type_id, provider_id: provider_id.into(), direction, ..EntryRow::default() })
        };
        let outgoing = EntryKind::Email { direction: MailDirection::Outgoing };
        let incoming = EntryKind::Email { direction: MailDirection::Incoming };
        assert_eq!(of(Some(4), "CRM_EMAIL", Some(2)), outgoing);
        assert_eq!(of(Some(4), "", None), incoming);
        assert_eq!(of(Some(6), "CRM_TODO", None), EntryKind::Todo);
        assert_eq!(of(Some(3), "TASKS", None), EntryKind::Todo);
        assert_eq!(of(Some(6), "CONFIGURABLE_REST_APP", None), EntryKind::Other);
        assert_eq!(of(None, "", None), EntryKind::Other);
    }

    #[test]
    fn only_what_is_still_to_be_done_is_due() {
        let todo = |completed| EntryRow {
            type_id: Some(6),
            provider_id: "CRM_TODO".into(),
            deadline: "2026-11-27T09:00:00+01:00".into(),
            completed,
            ..row("2026-11-20T10:00:00Z")
        };
        let due = |row| newest(&[row], &[]).0[0].due.map(|at| at.to_string());
        assert_eq!(due(todo(Some(false))).as_deref(), Some("2026-11-27T08:00:00Z"));
        assert_eq!(due(todo(Some(true))), None);
        // An e-mail's deadline is only when it was sent.
        assert_eq!(due(EntryRow { type_id: Some(4), ..todo(Some(false)) }), None);
    }

    #[test]
    fn a_long_comment_is_cut_between_characters() {
        let comment = EntryRow { comment: " 🚚".repeat(50_000), ..row("") };
        let (entries, _) = newest(&[], &[comment]);
        assert_eq!(entries[0].subject.chars().count(), LONGEST_SUBJECT - 1);
    }
}
