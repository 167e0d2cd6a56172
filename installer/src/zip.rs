//! The zip that the Chrome Web Store takes: the extension's build, without a `key`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::{Inputs, PACKAGE};

/// Packs `built/extension` and returns the zip's path.
///
/// # Errors
/// When the build is missing, carries a key (the store refuses it), or has another version than everything else.
pub fn write(inputs: &Inputs, out: &Path) -> Result<PathBuf> {
    let build = inputs.built.join("extension");
    check_manifest(&build, &inputs.version)?;
    let mut names = Vec::new();
    collect(&build, "", &mut names)?;
    names.sort();
    let path = out.join(format!("{PACKAGE}-extension-{}.zip", inputs.version));
    let mut zip = ZipWriter::new(fs::File::create(&path).with_context(|| format!("make {}", path.display()))?);
    // The format's first day: a zip knows no time zones, so any other time would tell one.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for name in names {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(&fs::read(build.join(&name))?)?;
    }
    zip.finish()?;
    Ok(path)
}

fn check_manifest(build: &Path, version: &str) -> Result<()> {
    let path = build.join("manifest.json");
    let text = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
    let manifest: serde_json::Value = serde_json::from_str(&text).context("understand the extension's manifest")?;
    ensure!(manifest.get("key").is_none(), "the extension was built with a key, which the store refuses");
    ensure!(
        manifest["version"] == version,
        "the extension's manifest says {}, Cargo.toml {version}",
        manifest["version"]
    );
    Ok(())
}

fn collect(build: &Path, folder: &str, names: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(build.join(folder))? {
        let entry = entry?;
        let name = entry.file_name().into_string().ok().context("names in the extension are plain text")?;
        let name = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if entry.file_type()?.is_dir() {
            collect(build, &name, names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(folder: &Path, manifest: &str) -> Inputs {
        let build = folder.join("extension");
        fs::create_dir_all(build.join("icons")).unwrap();
        fs::write(build.join("manifest.json"), manifest).unwrap();
        fs::write(build.join("icons/16.png"), "picture").unwrap();
        // In no order that a folder could have by itself.
        for name in ["panel.js", "connect.js", "worker.js", "content.js", "popup.js"] {
            fs::write(build.join(name), name).unwrap();
        }
        Inputs { project: folder.into(), built: folder.into(), version: "1.2.3".into(), timestamp: 1 }
    }

    #[test]
    fn the_same_build_gives_the_same_bytes() {
        let bytes = || {
            let folder = tempfile::tempdir().unwrap();
            let inputs = inputs(folder.path(), r#"{"version":"1.2.3"}"#);
            fs::read(write(&inputs, folder.path()).unwrap()).unwrap()
        };
        let first = bytes();
        assert_eq!(first, bytes());
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(first)).unwrap();
        let names: Vec<_> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
        let sorted = ["connect.js", "content.js", "icons/16.png", "manifest.json", "panel.js", "popup.js", "worker.js"];
        assert_eq!(names, sorted);
        assert_eq!(std::io::read_to_string(zip.by_name("icons/16.png").unwrap()).unwrap(), "picture");
    }

    #[test]
    fn a_key_or_another_version_is_refused() {
        for (manifest, told) in [
            (r#"{"version":"1.2.3","key":"x"}"#, "key"),
            (r#"{"version":"1.2.4"}"#, "Cargo.toml 1.2.3"),
            ("{", "understand"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let error = write(&inputs(folder.path(), manifest), folder.path()).unwrap_err();
            assert!(format!("{error:#}").contains(told), "{error:#}");
        }
    }
}
