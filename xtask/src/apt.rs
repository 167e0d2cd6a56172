//! System packages: installed when what they bring is missing, left alone otherwise.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail, ensure};

use crate::project::find_program;

/// Something of the operating system that a task can't do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    /// A program in `PATH`, or a file by its absolute path.
    present_as: &'static str,
    /// The Debian package that brings it.
    package: &'static str,
}

/// A real keychain in a private D-Bus session.
pub(crate) const KEYCHAIN: &[Need] = &[
    Need { present_as: "dbus-daemon", package: "dbus-daemon" },
    Need { present_as: "/usr/share/dbus-1/session.conf", package: "dbus-session-bus-common" },
    Need { present_as: "gdbus", package: "libglib2.0-bin" },
    Need { present_as: "gnome-keyring-daemon", package: "gnome-keyring" },
];

/// A real browser, with letters to draw.
pub(crate) const BROWSER: &[Need] = &[
    Need { present_as: "/usr/bin/chromium", package: "chromium" },
    Need { present_as: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", package: "fonts-dejavu-core" },
];

/// Tells what id a packed extension has.
pub(crate) const OPENSSL: &[Need] = &[Need { present_as: "openssl", package: "openssl" }];

/// Node's package manager, which brings everything else the extension is built with.
pub(crate) const NODE: &[Need] = &[Need { present_as: "npm", package: "npm" }];

/// Follows addresses without a browser.
pub(crate) const CURL: &[Need] = &[Need { present_as: "curl", package: "curl" }];

/// Makes a network of its own.
pub(crate) const NETWORK: &[Need] = &[Need { present_as: "ip", package: "iproute2" }];

/// Writes Debian packages.
pub(crate) const DEB: &[Need] =
    &[Need { present_as: "dpkg-deb", package: "dpkg" }, Need { present_as: "dpkg-shlibdeps", package: "dpkg-dev" }];

/// Looks over Debian packages and the program in them.
pub(crate) const LINTIAN: &[Need] =
    &[Need { present_as: "lintian", package: "lintian" }, Need { present_as: "readelf", package: "binutils" }];

/// Reads man pages and completions.
pub(crate) const READERS: &[Need] = &[
    Need { present_as: "groff", package: "groff-base" },
    Need { present_as: "lexgrog", package: "man-db" },
    Need { present_as: "zsh", package: "zsh" },
    Need { present_as: "fish", package: "fish" },
];

/// Writes rpm packages, and installs them.
pub(crate) const RPM: &[Need] = &[Need { present_as: "rpmbuild", package: "rpm" }];

/// Builds for Windows, and packs it.
pub(crate) const MSI: &[Need] = &[
    Need { present_as: "x86_64-w64-mingw32-gcc", package: "gcc-mingw-w64-x86-64-win32" },
    Need { present_as: "x86_64-w64-mingw32-windres", package: "binutils-mingw-w64-x86-64" },
    Need { present_as: "wixl", package: "wixl" },
    Need { present_as: "msibuild", package: "msitools" },
];

/// Gets what builds for macOS.
pub(crate) const PIP: &[Need] = &[Need { present_as: "pip3", package: "python3-pip" }];

/// Reads Mac packages without the code that wrote them.
pub(crate) const MAC_READERS: &[Need] = &[
    Need { present_as: "bsdtar", package: "libarchive-tools" },
    Need { present_as: "7z", package: "p7zip-full" },
    Need { present_as: "cpio", package: "cpio" },
];

/// A Windows to install in.
/// Windows programs open addresses by the second program.
pub(crate) const WINE: &[Need] = &[
    Need { present_as: "/usr/lib/wine/wine64", package: "wine64" },
    Need { present_as: "xdg-open", package: "xdg-utils" },
];

/// Signs Windows packages.
pub(crate) const SIGNING: &[Need] =
    &[Need { present_as: "osslsigncode", package: "osslsigncode" }, Need { present_as: "openssl", package: "openssl" }];

/// Installs the packages of those `needs` that are not met, asking nothing.
///
/// # Errors
///
/// When a package can't be installed; the sentence says which and by what command.
pub(crate) fn ensure_present<'a>(needs: impl IntoIterator<Item = &'a Need>) -> Result<()> {
    let missing: BTreeSet<_> = needs.into_iter().filter(|need| !need.is_met()).map(|need| need.package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<_> = missing.into_iter().collect();
    let by_hand = format!("apt-get install -y --no-install-recommends {}", packages.join(" "));
    let Some(prefix) = prefix() else { bail!("run this as root, then try again: {by_hand}") };
    println!("installing {}", packages.join(", "));
    refresh_lists(prefix).with_context(|| format!("these packages are missing; install them with: {by_hand}"))?;
    apt_get(prefix, &[&["install", "-y", "--no-install-recommends"], packages.as_slice()].concat())
        .with_context(|| format!("install the missing packages with: {by_hand}"))
}

impl Need {
    fn is_met(&self) -> bool {
        let path = Path::new(self.present_as);
        if path.is_absolute() { path.exists() } else { find_program(self.present_as).is_some() }
    }
}

/// What makes apt-get run as root: nothing, or sudo; `None` when neither is possible.
fn prefix() -> Option<&'static [&'static str]> {
    if rustix::process::geteuid().is_root() {
        Some(&[])
    } else if find_program("sudo").is_some() {
        Some(&["sudo"])
    } else {
        None
    }
}

/// Once per run: a fresh machine has no lists at all, an old one has lists that name deleted files.
fn refresh_lists(prefix: &[&str]) -> Result<()> {
    static REFRESHED: OnceLock<()> = OnceLock::new();
    if REFRESHED.get().is_none() {
        apt_get(prefix, &["update"])?;
        REFRESHED.get_or_init(|| ());
    }
    Ok(())
}

/// In this program's own process group, since sudo may ask for a password at the terminal.
fn apt_get(prefix: &[&str], arguments: &[&str]) -> Result<()> {
    // Another apt may be at work: wait for its lock instead of failing.
    let words = [prefix, &["apt-get", "-q", "-o", "DPkg::Lock::Timeout=400"], arguments].concat();
    let (program, rest) = words.split_first().context("a command has a first word")?;
    let status = Command::new(program)
        .args(rest)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .status()
        .with_context(|| format!("start {program}; this system has no apt"))?;
    ensure!(status.success(), "`{}` failed: {status}", words.join(" "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_met_by_programs_and_by_files() {
        assert!(Need { present_as: "sh", package: "dash" }.is_met());
        assert!(Need { present_as: "/bin/sh", package: "dash" }.is_met());
        assert!(!Need { present_as: "no-such-program", package: "none" }.is_met());
        assert!(!Need { present_as: "/no/such/file", package: "none" }.is_met());
    }

    #[test]
    fn nothing_is_installed_when_nothing_is_missing() -> Result<()> {
        ensure_present(&[Need { present_as: "sh", package: "no-such-package" }])
    }
}
