//! How lines vouch for each other. Pure: bytes in, hashes out.

use std::collections::BTreeSet;
use std::fmt;

use data_encoding::HEXLOWER;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::failure::{Failure, Reason};

/// What the first line of all says of the one before it.
pub(super) const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// How many lines `head` may not know of: one that was torn by a host that was killed, and one whose host was killed after it.
const UNKNOWN: usize = 2;

/// Where the chain begins and ends: hashes of the last line that was rotated away, and of the last line of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) before: String,
    pub(super) last: String,
}

impl Default for Head {
    fn default() -> Self {
        Self { before: START.to_owned(), last: START.to_owned() }
    }
}

impl Head {
    /// Reads what [`Head::text`] wrote; `None` for anything else.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let (before, last) = text.strip_suffix('\n')?.split_once(' ')?;
        let is_hash = |hash: &str| hash.len() == START.len() && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_hash(before) && is_hash(last)).then(|| Self { before: before.to_owned(), last: last.to_owned() })
    }

    /// Always the same length, so that it is written over the older one in one go.
    pub(super) fn text(&self) -> String {
        format!("{} {}\n", self.before, self.last)
    }
}

/// Where the chain breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Break {
    /// This line doesn't follow from the one before it: that one, or lines between, were changed or removed; or what stands here is no
    /// line.
    Line {
        /// The file's day: `2026-11-25`.
        day: String,
        /// Counts from 1.
        line: usize,
    },
    /// The lines end here, but more had been written.
    End {
        /// The last file's day; empty if none is left.
        day: String,
        /// The last line that is left; 0 if none is.
        line: usize,
    },
}

impl From<Break> for Failure {
    fn from(broken: Break) -> Self {
        let at = |reason, day, line| Failure::new(reason).with("day", day).with("line", line);
        match broken {
            Break::Line { day, line } => at(Reason::LedgerChanged, day, line),
            Break::End { line: 0, .. } => Reason::LedgerEmptied.into(),
            Break::End { day, line } => at(Reason::LedgerCut, day, line),
        }
    }
}

/// The hash by which the next line names this one.
pub(crate) fn hash(line: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(line))
}

/// The lines of a file, the last one also when it is torn.
pub(super) fn lines(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    let whole = content.strip_suffix(b"\n").unwrap_or(content);
    let empty = content.is_empty();
    whole.split(|byte| *byte == b'\n').filter(move |_| !empty)
}

/// What a line says of the one before it.
enum Says {
    Follows(String),
    /// Torn by a host that was killed: nothing in it to check, but the next line vouches for what is left.
    Torn,
    Nonsense,
}

fn says(line: &[u8]) -> Says {
    #[derive(Deserialize)]
    struct Link {
        prev: String,
    }
    match serde_json::from_slice::<Link>(line) {
        Ok(link) => Says::Follows(link.prev),
        Err(error) if error.is_eof() && !line.is_empty() => Says::Torn,
        Err(_) => Says::Nonsense,
    }
}

/// What the next line has to say of the one before it, given the end of the newest file (from the start of some line on).
///
/// That is the last line's hash, if it follows from the last one that `head` knows of: a host may have been killed before it told
/// `head` of its line. If it doesn't follow, lines are missing or changed; then the next line names the one that should be there, and
/// the break stays visible.
pub(super) fn next(head: &Head, tail: &[u8]) -> String {
    let lines: Vec<&[u8]> = lines(tail).collect();
    let hashes: Vec<String> = lines.iter().map(|line| hash(line)).collect();
    let known = hashes.iter().rposition(|hash| *hash == head.last).map_or(0, |at| at + 1);
    let mut before = &head.last;
    if lines.len() - known > UNKNOWN {
        return head.last.clone();
    }
    for (line, hash) in lines.iter().zip(&hashes).skip(known) {
        match says(line) {
            Says::Follows(prev) if prev == *before => {}
            Says::Torn => {}
            Says::Follows(_) | Says::Nonsense => return head.last.clone(),
        }
        before = hash;
    }
    before.clone()
}

/// Two hashes side by side in the chain that don't belong there: of the line before a break, and of the one that should stand there.
pub(super) type Gap = (String, String);

/// A chain in which nothing was changed or removed that the person doesn't know of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole {
    /// How many lines there are.
    pub lines: usize,
    /// At how many places it breaks all the same, as the person has accepted.
    pub gaps: usize,
}

impl fmt::Display for Whole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("no line was changed or removed")?;
        match self.gaps {
            0 => Ok(()),
            gaps => write!(formatter, " but at {gaps} known places"),
        }
    }
}

/// What a walk along the chain met.
pub(super) struct Walk {
    lines: usize,
    breaks: Vec<(Gap, Break)>,
}

impl Walk {
    /// Where the chain breaks first, but for gaps that are known, or else what is whole.
    pub(super) fn verify(self, known: &BTreeSet<Gap>) -> Result<Whole, Break> {
        let gaps = self.breaks.iter().map(|(gap, _)| gap).collect::<BTreeSet<_>>().len();
        let unknown = self.breaks.into_iter().find(|(gap, _)| !known.contains(gap));
        unknown.map_or(Ok(Whole { lines: self.lines, gaps }), |(_, broken)| Err(broken))
    }

    pub(super) fn gaps(self) -> BTreeSet<Gap> {
        self.breaks.into_iter().map(|(gap, _)| gap).collect()
    }
}

/// Walks along the chain over all files, oldest first, each with its day.
pub(super) fn walk<'a>(head: &Head, files: impl Iterator<Item = (&'a str, &'a [u8])>) -> Walk {
    let mut before: Option<String> = None;
    let (mut day_of_last, mut line_of_last, mut count) = (String::new(), 0, 0);
    let (mut first, mut begins, mut ends) = (None, false, false);
    let mut breaks = Vec::new();
    for (day, content) in files {
        for (index, line) in lines(content).enumerate() {
            let here = || Break::Line { day: day.to_owned(), line: index + 1 };
            let hash = hash(line);
            match (says(line), &before) {
                (Says::Follows(prev), None) => {
                    // A host that was killed while it rotated leaves lines from before the beginning: then it is found below.
                    begins = prev == head.before;
                    first = Some((here(), prev));
                }
                (Says::Follows(prev), Some(before)) if prev == *before => {}
                (Says::Follows(prev), Some(before)) => breaks.push(((before.clone(), prev), here())),
                (Says::Torn, Some(_)) => {}
                (Says::Torn, None) => {
                    begins = head.before == START;
                    first = Some((here(), START.to_owned()));
                }
                (Says::Nonsense, Some(before)) => breaks.push(((before.clone(), hash.clone()), here())),
                (Says::Nonsense, None) => first = Some((here(), hash.clone())),
            }
            begins |= hash == head.before;
            ends |= hash == head.last;
            before = Some(hash);
            (day_of_last, line_of_last, count) = (day.to_owned(), index + 1, count + 1);
        }
    }
    let end = || Break::End { day: day_of_last, line: line_of_last };
    let (Some((first, prev)), Some(last)) = (first, before) else {
        if head.last != head.before {
            breaks.push(((head.before.clone(), head.last.clone()), end()));
        }
        return Walk { lines: 0, breaks };
    };
    // A host may have been killed between its very first line and the head.
    ends |= prev == head.last && count <= UNKNOWN;
    if !begins {
        breaks.push(((head.before.clone(), prev), first));
    }
    if !ends {
        breaks.push(((last, head.last.clone()), end()));
    }
    Walk { lines: count, breaks }
}
