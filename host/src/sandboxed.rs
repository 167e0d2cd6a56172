//! Browsers in packagings that keep them from starting programs outside of themselves, on Linux: where each has what
//! [`crate::browsers`] says of the others.
//!
//! Nothing is ever registered with them. Where their manifests and policies would be is told all the same, for who looks there. Sources:
//! <https://forum.snapcraft.io/t/native-messaging-support-in-strictly-confined-browser-snaps/26849> and
//! <https://github.com/flatpak/xdg-desktop-portal/issues/655> say why they can't start the host;
//! <https://snapcraft.io/docs/data-locations>, <https://snapcraft.io/docs/system-snap-directory> and
//! <https://github.com/flatpak/flatpak/wiki/Filesystem> where the packagings keep what; each Flatpak's start script and `cobalt.ini`
//! below <https://github.com/flathub>, named as the Flatpak, which program it starts, its folder of profiles and the policies it sees;
//! their users the same of Snaps.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::browsers::ends_in;

/// Who keeps it in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packaging {
    /// Canonical's.
    Snap,
    /// As Flathub builds it.
    Flatpak,
}

impl fmt::Display for Packaging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Snap => "Snap",
            Self::Flatpak => "Flatpak",
        })
    }
}

/// A browser that can't start the host.
#[derive(Debug, PartialEq, Eq)]
pub struct Sandboxed {
    /// As its users know it.
    pub title: &'static str,
    /// How it was installed.
    pub packaging: Packaging,
    /// As the packaging names it.
    id: &'static str,
    /// Its program as it appears to those outside, by the path it has inside; `*` is a Snap's revision.
    pub program: &'static str,
    /// Its profile folder below what the packaging keeps of it for a person.
    profiles: &'static str,
    /// The machine's folder of host manifests, `*` being any name. `None` where it sees none: a Snap sees nothing of `/etc` that its
    /// interfaces don't name, and of the Flatpaks only Chromium's has a place for them.
    pub machine: Option<&'static str>,
    /// Where the machine's administrator puts its policies. `None` where it sees none, for the same reasons.
    pub policies: Option<&'static str>,
}

macro_rules! sandboxed {
    ($($packaging:ident $title:literal $id:literal: $program:literal, $profiles:literal, $machine:expr, $policies:expr;)*) => {
        /// All that are known.
        pub const SANDBOXED: &[Sandboxed] = &[$(Sandboxed {
            title: $title,
            packaging: Packaging::$packaging,
            id: $id,
            program: $program,
            profiles: $profiles,
            machine: $machine,
            policies: $policies,
        }),*];
    };
}

// Policies of Chromium's Snap: <https://www.chromium.org/administrators/linux-quick-start/>, "Ubuntu's package", by its interface
// etc-chromium-browser-policies; both folders of Chromium's Flatpak: <https://github.com/flathub/org.chromium.Chromium>, "Extension
// points". Flathub builds Edge from Microsoft's beta packages.
sandboxed! {
    Snap "Chromium" "chromium":
        "/snap/chromium/*/usr/lib/chromium-browser/chrome", "common/chromium", None, Some("/etc/chromium-browser/policies/managed");
    Snap "Brave" "brave":
        "/snap/brave/*/opt/brave.com/brave/brave", "current/.config/BraveSoftware/Brave-Browser", None, None;
    Snap "Opera" "opera":
        "/snap/opera/*/usr/lib/x86_64-linux-gnu/opera/opera", "current/.config/opera", None, None;
    Snap "Vivaldi" "vivaldi":
        "/snap/vivaldi/*/opt/vivaldi/vivaldi-bin", "current/.config/vivaldi", None, None;
    Flatpak "Chromium" "org.chromium.Chromium":
        "/app/chromium/chrome", "config/chromium",
        Some("/var/lib/flatpak/extension/org.chromium.Chromium.Extension.*/x86_64/1/native-messaging-hosts"),
        Some("/var/lib/flatpak/extension/org.chromium.Chromium.Extension.*/x86_64/1/policies/managed");
    Flatpak "Google Chrome" "com.google.Chrome":
        "/app/extra/chrome", "config/google-chrome", None, Some("/etc/opt/chrome/policies/managed");
    Flatpak "Brave" "com.brave.Browser":
        "/app/brave/brave", "config/BraveSoftware/Brave-Browser", None, Some("/etc/brave/policies/managed");
    Flatpak "Microsoft Edge" "com.microsoft.Edge":
        "/app/extra/msedge", "config/microsoft-edge-beta", None, Some("/etc/opt/edge/policies/managed");
    Flatpak "Vivaldi" "com.vivaldi.Vivaldi":
        "/app/vivaldi/vivaldi", "config/vivaldi", None, None;
    Flatpak "Opera" "com.opera.Opera":
        "/app/opera/opera", "config/opera", None, None;
}

impl Sandboxed {
    /// The one whose program that is, by the path it has inside: from outside, /proc shows that one.
    #[must_use]
    pub fn started_by(program: &Path) -> Option<&'static Self> {
        let path = program.to_string_lossy();
        SANDBOXED.iter().find(|browser| ends_in(&path, browser.program.trim_start_matches('/')))
    }

    /// Whether it is installed, or was used by the person with that home folder: what it has kept stays when it is removed.
    #[must_use]
    pub fn is_known(&self, root: &Path, home: &Path) -> bool {
        let [machine, other] = match self.packaging {
            // Distributions differ in where they mount Snaps.
            Packaging::Snap => [root.join("snap"), root.join("var/lib/snapd/snap")],
            Packaging::Flatpak => [root.join("var/lib/flatpak/app"), home.join(".local/share/flatpak/app")],
        };
        [machine.join(self.id), other.join(self.id), self.kept(home)].iter().any(|folder| folder.is_dir())
    }

    /// The folder it keeps profiles in; below it, as with the others, would be a manifest that the person registered.
    #[must_use]
    pub fn user_data(&self, home: &Path) -> PathBuf {
        self.kept(home).join(self.profiles)
    }

    /// What the packaging keeps of it for a person.
    fn kept(&self, home: &Path) -> PathBuf {
        let folder = match self.packaging {
            Packaging::Snap => "snap",
            Packaging::Flatpak => ".var/app",
        };
        home.join(folder).join(self.id)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_program_in_a_sandbox_is_told_by_the_path_it_has_inside() {
        let started = |path: &str| Sandboxed::started_by(Path::new(path)).map(|found| (found.packaging, found.title));
        for browser in SANDBOXED {
            let program = browser.program.replace('*', "3000");
            assert_eq!(started(&program), Some((browser.packaging, browser.title)));
        }
        for other in [
            "/opt/google/chrome/chrome",
            "/opt/brave.com/brave/brave",
            "/snap/chromium/usr/lib/chromium-browser/chrome",
            "/snap/chromium/3000/usr/lib/chromium-browser/chrome_crashpad_handler",
            "/usr/lib/chromium-browser/chrome",
            "app/chromium/chrome",
        ] {
            assert_eq!(started(other), None, "{other}");
        }
    }

    #[test]
    fn each_has_its_profiles_where_the_packaging_keeps_them() {
        let of = |packaging, title: &str| {
            let browser = SANDBOXED.iter().find(|it| (it.packaging, it.title) == (packaging, title)).unwrap();
            browser.user_data(Path::new("/home/ann"))
        };
        assert_eq!(of(Packaging::Snap, "Chromium"), Path::new("/home/ann/snap/chromium/common/chromium"));
        let flatpak = "/home/ann/.var/app/org.chromium.Chromium/config/chromium";
        assert_eq!(of(Packaging::Flatpak, "Chromium"), Path::new(flatpak));
    }

    #[test]
    fn one_is_known_from_its_installation_on_and_after_its_removal() {
        let machine = tempfile::tempdir().unwrap();
        let (root, home) = (machine.path(), machine.path().join("home/ann"));
        let known = || SANDBOXED.iter().filter(|it| it.is_known(root, &home)).collect::<Vec<_>>();
        assert!(known().is_empty());
        for folder in [
            "snap/vivaldi",
            "var/lib/snapd/snap/vivaldi",
            "home/ann/snap/vivaldi",
            "var/lib/flatpak/app/com.vivaldi.Vivaldi",
            "home/ann/.local/share/flatpak/app/com.vivaldi.Vivaldi",
            "home/ann/.var/app/com.vivaldi.Vivaldi",
        ] {
            fs::create_dir_all(root.join(folder)).unwrap();
            let packaging = if folder.contains("snap") { Packaging::Snap } else { Packaging::Flatpak };
            let found: Vec<_> = known().iter().map(|it| (it.packaging, it.title)).collect();
            assert_eq!(found, [(packaging, "Vivaldi")], "{folder}");
            fs::remove_dir(root.join(folder)).unwrap();
        }
    }
}
