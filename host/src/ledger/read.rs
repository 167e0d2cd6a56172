//! Reading the ledger.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use serde::Serialize;

use super::Entry;
use super::accepted;
use super::chain::{self, Break, Gap, Head, Walk, Whole};
use super::file::{HEAD, addresses_of, days, lines_of};
use super::line::{Addresses, Line};

/// More than a portal answers in a day. What is longer was not written by a host, and reads as cut.
const DAY_LIMIT: u64 = 128 << 20;

/// All that is kept, as it stood at one moment.
#[derive(Default)]
pub struct Content {
    head: Head,
    accepted: BTreeSet<Gap>,
    days: Vec<Day>,
}

struct Day {
    name: String,
    lines: Vec<u8>,
    addresses: Vec<u8>,
}

/// One request in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept<'a> {
    /// What its lines say.
    pub entry: Entry,
    /// The hash of the line with the keyed hashes of its addresses.
    pub(super) hashes: Option<String>,
    /// The day of the file in which it begins: `2026-11-25`.
    pub day: &'a str,
    /// Where in that file, from 1.
    pub line: usize,
}

#[cfg(test)]
impl Content {
    /// What these two files of a day hold.
    pub(super) fn of(lines: &[u8], addresses: &[u8]) -> Self {
        let day = Day { name: "2026-11-25".to_owned(), lines: lines.to_vec(), addresses: addresses.to_vec() };
        Self { days: vec![day], ..Self::default() }
    }
}

#[cfg(test)]
impl Kept<'static> {
    pub(crate) fn sample(entry: Entry) -> Self {
        Self { entry, hashes: None, day: "2026-11-25", line: 1 }
    }
}

/// What was sent about an address.
#[derive(Debug)]
pub struct About<'a> {
    /// The requests with it in them, the one that began first at the beginning.
    pub requests: Vec<Kept<'a>>,
    /// How many requests had addresses in them whose hashes are missing or were changed.
    pub untold: usize,
}

/// What went to and came from one destination.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// How many requests.
    pub requests: u64,
    /// Bytes of their bodies.
    pub sent: u64,
    /// Bytes of the answers' bodies, unpacked.
    pub received: u64,
}

/// Reads the ledger in that folder, between two writes. No folder holds nothing.
///
/// # Errors
/// When it is there and can't be read.
pub fn read(folder: &Path) -> io::Result<Content> {
    let head = match File::open(folder.join(HEAD)) {
        Ok(file) => Some(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let mut text = Vec::new();
    if let Some(head) = &head {
        head.lock_shared()?;
        head.take(1024).read_to_end(&mut text)?;
    }
    let days = match days(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        days => days?,
    };
    let day = |day| {
        let addresses = match bytes(&folder.join(addresses_of(day))) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            bytes => bytes?,
        };
        Ok(Day { name: day.to_string(), lines: bytes(&folder.join(lines_of(day)))?, addresses })
    };
    Ok(Content {
        head: Head::parse(&text).unwrap_or_default(),
        accepted: accepted::read(folder)?,
        days: days.into_iter().map(day).collect::<io::Result<_>>()?,
    })
}

/// Takes the ledger in that folder as it is: where its chain breaks now is no break any more. Returns at how many places it breaks.
///
/// # Errors
/// When it can't be read, or what is accepted can't be written.
pub fn accept(folder: &Path) -> io::Result<usize> {
    let gaps = read(folder)?.walk().gaps();
    // Where nothing was ever written there is no folder.
    if folder.is_dir() {
        accepted::write(folder, &gaps)?;
    }
    Ok(gaps.len())
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(DAY_LIMIT).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl Content {
    /// Checks that no line was changed or removed, but where the person has accepted it.
    ///
    /// # Errors
    /// Where the chain breaks, and the person hasn't accepted it.
    pub fn verify(&self) -> Result<Whole, Break> {
        self.walk().verify(&self.accepted)
    }

    fn walk(&self) -> Walk {
        chain::walk(&self.head, self.days.iter().map(|day| (day.name.as_str(), day.lines.as_slice())))
    }

    /// Every request that can be read, the one that began first at the beginning. What can't be is [`Content::verify`]'s business.
    #[must_use]
    pub fn requests(&self) -> Vec<Kept<'_>> {
        let mut requests: Vec<Kept<'_>> = Vec::new();
        let mut open = HashMap::new();
        for day in &self.days {
            for (index, text) in chain::lines(&day.lines).enumerate() {
                match serde_json::from_slice(text) {
                    Ok(Line::Begin { entry, hashes, .. }) => {
                        open.insert(chain::hash(text), requests.len());
                        let entry = entry.into_owned();
                        requests.push(Kept { entry, hashes, day: &day.name, line: index + 1 });
                    }
                    Ok(Line::End { of, ending, .. }) => {
                        if let Some(request) = open.remove(&*of).and_then(|place| requests.get_mut(place)) {
                            request.entry.end(ending.into_owned());
                        }
                    }
                    Err(_) => {}
                }
            }
        }
        requests
    }

    /// Which of its requests held an address, by its keyed hash; `None` is in none.
    ///
    /// Hashes that aren't as they were when their request began count as removed.
    #[must_use]
    pub fn about<'a>(&self, mut requests: Vec<Kept<'a>>, address: Option<&str>) -> About<'a> {
        let lines = self.days.iter().flat_map(|day| chain::lines(&day.addresses));
        let read = |line| Some((chain::hash(line), serde_json::from_slice::<Addresses<'_>>(line).ok()?.addresses));
        let kept: HashMap<String, Cow<'_, [String]>> = lines.filter_map(read).collect();
        let mut untold = 0;
        requests.retain(|request| match request.hashes.as_ref().and_then(|line| kept.get(line)) {
            Some(hashes) => hashes.iter().any(|hash| Some(hash.as_str()) == address),
            None => {
                untold += usize::from(request.entry.addresses > 0);
                false
            }
        });
        About { requests, untold }
    }
}

/// Sums by destination.
#[must_use]
pub fn places(requests: &[Kept<'_>]) -> BTreeMap<String, Place> {
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    for Kept { entry, .. } in requests {
        let place = places.entry(entry.to.clone()).or_default();
        place.requests += 1;
        // A file that somebody wrote may claim anything.
        place.sent = place.sent.saturating_add(entry.sent);
        place.received = place.received.saturating_add(entry.received);
    }
    places
}
