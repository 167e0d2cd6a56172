//! Previews that were shown and not yet agreed to. In memory only.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::value::RawValue;

use crate::crm::email::activity::Course;
use crate::crm::email::entries::Entry;
use crate::crm::email::key::LogKey;
use crate::crm::normalize::Email;
use crate::never_log::Participants;
use crate::protocol::{LoggedHere, LoggedRecord};

/// How long a person may think about a preview.
pub(super) const THINKING_MINUTES: i64 = 10;

/// Changing one's mind makes a new preview; older ones than these are forgotten.
const MOST: usize = 16;

/// More entries than anybody makes in a day.
const MOST_MADE: usize = 1000;

/// What was agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Make an entry.
    Add(Course),
    /// Complete the entry with this id, which somebody left planned.
    Complete(u64),
}

/// A request as it was shown.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) digest: String,
    pub(super) expires: Timestamp,
    /// The parameters of the request, byte for byte.
    pub(super) request: Box<RawValue>,
    pub(super) step: Step,
    pub(super) key: LogKey,
    /// Gmail's id of the e-mail.
    pub(super) gmail_id: String,
    pub(super) records: Vec<LoggedRecord>,
    /// The participants' addresses in the request, for the ledger.
    pub(super) addresses: Vec<String>,
    /// Everybody who takes part, for the never-log list as it is when the person agrees.
    pub(super) participants: Participants,
}

impl Shown {
    /// The entry that the request has made.
    pub(super) fn made(&self, id: u64, by: u64, at: Timestamp) -> Made {
        let Self { key, gmail_id, records, addresses, .. } = self.clone();
        Made { id, key, by, records, gmail_id, addresses, at, gone: false }
    }
}

/// The previews of one connection, and what became of some.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    shown: Mutex<Vec<Shown>>,
    /// E-mails whose request wasn't answered, and when that was.
    unconfirmed: Mutex<Vec<(LogKey, Timestamp)>>,
    /// Entries that were made from here, the newest last.
    made: Mutex<Vec<Made>>,
}

/// An entry that was made from here.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) id: u64,
    pub(super) key: LogKey,
    /// The portal's id of who made it.
    pub(super) by: u64,
    /// Where it stands, as far as this host knows.
    pub(super) records: Vec<LoggedRecord>,
    /// Gmail's id of the e-mail.
    pub(super) gmail_id: String,
    /// The participants' addresses in it.
    pub(super) addresses: Vec<String>,
    pub(super) at: Timestamp,
    /// It was there and isn't any more.
    pub(super) gone: bool,
}

impl Made {
    fn to_wire(&self) -> LoggedHere {
        let (gmail_id, id) = (self.gmail_id.clone(), self.id.to_string());
        LoggedHere { gmail_id, id, at: u64::try_from(self.at.as_millisecond()).unwrap_or_default() }
    }

    /// Whether it is `me` who made it. Old portals name no author, and then this host knows.
    pub(super) fn is_by(&self, me: u64, listed: &Entry) -> bool {
        listed.author.unwrap_or(self.by) == me
    }
}

impl Pending {
    /// Remembers a preview, in place of one that shows the same.
    pub(super) fn put(&self, shown: Shown) {
        let mut all = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|other| other.digest != shown.digest);
        keep(&mut all, shown, MOST);
    }

    /// An e-mail that nobody agreed to isn't kept.
    pub(crate) fn forget_old(&self, now: Timestamp) {
        let mut all = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|shown| now < shown.expires);
    }

    /// Takes out the preview with that digest, unless it is too old. There is no second time.
    pub(super) fn take(&self, digest: &str, now: Timestamp) -> Option<Shown> {
        self.forget_old(now);
        let mut all = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let index = all.iter().position(|shown| shown.digest == digest)?;
        Some(all.remove(index))
    }

    /// Nobody knows whether the request for this e-mail was carried out.
    pub(super) fn remember_unconfirmed(&self, key: &LogKey, now: Timestamp) {
        let mut all = self.unconfirmed.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(other, _)| other != key);
        keep(&mut all, (key.clone(), now), MOST);
    }

    /// An entry was made or moved, and may be taken back or moved.
    pub(super) fn remember_made(&self, newest: Made) {
        let mut all = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|made| made.id != newest.id);
        keep(&mut all, newest, MOST_MADE);
    }

    /// The e-mail has no entry any more, or none that the person may read.
    pub(super) fn remember_gone(&self, key: &LogKey) {
        let mut all = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter_mut().filter(|made| made.key == *key).for_each(|made| made.gone = true);
    }

    /// What was logged from here of e-mails with any of these people.
    pub(crate) fn logged_with(&self, people: &[Email]) -> Vec<LoggedHere> {
        let all = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let is_with = |made: &&Made| people.iter().any(|email| made.addresses.iter().any(|one| one == email.as_str()));
        all.iter().filter(|made| !made.gone).filter(is_with).map(Made::to_wire).collect()
    }

    /// The entry with that id, if it was made from here.
    pub(super) fn made(&self, id: u64) -> Option<Made> {
        let all = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|made| made.id == id).cloned()
    }

    /// When a request for this e-mail got no answer.
    pub(super) fn unconfirmed(&self, key: &LogKey) -> Option<Timestamp> {
        let all = self.unconfirmed.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|(other, _)| other == key).map(|(_, at)| *at)
    }
}

/// Adds the newest, in place of the oldest if there are many.
fn keep<T>(all: &mut Vec<T>, newest: T, most: usize) {
    if all.len() >= most {
        all.remove(0);
    }
    all.push(newest);
}

/// When a preview made now ends.
pub(super) fn expiry(now: Timestamp) -> Timestamp {
    now.saturating_add(SignedDuration::from_mins(THINKING_MINUTES)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::task::LocalSet;
    use tokio::time::sleep;

    use super::*;
    use crate::clock::Clock;
    use crate::methods::CrmMemory;

    fn shown(digest: &str, now: Timestamp) -> Shown {
        let request = RawValue::from_string("{}".to_owned()).unwrap();
        let (step, key) = (Step::Add(Course::Incoming), LogKey::of_gmail_id("18a41665ecb473a3").unwrap());
        let (digest, expires) = (digest.into(), expiry(now));
        let participants = Participants::default();
        let gmail_id = String::new();
        Shown { digest, expires, request, step, key, gmail_id, records: vec![], addresses: vec![], participants }
    }

    #[test]
    fn is_taken_once_and_in_time() {
        let (pending, now) = (Pending::default(), Timestamp::UNIX_EPOCH);
        let later = |minutes| now + SignedDuration::from_mins(minutes);
        pending.put(shown("a", now));
        pending.put(shown("b", now));
        assert!(pending.take("c", now).is_none());
        assert_eq!(pending.take("a", later(9)).unwrap().digest, "a");
        assert!(pending.take("a", later(9)).is_none());
        assert!(pending.take("b", later(THINKING_MINUTES)).is_none());
        // Looked at again, it may be thought about again.
        pending.put(shown("b", now));
        pending.put(shown("b", later(5)));
        assert!(pending.take("b", later(14)).is_some());
        assert!(pending.take("b", later(14)).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn an_email_that_nobody_agrees_to_leaves_the_memory_by_itself() {
        let clock = Clock::of_tokio();
        let ten_minutes = async {
            let memory = CrmMemory::forgetting(&clock);
            memory.pending.put(shown("a", clock.now()));
            sleep(Duration::from_mins(5)).await;
            memory.pending.put(shown("b", clock.now()));
            sleep(Duration::from_mins(6)).await;
            let kept = memory.pending.shown.lock().unwrap();
            kept.iter().map(|shown| shown.digest.clone()).collect::<Vec<_>>()
        };
        assert_eq!(LocalSet::new().run_until(ten_minutes).await, ["b"]);
    }

    #[test]
    fn the_oldest_is_forgotten_first() {
        let (pending, now) = (Pending::default(), Timestamp::UNIX_EPOCH);
        (0..=MOST).for_each(|number| pending.put(shown(&number.to_string(), now)));
        assert!(pending.take("0", now).is_none());
        assert!(pending.take("1", now).is_some() && pending.take(&MOST.to_string(), now).is_some());
    }
}
