//! Adding a comment or a to-do, and finding it again when its confirmation got lost.
//!
//! Source: <https://apidocs.bitrix24.com/api-reference/crm/timeline/comments/crm-timeline-comment-add.html>,
//! <https://apidocs.bitrix24.com/api-reference/crm/timeline/activities/todo/crm-activity-todo-add.html>. Neither method takes a key of the
//! caller's, so an entry is known again by its author, its words and that it wasn't there before.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ACTIVITIES, COMMENTS, Owner};
use crate::bitrix24::models::{EntryRow, NewId};
use crate::failure::{Failure, Reason};
use crate::protocol::{AddEntryParams, NewEntry};

/// Longest text of a comment or a to-do, in characters.
const LONGEST_TEXT: usize = 10_000;
/// Longest title of a to-do: the column's size.
const LONGEST_TITLE: usize = 255;

/// An entry on its way: made by `me`, and to be done by them.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    owner: Owner,
    what: What,
    me: u64,
}

#[derive(Clone, Debug)]
enum What {
    Comment { text: String },
    Todo { title: String, text: String, deadline: Timestamp },
}

/// What adding one answers: a comment's id stands alone, a to-do's in an object.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Added {
    Todo { id: NewId },
    Comment(NewId),
}

impl Added {
    pub(crate) fn id(&self) -> Option<u64> {
        match self {
            Self::Todo { id } | Self::Comment(id) => id.0,
        }
    }
}

impl Draft {
    /// # Errors
    /// [`Reason::BadParams`] for what no form sends, [`Reason::TextTooLong`]
    pub(crate) fn new(params: &AddEntryParams, me: u64) -> Result<Self, Failure> {
        let bad = || Failure::new(Reason::BadParams).with("method", "addEntry");
        let owner = Owner::new(&params.record).ok_or_else(bad)?;
        let what = match &params.entry {
            NewEntry::Comment(comment) => What::Comment { text: words(&comment.text, LONGEST_TEXT)?.ok_or_else(bad)? },
            NewEntry::Todo(todo) => What::Todo {
                title: words(&todo.title, LONGEST_TITLE)?.ok_or_else(bad)?,
                text: words(&todo.text, LONGEST_TEXT)?.unwrap_or_default(),
                deadline: instant(todo.deadline).ok_or_else(bad)?,
            },
        };
        Ok(Self { owner, what, me })
    }

    /// The method that adds it.
    pub(crate) fn add(&self) -> &'static str {
        match self.what {
            What::Comment { .. } => "crm.timeline.comment.add",
            What::Todo { .. } => "crm.activity.todo.add",
        }
    }

    /// Its parameters.
    pub(crate) fn params(&self) -> impl Serialize {
        let Owner { id, .. } = self.owner;
        match &self.what {
            What::Comment { text } => {
                json!({ "fields": { "ENTITY_TYPE": self.owner.type_name(), "ENTITY_ID": id, "COMMENT": text } })
            }
            What::Todo { title, text, deadline } => json!({
                "ownerTypeId": self.owner.type_id(),
                "ownerId": id,
                "title": title,
                "description": text,
                "deadline": iso(*deadline),
                "responsibleId": self.me,
            }),
        }
    }

    /// The method that lists the newest entries of its kind.
    pub(crate) fn list(&self) -> &'static str {
        match self.what {
            What::Comment { .. } => COMMENTS,
            What::Todo { .. } => ACTIVITIES,
        }
    }

    /// Its parameters. They hold no word of the entry.
    pub(crate) fn list_params(&self) -> Value {
        let Owner { id, .. } = self.owner;
        let newest_first = json!({ "ID": "DESC" });
        match self.what {
            What::Comment { .. } => json!({
                "filter": { "ENTITY_TYPE": self.owner.type_name(), "ENTITY_ID": id },
                "select": ["ID", "AUTHOR_ID", "COMMENT"],
                "order": newest_first,
            }),
            What::Todo { .. } => json!({
                "filter": { "OWNER_TYPE_ID": self.owner.type_id(), "OWNER_ID": id, "PROVIDER_ID": "CRM_TODO" },
                "select": ["ID", "AUTHOR_ID", "SUBJECT", "DEADLINE"],
                "order": newest_first,
                "start": -1,
            }),
        }
    }

    /// The newest of the listed entries; 0 if there is none.
    pub(crate) fn newest(rows: &[EntryRow]) -> u64 {
        rows.iter().filter_map(|row| row.id).max().unwrap_or_default()
    }

    /// The entry that a try made after `newest` was the newest, if it is among those listed.
    pub(crate) fn made_after(&self, newest: u64, rows: &[EntryRow]) -> Option<u64> {
        let own = rows.iter().filter(|row| row.author_id == Some(self.me) && self.is_like(row));
        own.filter_map(|row| row.id).filter(|id| *id > newest).min()
    }

    fn is_like(&self, row: &EntryRow) -> bool {
        match &self.what {
            What::Comment { text } => same(text, &row.comment),
            What::Todo { title, deadline, .. } => {
                let due = row.deadline.parse::<Timestamp>().ok();
                same(title, &row.subject) && due.is_some_and(|due| due.as_second() == deadline.as_second())
            }
        }
    }
}

/// Words without blanks around them; `None` if there are none.
fn words(typed: &str, limit: usize) -> Result<Option<String>, Failure> {
    let text = typed.trim();
    if text.chars().count() > limit {
        return Err(Failure::new(Reason::TextTooLong).with("limit", limit));
    }
    Ok(Some(text).filter(|text| !text.is_empty()).map(str::to_owned))
}

/// The portal may change line ends and blanks.
fn same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

fn instant(milliseconds: u64) -> Option<Timestamp> {
    Timestamp::from_millisecond(i64::try_from(milliseconds).ok()?).ok()
}

/// With an offset, as the portal wants its times: then it doesn't matter whose zone is which.
fn iso(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{NewComment, NewTodo, RecordRef, RecordType};

    fn draft(kind: RecordType, id: &str, entry: NewEntry) -> Result<Draft, Reason> {
        let record = RecordRef { kind, id: id.to_owned() };
        Draft::new(&AddEntryParams { record, entry, tried: None }, 7).map_err(|failure| failure.reason())
    }

    fn comment(text: &str) -> NewEntry {
        NewEntry::Comment(NewComment { text: text.to_owned() })
    }

    fn todo(title: &str, deadline: u64) -> NewEntry {
        NewEntry::Todo(NewTodo { title: title.to_owned(), text: String::new(), deadline })
    }

    fn sent(draft: &Draft) -> Value {
        serde_json::to_value(draft.params()).unwrap()
    }

    #[test]
    fn a_comment_is_sent_as_typed() {
        let comment = draft(RecordType::Company, "31", comment(" Week 50 suits us.\n\n<b>Marie</b> 🚚 ")).unwrap();
        assert_eq!(comment.add(), "crm.timeline.comment.add");
        assert_eq!(
            sent(&comment),
            json!({ "fields": { "ENTITY_TYPE": "company", "ENTITY_ID": 31, "COMMENT": "Week 50 suits us.\n\n<b>Marie</b> 🚚" } })
        );
        assert!(!comment.list_params().to_string().contains("Week"));
    }

    #[test]
    fn a_to_do_is_due_at_an_instant_and_belongs_to_whoever_asks() {
        let call = draft(RecordType::Deal, "88", todo("Call Marie", 1_795_680_000_000)).unwrap();
        assert_eq!(call.add(), "crm.activity.todo.add");
        assert_eq!(
            sent(&call),
            json!({ "ownerTypeId": 2, "ownerId": 88, "title": "Call Marie", "description": "",
                    "deadline": "2026-11-26T08:00:00+00:00", "responsibleId": 7 })
        );
    }

    #[test]
    fn what_no_form_sends_is_refused() {
        assert_eq!(draft(RecordType::Contact, "1", comment(" \n ")).unwrap_err(), Reason::BadParams);
        assert_eq!(draft(RecordType::Contact, "1", todo("", 0)).unwrap_err(), Reason::BadParams);
        assert_eq!(draft(RecordType::Contact, "1", todo("Call", u64::MAX)).unwrap_err(), Reason::BadParams);
        assert_eq!(draft(RecordType::Contact, "0", comment("x")).unwrap_err(), Reason::BadParams);
        let long = "ä".repeat(LONGEST_TEXT);
        assert!(draft(RecordType::Contact, "1", comment(&long)).is_ok());
        assert_eq!(draft(RecordType::Contact, "1", comment(&(long + "ä"))).unwrap_err(), Reason::TextTooLong);
        assert_eq!(draft(RecordType::Contact, "1", todo(&"x".repeat(256), 0)).unwrap_err(), Reason::TextTooLong);
    }

    #[test]
    fn an_own_new_entry_of_the_same_words_is_the_one_that_was_made() {
        let row = |id, author_id, comment: &str| EntryRow {
            id: Some(id),
            author_id: Some(author_id),
            comment: comment.to_owned(),
            ..EntryRow::default()
        };
        let rows =
            [row(9, 7, "Other words"), row(8, 7, "Same\r\nwords"), row(7, 3, "Same words"), row(5, 7, "Same words")];
        assert_eq!((Draft::newest(&rows), Draft::newest(&[])), (9, 0));
        let same = draft(RecordType::Contact, "1", comment("Same\nwords")).unwrap();
        assert_eq!(same.made_after(5, &rows), Some(8));
        assert_eq!(same.made_after(8, &rows), None);
    }

    #[test]
    fn of_two_to_dos_of_one_title_the_date_decides() {
        let row = |deadline: &str| EntryRow {
            id: Some(8),
            author_id: Some(7),
            subject: "Call Marie".to_owned(),
            deadline: deadline.to_owned(),
            ..EntryRow::default()
        };
        let call = draft(RecordType::Deal, "88", todo("Call Marie", 1_795_680_000_000)).unwrap();
        // The portal answers in its own zone.
        assert_eq!(call.made_after(0, &[row("2026-11-26T11:00:00+03:00")]), Some(8));
        for other in ["2026-11-26T11:00:00+02:00", "", "tomorrow"] {
            assert_eq!(call.made_after(0, &[row(other)]), None, "{other}");
        }
    }
}
