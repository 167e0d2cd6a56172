//! The log: when, which method, how it ended, how long it took. For finding out what went wrong, by the person themselves.
//!
//! It lies in the state folder, one file a day, and is never sent anywhere. Only this program's own lines at level INFO and
//! above get in, and those hold no address, subject, text or URL: libraries know no such restraint.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::Offset;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::clock::Clock;
use crate::paths::Paths;

/// How many days are kept, today included.
const DAYS: i32 = 7;

/// How long one day's file gets; seven of them stay below 1 MB.
const DAY_LIMIT: u64 = 128 * 1024;

/// From now on, writes the log of this process. Without a log everything else works the same, so failing is silent.
pub fn start(paths: &Paths, clock: Clock) {
    let writer = Arc::new(Mutex::new(DailyFile { folder: paths.state().to_owned(), clock }));
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_target(false)
        .with_writer(move || Shared(Arc::clone(&writer)));
    let own = Targets::new().with_target(env!("CARGO_CRATE_NAME"), Level::INFO);
    drop(tracing_subscriber::registry().with(own).with(layer).try_init());
}

/// The log's newest lines, oldest first. Whatever can't be read isn't in it.
#[must_use]
pub fn last_lines(paths: &Paths, count: usize) -> Vec<String> {
    let mut days: Vec<_> = fs::read_dir(paths.state())
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| date(path).is_some())
        .collect();
    // Their names are their days.
    days.sort_unstable();
    let text =
        |day: &PathBuf| fs::read(day).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<_> = days.iter().flat_map(|day| text(day).lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    lines.iter().skip(lines.len().saturating_sub(count)).cloned().collect()
}

/// Appends to the day's file. Each line opens it anew: lines are rare, and a file held open can't be removed on Windows.
struct DailyFile {
    folder: PathBuf,
    clock: Clock,
}

impl DailyFile {
    fn today(&self) -> Date {
        Offset::UTC.to_datetime(self.clock.now()).date()
    }

    fn append(&self, line: &[u8]) -> io::Result<()> {
        let path = self.folder.join(name(self.today()));
        if !path.exists() {
            // A host may run for weeks.
            self.forget_old_days();
        }
        let mut options = File::options();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path)?;
        if file.metadata()?.len() + line.len() as u64 > DAY_LIMIT {
            // What happened last tells most.
            file.set_len(0)?;
            file.write_all(b"(the day's earlier lines were dropped)\n")?;
        }
        file.write_all(line)
    }

    fn forget_old_days(&self) {
        let oldest_kept = self.today().saturating_sub((DAYS - 1).days());
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for path in entries.flatten().map(|entry| entry.path()) {
            if date(&path).is_some_and(|day| day < oldest_kept) {
                drop(fs::remove_file(path));
            }
        }
    }
}

fn name(day: Date) -> String {
    format!("log-{day}.txt")
}

/// The day of a log file; `None` for every other file.
fn date(path: &Path) -> Option<Date> {
    path.file_name()?.to_str()?.strip_prefix("log-")?.strip_suffix(".txt")?.parse().ok()
}

struct Shared(Arc<Mutex<DailyFile>>);

impl Write for Shared {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).append(line)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(folder: &Path, day: &str) -> DailyFile {
        let now: jiff::Timestamp = format!("{day}T12:00:00Z").parse().unwrap();
        DailyFile { folder: folder.to_owned(), clock: Clock::new(move || now) }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_week_is_kept_and_other_files_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        for other in ["settings.json", "log-notes.txt", "log-2020-01-01.txt.bak"] {
            fs::write(folder.path().join(other), "").unwrap();
        }
        for day in 1..=9 {
            log(folder.path(), &format!("2026-11-0{day}")).append(b"a line\n").unwrap();
        }
        let kept: Vec<_> = names(folder.path()).into_iter().filter(|name| name.starts_with("log-2026")).collect();
        assert_eq!((kept.len(), kept[0].as_str()), (7, "log-2026-11-03.txt"));
        assert_eq!(names(folder.path()).len(), 10);
    }

    #[test]
    fn a_chatty_day_keeps_its_last_lines() {
        let folder = tempfile::tempdir().unwrap();
        let log = log(folder.path(), "2026-11-09");
        let line = [b"x".repeat(1023), b"\n".to_vec()].concat();
        for _ in 0..200 {
            log.append(&line).unwrap();
        }
        log.append(b"the last line\n").unwrap();
        let content = fs::read_to_string(folder.path().join("log-2026-11-09.txt")).unwrap();
        assert!(content.len() as u64 <= DAY_LIMIT);
        assert!(content.starts_with("(the day's earlier lines") && content.ends_with("the last line\n"));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        log(folder.path(), "2026-11-09").append(b"a line\n").unwrap();
        let metadata = fs::metadata(folder.path().join("log-2026-11-09.txt")).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    }
}
