//! What packages are made of and is not in the checkout: each part is made into `built/` of the list of files.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use installer::{Inputs, deb};

use super::windows;
use crate::npm;
use crate::process;
use crate::project::{HOST, Profile, Project};

/// Something to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The host for this Linux.
    LinuxHost,
    /// The host for 64-bit Windows.
    WindowsHost,
    /// What the host knows of itself: man pages, completions, manifests, the table of browsers.
    HostParts,
    /// Debian's change log.
    DebianChangelog,
    /// The extension, as the store takes it.
    Extension,
}

impl Part {
    pub(super) const ALL: &[Self] =
        &[Self::LinuxHost, Self::WindowsHost, Self::HostParts, Self::DebianChangelog, Self::Extension];

    pub(super) fn make(self, project: &Project, inputs: &Inputs) -> Result<()> {
        match self {
            Self::LinuxHost => linux_host(project, inputs),
            Self::WindowsHost => windows::host(project, inputs),
            Self::HostParts => host_parts(project, inputs),
            Self::DebianChangelog => debian_changelog(inputs),
            Self::Extension => extension(project, inputs),
        }
    }
}

fn linux_host(project: &Project, inputs: &Inputs) -> Result<()> {
    run(&mut project.release_build([HOST]))?;
    let program = project.program(HOST, Profile::Release);
    fs::copy(&program, inputs.built.join(HOST)).with_context(|| format!("copy {}", program.display()))?;
    Ok(())
}

fn host_parts(project: &Project, inputs: &Inputs) -> Result<()> {
    // Without what only a development build of the command line takes; nothing else is built anew for that.
    let released = "profile.dev.package.gmail-sync-host.debug-assertions=false";
    let mut write = project.cargo(["run", "--locked", "--config", released, "--package", HOST]);
    run(write.args(["--example=package-parts", "--"]).arg(&inputs.built))
}

fn debian_changelog(inputs: &Inputs) -> Result<()> {
    fs::write(inputs.built.join("changelog.debian"), deb::changelog(inputs)?).context("write Debian's change log")
}

fn extension(project: &Project, inputs: &Inputs) -> Result<()> {
    npm::install(project)?;
    let mut build = npm::npm(project, ["run", "--silent", "build", "--", "--release", "--out"]);
    run(build.arg(inputs.built.join("extension")))
}

pub(super) fn run(command: &mut Command) -> Result<()> {
    println!("\n$ {}", process::describe(command));
    process::run(command)
}
