//! What was learned minutes ago, in memory only.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use jiff::{SignedDuration, Timestamp};

use super::chosen::Chosen;
use super::create::form::Form;
use super::normalize::Email;
use super::plan::DealList;
use super::reference::PortalFacts;
use crate::bitrix24::models::{CompanyRow, UserRow};
use crate::failure::Failure;
use crate::protocol::{FoundRecord, Person, RecordRef, RecordType};

/// How long it's believed who has an address, and that nobody has.
pub(crate) const PEOPLE_AGE: SignedDuration = SignedDuration::from_mins(10);
/// How long companies and users keep their names.
pub(crate) const NAMES_AGE: SignedDuration = SignedDuration::from_mins(60);
/// How long stages and pipelines stay as they are.
pub(crate) const FACTS_AGE: SignedDuration = SignedDuration::from_hours(12);

/// Above this an addition first throws out what is too old.
const ROOM: usize = 2000;

/// Values, each with when the portal said so.
#[derive(Debug)]
pub(crate) struct Aged<K, V> {
    values: HashMap<K, (V, Timestamp)>,
    age: SignedDuration,
}

impl<K: Eq + Hash, V> Aged<K, V> {
    fn new(age: SignedDuration) -> Self {
        Self { values: HashMap::new(), age }
    }

    /// The value, unless it was learned too long ago.
    pub(crate) fn get(&self, key: &K, now: Timestamp) -> Option<&V> {
        let (value, at) = self.values.get(key)?;
        is_young(*at, now, self.age).then_some(value)
    }

    pub(crate) fn put(&mut self, key: K, value: V, now: Timestamp) {
        if self.values.len() >= ROOM {
            self.forget_old(now);
        }
        if self.values.len() >= ROOM {
            self.values.clear();
        }
        self.values.insert(key, (value, now));
    }

    /// Nobody would get it any more.
    fn forget_old(&mut self, now: Timestamp) {
        self.values.retain(|_, (_, at)| is_young(*at, now, self.age));
    }

    /// What was changed from here is no longer as it was learned.
    pub(crate) fn forget(&mut self, key: &K) {
        self.values.remove(key);
    }

    /// The same for every value that is about what was changed.
    pub(crate) fn forget_if(&mut self, is_about: impl Fn(&V) -> bool) {
        self.values.retain(|_, (value, _)| !is_about(value));
    }
}

impl<V: Clone + PartialEq> Aged<u64, V> {
    /// Adds to `rows` what is known of these ids, and gives back those of which nothing is.
    pub(crate) fn fill_in(&self, rows: &mut BTreeMap<u64, V>, ids: &[u64], now: Timestamp) -> Vec<u64> {
        let mut unknown = Vec::new();
        for id in ids.iter().filter(|id| !rows.contains_key(id)).copied().collect::<Vec<_>>() {
            match self.get(&id, now) {
                Some(row) => drop(rows.insert(id, row.clone())),
                None => unknown.push(id),
            }
        }
        unknown
    }

    /// Remembers rows. One that came from here stays as old as it was.
    pub(crate) fn learn(&mut self, rows: &BTreeMap<u64, V>, now: Timestamp) {
        for (id, row) in rows {
            if self.get(id, now) != Some(row) {
                self.put(*id, row.clone(), now);
            }
        }
    }
}

/// A time in the future comes from a clock that was wrong: not to be believed either.
fn is_young(at: Timestamp, now: Timestamp, age: SignedDuration) -> bool {
    let passed = now.duration_since(at);
    passed < age && !passed.is_negative()
}

/// A person as they were drawn up.
#[derive(Clone, Debug)]
pub(crate) struct KnownPerson {
    pub(crate) person: Person,
    /// What is missing of them for good: the person in the sidebar may not read it.
    pub(crate) notices: Vec<Failure>,
    /// When the portal was asked.
    pub(crate) at: Timestamp,
}

/// Everything learned from one portal.
#[derive(Debug)]
pub(crate) struct Cache {
    pub(crate) people: Aged<Email, KnownPerson>,
    pub(crate) companies: Aged<u64, CompanyRow>,
    pub(crate) users: Aged<u64, UserRow>,
    pub(crate) forms: Aged<RecordType, Form>,
    /// What a search has shown the person.
    pub(crate) found: Aged<RecordRef, FoundRecord>,
    facts: Option<(PortalFacts, Timestamp)>,
    /// Where records stand of which even facts read anew knew nothing: the person may not see it.
    hidden_places: BTreeSet<String>,
    /// How this portal lists deals.
    pub(crate) deal_list: DealList,
    /// Never grows old: the person said so.
    pub(crate) chosen: Chosen,
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            people: Aged::new(PEOPLE_AGE),
            companies: Aged::new(NAMES_AGE),
            users: Aged::new(NAMES_AGE),
            forms: Aged::new(FACTS_AGE),
            found: Aged::new(NAMES_AGE),
            facts: None,
            hidden_places: BTreeSet::new(),
            deal_list: DealList::default(),
            chosen: Chosen::default(),
        }
    }
}

impl Cache {
    /// Names of stages and the like, if not too old.
    pub(crate) fn facts(&self, now: Timestamp) -> Option<&PortalFacts> {
        let (facts, at) = self.facts.as_ref()?;
        is_young(*at, now, FACTS_AGE).then_some(facts)
    }

    pub(crate) fn set_facts(&mut self, facts: PortalFacts, now: Timestamp) {
        self.facts = Some((facts, now));
    }

    /// What the portal calls things will be read anew.
    pub(crate) fn forget_facts(&mut self) {
        self.facts = None;
    }

    /// What is too old isn't even kept.
    pub(crate) fn forget_old(&mut self, now: Timestamp) {
        self.people.forget_old(now);
        self.companies.forget_old(now);
        self.users.forget_old(now);
        self.forms.forget_old(now);
        self.found.forget_old(now);
        if self.facts(now).is_none() {
            self.facts = None;
        }
    }

    /// The portal's fields will be read anew.
    pub(crate) fn forget_forms(&mut self) {
        self.forms = Aged::new(FACTS_AGE);
    }

    /// Whether facts read anew may know places that these don't: unless they were read since `start`, and unless it was tried
    /// before for each of the places.
    pub(crate) fn doubts_facts(&mut self, unknown: BTreeSet<String>, start: Timestamp) -> bool {
        let is_new = self.facts.as_ref().is_some_and(|(_, at)| *at >= start);
        let before = self.hidden_places.len();
        self.hidden_places.extend(unknown);
        !is_new && self.hidden_places.len() > before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(1_000_000 + minute)
    }

    #[test]
    fn values_grow_old() {
        let mut aged = Aged::new(PEOPLE_AGE);
        aged.put("a", 1, at(0));
        assert_eq!(aged.get(&"a", at(9)), Some(&1));
        assert_eq!(aged.get(&"a", at(10)), None);
        assert_eq!(aged.get(&"b", at(0)), None);
    }

    #[test]
    fn a_value_from_the_future_is_not_believed() {
        let mut aged = Aged::new(PEOPLE_AGE);
        aged.put("a", 1, at(60));
        assert_eq!(aged.get(&"a", at(0)), None);
    }

    #[test]
    fn known_rows_are_filled_in_and_stay_as_old_as_they_are() {
        let mut aged = Aged::new(NAMES_AGE);
        aged.learn(&BTreeMap::from([(1, "one"), (2, "two")]), at(0));
        let mut rows = BTreeMap::from([(2, "new two")]);
        assert_eq!(aged.fill_in(&mut rows, &[1, 2, 3], at(30)), [3]);
        assert_eq!(rows, BTreeMap::from([(1, "one"), (2, "new two")]));
        aged.learn(&rows, at(30));
        assert_eq!((aged.get(&1, at(61)), aged.get(&2, at(61))), (None, Some(&"new two")));
    }

    #[test]
    fn facts_are_doubted_once_for_each_place_and_not_when_they_are_new() {
        let facts = PortalFacts::read(&crate::bitrix24::batch::BatchReply::default());
        let places = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let mut cache = Cache::default();
        cache.set_facts(facts, at(1));
        assert!(!cache.doubts_facts(places(&["hidden before"]), at(0)));
        assert!(!cache.doubts_facts(places(&[]), at(2)));
        assert!(!cache.doubts_facts(places(&["hidden before"]), at(2)));
        assert!(cache.doubts_facts(places(&["hidden before", "new"]), at(2)));
        assert!(!cache.doubts_facts(places(&["new"]), at(3)));
    }

    #[test]
    fn old_values_make_room() {
        let mut aged = Aged::new(PEOPLE_AGE);
        (0..ROOM).for_each(|key| aged.put(key, (), at(0)));
        aged.put(ROOM, (), at(11));
        assert_eq!(aged.values.len(), 1);
        (0..ROOM).for_each(|key| aged.put(key, (), at(11)));
        assert!(aged.values.len() <= ROOM);
    }
}
