//! The entries an e-mail has in the portal already: found by its key, since the portal itself lets an e-mail be logged twice.
//!
//! Source: <https://apidocs.bitrix24.com/api-reference/crm/timeline/activities/activity-base/crm-activity-list.html>

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::key::{LogKey, ORIGINATOR};
use crate::bitrix24::models::ActivityRow;

/// Lists entries.
pub(crate) const LIST: &str = "crm.activity.list";
/// Deletes one.
pub(crate) const DELETE: &str = "crm.activity.delete";

/// The portal's number for an e-mail that went out.
const OUTGOING: u64 = 2;

/// Asks for the entries with a key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WithKey<'a>(pub(crate) &'a LogKey);

impl Serialize for WithKey<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Params<'a> {
            filter: Filter<'a>,
            select: [&'static str; 7],
            order: Order,
            /// Without counting: at most the first 50.
            start: i8,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        struct Filter<'a> {
            originator_id: &'static str,
            origin_id: &'a str,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        struct Order {
            id: &'static str,
        }
        Params {
            filter: Filter { originator_id: ORIGINATOR, origin_id: self.0.as_str() },
            select: ["ID", "AUTHOR_ID", "CREATED", "COMPLETED", "DIRECTION", "ORIGINATOR_ID", "ORIGIN_ID"],
            order: Order { id: "ASC" },
            start: -1,
        }
        .serialize(serializer)
    }
}

/// Deletes an entry.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Removal {
    pub(crate) id: u64,
}

/// An entry of the e-mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) id: u64,
    /// The portal's id of who made it.
    pub(crate) author: Option<u64>,
    pub(crate) created: Option<Timestamp>,
    /// Outgoing, and not yet completed: its maker was stopped between the two steps.
    pub(crate) is_planned: bool,
}

/// All entries of one e-mail that the person may read, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entries(Vec<Entry>);

impl Entries {
    /// Those of the rows that have the key: a portal that doesn't know a filter's field leaves the filter out.
    pub(crate) fn new(rows: &[ActivityRow], key: &LogKey) -> Self {
        let has_key = |row: &ActivityRow| row.originator_id == ORIGINATOR && row.origin_id == key.as_str();
        let mut entries: Vec<Entry> = rows.iter().filter(|row| has_key(row)).filter_map(entry).collect();
        entries.sort_by_key(|entry| entry.id);
        entries.dedup_by_key(|entry| entry.id);
        Self(entries)
    }

    /// With the entry that was just made, even if the portal doesn't list it yet.
    #[must_use]
    pub(crate) fn with(mut self, made: Entry) -> Self {
        match self.0.binary_search_by_key(&made.id, |entry| entry.id) {
            // Whoever made it knows better than an old portal that names no author.
            Ok(index) => self.0[index].author = made.author,
            Err(index) => self.0.insert(index, made),
        }
        self
    }

    /// The one that stays: all hosts see the same order, so they agree about it without talking to each other.
    pub(crate) fn kept(&self) -> Option<&Entry> {
        self.0.first()
    }

    /// That one, if it is still there.
    pub(crate) fn with_id(&self, id: u64) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.id == id)
    }

    /// Those after the first that `me` made, and so may take back.
    pub(crate) fn surplus_of(&self, me: u64) -> impl Iterator<Item = Removal> {
        let own = self.0.iter().skip(1).filter(move |entry| entry.author == Some(me));
        own.map(|entry| Removal { id: entry.id })
    }
}

fn entry(row: &ActivityRow) -> Option<Entry> {
    Some(Entry {
        id: row.id?,
        author: row.author_id,
        created: row.created.parse().ok(),
        is_planned: row.direction == Some(OUTGOING) && row.completed != Some(true),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn key() -> LogKey {
        LogKey::of_message_id("<a@b>").unwrap()
    }

    fn row(id: &str, author: u64) -> Value {
        json!({"ID": id, "AUTHOR_ID": author.to_string(), "CREATED": "2026-11-03T10:00:00+02:00", "COMPLETED": "Y",
            "DIRECTION": "2", "ORIGINATOR_ID": "gmail-sync", "ORIGIN_ID": key().as_str()})
    }

    fn entries(rows: Value) -> Entries {
        Entries::new(&serde_json::from_value::<Vec<ActivityRow>>(rows).unwrap(), &key())
    }

    fn surplus(entries: &Entries, me: u64) -> Vec<u64> {
        entries.surplus_of(me).map(|removal| removal.id).collect()
    }

    #[test]
    fn the_question_names_key_and_origin() {
        let question = serde_json::to_value(WithKey(&key())).unwrap();
        assert_eq!(question["filter"], json!({"ORIGINATOR_ID": "gmail-sync", "ORIGIN_ID": key().as_str()}));
        assert_eq!((&question["order"], &question["start"]), (&json!({"ID": "ASC"}), &json!(-1)));
    }

    #[test]
    fn the_lowest_id_stays_and_only_own_later_ones_go() {
        let all = entries(json!([row("12", 7), row("9", 8), row("10", 8), row("12", 7), row("11", 7)]));
        assert_eq!(all.kept().unwrap().id, 9);
        assert_eq!((surplus(&all, 7), surplus(&all, 8)), (vec![11, 12], vec![10]));
        assert_eq!(surplus(&entries(json!([row("9", 7)])), 7), [0; 0]);
        assert_eq!(entries(json!([])).kept(), None);
    }

    #[test]
    fn rows_nobody_asked_for_count_for_nothing() {
        let mut other_mail = row("1", 7);
        other_mail["ORIGIN_ID"] = json!("f00d");
        let mut other_program = row("2", 7);
        other_program["ORIGINATOR_ID"] = json!("crm");
        let nameless = json!({"ORIGINATOR_ID": "gmail-sync", "ORIGIN_ID": key().as_str(), "ID": null, "CREATED": []});
        let all = entries(json!([other_mail, other_program, nameless, {}, row("3", 7)]));
        assert_eq!((all.kept().unwrap().id, surplus(&all, 7)), (3, vec![]));
    }

    #[test]
    fn only_what_went_out_can_be_half_done() {
        let planned = |direction: Value, completed: Value| {
            let mut row = row("1", 7);
            (row["DIRECTION"], row["COMPLETED"]) = (direction, completed);
            entries(json!([row])).kept().unwrap().is_planned
        };
        assert!(planned(json!("2"), json!("N")) && planned(json!(2), json!(null)));
        assert!(!planned(json!("2"), json!("Y")) && !planned(json!("1"), json!("N")));
    }

    #[test]
    fn what_was_just_made_counts_before_the_portal_lists_it() {
        let made = |id| Entry { id, author: Some(7), created: None, is_planned: false };
        let alone = Entries::default().with(made(5));
        assert_eq!((alone.kept().unwrap().id, surplus(&alone, 7)), (5, vec![]));
        let mut unnamed = row("6", 7);
        unnamed["AUTHOR_ID"] = json!("");
        let both = entries(json!([row("4", 8), unnamed])).with(made(6));
        assert_eq!((both.kept().unwrap().id, surplus(&both, 7)), (4, vec![6]));
    }
}
