//! What runs on this machine, as far as Linux tells everybody in `/proc`; other systems tell nothing here.
//!
//! Source: proc(5), "/proc/net/tcp" and "/proc/pid/fd".

use std::fs;
use std::path::{Path, PathBuf};

use crate::browsers::Browser;

/// The program that listens at this port of 127.0.0.1 (or of every address), with its number, if it is this person's.
pub(super) fn listening_at(port: u16) -> Option<String> {
    let sockets = ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| fs::read_to_string(table).unwrap_or_default());
    let inode = sockets.iter().find_map(|table| listener(table, port))?;
    let link = format!("socket:[{inode}]");
    let mut processes = fs::read_dir("/proc").ok()?.flatten();
    let holder = processes.find(|process| {
        let files = fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten();
        files.into_iter().any(|file| fs::read_link(file.path()).is_ok_and(|target| target == Path::new(&link)))
    })?;
    let name = fs::read_to_string(holder.path().join("comm")).ok()?;
    Some(format!("{} ({})", name.trim_end(), holder.file_name().display()))
}

/// A browser that runs with a profile folder of its own.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Running {
    /// Which one, by its program's name.
    pub(super) browser: &'static Browser,
    /// Its `--user-data-dir`.
    pub(super) user_data: PathBuf,
}

/// The browsers of this person that were started with `--user-data-dir`, each once.
pub(super) fn browsers() -> Vec<Running> {
    let mut found = Vec::new();
    for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let line = if is_own(&process.path()) { fs::read(process.path().join("cmdline")) } else { continue };
        if let Some(running) = line.ok().and_then(|line| running(&line)).filter(|running| !found.contains(running)) {
            found.push(running);
        }
    }
    found
}

#[cfg(unix)]
fn is_own(process: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let owner = |path: &Path| fs::metadata(path).map(|metadata| metadata.uid()).ok();
    owner(process).is_some_and(|uid| owner(Path::new("/proc/self")) == Some(uid))
}

#[cfg(not(unix))]
fn is_own(_: &Path) -> bool {
    false
}

/// Reads a command line, whose arguments end with NUL. A browser's helpers have a `--type`.
fn running(line: &[u8]) -> Option<Running> {
    let arguments: Vec<_> = line.split(|byte| *byte == 0).map(String::from_utf8_lossy).collect();
    let program = Path::new(arguments.first()?.as_ref()).file_name()?.to_str()?.to_owned();
    if arguments.iter().any(|argument| argument.starts_with("--type=")) {
        return None;
    }
    let folder = arguments.iter().find_map(|argument| argument.strip_prefix("--user-data-dir="))?;
    let user_data = PathBuf::from(folder);
    user_data.is_absolute().then_some(Running { browser: Browser::started_by(&program)?, user_data })
}

/// The inode of the socket that listens at the port, from a table of the kernel's.
fn listener(table: &str, port: u16) -> Option<&str> {
    const LISTENING: &str = "0A";
    table.lines().skip(1).find_map(|line| {
        let mut fields = line.split_whitespace();
        let (_, local, _, state) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        let (_, at) = local.rsplit_once(':')?;
        let wanted = state == LISTENING && u16::from_str_radix(at, 16) == Ok(port);
        wanted.then(|| fields.nth(5)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_with_a_folder_of_its_own_is_told_from_its_helpers() {
        let found = |line: &str| running(line.replace(' ', "\0").as_bytes());
        let one = found("/usr/lib/chromium/chromium --user-data-dir=/x/y about:blank ").unwrap();
        assert_eq!((one.browser.name, one.user_data), ("chromium", PathBuf::from("/x/y")));
        for other in [
            "",
            "/usr/lib/chromium/chromium",
            "/usr/lib/chromium/chromium --type=renderer --user-data-dir=/x/y",
            "/usr/lib/chromium/chromium --user-data-dir=relative",
            "/usr/bin/other --user-data-dir=/x/y",
        ] {
            assert_eq!(found(other), None, "{other}");
        }
    }

    const TABLE: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   \
        0: 0100007F:444D 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 11 1 0\n   \
        1: 0100007F:444D 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 22 1 0\n";

    #[test]
    fn the_socket_that_listens_is_told_from_one_that_talks() {
        assert_eq!(listener(TABLE, 17485), Some("22"));
        assert_eq!(listener(TABLE, 17486), None);
        for torn in ["", "x", "\n0: 0100007F:444D", "\n0: 444D 0 0A", &TABLE[..TABLE.len() - 10]] {
            assert_ne!(listener(torn, 17485), Some("22"));
        }
    }
}
