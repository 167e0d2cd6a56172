//! E-mails that were logged to the records of somebody, to compare an open one with.
//!
//! The portal is told nothing of the open e-mail: it lists the newest e-mails of the records that were found, and the comparing is
//! done in the browser. So a match is likely at best; only the preview knows the e-mail's key.
//!
//! Source: <https://apidocs.bitrix24.com/api-reference/crm/timeline/activities/activity-base/crm-activity-list.html>

use jiff::Timestamp;

use super::activity::EMAIL;
use super::clean;
use crate::bitrix24::batch::{Command, Values};
use crate::bitrix24::models::EntryRow;
use crate::crm::timeline::{ACTIVITIES, Owner};
use crate::protocol::{PortalUser, RecentEmail};

/// Lists them.
pub(crate) const LIST: &str = ACTIVITIES;

/// One list is about so many records at most, since it holds 50 e-mails of all of them together.
pub(crate) const MOST_RECORDS: usize = 20;

/// So many of a person's are told.
const MOST: usize = 30;

/// Asks for the newest ones.
pub(crate) fn question(command: Command, owners: Values<'_, Owner>) -> Command {
    let bound = |command, (place, owner): (usize, &Owner)| owner.bound(command, place);
    let command = owners.as_slice().iter().enumerate().fold(command, bound);
    command.with("filter[TYPE_ID]", EMAIL).select(FIELDS).with("order[ID]", "DESC").with("start", -1)
}

const FIELDS: &[&str] =
    &["ID", "OWNER_TYPE_ID", "OWNER_ID", "TYPE_ID", "SUBJECT", "START_TIME", "CREATED", "AUTHOR_ID", "COMMUNICATIONS"];

/// Those that stand at any of `owners`, of rows with the oldest first; the answer begins with the newest. The others were bound
/// to a record by hand or are nobody's here: a portal that doesn't know a filter's field leaves the filter out.
pub(crate) fn of<'a>(
    rows: impl DoubleEndedIterator<Item = (&'a u64, &'a EntryRow)>,
    owners: &[Owner],
    user: impl Fn(u64) -> Option<PortalUser>,
) -> Vec<RecentEmail> {
    let theirs = rows.rev().filter(|(_, row)| owners.iter().any(|owner| owner.has(row)));
    theirs.filter_map(|(id, row)| email(*id, row, &user)).take(MOST).collect()
}

/// `None` for what is no e-mail, or has no time to compare.
fn email(id: u64, row: &EntryRow, user: impl Fn(u64) -> Option<PortalUser>) -> Option<RecentEmail> {
    let time = |text: &str| u64::try_from(text.parse::<Timestamp>().ok()?.as_millisecond()).ok();
    let addresses = row.communications.0.iter().map(|one| one.value.trim().to_lowercase());
    (row.type_id == Some(EMAIL.into())).then_some(())?;
    Some(RecentEmail {
        id: id.to_string(),
        subject: clean::subject(&row.subject).text,
        sent_at: time(&row.start_time)?,
        emails: addresses.filter(|address| address.contains('@')).collect(),
        by: row.author_id.and_then(user),
        at: time(&row.created),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::protocol::RecordType;

    fn row(changes: &Value) -> EntryRow {
        let mut row = json!({"ID": "9", "TYPE_ID": "4", "OWNER_TYPE_ID": "3", "OWNER_ID": "2", "SUBJECT": " Pilot\n order ",
            "START_TIME": "2026-11-20T16:32:00+02:00", "CREATED": "2026-11-20T17:00:00+02:00", "AUTHOR_ID": "8",
            "COMMUNICATIONS": [{"VALUE": "Marie@Helion.example", "ENTITY_TYPE_ID": "3", "ENTITY_ID": "2"}, {"VALUE": ""}]});
        for (key, value) in changes.as_object().unwrap() {
            row[key] = value.clone();
        }
        serde_json::from_value(row).unwrap()
    }

    fn of_marie(rows: &[EntryRow]) -> Vec<RecentEmail> {
        let rows: Vec<(u64, &EntryRow)> = rows.iter().zip(1..).map(|(row, id)| (id, row)).collect();
        let user = |id| (id == 8).then(|| PortalUser { id: "8".into(), name: "Ann".into(), url: String::new() });
        of(rows.iter().map(|(id, row)| (id, *row)), &[Owner::of(RecordType::Contact, 2)], user)
    }

    #[test]
    fn the_question_names_the_records_and_nothing_of_the_open_mail() {
        let owners = [Owner::of(RecordType::Contact, 2), Owner::of(RecordType::Lead, 5)];
        let text = question(Command::new(LIST), Values::new(&owners).unwrap()).text();
        let pair = |place: u8, kind: u8, id: u8| {
            format!(
                "filter%5BBINDINGS%5D%5B{place}%5D%5BOWNER_TYPE_ID%5D={kind}&filter%5BBINDINGS%5D%5B{place}%5D%5BOWNER_ID%5D={id}&"
            )
        };
        let start = format!("crm.activity.list?{}{}filter%5BTYPE_ID%5D=4&select", pair(0, 3, 2), pair(1, 1, 5));
        assert!(text.starts_with(&start) && text.ends_with("&order%5BID%5D=DESC&start=-1"), "{text}");
        assert_eq!(text.matches("filter").count(), 5);
    }

    #[test]
    fn what_can_be_compared_is_told() {
        let emails = of_marie(&[row(&json!({}))]);
        let [email] = emails.as_slice() else { panic!("{emails:?}") };
        assert_eq!(
            (email.subject.as_str(), email.emails.as_slice()),
            ("Pilot order", ["marie@helion.example".to_owned()].as_slice())
        );
        assert_eq!((email.sent_at, email.at), (1_795_185_120_000, Some(1_795_186_800_000)));
        assert_eq!(email.by.as_ref().unwrap().name, "Ann");
    }

    #[test]
    fn rows_that_tell_nothing_are_left_out() {
        for changes in [
            json!({"TYPE_ID": "2"}),
            json!({"START_TIME": ""}),
            json!({"START_TIME": "yesterday"}),
            json!({"START_TIME": []}),
            json!({"OWNER_ID": "3", "COMMUNICATIONS": []}),
            json!({"OWNER_ID": null, "COMMUNICATIONS": [{"ENTITY_TYPE_ID": "4", "ENTITY_ID": "2"}]}),
        ] {
            assert_eq!(of_marie(&[row(&changes)]), [], "{changes}");
        }
        // Logged to a deal, too.
        assert_eq!(of_marie(&[row(&json!({"OWNER_TYPE_ID": "2", "OWNER_ID": "77"}))]).len(), 1);
    }

    #[test]
    fn the_newest_come_first_and_many_are_too_many() {
        let rows = vec![row(&json!({})); MOST + 5];
        let emails = of_marie(&rows);
        assert_eq!((emails.len(), emails[0].id.as_str()), (MOST, "35"));
    }

    #[test]
    fn nobody_and_no_time_are_no_obstacle() {
        let emails = of_marie(&[row(&json!({"AUTHOR_ID": "77", "CREATED": []}))]);
        assert_eq!((&emails[0].by, emails[0].at), (&None, None));
    }
}
