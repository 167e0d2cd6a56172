//! The Debian package, packed by `dpkg-deb`.
//!
//! Host manifests are links in the package, so that they come and go with it. As configuration files they would stay after a
//! removal and point at a program that is gone. Its one script writes files in their place, for machines whose policy lets further
//! extensions in; those go with the package too, since it is by their paths that dpkg removes.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;

use crate::files::{self, Kind};
use crate::stage;
use crate::{Inputs, PACKAGE, SUMMARY, browsers, tool};

/// Whom Debian's tools name. No mail reaches it: the project is spoken to where it lives, as README.md and SECURITY.md say.
const MAINTAINER: &str = "Gmail Sync for Bitrix24 contributors <packages@gmail-sync-bitrix24.invalid>";

/// Writes the package into `out` and returns its path. Needs `dpkg-deb` and `dpkg-shlibdeps`.
///
/// # Errors
/// When a file is missing or a tool fails.
pub fn write(inputs: &Inputs, out: &Path) -> Result<PathBuf> {
    let files = files::of(inputs, Kind::Deb)?;
    let folder = tempfile::tempdir().context("make a temporary folder")?;
    let root = folder.path().join("root");
    stage::lay_out(inputs, &files, &browsers::links(inputs)?, &root)?;
    let architecture = architecture()?;
    let control = control(inputs, architecture, &libraries(&root, folder.path())?, &root)?;
    fs::create_dir(root.join("DEBIAN"))?;
    fs::write(root.join("DEBIAN/control"), control)?;
    fs::write(root.join("DEBIAN/md5sums"), md5sums(&root, &files)?)?;
    let script = root.join("DEBIAN/postinst");
    fs::copy(inputs.template("linux/postinstall"), &script)
        .context("copy the script that runs after an installation")?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    let path = out.join(format!("{PACKAGE}_{}_{architecture}.deb", inputs.version));
    // xz: what every Debian and Ubuntu still in use can unpack; by one thread, since the number of them shows in the bytes. The
    // variable clamps the times of all files.
    let mut pack = Command::new("dpkg-deb");
    pack.args(["--root-owner-group", "-Zxz", "--threads-max=1", "--build"]).arg(&root).arg(&path);
    tool::output(pack.env("SOURCE_DATE_EPOCH", inputs.timestamp.to_string()))?;
    Ok(path)
}

/// A change log as Debian's tools read it, of the one entry they need.
///
/// # Errors
/// Never, with times of this century.
pub fn changelog(inputs: &Inputs) -> Result<String> {
    let time = Timestamp::from_second(inputs.timestamp.into())?.to_zoned_datetime(TimeZone::UTC);
    let version = &inputs.version;
    Ok(format!(
        "{PACKAGE} ({version}) stable; urgency=medium\n\n  * CHANGELOG.md says what changed.\n\n -- {MAINTAINER}  {}\n",
        rfc2822::to_string(&time)?
    ))
}

fn architecture() -> Result<&'static str> {
    match std::env::consts::ARCH {
        "x86_64" => Ok("amd64"),
        "aarch64" => Ok("arm64"),
        other => bail!("no Debian package is made for {other}"),
    }
}

/// Which versions of which libraries the program needs, as `Depends` says it.
fn libraries(root: &Path, folder: &Path) -> Result<String> {
    // The tool wants to stand in a source package.
    fs::create_dir(folder.join("debian"))?;
    fs::write(folder.join("debian/control"), format!("Source: {PACKAGE}\n\nPackage: {PACKAGE}\nArchitecture: any\n"))?;
    let mut find = Command::new("dpkg-shlibdeps");
    find.arg("-O").arg("-e").arg(root.join("usr/bin/gmail-sync-host")).current_dir(folder);
    let found = tool::output(&mut find)?;
    let depends = found.lines().find_map(|line| line.strip_prefix("shlibs:Depends="));
    Ok(depends.context("dpkg-shlibdeps names the libraries")?.to_owned())
}

fn control(inputs: &Inputs, architecture: &str, libraries: &str, root: &Path) -> Result<String> {
    let template = inputs.template("linux/control");
    let text = fs::read_to_string(&template).with_context(|| format!("read {}", template.display()))?;
    Ok(text
        .replace("@PACKAGE@", PACKAGE)
        .replace("@SUMMARY@", SUMMARY)
        .replace("@VERSION@", &inputs.version)
        .replace("@MAINTAINER@", MAINTAINER)
        .replace("@ARCHITECTURE@", architecture)
        .replace("@LIBRARIES@", libraries)
        .replace("@KILOBYTES@", &kilobytes(root)?.to_string()))
}

/// As dpkg counts: each file in whole kilobytes, each folder and link as one.
fn kilobytes(folder: &Path) -> Result<u64> {
    let mut sum = 1;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        sum += if kind.is_dir() {
            kilobytes(&entry.path())?
        } else if kind.is_file() {
            entry.metadata()?.len().div_ceil(1024)
        } else {
            1
        };
    }
    Ok(sum)
}

/// What `dpkg --verify` compares with.
fn md5sums(root: &Path, files: &[files::File]) -> Result<String> {
    let mut sum = Command::new("md5sum");
    sum.arg("--").args(files.iter().map(|file| file.target.trim_start_matches('/'))).current_dir(root);
    tool::output(&mut sum)
}
