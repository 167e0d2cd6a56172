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
        let Some((browser, folders)) = line.ok().and_then(|line| running(&line)) else { continue };
        let Some(user_data) = folders.iter().find(|folder| folder.is_dir()).or(folders.first()) else { continue };
        let running = Running { browser, user_data: user_data.clone() };
        if !found.contains(&running) {
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

/// Reads a command line: which browser it is, and where its profiles may be, the likeliest first. A browser's helpers have a
/// `--type`.
///
/// Arguments end with NUL, but Chromium may have put its own line in their place, which has spaces between them. There a
/// folder's name ends before the next option at the latest; a page's address may stand between the two.
fn running(line: &[u8]) -> Option<(&'static Browser, Vec<PathBuf>)> {
    const FOLDER: &str = "--user-data-dir=";
    let line = String::from_utf8_lossy(line);
    let line = line.trim_end_matches('\0');
    let separator = if line.contains('\0') { '\0' } else { ' ' };
    let mut arguments = line.split(separator);
    let browser = Browser::started_by(Path::new(arguments.next()?).file_name()?.to_str()?)?;
    if arguments.clone().any(|argument| argument.starts_with("--type=")) {
        return None;
    }
    let folders: Vec<_> = if separator == '\0' {
        arguments.find_map(|argument| argument.strip_prefix(FOLDER)).into_iter().collect()
    } else {
        let (_, rest) = line.split_once(&format!(" {FOLDER}"))?;
        let longest = rest.split(" --").next()?;
        let ends = longest.match_indices(' ').map(|(end, _)| end).chain([longest.len()]).rev();
        ends.filter_map(|end| longest.get(..end)).collect()
    };
    let folders: Vec<_> = folders.into_iter().map(PathBuf::from).filter(|folder| folder.is_absolute()).collect();
    (!folders.is_empty()).then_some((browser, folders))
}

/// The inode of the socket that keeps others from listening at the port of 127.0.0.1, from a table of the kernel's. One that
/// listens at another address, such as `::1` or the network's, doesn't.
fn listener(table: &str, port: u16) -> Option<&str> {
    const LISTENING: &str = "0A";
    /// 127.0.0.1, every IPv4 address, every address, and 127.0.0.1 as an IPv6 address; the kernel writes each four bytes as a
    /// number of a little-endian machine.
    const IN_THE_WAY: &[&str] =
        &["0100007F", "00000000", "00000000000000000000000000000000", "0000000000000000FFFF00000100007F"];
    table.lines().skip(1).find_map(|line| {
        let mut fields = line.split_whitespace();
        let (_, local, _, state) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        let (address, at) = local.rsplit_once(':')?;
        let wanted = state == LISTENING && IN_THE_WAY.contains(&address) && u16::from_str_radix(at, 16) == Ok(port);
        wanted.then(|| fields.nth(5)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_browser_with_a_folder_of_its_own_is_told_from_its_helpers() {
        let found = |line: &[u8]| {
            running(line).map(|(browser, folders)| {
                (browser.name, folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>())
            })
        };
        let one = found(b"/usr/lib/chromium/chromium\0--user-data-dir=/x/my own\0about:blank\0").unwrap();
        assert_eq!(one, ("chromium", vec!["/x/my own".to_owned()]));
        // As Chromium writes its line anew.
        let one =
            found(b"/usr/lib/chromium/chromium --headless --user-data-dir=/x/my own --no-first-run about:blank\0")
                .unwrap();
        assert_eq!(one, ("chromium", vec!["/x/my own".to_owned(), "/x/my".to_owned()]));
        let one = found(b"/opt/google/chrome/chrome --user-data-dir=/x/y https://a.example\0").unwrap();
        assert_eq!(one, ("chrome", vec!["/x/y https://a.example".to_owned(), "/x/y".to_owned()]));
        for other in [
            &b""[..],
            b"\0\0",
            b"/usr/lib/chromium/chromium\0",
            b"/usr/lib/chromium/chromium\0--type=renderer\0--user-data-dir=/x/y\0",
            b"/usr/lib/chromium/chromium --type=renderer --user-data-dir=/x/y\0",
            b"/usr/lib/chromium/chromium\0--user-data-dir=relative\0",
            b"/usr/lib/chromium/chromium --user-data-dir=\0",
            b"/usr/bin/other\0--user-data-dir=/x/y\0",
            b"\xff\xfe\0--user-data-dir=/x\0",
        ] {
            assert_eq!(found(other), None, "{other:?}");
        }
    }

    const TABLE: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   \
        0: 0100007F:444D 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 11 1 0\n   \
        1: 0100007F:444D 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 22 1 0\n";

    #[test]
    fn the_socket_that_listens_is_told_from_one_that_talks() {
        assert_eq!(listener(TABLE, 17485), Some("22"));
        assert_eq!(listener(TABLE, 17486), None);
        let by = |address: &str| TABLE.replace("0100007F:444D 00000000", &format!("{address}:444D 00000000"));
        for other in ["0501A8C0", "00000000000000000000000001000000"] {
            assert_eq!(listener(&by(other), 17485), None, "{other}");
        }
        for all in ["00000000", "00000000000000000000000000000000", "0000000000000000FFFF00000100007F"] {
            assert_eq!(listener(&by(all), 17485), Some("22"), "{all}");
        }
        for torn in ["", "x", "\n0: 0100007F:444D", "\n0: 444D 0 0A", &TABLE[..TABLE.len() - 10]] {
            assert_ne!(listener(torn, 17485), Some("22"));
        }
    }
}
