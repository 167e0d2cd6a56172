//! The Windows packages, for all people of a machine and for one person, packed by `wixl`.

mod finish;
mod identity;
mod keys;
mod source;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use self::source::Source;
use crate::files::{self, Kind};
use crate::stage;
use crate::{Inputs, PACKAGE, icon, tool};

const PUBLISHER: &str = "Gmail Sync for Bitrix24 contributors";

/// For whom a package installs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// All people of the machine; needs an administrator.
    Machine,
    /// The person who installs it.
    Person,
}

/// Writes the package for all people of a machine. Needs `wixl` and `msibuild`.
///
/// # Errors
/// When a file is missing or a tool fails.
pub fn machine(inputs: &Inputs, out: &Path) -> Result<PathBuf> {
    write(inputs, Scope::Machine, out)
}

/// Writes the package for one person. Needs `wixl` and `msibuild`.
///
/// # Errors
/// When a file is missing or a tool fails.
pub fn person(inputs: &Inputs, out: &Path) -> Result<PathBuf> {
    write(inputs, Scope::Person, out)
}

fn write(inputs: &Inputs, scope: Scope, out: &Path) -> Result<PathBuf> {
    let folder = tempfile::tempdir().context("make a temporary folder")?;
    let files = files::of(inputs, Kind::Msi)?;
    let tree = folder.path().join(source::TREE);
    stage::lay_out(inputs, &files, &[], &tree)?;
    // wixl takes the times of files into the cabinet.
    stage::set_times(&tree, inputs.timestamp)?;
    let Source { text, conditions } = source::write(inputs, scope, &files)?;
    fs::write(folder.path().join("package.wxs"), &text)?;
    fs::write(folder.path().join("program.ico"), icon::icon(inputs)?)?;
    let mut pack = Command::new("wixl");
    // From inside: wixl finds an icon by a relative path only.
    tool::output(pack.args(["--arch", "x64", "--output", "package.msi", "package.wxs"]).current_dir(&folder))?;
    let contents = files.iter().map(|file| fs::read(tree.join(&file.target))).collect::<Result<Vec<_>, _>>()?;
    let code = identity::package(&text, contents.iter().map(Vec::as_slice));
    let package = folder.path().join("package.msi");
    finish::tables(&package, scope, &conditions)?;
    finish::summary(&package, code, inputs.timestamp)?;
    let suffix = match scope {
        Scope::Machine => "",
        Scope::Person => "-user",
    };
    let path = out.join(format!("{PACKAGE}-{}-x64{suffix}.msi", inputs.version));
    fs::copy(&package, &path).with_context(|| format!("write {}", path.display()))?;
    Ok(path)
}
