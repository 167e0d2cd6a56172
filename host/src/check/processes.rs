//! What runs on this machine: who listens at a port, and which browsers.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use listeners::{Protocol, SocketState};
use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};

use crate::browsers::Browser;
use crate::sandboxed::Sandboxed;

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

/// A browser that this person has running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Running {
    /// Which one, by its program's place.
    pub(super) browser: &'static Browser,
    /// Its `--user-data-dir`.
    pub(super) user_data: Option<PathBuf>,
}

impl Running {
    /// Whether it looks for the host where any of its kind does: its profiles are in the usual folder, or don't matter.
    pub(super) fn is_as_usual(&self) -> bool {
        cfg!(windows) || self.user_data.is_none() || self.user_data == self.browser.user_data()
    }
}

/// The browsers that this person has running, each profile folder once, and apart from them those in a sandbox.
pub(super) fn browsers() -> (Vec<Running>, Vec<&'static Sandboxed>) {
    let Ok(mut system) = System::new() else { return Default::default() };
    let once = UpdateKind::OnlyIfNotSet;
    let wanted = ProcessRefreshKind::nothing().without_tasks().with_user(once).with_exe(once).with_cmd(once);
    system.refresh_processes_specifics(ProcessesToUpdate::All, false, wanted);
    let own = sysinfo::get_current_pid().ok().and_then(|own| system.process(own)?.user_id());
    let of_person = system.processes().values().filter(|process| own.is_some() && process.user_id() == own);
    let mut found: Vec<Running> = Vec::new();
    let mut sandboxed = Vec::new();
    for process in of_person {
        let Some(program) = process.exe().map(still_there) else { continue };
        let Some(folders) = user_data(process.cmd()) else { continue };
        // First: inside, its path may end as it does outside of a sandbox.
        if let Some(browser) = Sandboxed::started_by(&program) {
            sandboxed.push(browser);
            continue;
        }
        let Some(browser) = Browser::started_by(&program) else { continue };
        let user_data = folders.iter().find(|folder| folder.is_dir()).or(folders.first()).cloned();
        let running = Running { browser, user_data };
        if !found.contains(&running) {
            found.push(running);
        }
    }
    found.sort_by(|one, other| (one.browser.name, &one.user_data).cmp(&(other.browser.name, &other.user_data)));
    (found, sandboxed)
}

/// Where the program was that an update has replaced since it was started: proc(5), "/proc/pid/exe".
fn still_there(program: &Path) -> PathBuf {
    program.to_string_lossy().trim_end_matches(" (deleted)").into()
}

/// Reads a browser's command line: where its profiles may be, the likeliest first; nowhere in particular without the option.
/// Nothing if this is one of its helpers, which have a `--type`, or if the place depends on where it was started.
///
/// Chromium on Linux puts its own line in the arguments' place, with spaces between them, which can't be told from those in a name.
/// A folder's name ends before the next option at the latest; a page's address may stand between the two.
fn user_data(line: &[OsString]) -> Option<Vec<PathBuf>> {
    const FOLDER: &str = "--user-data-dir=";
    let line: Vec<_> = line.iter().map(|argument| argument.to_string_lossy()).collect();
    let (words, folders): (Vec<&str>, Vec<&str>) = match &line[..] {
        [rewritten] if rewritten.contains(" --") => {
            let rest = rewritten.split_once(&format!(" {FOLDER}")).map(|(_, rest)| rest);
            (rewritten.split(' ').collect(), rest.map(shorter_and_shorter).unwrap_or_default())
        }
        arguments => {
            let arguments = arguments.iter().map(|argument| &**argument);
            (
                arguments.clone().collect(),
                arguments.filter_map(|argument| argument.strip_prefix(FOLDER)).take(1).collect(),
            )
        }
    };
    if words.iter().any(|word| word.starts_with("--type=")) {
        return None;
    }
    let absolute: Vec<_> = folders.iter().map(PathBuf::from).filter(|folder| folder.is_absolute()).collect();
    (folders.is_empty() || !absolute.is_empty()).then_some(absolute)
}

/// What is before the next option, and before each space in it, the longest first.
fn shorter_and_shorter(rest: &str) -> Vec<&str> {
    let longest = rest.split(" --").next().unwrap_or_default();
    let ends = longest.match_indices(' ').map(|(end, _)| end).chain([longest.len()]).rev();
    ends.filter_map(|end| longest.get(..end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &[&str]) -> Option<Vec<String>> {
        let line: Vec<_> = line.iter().map(OsString::from).collect();
        let folders = user_data(&line)?;
        Some(folders.iter().map(|folder| folder.display().to_string()).collect())
    }

    #[cfg(unix)]
    #[test]
    fn a_browser_with_a_folder_of_its_own_is_told_from_its_helpers() {
        let chromium = "/usr/lib/chromium/chromium";
        assert_eq!(found(&[chromium, "--user-data-dir=/x/my own", "about:blank"]).unwrap(), ["/x/my own"]);
        let mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
        assert_eq!(found(&[mac, "--user-data-dir=/Users/ann/my own"]).unwrap(), ["/Users/ann/my own"]);
        // As Chromium on Linux writes its line anew.
        let line = format!("{chromium} --headless --user-data-dir=/x/my own --no-first-run about:blank");
        assert_eq!(found(&[&line]).unwrap(), ["/x/my own", "/x/my"]);
        let line = "/opt/google/chrome/chrome --user-data-dir=/x/y https://a.example";
        assert_eq!(found(&[line]).unwrap(), ["/x/y https://a.example", "/x/y"]);
        for other in [
            &[chromium, "--type=renderer", "--user-data-dir=/x/y"][..],
            &[&format!("{chromium} --type=renderer --user-data-dir=/x/y")],
            &[chromium, "--user-data-dir=relative"],
            &[chromium, "--user-data-dir="],
            &[&format!("{chromium} --user-data-dir=")],
            &[&format!("{chromium} --user-data-dir= --user-data-dir=/x/y")],
        ] {
            assert_eq!(found(other), None, "{other:?}");
        }
    }

    #[cfg(windows)]
    #[test]
    fn a_browser_with_a_folder_of_its_own_is_told_from_its_helpers() {
        let edge = r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe";
        assert_eq!(found(&[edge, r"--user-data-dir=D:\my own"]).unwrap(), [r"D:\my own"]);
        assert_eq!(found(&[edge, "--type=crashpad-handler", r"--user-data-dir=D:\my own"]), None);
        assert_eq!(found(&[edge, "--user-data-dir=relative"]), None);
    }

    #[test]
    fn a_browser_without_the_option_has_its_folder_where_it_always_is() {
        for line in [&[][..], &[""], &["chrome"], &["chrome", "https://a.example/?--user-data-dir=/x"], &["chrome --x"]]
        {
            assert_eq!(found(line).unwrap(), [""; 0], "{line:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_text_is_read_all_the_same() {
        use std::os::unix::ffi::OsStringExt as _;
        let line = [b"\xff\xfe".to_vec(), b"--user-data-dir=/x/\xff".to_vec()].map(OsString::from_vec);
        assert_eq!(user_data(&line).unwrap().len(), 1);
    }

    #[test]
    fn a_program_that_was_updated_while_it_runs_is_still_known() {
        assert_eq!(still_there(Path::new("/opt/x/chrome (deleted)")), Path::new("/opt/x/chrome"));
        assert_eq!(still_there(Path::new("/opt/x/chrome")), Path::new("/opt/x/chrome"));
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
