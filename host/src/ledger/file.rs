//! Writing the ledger.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::Serialize;

use super::chain::{self, Head};
use super::{Entry, Record, Retention};
use crate::fault;

/// Where chain and lock are.
pub(super) const HEAD: &str = "head";

/// Longer than all lines together that a host can leave unknown to the head by being killed.
const TAIL: u64 = 64 * 1024;

/// The ledger's folder.
#[derive(Debug)]
pub struct Ledger {
    folder: PathBuf,
    kept: Retention,
}

impl Ledger {
    /// The ledger in this folder, which the first entry creates.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, kept: Retention::default() }
    }

    /// Keeps it that long.
    #[must_use]
    pub fn keeping(self, kept: Retention) -> Self {
        Self { kept, ..self }
    }

    fn head(&self) -> io::Result<File> {
        create_private(&self.folder)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        private(&mut options).open(self.folder.join(HEAD))
    }

    /// Removes what is older than its [`Retention`], the oldest first, and says in `head` where the chain begins now.
    fn rotate(&self, days: &mut Vec<Date>, today: Date, file: &mut File, head: &mut Head) -> io::Result<()> {
        let oldest_kept = today.saturating_sub((self.kept.0 - 1).days());
        let gone: Vec<Date> = days.iter().copied().take_while(|day| *day < oldest_kept).collect();
        let Some(last) = gone.last() else { return Ok(()) };
        if let Some(line) = chain::lines(&tail(&self.folder.join(lines_of(*last)))?).last() {
            head.before = chain::hash(line);
        }
        // First, so that a host that is killed here leaves too many lines, never a beginning that nobody knows.
        write_head(file, head)?;
        for day in &gone {
            fs::remove_file(self.folder.join(lines_of(*day)))?;
            match fs::remove_file(self.folder.join(addresses_of(*day))) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        days.retain(|day| !gone.contains(day));
        Ok(())
    }
}

impl Record for Ledger {
    fn ready(&self) -> io::Result<()> {
        self.head()?;
        // An entry is small; a disk that takes this takes it too.
        tempfile::tempfile_in(&self.folder)?.write_all(&[0; 4096])
    }

    fn append(&self, entry: &Entry, addresses: &[String]) -> io::Result<()> {
        let mut file = self.head()?;
        // Hosts of several browser profiles write here; the lock goes with the file handle.
        file.lock()?;
        let mut text = Vec::new();
        (&file).take(1024).read_to_end(&mut text)?;
        let mut days = days(&self.folder)?;
        // Lines without a head that knows of them are followed as if they weren't there: that shows.
        let mut head = Head::parse(&text).unwrap_or_default();
        let today = Offset::UTC.to_datetime(entry.time).date();
        if days.last().is_none_or(|newest| *newest < today) {
            self.rotate(&mut days, today, &mut file, &mut head)?;
        }
        let newest = days.last().copied();
        let end = newest.map_or_else(|| Ok(Vec::new()), |day| tail(&self.folder.join(lines_of(day))))?;
        // A clock that was put back starts no new file: the chain runs on through the files as their names do.
        let day = newest.map_or(today, |newest| newest.max(today));
        let mut line = Vec::with_capacity(512);
        serde_json::to_writer(&mut line, &Line { entry, prev: &chain::next(&head, &end) })?;
        head.last = chain::hash(&line);
        line.push(b'\n');
        // What a killed host left of a line stays, as a line of its own.
        if newest == Some(day) && end.last().is_some_and(|last| *last != b'\n') {
            line.insert(0, b'\n');
        }
        append(&self.folder.join(lines_of(day)), &line)?;
        fault::point("ledger line");
        write_head(&mut file, &head)?;
        fault::point("ledger head");
        if !addresses.is_empty() {
            let mut line = serde_json::to_vec(&Addresses { of: head.last, addresses: addresses.to_vec() })?;
            line.push(b'\n');
            append(&self.folder.join(addresses_of(day)), &line)?;
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    entry: &'a Entry,
    prev: &'a str,
}

/// One line of the file with hashed addresses: which line of the ledger they belong to, and the hashes.
#[derive(Serialize, serde::Deserialize)]
pub(super) struct Addresses {
    pub(super) of: String,
    pub(super) addresses: Vec<String>,
}

fn write_head(file: &mut File, head: &Head) -> io::Result<()> {
    let text = head.text();
    file.seek(SeekFrom::Start(0))?;
    file.write_all(text.as_bytes())?;
    file.set_len(text.len() as u64)
}

fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    private(&mut options).open(path)?.write_all(bytes)
}

/// The end of a file, from the start of a line on; empty if there is no file.
fn tail(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        opened => opened?,
    };
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes)?;
    if length > TAIL {
        let start = bytes.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        bytes.drain(..start);
    }
    Ok(bytes)
}

/// The days there are files of, oldest first.
pub(super) fn days(folder: &Path) -> io::Result<Vec<Date>> {
    let mut days = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let day = name.to_str().and_then(|name| name.strip_suffix(".jsonl")).and_then(|day| day.parse::<Date>().ok());
        // A name that only reads like a day isn't a file of ours.
        if let Some(day) = day.filter(|day| name == *lines_of(*day)) {
            days.insert(day);
        }
    }
    Ok(days.into_iter().collect())
}

pub(super) fn lines_of(day: Date) -> String {
    format!("{day}.jsonl")
}

pub(super) fn addresses_of(day: Date) -> String {
    format!("{day}.addresses")
}

fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
