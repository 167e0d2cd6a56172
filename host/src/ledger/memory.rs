//! A ledger that forgets: for tests.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::{Begun, Ending, Entry, Record};

/// Keeps entries until the process ends.
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
    fn begin(&self, entry: &Entry, _addresses: &[String]) -> io::Result<Begun> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.push(entry.clone());
        Ok(Begun((entries.len() - 1).to_string()))
    }

    fn end(&self, Begun(place): &Begun, ending: &Ending) -> io::Result<()> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = place.parse().ok().and_then(|place: usize| entries.get_mut(place));
        entry.ok_or(io::ErrorKind::NotFound)?.end(ending.clone());
        Ok(())
    }
}
