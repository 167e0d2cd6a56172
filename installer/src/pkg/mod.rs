//! The macOS package: an archive of a description for Installer, and of one component with its files and scripts.
//!
//! On a Mac, `installer/macos/build.sh` makes another of it with Apple's own tools, and signs that. This one needs no Mac.

mod bom;
mod cpio;
mod tree;
pub mod universal;
mod xar;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use self::tree::File;
use self::xar::Item;
use crate::browsers::{self, Browser};
use crate::files::{self, Kind};
use crate::{Inputs, PACKAGE, stage};

/// What `pkgutil --pkgs` lists.
pub const IDENTIFIER: &str = "local.gmail-sync-bitrix24";

/// The oldest macOS that the package promises to run on: the first for both processors.
pub const OLDEST_MACOS: &str = "11.0";

/// Where everything but the manifests goes.
const FOLDER: &str = "/Library/Application Support/gmail-sync-bitrix24";

/// What Installer runs, in the order in which it does.
const SCRIPTS: [&str; 2] = ["preinstall", "postinstall"];

/// Writes the package into `out` and returns its path.
///
/// # Errors
/// When a file is missing or `out` can't be written.
pub fn write(inputs: &Inputs, out: &Path) -> Result<PathBuf> {
    let payload = tree::tree(payload(inputs)?);
    let scripts = tree::tree(scripts(inputs)?);
    let bytes: usize = payload.iter().map(|entry| entry.bytes().len()).sum();
    let fill = |name: &str| -> Result<Vec<u8>> {
        let text = read(inputs, name)?
            .replace("@IDENTIFIER@", IDENTIFIER)
            .replace("@VERSION@", &inputs.version)
            .replace("@OLDEST@", OLDEST_MACOS)
            .replace("@FILES@", &payload.len().to_string())
            .replace("@KILOBYTES@", &bytes.div_ceil(1024).to_string());
        Ok(text.into_bytes())
    };
    let component = vec![
        Item::File("Bom", bom::bill(&payload, inputs.timestamp)?, true),
        Item::File("PackageInfo", fill("PackageInfo")?, true),
        Item::File("Payload", cpio::archive(&payload, inputs.timestamp)?, false),
        Item::File("Scripts", cpio::archive(&scripts, inputs.timestamp)?, false),
    ];
    let items = [Item::File("Distribution", fill("Distribution")?, true), Item::Folder("component.pkg", component)];
    let path = out.join(format!("{PACKAGE}-{}.pkg", inputs.version));
    fs::write(&path, xar::archive(&items, inputs.timestamp)?).with_context(|| format!("write {}", path.display()))?;
    Ok(path)
}

/// The listed files, the manifest at every place where a browser looks, and what removes them all.
fn payload(inputs: &Inputs) -> Result<BTreeMap<String, File>> {
    let mut files = BTreeMap::new();
    for file in files::of(inputs, Kind::Pkg)? {
        let bytes = stage::content(inputs, &file)?;
        files.insert(file.target, File { bytes, program: file.program });
    }
    let table = browsers::table(inputs)?;
    let manifest = inputs.locate(&format!("built/macos/{}.json", table.host));
    let bytes = fs::read(&manifest).with_context(|| format!("read {}", manifest.display()))?;
    let mut removals = String::new();
    for Browser { macos, .. } in table.browsers {
        writeln!(removals, "remove \"{macos}\"")?;
        files.insert(macos, File { bytes: bytes.clone(), program: false });
    }
    let remove = read(inputs, "uninstall.sh")?.replace("@MANIFESTS@", removals.trim_end());
    let remove = remove.replace("@IDENTIFIER@", IDENTIFIER).into_bytes();
    files.insert(format!("{FOLDER}/uninstall.sh"), File { bytes: remove, program: true });
    Ok(files)
}

fn scripts(inputs: &Inputs) -> Result<BTreeMap<String, File>> {
    let script = |name| Ok((format!("/{name}"), File { bytes: read(inputs, name)?.into_bytes(), program: true }));
    SCRIPTS.into_iter().map(script).collect()
}

fn read(inputs: &Inputs, name: &str) -> Result<String> {
    let path = inputs.template("macos").join(name);
    fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))
}
