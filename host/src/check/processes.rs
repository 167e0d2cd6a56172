//! What runs on this machine: who listens at a port, and, as far as Linux tells it in `/proc`, browsers.

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use listeners::{Protocol, SocketState};

use crate::browsers::Browser;

/// The program that keeps others from listening at this port of a loopback address, with its number, as far as the system
/// tells this person.
pub(super) fn listening_at(address: IpAddr, port: u16) -> Option<String> {
    // No system that this program is built for is without an answer; one that fails tells nothing.
    let sockets = listeners::get_all().unwrap_or_default();
    let holder = sockets.into_iter().find(|socket| {
        let listens = socket.protocol == Protocol::TCP && socket.state == SocketState::Listen;
        listens && socket.socket.port() == port && is_in_the_way(socket.socket.ip(), address)
    })?;
    Some(format!("{} ({})", holder.process.name, holder.process.pid))
}

/// Whether who listens at one address keeps others from a loopback address.
fn is_in_the_way(listening: IpAddr, loopback: IpAddr) -> bool {
    match (listening, loopback) {
        // An IPv4 socket takes no IPv6 address; the other way round it may.
        (IpAddr::V4(_), IpAddr::V6(_)) => false,
        _ => listening.is_unspecified() || listening.to_canonical() == loopback,
    }
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

    #[test]
    fn who_listens_elsewhere_is_not_in_the_way() {
        let in_the_way = |listening: &str| {
            let listening = listening.parse().unwrap();
            ["127.0.0.1", "::1"].map(|loopback| is_in_the_way(listening, loopback.parse().unwrap()))
        };
        assert_eq!(in_the_way("127.0.0.1"), [true, false]);
        assert_eq!(in_the_way("0.0.0.0"), [true, false]);
        assert_eq!(in_the_way("::ffff:127.0.0.1"), [true, false]);
        assert_eq!(in_the_way("::1"), [false, true]);
        assert_eq!(in_the_way("::"), [true, true]);
        for other in ["192.168.1.5", "127.0.0.2", "2001:db8::1"] {
            assert_eq!(in_the_way(other), [false, false], "{other}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_very_process_is_seen_to_listen() {
        let socket = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = socket.local_addr().unwrap();
        let held_by = listening_at(address.ip(), address.port()).unwrap();
        assert!(held_by.ends_with(&format!("({})", std::process::id())), "{held_by}");
        assert_eq!(listening_at(std::net::Ipv6Addr::LOCALHOST.into(), address.port()), None);
    }
}
