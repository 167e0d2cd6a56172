//! Reading the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use serde::Serialize;

use super::Entry;
use super::accepted;
use super::chain::{self, Break, Gap, Head, Walk, Whole};
use super::file::{Addresses, HEAD, addresses_of, days, lines_of};

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

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept<'a> {
    /// What it says.
    pub entry: Entry,
    /// The line itself.
    pub text: &'a [u8],
    /// The file's day: `2026-11-25`.
    pub day: &'a str,
    /// Counts from 1 in that file.
    pub line: usize,
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

    /// Every line that can be read, the oldest first. What can't be is [`Content::verify`]'s business.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = Kept<'_>> {
        self.days.iter().flat_map(|day| {
            let lines: Vec<_> = chain::lines(&day.lines).enumerate().collect();
            lines.into_iter().filter_map(|(index, text)| {
                let entry = serde_json::from_slice(text).ok()?;
                Some(Kept { entry, text, day: &day.name, line: index + 1 })
            })
        })
    }

    /// Sums by destination.
    #[must_use]
    pub fn places(&self) -> BTreeMap<String, Place> {
        let mut places: BTreeMap<String, Place> = BTreeMap::new();
        for Kept { entry, .. } in self.lines() {
            let place = places.entry(entry.to).or_default();
            place.requests += 1;
            // A file that somebody wrote may claim anything.
            place.sent = place.sent.saturating_add(entry.sent);
            place.received = place.received.saturating_add(entry.received);
        }
        places
    }

    /// The lines of requests that held an address, by its keyed hash.
    #[must_use]
    pub fn about(&self, address: &str) -> Vec<Kept<'_>> {
        let of: BTreeSet<String> = self
            .addresses()
            .filter(|line| line.addresses.iter().any(|hash| hash == address))
            .map(|line| line.of)
            .collect();
        self.lines().filter(|kept| of.contains(&chain::hash(kept.text))).collect()
    }

    /// How many requests held addresses whose hashes weren't kept.
    #[must_use]
    pub fn without_hashes(&self) -> usize {
        let of: BTreeSet<String> = self.addresses().map(|line| line.of).collect();
        self.lines().filter(|kept| kept.entry.addresses > 0 && !of.contains(&chain::hash(kept.text))).count()
    }

    fn addresses(&self) -> impl Iterator<Item = Addresses> {
        let lines = self.days.iter().flat_map(|day| chain::lines(&day.addresses));
        lines.filter_map(|line| serde_json::from_slice(line).ok())
    }
}
