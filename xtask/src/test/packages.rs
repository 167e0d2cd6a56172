//! The tiers of packages: made as they are handed out, installed in places that end with the test.

use std::path::Path;
use std::process::Command;

use anyhow::Result;
use tempfile::TempDir;

use super::{Steps, prepare};
use crate::keychain::Keychain;
use crate::npm;
use crate::package;
use crate::process;
use crate::wine::Wine;

/// When the packages that are tested claim to be made: 2026-01-01.
const TIME: &str = "1767225600";

/// What a copy of the machine needs, which some containers forbid.
const MOUNT_AN_OVERLAY: &str = "mount -t tmpfs none /mnt && mkdir /mnt/a /mnt/b /mnt/c \
    && mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/a,workdir=/mnt/b /mnt/c";

pub(super) fn linux(steps: &mut Steps<'_>) -> Result<()> {
    let dist = make_packages(steps, ["deb", "rpm", "zip"])?;
    let mut skip = vec!["--skip=msi::", "--skip=pkg::", "--skip=check::"];
    if !can_copy_the_machine(steps)? {
        skip.extend(["--skip=deb::", "--skip=chromium::", "--skip=extensions::"]);
    }
    // With its key, and so with the id that manifests know: the store's build has none.
    prepare(npm::npm(steps.project, ["run", "--silent", "build"]))?;
    test_with_a_keychain(steps, &dist, skip)
}

fn can_copy_the_machine(steps: &mut Steps<'_>) -> Result<bool> {
    let can = process::succeeds(&mut steps.project.command("unshare", ["--mount", "sh", "-c", MOUNT_AN_OVERLAY]))?;
    if !can {
        steps.skip("nothing is installed, since this machine allows no overlay to be mounted");
    }
    Ok(can)
}

pub(super) fn windows(steps: &mut Steps<'_>) -> Result<()> {
    if !can_build_for_windows(steps)? {
        return Ok(());
    }
    steps.check(package::lint_for_windows(steps.project))?;
    let dist = make_packages(steps, ["msi"])?;
    let wine = Wine::make(steps.project)?;
    let mut tests = package_tests(steps, &dist, ["msi::", "check::"]);
    wine.lend(&mut tests);
    steps.tests(tests)?;
    for arguments in HOST_SUITE {
        wine.come_to_rest();
        let mut tests = package::windows_host_tests(steps.project, arguments);
        wine.lend(&mut tests);
        steps.tests(tests)?;
    }
    Ok(())
}

/// The host's own tests, each program in a run of its own: what the last three ignore elsewhere needs a keychain, which Windows always
/// has; what the others ignore can't hold under Wine.
const HOST_SUITE: &[&[&str]] = &[
    &["--lib"],
    &["--test=check"],
    &["--test=crm"],
    &["--test=rules"],
    &["--test=browser", "--", "--include-ignored"],
    &["--test=connect", "--", "--include-ignored"],
    &["--test=keychain", "--", "--include-ignored"],
];

pub(super) fn macos(steps: &mut Steps<'_>) -> Result<()> {
    if !can_build_for_macos(steps)? {
        return Ok(());
    }
    steps.check(package::lint_for_macos(steps.project)?)?;
    let dist = make_packages(steps, ["pkg"])?;
    let mut which = vec!["pkg::"];
    if !can_copy_the_machine(steps)? {
        which.push("--skip=pkg::installed");
    }
    test_with_a_keychain(steps, &dist, which)
}

pub(super) fn again(steps: &mut Steps<'_>) -> Result<()> {
    verify(steps, ["deb", "rpm", "zip"])
}

pub(super) fn again_foreign(steps: &mut Steps<'_>) -> Result<()> {
    let msi = can_build_for_windows(steps)?.then_some("msi");
    let pkg = can_build_for_macos(steps)?.then_some("pkg");
    if msi.or(pkg).is_none() {
        return Ok(());
    }
    verify(steps, msi.into_iter().chain(pkg))
}

/// As a person who trusts nobody does it. Where linkers order by paths, files of the target's folder have their place before or after
/// those of `/usr`: built again, they are on its other side.
fn verify<'a>(steps: &mut Steps<'_>, packages: impl IntoIterator<Item = &'a str>) -> Result<()> {
    let dist = make_packages(steps, packages)?;
    let mut verify = steps.project.command("installer/verify", [dist.path()]);
    let elsewhere = if steps.project.target.as_path() < Path::new("/usr") { "/var/tmp" } else { "/tmp" };
    verify.env("SOURCE_DATE_EPOCH", TIME).env("TMPDIR", elsewhere);
    steps.check(verify)
}

fn can_build_for_windows(steps: &mut Steps<'_>) -> Result<bool> {
    let can = process::succeeds(&mut package::add_windows(steps.project))?;
    if !can {
        steps.skip("no Windows packages, since rustup can't get the standard library for Windows");
    }
    Ok(can)
}

fn can_build_for_macos(steps: &mut Steps<'_>) -> Result<bool> {
    let project = steps.project;
    let can = process::succeeds(&mut package::add_macos(project))?
        && process::succeeds(&mut package::get_mac_linker(project))?;
    if !can {
        steps.skip("nothing for macOS, since rustup or pip can't get what builds for it");
    }
    Ok(can)
}

/// What is tested is what `cargo xtask package` makes.
fn make_packages<'a>(steps: &Steps<'_>, packages: impl IntoIterator<Item = &'a str>) -> Result<TempDir> {
    let dist = tempfile::tempdir()?;
    let mut make = steps.project.cargo(["xtask", "package"]);
    make.args(packages).arg("--out").arg(dist.path()).env("SOURCE_DATE_EPOCH", TIME);
    prepare(make)?;
    Ok(dist)
}

fn test_with_a_keychain<'a>(
    steps: &mut Steps<'_>,
    dist: &TempDir,
    which: impl IntoIterator<Item = &'a str>,
) -> Result<()> {
    let keychain = Keychain::start(steps.project)?;
    let mut tests = package_tests(steps, dist, which);
    keychain.lend(&mut tests);
    steps.tests(tests)
}

fn package_tests<'a>(steps: &Steps<'_>, dist: &TempDir, which: impl IntoIterator<Item = &'a str>) -> Command {
    let mut tests = steps.project.cargo(["test", "--package=installer", "--features=machine", "--test=machine", "--"]);
    tests.env("PACKAGE_PARTS", package::parts(steps.project)).env("PACKAGE_DIST", dist.path());
    tests.args(which).env("SOURCE_DATE_EPOCH", TIME);
    tests
}
