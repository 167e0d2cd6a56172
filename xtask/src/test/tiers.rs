//! The table of tiers: one row, one kind of test.

use anyhow::Result;

use super::{Steps, packages, prepare};
use crate::apt::{self, Need};
use crate::keychain::Keychain;
use crate::npm;
use crate::project::{HOST, Profile};
use crate::tools;

/// The tiers of `--packages`.
pub(super) const PACKAGES: &[&str] = &["packages", "windows", "macos", "again", "again-foreign"];

/// What `--all` leaves for `--packages`, since it takes as long as a quarter of everything else.
pub(super) const BEFORE_A_RELEASE: &[&str] = &["again-foreign"];

/// The tier that mostly waits: for a browser.
pub(super) const LEAVES_IDLE: &str = "e2e";

/// A named group of steps.
pub(super) struct Tier {
    /// What `--only` takes.
    pub(super) name: &'static str,
    /// What it shows when it passes.
    pub(super) title: &'static str,
    /// Only with `--all`, or by name.
    pub(super) slow: bool,
    /// What must be installed on the machine.
    pub(super) needs: &'static [&'static [Need]],
    /// Runs its steps; an error ends the tier and counts as one failure.
    pub(super) run: fn(&mut Steps<'_>) -> Result<()>,
}

/// In the order in which they run: what fails fastest first.
pub(super) const TIERS: &[Tier] = &[
    Tier { name: "fmt", title: "Rust is formatted", slow: false, needs: &[], run: fmt },
    Tier { name: "clippy", title: "Rust obeys the house's lints", slow: false, needs: &[], run: clippy },
    Tier {
        name: "rust",
        title: "tests of all crates, with a real keychain",
        slow: false,
        needs: &[apt::KEYCHAIN, apt::CURL],
        run: rust,
    },
    Tier { name: "gen", title: "generated files are up to date", slow: false, needs: &[apt::NODE], run: generated },
    Tier {
        name: "extension",
        title: "types, style, unit tests and build of the extension",
        slow: false,
        needs: &[apt::NODE],
        run: extension,
    },
    Tier {
        name: "e2e",
        title: "a real Chromium with the real extension, host and keychain",
        slow: false,
        needs: &[apt::NODE, apt::KEYCHAIN, apt::BROWSER, apt::CURL, apt::NETWORK],
        run: e2e,
    },
    Tier { name: "release", title: "the release build", slow: true, needs: &[], run: release },
    Tier {
        name: "packages",
        title: "Linux packages made, installed, upgraded and removed",
        slow: true,
        needs: &[
            apt::DEB,
            apt::LINTIAN,
            apt::READERS,
            apt::RPM,
            apt::NODE,
            apt::BROWSER,
            apt::OPENSSL,
            apt::KEYCHAIN,
            apt::CURL,
        ],
        run: packages::linux,
    },
    Tier {
        name: "windows",
        title: "Windows packages made, installed, upgraded and removed, and the host's tests run, under Wine",
        slow: true,
        needs: &[apt::MSI, apt::WINE, apt::SIGNING, apt::CURL],
        run: packages::windows,
    },
    Tier {
        name: "macos",
        title: "the host built for macOS, its package made and taken apart",
        slow: true,
        needs: &[apt::PIP, apt::MAC_READERS, apt::KEYCHAIN],
        run: packages::macos,
    },
    Tier {
        name: "again",
        title: "Linux packages and the extension made again elsewhere, the same to the byte",
        slow: true,
        needs: &[apt::DEB, apt::RPM, apt::NODE],
        run: packages::again,
    },
    Tier {
        name: "again-foreign",
        title: "packages for Windows and macOS made again elsewhere, the same to the byte",
        slow: true,
        needs: &[apt::MSI, apt::PIP],
        run: packages::again_foreign,
    },
    Tier { name: "deny", title: "licences, sources and bans of all crates", slow: true, needs: &[], run: deny },
];

fn fmt(steps: &mut Steps<'_>) -> Result<()> {
    steps.check(steps.project.cargo(["fmt", "--all", "--check"]))
}

fn clippy(steps: &mut Steps<'_>) -> Result<()> {
    steps.check(steps.project.cargo([
        "clippy",
        "--workspace",
        "--all-targets",
        "--features=installer/machine",
        "--",
        "-D",
        "warnings",
    ]))
}

fn rust(steps: &mut Steps<'_>) -> Result<()> {
    // Built outside the private home, where a person's git and ssh settings still count.
    prepare(steps.project.cargo(["test", "--workspace", "--no-run"]))?;
    let keychain = Keychain::start(steps.project)?;
    // What needs a keychain is ignored elsewhere: a person's own is no place for tests.
    let mut tests = steps.project.cargo(["test", "--workspace", "--no-fail-fast", "--", "--include-ignored"]);
    keychain.enclose(&mut tests);
    steps.tests(tests)
}

fn generated(steps: &mut Steps<'_>) -> Result<()> {
    steps.check(steps.project.cargo(["xtask", "gen", "--check"]))
}

fn extension(steps: &mut Steps<'_>) -> Result<()> {
    npm::install(steps.project)?;
    steps.check(npm::npm(steps.project, ["run", "--silent", "check"]))?;
    steps.check(npm::npm(steps.project, ["run", "--silent", "lint", "--", "--colors=off"]))?;
    steps.tests(npm::npm(steps.project, ["test", "--silent"]))?;
    steps.check(npm::npm(steps.project, ["run", "--silent", "build"]))
}

fn e2e(steps: &mut Steps<'_>) -> Result<()> {
    npm::install(steps.project)?;
    steps.project.build_programs(Profile::Dev)?;
    prepare(npm::npm(steps.project, ["run", "--silent", "build"]))?;
    let keychain = Keychain::start(steps.project)?;
    let mut tests = npm::npm(steps.project, ["run", "--silent", "e2e"]);
    keychain.enclose(&mut tests);
    tests.envs(steps.project.program_variables(Profile::Dev));
    steps.tests(tests)
}

fn release(steps: &mut Steps<'_>) -> Result<()> {
    steps.check(steps.project.release_build([HOST])?)
}

/// Without advisories: their database is a git repository elsewhere, and a run must pass or fail by what is in this one.
fn deny(steps: &mut Steps<'_>) -> Result<()> {
    let deny = tools::DENY.install(steps.project)?;
    for what in ["bans", "licenses", "sources"] {
        steps.check(steps.project.command(&deny, ["check", what]))?;
    }
    Ok(())
}
