//! The host for macOS, for both processors that Macs have. On a Mac Apple's linker makes it; elsewhere zig does, which knows the
//! names of macOS' C library and takes those of the frameworks from `installer/macos/sdk`. Such a program is for tests: that it
//! compiles, links, and asks macOS for nothing that isn't listed there.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use installer::Inputs;
use installer::pkg::{self, universal};

use super::built::run;
use crate::project::{HOST, Project, put_on_path};

/// Rust's names of the systems.
pub(super) const TARGETS: [&str; 2] = ["aarch64-apple-darwin", "x86_64-apple-darwin"];

/// Linkers note for debuggers where each library lies, and zig's gives the program a UUID by its notes, too: without any, the same
/// one in every folder. Rust strips them off, but only afterwards.
const NO_NOTES: &str = "-Clink-arg=-Wl,-S";

/// Gets the standard library for macOS, if it isn't there already.
pub(crate) fn add_targets(project: &Project) -> Command {
    project.command("rustup", ["target", "add"].into_iter().chain(TARGETS))
}

/// Gets what links for macOS, if this is no Mac.
pub(crate) fn get_linker(project: &Project) -> Command {
    let mut install = project.command("pip3", ["install", "--quiet", "--disable-pip-version-check"]);
    install.args(["--require-hashes", "--no-warn-script-location", "--requirement=installer/macos/requirements.txt"]);
    install.arg("--upgrade").arg("--target").arg(linker(project));
    install
}

fn linker(project: &Project) -> PathBuf {
    project.target.join("tools/zig")
}

pub(super) fn host(project: &Project, inputs: &Inputs) -> Result<()> {
    run(&mut add_targets(project)).context("the standard library for macOS comes by rustup: https://rustup.rs")?;
    if !cfg!(target_os = "macos") {
        run(&mut get_linker(project)).context("zig comes by pip: https://pypi.org/project/ziglang")?;
    }
    run(&mut build(project)?)?;
    let mut programs = Vec::new();
    for target in TARGETS {
        let program = project.target.join(target).join("release").join(HOST);
        programs.push(fs::read(&program).with_context(|| format!("read {}", program.display()))?);
    }
    let folder = inputs.built.join("universal");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(HOST), universal::join(&programs)?).context("write the program for both processors")
}

/// Both at once: the last step of each keeps one processor busy for minutes.
fn build(project: &Project) -> Result<Command> {
    let verb = if cfg!(target_os = "macos") { "build" } else { "zigbuild" };
    let mut build = project.shipped([verb, "--release", "--locked", "--package", HOST], &[NO_NOTES])?;
    build.args(TARGETS.iter().flat_map(|target| ["--target", target]));
    // What linkers write into the program; without it, that of the machine or of the linker.
    build.env("MACOSX_DEPLOYMENT_TARGET", pkg::OLDEST_MACOS);
    if !cfg!(target_os = "macos") {
        lend_linker(project, &mut build)?;
    }
    Ok(build)
}

/// The house's lints over the code that only macOS has, tests included.
pub(crate) fn lint(project: &Project) -> Result<Command> {
    let mut lint = project.command(linker(project).join("bin/cargo-zigbuild"), ["clippy", "--locked", "--all-targets"]);
    lint.args(["--package", HOST, "--target", TARGETS[0], "--", "-D", "warnings"]);
    lend_linker(project, &mut lint)?;
    Ok(lint)
}

fn lend_linker(project: &Project, command: &mut Command) -> Result<()> {
    let linker = linker(project);
    put_on_path(command, &linker.join("bin"))?;
    command.env("SDKROOT", project.root.join("installer/macos/sdk"));
    command.env("CARGO_ZIGBUILD_ZIG_PATH", linker.join("ziglang/zig"));
    command.env("CARGO_ZIGBUILD_CACHE_DIR", linker.join("cache")).env("ZIG_GLOBAL_CACHE_DIR", linker.join("cache"));
    Ok(())
}
