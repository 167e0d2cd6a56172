//! The table of tiers: one row, one kind of test.

use anyhow::Result;
use tempfile::TempDir;

use super::totals::Totals;
use super::{Steps, prepare};
use crate::apt::{self, Need};
use crate::keychain::Keychain;
use crate::npm;
use crate::package;
use crate::process;
use crate::project::{HOST, Profile};

const CARGO_DENY: &str = "0.20.2";

/// The tiers of `--packages`.
pub(super) const PACKAGES: &[&str] = &["packages", "windows"];

/// When the packages that are tested claim to be made: 2026-01-01.
const PACKAGES_TIME: &str = "1767225600";

/// What a copy of the machine needs, which some containers forbid.
const MOUNT_AN_OVERLAY: &str = "mount -t tmpfs none /mnt && mkdir /mnt/a /mnt/b /mnt/c \
    && mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/a,workdir=/mnt/b /mnt/c";

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
        needs: &[apt::DEB, apt::LINTIAN, apt::RPM, apt::NODE, apt::BROWSER],
        run: packages,
    },
    Tier {
        name: "windows",
        title: "Windows packages made, installed, upgraded and removed under Wine",
        slow: true,
        needs: &[apt::MSI, apt::WINE, apt::SIGNING],
        run: windows,
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
    steps.check(steps.project.release_build([HOST]))
}

fn packages(steps: &mut Steps<'_>) -> Result<()> {
    let dist = make_packages(steps, ["deb", "rpm", "zip"])?;
    let mut skip = vec!["--skip=msi::"];
    if !process::succeeds(&mut steps.project.command("unshare", ["--mount", "sh", "-c", MOUNT_AN_OVERLAY]))? {
        println!("skipped: the Debian package is not installed, since this machine allows no overlay to be mounted");
        steps.totals += Totals::SKIPPED;
        skip.extend(["--skip=deb::", "--skip=chromium::"]);
    }
    // With its key, and so with the id that manifests know: the store's build has none.
    prepare(npm::npm(steps.project, ["run", "--silent", "build"]))?;
    test_packages(steps, &dist, skip)
}

fn windows(steps: &mut Steps<'_>) -> Result<()> {
    if !process::succeeds(&mut package::add_windows(steps.project))? {
        println!("skipped: no Windows packages, since rustup can't get the standard library for Windows");
        steps.totals += Totals::SKIPPED;
        return Ok(());
    }
    let dist = make_packages(steps, ["msi"])?;
    test_packages(steps, &dist, ["msi::"])
}

/// What is tested is what `cargo xtask package` makes.
fn make_packages<'a>(steps: &Steps<'_>, packages: impl IntoIterator<Item = &'a str>) -> Result<TempDir> {
    let dist = tempfile::tempdir()?;
    let mut make = steps.project.cargo(["xtask", "package"]);
    make.args(packages).arg("--out").arg(dist.path()).env("SOURCE_DATE_EPOCH", PACKAGES_TIME);
    prepare(make)?;
    Ok(dist)
}

fn test_packages<'a>(steps: &mut Steps<'_>, dist: &TempDir, which: impl IntoIterator<Item = &'a str>) -> Result<()> {
    let mut tests = steps.project.cargo(["test", "--package=installer", "--features=machine", "--test=machine", "--"]);
    tests.env("PACKAGE_PARTS", package::parts(steps.project)).env("PACKAGE_DIST", dist.path());
    tests.args(which).env("SOURCE_DATE_EPOCH", PACKAGES_TIME);
    steps.tests(tests)
}

/// Without advisories: their database is a git repository elsewhere, and a run must pass or fail by what is in this one.
fn deny(steps: &mut Steps<'_>) -> Result<()> {
    let tools = steps.project.target.join("tools");
    // Unoptimised and without debug information: a quarter of the time, and it runs for seconds. Does nothing when this
    // very version is there.
    let mut install =
        steps.project.cargo(["install", "cargo-deny", "--debug", "--version", CARGO_DENY, "--locked", "--root"]);
    install.arg(&tools).env("CARGO_PROFILE_DEV_DEBUG", "0");
    prepare(install)?;
    for what in ["bans", "licenses", "sources"] {
        steps.check(steps.project.command(tools.join("bin/cargo-deny"), ["check", what]))?;
    }
    Ok(())
}
