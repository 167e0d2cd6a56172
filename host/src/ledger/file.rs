//! Writing the ledger.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::chain::{self, Head};
use super::line::{Addresses, Line};
use super::{Begun, Ending, Entry, Record, Retention};
use crate::{fault, private_folder};
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::Offset;

/// Where chain and lock are.
pub(super) const HEAD: &str = "head";

const LINES: &str = ".jsonl";
const ADDRESSES: &str = ".addresses";

/// Longer than all lines together that a host can leave unknown to the head by being killed.
const TAIL: u64 = 64 * 1024;

/// The ledger's folder.
#[derive(Debug)]
pub struct Ledger {
    folder: PathBuf,
    kept: Retention,
}

impl Ledger {
    /// The ledger in this folder, which the first entry creates if the one around it is there.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, kept: Retention::default() }
    }

    /// Keeps it that long.
    #[must_use]
    pub fn keeping(self, kept: Retention) -> Self {
        Self { kept, ..self }
    }

    fn options() -> OpenOptions {
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        options
    }
}

impl Record for Ledger {
    fn begin(&self, entry: &Entry, addresses: &[String]) -> io::Result<Begun> {
        // Never the state folder around it: a host that still runs after a purge must not bring it back, and sends nothing.
        private_folder::make_inside(&self.folder)?;
        let head = private(Self::options().create(true).truncate(false)).open(self.folder.join(HEAD))?;
        let mut writer = Writer::new(&self.folder, head)?;
        let today = Offset::UTC.to_datetime(entry.time).date();
        if writer.days.last().is_none_or(|newest| *newest < today) {
            writer.rotate(self.kept, today)?;
        }
        // A clock that was put back starts no new file: the chain runs on through the files as their names do.
        let day = writer.days.last().map_or(today, |newest| *newest.max(&today));
        let prev = writer.prev();
        let hashes = match addresses {
            [] => None,
            addresses => {
                let line = serde_json::to_vec(&Addresses { addresses: addresses.into(), prev: prev.as_str().into() })?;
                append(&self.folder.join(addresses_of(day)), &line)?;
                Some(chain::hash(&line))
            }
        };
        let line = Line::Begin { entry: Cow::Borrowed(entry), hashes, prev: prev.into() };
        writer.add(day, &serde_json::to_vec(&line)?).map(Begun)
    }

    fn end(&self, Begun(of): &Begun, ending: &Ending) -> io::Result<()> {
        let mut writer = match Self::options().open(self.folder.join(HEAD)) {
            // All of it was purged meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            head => Writer::new(&self.folder, head?)?,
        };
        let Some(day) = writer.days.last().copied() else { return Ok(()) };
        let line = Line::End { of: of.into(), ending: Cow::Borrowed(ending), prev: writer.prev().into() };
        writer.add(day, &serde_json::to_vec(&line)?).map(drop)
    }
}

/// The ledger while one host writes a line and those of other browser profiles wait: the lock goes with the head's handle.
struct Writer<'a> {
    folder: &'a Path,
    file: File,
    head: Head,
    /// Oldest first.
    days: Vec<Date>,
    /// The end of the newest day's file.
    end: Vec<u8>,
}

impl<'a> Writer<'a> {
    fn new(folder: &'a Path, file: File) -> io::Result<Self> {
        file.lock()?;
        let mut text = Vec::new();
        (&file).take(1024).read_to_end(&mut text)?;
        let days = days(folder)?;
        let end = days.last().map_or_else(|| Ok(Vec::new()), |day| tail(&folder.join(lines_of(*day))))?;
        // Lines without a head that knows of them are followed as if they weren't there: that shows.
        Ok(Self { folder, file, head: Head::parse(&text).unwrap_or_default(), days, end })
    }

    /// Removes what is older than its [`Retention`], the oldest first, and says in `head` where the chain begins now.
    fn rotate(&mut self, kept: Retention, today: Date) -> io::Result<()> {
        let oldest_kept = today.saturating_sub((kept.0 - 1).days());
        // Also of a day that has no lines, as a host leaves that was killed between the two.
        for day in days_of(self.folder, ADDRESSES)?.into_iter().filter(|day| *day < oldest_kept) {
            fs::remove_file(self.folder.join(addresses_of(day)))?;
        }
        let gone: Vec<Date> = self.days.iter().copied().take_while(|day| *day < oldest_kept).collect();
        let Some(last) = gone.last() else { return Ok(()) };
        if let Some(line) = chain::lines(&tail(&self.folder.join(lines_of(*last)))?).last() {
            self.head.before = chain::hash(line);
        }
        // First, so that a host that is killed here leaves too many lines, never a beginning that nobody knows.
        self.write_head()?;
        for day in &gone {
            fs::remove_file(self.folder.join(lines_of(*day)))?;
        }
        self.days.retain(|day| !gone.contains(day));
        Ok(())
    }

    /// What the next line says of the one before it.
    fn prev(&self) -> String {
        chain::next(&self.head, &self.end)
    }

    /// Adds a line to a day's file, and returns its hash.
    fn add(&mut self, day: Date, line: &[u8]) -> io::Result<String> {
        let Appended { file, before } = append(&self.folder.join(lines_of(day)), line)?;
        fault::point("ledger line");
        self.head.last = chain::hash(line);
        // A request that may not begin must not stand there as begun.
        self.write_head().inspect_err(|_| drop(file.set_len(before)))?;
        fault::point("ledger head");
        Ok(self.head.last.clone())
    }

    fn write_head(&mut self) -> io::Result<()> {
        let text = self.head.text();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(text.as_bytes())?;
        self.file.set_len(text.len() as u64)
    }
}

/// A file that a line was added to, and how long it was before.
struct Appended {
    file: File,
    before: u64,
}

/// All of it or nothing: what a full disk took of it is taken back.
fn append(path: &Path, line: &[u8]) -> io::Result<Appended> {
    let mut file = private(Ledger::options().create(true).truncate(false)).open(path)?;
    let before = file.seek(SeekFrom::End(0))?;
    let mut last = *b"\n";
    if before > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    // What a killed host left of a line stays, as a line of its own.
    let torn: &[u8] = if last == *b"\n" { b"" } else { b"\n" };
    file.write_all(&[torn, line, b"\n"].concat()).inspect_err(|_| drop(file.set_len(before)))?;
    Ok(Appended { file, before })
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

/// The days there are lines of, oldest first.
pub(super) fn days(folder: &Path) -> io::Result<Vec<Date>> {
    days_of(folder, LINES)
}

fn days_of(folder: &Path, extension: &str) -> io::Result<Vec<Date>> {
    let mut days = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let day = name.to_str().and_then(|name| name.strip_suffix(extension)).and_then(|day| day.parse::<Date>().ok());
        // A name that only reads like a day isn't a file of ours.
        if let Some(day) = day.filter(|day| name == *format!("{day}{extension}")) {
            days.insert(day);
        }
    }
    Ok(days.into_iter().collect())
}

pub(super) fn lines_of(day: Date) -> String {
    format!("{day}{LINES}")
}

pub(super) fn addresses_of(day: Date) -> String {
    format!("{day}{ADDRESSES}")
}

pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
