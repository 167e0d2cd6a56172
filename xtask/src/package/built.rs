//! What packages are made of and is not in the checkout: each part is made into `built/` of the list of files.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use installer::sbom::{self, Program, Subject};
use installer::{Inputs, deb};

use super::{macos, windows};
use crate::npm;
use crate::process;
use crate::project::{HOST, Profile, Project};

/// Something to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The host for this Linux, and the list of its crates.
    LinuxHost,
    /// The host for 64-bit Windows, and the list of its crates.
    WindowsHost,
    /// The host for macOS, and the list of its crates.
    MacHost,
    /// What the host knows of itself: man pages, completions, manifests, the table of browsers.
    HostParts,
    /// Debian's change log.
    DebianChangelog,
    /// The extension, as the store takes it, and the list of its packages.
    Extension,
}

impl Part {
    pub(super) const ALL: &[Self] =
        &[Self::LinuxHost, Self::WindowsHost, Self::MacHost, Self::HostParts, Self::DebianChangelog, Self::Extension];

    pub(super) fn make(self, project: &Project, inputs: &Inputs) -> Result<()> {
        match self {
            Self::LinuxHost => {
                linux_host(project, inputs)?;
                list_crates(project, inputs, Subject::Linux, &format!("{}-unknown-linux-gnu", std::env::consts::ARCH))
            }
            Self::WindowsHost => {
                windows::host(project, inputs)?;
                list_crates(project, inputs, Subject::Windows, windows::TARGET)
            }
            Self::MacHost => {
                macos::host(project, inputs)?;
                // Both processors' programs are made of the same crates.
                list_crates(project, inputs, Subject::Macos, macos::TARGETS[0])
            }
            Self::HostParts => host_parts(project, inputs),
            Self::DebianChangelog => debian_changelog(inputs),
            Self::Extension => extension(project, inputs),
        }
    }

    /// What has a list of what it is made of, published beside the packages.
    pub(super) fn listed(self) -> Option<Subject> {
        match self {
            Self::LinuxHost => Some(Subject::Linux),
            Self::WindowsHost => Some(Subject::Windows),
            Self::MacHost => Some(Subject::Macos),
            Self::Extension => Some(Subject::Extension),
            Self::HostParts | Self::DebianChangelog => None,
        }
    }
}

fn linux_host(project: &Project, inputs: &Inputs) -> Result<()> {
    run(&mut project.release_build([HOST])?)?;
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
    run(build.arg(inputs.built.join("extension")))?;
    let mut list = npm::npm(project, ["sbom", "--sbom-format=cyclonedx", "--package-lock-only", "--omit=dev"]);
    sbom::write_extension(inputs, &process::output(&mut list).context("npm 10 or newer lists packages")?)
}

/// What goes into the host on one system: cargo resolves it, so the list is the compiler's own.
fn list_crates(project: &Project, inputs: &Inputs, subject: Subject, target: &str) -> Result<()> {
    let mut ask = project.cargo(["metadata", "--format-version=1", "--locked", "--filter-platform", target]);
    let metadata = process::output(&mut ask)?;
    let lock = fs::read_to_string(project.root.join("Cargo.lock")).context("read Cargo.lock")?;
    sbom::write_program(inputs, subject, &Program { package: HOST, metadata: &metadata, lock: &lock })
}

pub(super) fn run(command: &mut Command) -> Result<()> {
    println!("\n$ {}", process::describe(command));
    process::run(command)
}
