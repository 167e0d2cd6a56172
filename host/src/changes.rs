//! Tells the extension when another process changed something: a session revoked in a terminal, a connection made in another
//! browser.
//!
//! State files are replaced whole, so a look at their dates every other second is enough, and nothing has to be installed
//! for it. A change this process made itself is told too: every page of the profile then learns of it the same way.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc::UnboundedSender;
use tokio::time::{MissedTickBehavior, interval};

use crate::paths::Paths;
use crate::protocol::EventKind;

/// How often to look: "within seconds" is what a person who revokes a session expects.
const STEP: Duration = Duration::from_secs(2);

/// Which event a file's change means.
const WATCHED: &[(&str, EventKind)] = &[
    ("connections.json", EventKind::Connection),
    ("sessions.json", EventKind::Session),
    ("settings.json", EventKind::Settings),
];

/// Tells of changes until nobody listens.
pub async fn watch(paths: Paths, events: UnboundedSender<EventKind>) {
    let files: Vec<PathBuf> = WATCHED.iter().map(|(name, _)| paths.file(name)).collect();
    let look = || files.iter().map(modified).collect::<Vec<_>>();
    let mut seen = look();
    let mut steps = interval(STEP);
    steps.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !events.is_closed() {
        steps.tick().await;
        let now = look();
        for ((_, event), _) in WATCHED.iter().zip(seen.iter().zip(&now)).filter(|(_, (before, after))| before != after)
        {
            // Nobody listens any more: the loop ends.
            let _ = events.send(*event);
        }
        seen = now;
    }
}

fn modified(file: &PathBuf) -> Option<SystemTime> {
    fs::metadata(file).and_then(|metadata| metadata.modified()).ok()
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_file_that_another_process_writes_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::at(folder.path()).unwrap();
        let (sender, mut events) = unbounded_channel();
        let watching = watch(paths.clone(), sender);
        let listening = async {
            tokio::time::sleep(STEP / 2).await;
            fs::write(paths.file("sessions.json"), "{}").unwrap();
            assert_eq!(events.recv().await, Some(EventKind::Session));
            fs::write(paths.file("settings.json"), "{}").unwrap();
            assert_eq!(events.recv().await, Some(EventKind::Settings));
            fs::remove_file(paths.file("sessions.json")).unwrap();
            assert_eq!(events.recv().await, Some(EventKind::Session));
            assert!(events.try_recv().is_err());
        };
        tokio::select! {
            () = watching => panic!("stopped watching"),
            () = listening => {}
        }
    }
}
