//! Whether a program could be started at all: the right to execute it, the file system it is on, the processor it is for.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use super::executable::unfit;
use crate::failure::Reason;

/// Enough for the headers that are read.
const HEAD: u64 = 4096;

/// What keeps the program from being started.
pub(super) fn obstacle(program: &Path) -> Option<Reason> {
    let mounts = || fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let program = program.canonicalize().unwrap_or_else(|_| program.to_owned());
    match () {
        () if !is_executable(&program) => Some(Reason::ManifestProgramStuck),
        () if is_noexec(&mounts(), &program) => Some(Reason::ProgramMountedNoexec),
        () => unfit(&head(&program), processor()).or_else(|| of_system(&program)),
    }
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(file).is_ok_and(|metadata| metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    fs::metadata(file).is_ok()
}

/// Whether the mount that a file is on, the last one of those with the longest path, forbids starting programs. Source:
/// proc(5), "/proc/pid/mountinfo": the fifth field is the path, with `\040` for a space, the sixth the options.
fn is_noexec(mountinfo: &str, file: &Path) -> bool {
    let mounts = mountinfo.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(4);
        Some((fields.next()?.replace(r"\040", " "), fields.next()?))
    });
    let around = mounts.filter(|(path, _)| file.starts_with(path));
    let nearest = around.max_by_key(|(path, _)| Path::new(path).components().count());
    nearest.is_some_and(|(_, options)| options.split(',').any(|option| option == "noexec"))
}

/// A file's first bytes.
fn head(file: &Path) -> Vec<u8> {
    let mut head = Vec::new();
    // What can't be read may still be started.
    drop(fs::File::open(file).and_then(|file| file.take(HEAD).read_to_end(&mut head)));
    head
}

#[cfg(target_os = "macos")]
use super::mac::obstacle as of_system;

/// What Windows itself has against it.
#[cfg(windows)]
fn of_system(program: &Path) -> Option<Reason> {
    use super::windows::{came_from_internet, starts_only_signed};
    let mut zone = program.as_os_str().to_owned();
    zone.push(":Zone.Identifier");
    let unsigned = || super::executable::is_signed(&head(program)) == Some(false);
    match () {
        () if starts_only_signed(&crate::registry::System) && unsigned() => Some(Reason::ProgramUnsigned),
        () if fs::read_to_string(zone).is_ok_and(|zone| came_from_internet(&zone)) => Some(Reason::ProgramFromInternet),
        () => None,
    }
}

#[cfg(not(any(windows, target_os = "macos")))]
fn of_system(_: &Path) -> Option<Reason> {
    None
}

/// This computer's, whatever this program was built for.
fn processor() -> &'static str {
    #[cfg(target_os = "macos")]
    {
        // Source: <https://developer.apple.com/documentation/apple-silicon/about-the-rosetta-translation-environment>
        let asked = std::process::Command::new("/usr/sbin/sysctl").args(["-n", "sysctl.proc_translated"]).output();
        if asked.is_ok_and(|output| output.stdout.trim_ascii() == b"1") {
            return "aarch64";
        }
    }
    std::env::consts::ARCH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mount_decides_and_the_last_one_there() {
        let mounts = "21 1 8:1 / / rw,noexec - ext4 x rw\n22 21 8:2 / /home rw,relatime shared:1 - ext4 x rw\n\
                      23 22 8:3 / /home/a\\040b rw,nosuid,noexec - ext4 x rw\n24 22 8:3 / /opt rw,noexec - ext4 x rw\n\
                      25 22 8:3 / /opt rw - ext4 x rw\n";
        assert!(is_noexec(mounts, Path::new("/usr/bin/x")));
        assert!(!is_noexec(mounts, Path::new("/home/x")));
        assert!(is_noexec(mounts, Path::new("/home/a b/x")));
        assert!(!is_noexec(mounts, Path::new("/home/a bc/x")));
        assert!(!is_noexec(mounts, Path::new("/opt/x")));
        for torn in ["", "1 2 3", "21 1 8:1 / /", "\n\n"] {
            assert!(!is_noexec(torn, Path::new("/x")), "{torn}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_program_is_for_this_processor_and_others_are_not() {
        let mut program = head(&std::env::current_exe().unwrap());
        assert_eq!(unfit(&program, processor()), None);
        program[18] = 8;
        assert_eq!(unfit(&program, processor()), Some(Reason::ProgramForOtherProcessor));
    }
}
