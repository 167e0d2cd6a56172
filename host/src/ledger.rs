//! What left the machine: one line per request, without its content.
//!
//! The file holds JSON lines. Each carries in `prev` the SHA-256 of the line before it, so that a changed or missing line shows. It is for
//! the person it is about: readable with any editor, owner-only, never sent anywhere.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// `prev` of the first line.
const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Longer than any line: how far back from the end the last one is looked for.
const LONGEST_LINE: u64 = 64 * 1024;

/// Why a request was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A thread was opened.
    Lookup,
    /// Names of stages, pipelines and sources were read.
    Reference,
    /// The person connects: the code is exchanged, portal and person are checked.
    Connect,
    /// An access token had expired.
    Refresh,
    /// `gmail-sync-host --check` looked whether all is well.
    Check,
}

/// One request that left the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was sent.
    pub time: Timestamp,
    /// Why.
    pub purpose: Purpose,
    /// Where to: `host[:port]`.
    pub to: String,
    /// The portal's methods it called, each with how often.
    pub methods: BTreeMap<String, u32>,
    /// How many participants' addresses were in it.
    pub addresses: u32,
    /// Bytes of its body.
    pub sent: u64,
    /// Bytes of the answer's body, unpacked.
    pub received: u64,
    /// The HTTP status, or what went wrong: `200`, `timeout`, `cancelled`.
    pub outcome: String,
}

/// Where entries go. A second implementation, [`MemoryLedger`], lets tests read along.
pub trait Record: Send + Sync {
    /// Makes sure that an entry can be written, before anything is sent.
    ///
    /// # Errors
    /// When it can't.
    fn ready(&self) -> io::Result<()>;

    /// Writes one entry.
    ///
    /// # Errors
    /// When it couldn't be written.
    fn append(&self, entry: &Entry) -> io::Result<()>;
}

/// The ledger file.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
}

impl Ledger {
    /// The ledger at `path`. Its folder exists; the file is created by the first entry.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    fn open(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.path)
    }
}

impl Record for Ledger {
    fn ready(&self) -> io::Result<()> {
        self.open().map(drop)
    }

    fn append(&self, entry: &Entry) -> io::Result<()> {
        let mut file = self.open()?;
        // Hosts of several browser profiles share the file; the lock goes with the file handle.
        file.lock()?;
        let tail = read_tail(&mut file)?;
        let mut line = Vec::with_capacity(512);
        // A host that was killed in the middle of a line leaves it torn: it stays, as a line of its own.
        if tail.last().is_some_and(|last| *last != b'\n') {
            line.push(b'\n');
        }
        serde_json::to_writer(&mut line, &Line { entry, prev: &chain(last_line(&tail)) })?;
        line.push(b'\n');
        file.write_all(&line)
    }
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    entry: &'a Entry,
    prev: &'a str,
}

fn read_tail(file: &mut File) -> io::Result<Vec<u8>> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(LONGEST_LINE)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    Ok(tail)
}

/// The last line without its end, torn or not; `None` in an empty file.
fn last_line(tail: &[u8]) -> Option<&[u8]> {
    let end = tail.strip_suffix(b"\n").unwrap_or(tail);
    if end.is_empty() { None } else { end.rsplit(|byte| *byte == b'\n').next() }
}

/// What the next line says of the one before it.
fn chain(last: Option<&[u8]>) -> String {
    last.map_or_else(
        || START.to_owned(),
        |line| Sha256::digest(line).iter().map(|byte| format!("{byte:02x}")).collect(),
    )
}

/// Checks the chain of a ledger file's content and counts its lines.
///
/// # Errors
/// The number, from 1, of the first line that doesn't follow from the one before it.
pub fn verify(content: &[u8]) -> Result<usize, usize> {
    #[derive(Deserialize)]
    struct Link {
        prev: String,
    }
    let mut before = None;
    let mut count = 0;
    for line in content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        count += 1;
        match serde_json::from_slice::<Link>(line) {
            Ok(link) if link.prev == chain(before) => {}
            // Torn by a killed host: nothing in it to check, but the next line vouches for what is left.
            Err(error) if error.is_eof() => {}
            _ => return Err(count),
        }
        before = Some(line);
    }
    Ok(count)
}

/// A ledger that forgets: for tests.
#[derive(Debug, Default)]
pub struct MemoryLedger {
    entries: Mutex<Vec<Entry>>,
}

impl MemoryLedger {
    /// What was recorded so far.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Record for MemoryLedger {
    fn ready(&self) -> io::Result<()> {
        Ok(())
    }

    fn append(&self, entry: &Entry) -> io::Result<()> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).push(entry.clone());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(sent: u64) -> Entry {
        Entry {
            time: "2026-11-23T10:00:00.123Z".parse().unwrap(),
            purpose: Purpose::Lookup,
            to: "acme.bitrix24.com".to_owned(),
            methods: BTreeMap::from([("crm.duplicate.findbycomm".to_owned(), 3), ("user.get".to_owned(), 1)]),
            addresses: 3,
            sent,
            received: 4034,
            outcome: "200".to_owned(),
        }
    }

    fn ledger() -> (tempfile::TempDir, Ledger) {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(folder.path().join("ledger.jsonl"));
        (folder, ledger)
    }

    fn content(ledger: &Ledger) -> Vec<u8> {
        std::fs::read(&ledger.path).unwrap()
    }

    #[test]
    fn a_line_reads_as_what_happened() {
        let (_folder, ledger) = ledger();
        ledger.append(&entry(812)).unwrap();
        assert_eq!(
            String::from_utf8(content(&ledger)).unwrap(),
            concat!(
                r#"{"time":"2026-11-23T10:00:00.123Z","purpose":"lookup","to":"acme.bitrix24.com","#,
                r#""methods":{"crm.duplicate.findbycomm":3,"user.get":1},"addresses":3,"sent":812,"received":4034,"outcome":"200","#,
                r#""prev":"0000000000000000000000000000000000000000000000000000000000000000"}"#,
                "\n"
            )
        );
    }

    #[test]
    fn every_line_vouches_for_the_one_before() {
        let (_folder, ledger) = ledger();
        for sent in 0..5 {
            ledger.append(&entry(sent)).unwrap();
        }
        let whole = content(&ledger);
        assert_eq!(verify(&whole), Ok(5));
        let text = String::from_utf8(whole).unwrap();
        assert_eq!(verify(text.replace(r#""sent":2"#, r#""sent":9"#).as_bytes()), Err(4));
        let without_third: String =
            text.lines().enumerate().filter(|(n, _)| *n != 2).map(|(_, l)| format!("{l}\n")).collect();
        assert_eq!(verify(without_third.as_bytes()), Err(3));
        assert_eq!(verify(b""), Ok(0));
    }

    #[test]
    fn a_torn_last_line_stays_and_the_chain_goes_on() {
        let (_folder, ledger) = ledger();
        ledger.append(&entry(1)).unwrap();
        let mut file = ledger.open().unwrap();
        file.write_all(br#"{"time":"2026-11-23T10:00:00Z","purp"#).unwrap();
        ledger.append(&entry(2)).unwrap();
        ledger.append(&entry(3)).unwrap();
        assert_eq!(verify(&content(&ledger)), Ok(4));
        assert_eq!(content(&ledger).iter().filter(|byte| **byte == b'\n').count(), 4);
    }

    #[test]
    fn writers_of_one_file_take_turns() {
        let (_folder, ledger) = ledger();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                // A handle and so a lock of its own, as in another process.
                let ledger = Ledger::new(ledger.path.clone());
                scope.spawn(move || (0..25).for_each(|sent| ledger.append(&entry(sent)).unwrap()));
            }
        });
        assert_eq!(verify(&content(&ledger)), Ok(100));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, ledger) = ledger();
        ledger.ready().unwrap();
        assert_eq!(std::fs::metadata(&ledger.path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn tells_beforehand_when_it_cannot_be_written() {
        let (folder, _) = ledger();
        assert!(Ledger::new(folder.path().to_owned()).ready().is_err());
    }
}
