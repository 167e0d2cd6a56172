//! The rpm package, packed by `rpmbuild`. Its one scriptlet is the script of [`crate::deb`].

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::files::{self, File, Kind};
use crate::stage::{self, Link};
use crate::{Inputs, PACKAGE, SUMMARY, browsers, tool};

/// What makes the same tree the same bytes: times from the one that is given, no name of the machine, no changes to the files.
const REPRODUCIBLE: [&str; 8] = [
    "use_source_date_epoch_as_buildtime 1",
    "clamp_mtime_to_source_date_epoch 1",
    "source_date_epoch_from_changelog 0",
    "_buildhost reproducible",
    "debug_package %{nil}",
    "__os_install_post %{nil}",
    "_build_id_links none",
    "_binary_payload w9.xzdio",
];

/// Folders of browsers that may not be there: removed with the package when empty, as its own are.
const BROWSERS_FOLDERS: [&str; 2] = ["/etc/opt/", "/etc/chromium"];

/// Writes the package into `out` and returns its path. Needs `rpmbuild`.
///
/// # Errors
/// When a file is missing or the tool fails.
pub fn write(inputs: &Inputs, out: &Path) -> Result<PathBuf> {
    let files = files::of(inputs, Kind::Rpm)?;
    let links = browsers::links(inputs)?;
    let folder = tempfile::tempdir().context("make a temporary folder")?;
    let root = folder.path().join("root");
    stage::lay_out(inputs, &files, &links, &root)?;
    let spec = folder.path().join("package.spec");
    fs::write(&spec, specification(inputs, &root, &files, &links)?)?;
    let mut pack = Command::new("rpmbuild");
    pack.arg("-bb").arg("--define").arg(format!("_topdir {}", folder.path().join("top").display()));
    for define in REPRODUCIBLE {
        pack.arg("--define").arg(define);
    }
    let packages = folder.path().join("packages");
    pack.arg("--define").arg(format!("_rpmdir {}", packages.display())).arg(&spec);
    tool::output(pack.env("SOURCE_DATE_EPOCH", inputs.timestamp.to_string()))?;
    let architecture = std::env::consts::ARCH;
    let name = format!("{PACKAGE}-{}-1.{architecture}.rpm", inputs.version);
    let path = out.join(&name);
    fs::copy(packages.join(architecture).join(&name), &path).with_context(|| format!("copy {name}"))?;
    Ok(path)
}

fn specification(inputs: &Inputs, root: &Path, files: &[File], links: &[Link]) -> Result<String> {
    let read = |name| {
        let template = inputs.template(name);
        fs::read_to_string(&template).with_context(|| format!("read {}", template.display()))
    };
    Ok(read("linux/package.spec")?
        .replace("@PACKAGE@", PACKAGE)
        .replace("@SUMMARY@", SUMMARY)
        .replace("@VERSION@", &inputs.version)
        .replace("@ROOT@", &root.display().to_string())
        .replace("@POSTINSTALL@", &read("linux/postinstall")?)
        .replace("@FILES@", &listing(files, links)))
}

/// The `%files` section: what it does not name, rpm refuses to pack.
fn listing(files: &[File], links: &[Link]) -> String {
    let paths: Vec<_> =
        files.iter().map(|file| file.target.as_str()).chain(links.iter().map(|link| link.at.as_str())).collect();
    let mut lines = vec!["%defattr(-,root,root,0755)".to_owned()];
    lines.extend(own_folders(&paths).into_iter().map(|folder| format!("%dir {folder}")));
    lines.extend(paths.into_iter().map(|path| {
        let kind = if path.starts_with("/usr/share/licenses/") {
            "%license "
        } else if path.starts_with("/usr/share/doc/") || path.starts_with("/usr/share/man/") {
            "%doc "
        } else {
            ""
        };
        format!("{kind}{path}")
    }));
    lines.join("\n")
}

fn own_folders<'a>(paths: &'a [&'a str]) -> BTreeSet<&'a str> {
    let folders = paths.iter().flat_map(|path| Path::new(path).ancestors().skip(1)).filter_map(Path::to_str);
    folders
        .filter(|folder| {
            BROWSERS_FOLDERS.iter().any(|start| folder.starts_with(start)) || folder.contains(&format!("/{PACKAGE}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_folders_are_those_that_may_go_with_the_package() {
        let paths =
            ["/etc/opt/chrome/native-messaging-hosts/x", "/usr/share/doc/gmail-sync-bitrix24/w/y", "/usr/bin/z"];
        let folders: Vec<_> = own_folders(&paths).into_iter().collect();
        assert_eq!(
            folders,
            [
                "/etc/opt/chrome",
                "/etc/opt/chrome/native-messaging-hosts",
                "/usr/share/doc/gmail-sync-bitrix24",
                "/usr/share/doc/gmail-sync-bitrix24/w"
            ]
        );
    }
}
