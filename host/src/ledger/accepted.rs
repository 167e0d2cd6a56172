//! Breaks of the chain that the person knows of: what they have looked at once is no news for as long as the ledger is kept.
//!
//! A file beside the chain names them by the two lines that stand there side by side, so that a further change at the same place is
//! told again.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use super::chain::Gap;

const FILE: &str = "accepted";

/// More than anybody accepts.
const LONGEST: u64 = 1 << 20;

/// Those in that folder. A line that means nothing accepts nothing.
pub(super) fn read(folder: &Path) -> io::Result<BTreeSet<Gap>> {
    let mut text = String::new();
    match File::open(folder.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        file => drop(file?.take(LONGEST).read_to_string(&mut text)?),
    }
    let gaps = text.lines().filter_map(|line| line.split_once(' '));
    Ok(gaps.map(|(before, next)| (before.to_owned(), next.to_owned())).collect())
}

/// Writes them in place of older ones, whole or not at all, for the person alone.
pub(super) fn write(folder: &Path, gaps: &BTreeSet<Gap>) -> io::Result<()> {
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    for (before, next) in gaps {
        writeln!(new, "{before} {next}")?;
    }
    new.persist(folder.join(FILE)).map_err(|error| error.error)?;
    Ok(())
}
