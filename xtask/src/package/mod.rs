//! `cargo xtask package`: builds what the packages are made of, writes them into `dist/`, and beside them what they are made of
//! and their checksums.

mod built;
mod macos;
mod windows;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::ValueEnum;
use installer::{Inputs, checksums, deb, msi, pkg, rpm, zip};

use self::built::Part;
pub(crate) use self::macos::{add_targets as add_macos, get_linker as get_mac_linker, lint as lint_for_macos};
pub(crate) use self::windows::{
    GCC as WINDOWS_GCC, add_target as add_windows, host_tests as windows_host_tests, lint as lint_for_windows,
};
use crate::apt::{self, Need};
use crate::process;
use crate::project::{self, Project};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// What to make
    #[arg(required = true, value_name = "PACKAGE")]
    packages: Vec<Package>,
    /// Where to put it; what lies there already stays
    #[arg(long, value_name = "FOLDER", default_value = "dist")]
    out: PathBuf,
}

/// A package, or all that can be made on this system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Package {
    /// Debian, Ubuntu and their kin
    Deb,
    /// Fedora, openSUSE and their kin
    Rpm,
    /// Windows 10 and 11, for all people of a machine and for one person
    Msi,
    /// macOS 11 and newer, for all people of a machine
    Pkg,
    /// The extension, as the Chrome Web Store takes it
    Zip,
    /// All of them
    All,
}

/// One row, one kind of package.
struct Writer {
    package: Package,
    parts: &'static [Part],
    needs: &'static [&'static [Need]],
    write: fn(&Inputs, &Path) -> Result<PathBuf>,
}

const WRITERS: &[Writer] = &[
    Writer { package: Package::Deb, parts: LINUX, needs: &[apt::DEB], write: deb::write },
    Writer { package: Package::Rpm, parts: LINUX, needs: &[apt::RPM], write: rpm::write },
    Writer { package: Package::Msi, parts: WINDOWS, needs: &[apt::MSI], write: msi::machine },
    Writer { package: Package::Msi, parts: WINDOWS, needs: &[apt::MSI], write: msi::person },
    Writer { package: Package::Pkg, parts: MACOS, needs: &[apt::PIP], write: pkg::write },
    Writer { package: Package::Zip, parts: &[Part::Extension], needs: &[apt::NODE], write: zip::write },
];

const LINUX: &[Part] = &[Part::LinuxHost, Part::HostParts, Part::DebianChangelog];

const WINDOWS: &[Part] = &[Part::WindowsHost, Part::HostParts];

const MACOS: &[Part] = &[Part::MacHost, Part::HostParts];

/// Makes the packages and prints where they are.
pub(crate) fn run(project: &Project, arguments: &Arguments) -> Result<ExitCode> {
    let wanted = |writer: &&Writer| {
        arguments.packages.iter().any(|&package| package == Package::All || package == writer.package)
    };
    let writers: Vec<_> = WRITERS.iter().filter(wanted).collect();
    apt::ensure_present(writers.iter().flat_map(|writer| writer.needs).copied().flatten())?;
    let inputs = inputs(project)?;
    let is_needed = |part: &&Part| writers.iter().any(|writer| writer.parts.contains(part));
    let parts: Vec<_> = Part::ALL.iter().filter(is_needed).collect();
    for part in &parts {
        part.make(project, &inputs)?;
    }
    let out = project.root.join(&arguments.out);
    fs::create_dir_all(&out).with_context(|| format!("make {}", out.display()))?;
    for writer in writers {
        println!("{}", (writer.write)(&inputs, &out)?.display());
    }
    for subject in parts.into_iter().filter_map(|part| part.listed()) {
        println!("{}", subject.publish(&inputs, &out)?.display());
    }
    checksums::write(&out)?;
    Ok(ExitCode::SUCCESS)
}

/// The folder that `built/` in the list of files stands for.
pub(crate) fn parts(project: &Project) -> PathBuf {
    project.target.join("package")
}

fn inputs(project: &Project) -> Result<Inputs> {
    let built = parts(project);
    fs::create_dir_all(&built).with_context(|| format!("make {}", built.display()))?;
    Ok(Inputs {
        project: project.root.clone(),
        built,
        version: env!("CARGO_PKG_VERSION").into(),
        timestamp: timestamp(project)?,
    })
}

/// The time that everything claims to be made at: `SOURCE_DATE_EPOCH`, or else that of the last commit.
fn timestamp(project: &Project) -> Result<u32> {
    let text = match project::variable("SOURCE_DATE_EPOCH") {
        Some(text) => text.into_string().ok().context("SOURCE_DATE_EPOCH is a number")?,
        None => process::output(&mut project.command("git", ["log", "-1", "--format=%ct"]))
            .context("packages are made from a git checkout, or with SOURCE_DATE_EPOCH set")?,
    };
    text.trim().parse().with_context(|| format!("`{}` is no number of seconds since 1970", text.trim()))
}
