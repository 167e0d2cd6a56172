//! The extension's packages and the tools among them.

use std::ffi::OsStr;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::project::Project;

/// Installs what package-lock.json says. `npm ci` deletes and refills `node_modules`, so only when the lock file is newer
/// than what it left there.
pub(crate) fn install(project: &Project) -> Result<()> {
    let changed = |file: &str| fs::metadata(project.extension().join(file)).and_then(|data| data.modified());
    let wanted = changed("package-lock.json").context("find the extension's package-lock.json")?;
    if changed("node_modules/.package-lock.json").is_ok_and(|installed| installed >= wanted) {
        return Ok(());
    }
    let mut install = npm(project, ["ci", "--no-audit", "--no-fund"]);
    println!("\n$ {}", process::describe(&install));
    process::run(&mut install)
}

/// `npm ARGUMENTS` in the extension's folder.
pub(crate) fn npm<S: AsRef<OsStr>>(project: &Project, arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = project.command("npm", arguments);
    command.current_dir(project.extension());
    command
}

/// A tool that one of the extension's packages brings.
pub(crate) fn tool<S: AsRef<OsStr>>(project: &Project, name: &str, arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = project.command(project.extension().join("node_modules/.bin").join(name), arguments);
    command.current_dir(project.extension());
    command
}
