//! `ledger`: what left this computer.

use std::path::Path;

use crate::context::Context;
use crate::failure::{Failure, Reason};
use crate::ledger::{self, Kept};
use crate::protocol::{Ledger, LedgerEntry, LedgerParams, LedgerPlace};
use crate::sessions::Session;
use crate::thread::on_thread;

/// How many requests one answer tells of: more than a screen, less than anybody waits for.
const PAGE: usize = 50;

/// A part of the ledger, the newest first, and whether all of it is as it was written.
///
/// The ledger is the person's, not the portal's: every session of theirs is shown the whole of it.
///
/// # Errors
/// When the ledger can't be read.
pub async fn ledger(context: &Context, _session: &Session, params: LedgerParams) -> Result<Ledger, Failure> {
    let folder = context.paths.file(ledger::FOLDER);
    on_thread(move || part(&folder, params.before.as_deref())).await.unwrap_or(Err(Reason::Internal.into()))
}

fn part(folder: &Path, before: Option<&str>) -> Result<Ledger, Failure> {
    let content = ledger::read(folder).map_err(|error| {
        Failure::new(Reason::StateFileUnusable).with("file", ledger::FOLDER).with("why", error.kind())
    })?;
    let requests = content.requests();
    let mut older = requests.iter().rev();
    if let Some(before) = before {
        // A place that was rotated away meanwhile has nothing before it.
        older.find(|kept| place(kept) == before);
    }
    let mut shown: Vec<_> = older.take(PAGE + 1).collect();
    let more = shown.len() > PAGE;
    shown.truncate(PAGE);
    Ok(Ledger {
        next: shown.last().filter(|_| more).map(|kept| place(kept)),
        entries: shown.into_iter().map(entry).collect(),
        places: places(&requests),
        problem: content.verify().err().map(|broken| Failure::from(broken).to_wire()),
    })
}

fn place(kept: &Kept<'_>) -> String {
    format!("{}:{}", kept.day, kept.line)
}

fn entry(Kept { entry, .. }: &Kept<'_>) -> LedgerEntry {
    LedgerEntry {
        at: u64::try_from(entry.time.as_millisecond()).unwrap_or_default(),
        purpose: entry.purpose.name(),
        to: entry.to.clone(),
        methods: entry.methods.clone(),
        addresses: entry.addresses,
        sent: entry.sent,
        received: entry.received,
        outcome: entry.outcome.clone(),
    }
}

fn places(requests: &[Kept<'_>]) -> Vec<LedgerPlace> {
    ledger::places(requests)
        .into_iter()
        .map(|(to, place)| LedgerPlace { to, requests: place.requests, sent: place.sent, received: place.received })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use super::*;
    use crate::ledger::{Entry, Ledger as File, Purpose, Record as _};

    fn file(count: u64) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let file = File::new(folder.path().to_owned());
        for sent in 0..count {
            let entry = Entry {
                time: "2026-11-25T10:00:00Z".parse().unwrap(),
                purpose: Purpose::Lookup,
                to: format!("portal-{}.example", sent % 2),
                methods: BTreeMap::new(),
                addresses: 1,
                sent,
                received: 10,
                outcome: "200".to_owned(),
            };
            file.begin(&entry, &[]).unwrap();
        }
        folder
    }

    #[test]
    fn the_newest_come_first_and_all_come_in_the_end() {
        let folder = file(120);
        let (mut before, mut sent) = (None, Vec::new());
        loop {
            let part = part(folder.path(), before.as_deref()).unwrap();
            assert_eq!(part.problem, None);
            sent.extend(part.entries.iter().map(|entry| entry.sent));
            before = part.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(sent, (0..120).rev().collect::<Vec<_>>());
    }

    #[test]
    fn every_part_tells_sums_and_problems_of_the_whole() {
        let folder = file(120);
        let place = |to: &str, sent| LedgerPlace { to: to.to_owned(), requests: 60, sent, received: 600 };
        let places = [place("portal-0.example", 3540), place("portal-1.example", 3600)];
        assert_eq!(part(folder.path(), None).unwrap().places, places);
        let path = folder.path().join("2026-11-25.jsonl");
        fs::write(&path, fs::read_to_string(&path).unwrap().replace("\"sent\":7,", "\"sent\":8,")).unwrap();
        let problem = part(folder.path(), Some("2026-11-25:3")).unwrap().problem.unwrap();
        assert_eq!((problem.reason.as_str(), problem.args["line"].as_str()), ("ledger_changed", "9"));
    }

    #[test]
    fn a_foreign_place_has_nothing_before_it() {
        let folder = file(3);
        for before in ["", "2020-01-01:1", "2026-11-25:1", "../../etc/passwd"] {
            assert!(part(folder.path(), Some(before)).unwrap().entries.is_empty(), "{before}");
        }
    }
}
