//! The list of files.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::Inputs;

/// A kind of package with a place for each file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Debian and its kin.
    Deb,
    /// Fedora, SUSE and their kin.
    Rpm,
    /// macOS.
    Pkg,
    /// Windows.
    Msi,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    file: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    source: String,
    linux: Option<String>,
    deb: Option<String>,
    rpm: Option<String>,
    macos: Option<String>,
    windows: Option<String>,
    #[serde(default)]
    program: bool,
    #[serde(default)]
    gzip: bool,
}

/// A file of one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// As in the list.
    pub source: String,
    /// Where it goes: an absolute path, on Windows one relative to the folder of installation.
    pub target: String,
    /// Whether it may be started.
    pub program: bool,
    /// Whether it is packed by itself.
    pub gzip: bool,
}

/// The files of one kind of package, folders of the list resolved, in the order of their targets.
///
/// # Errors
/// When the list can't be read, names a folder that is not there, or puts two files in one place.
pub fn of(inputs: &Inputs, kind: Kind) -> Result<Vec<File>> {
    let list = inputs.template("files.toml");
    let text = fs::read_to_string(&list).with_context(|| format!("read {}", list.display()))?;
    let list: List = toml::from_str(&text).with_context(|| format!("understand {}", list.display()))?;
    let mut files = Vec::new();
    for row in list.file {
        if let Some(target) = row.place(kind).map(str::to_owned) {
            files.extend(row.expand(inputs, &target)?);
        }
    }
    files.sort_by(|a, b| a.target.cmp(&b.target));
    let mut targets = BTreeSet::new();
    for file in &files {
        ensure!(targets.insert(&file.target), "the list of files puts two files at {}", file.target);
    }
    Ok(files)
}

impl Row {
    fn place(&self, kind: Kind) -> Option<&str> {
        match kind {
            Kind::Deb => self.deb.as_deref().or(self.linux.as_deref()),
            Kind::Rpm => self.rpm.as_deref().or(self.linux.as_deref()),
            Kind::Pkg => self.macos.as_deref(),
            Kind::Msi => self.windows.as_deref(),
        }
    }

    fn expand(&self, inputs: &Inputs, target: &str) -> Result<Vec<File>> {
        let file = |source: String, target: String| File { source, target, program: self.program, gzip: self.gzip };
        if !self.source.ends_with('/') {
            return Ok(vec![file(self.source.clone(), target.to_owned())]);
        }
        let names = names_in(&inputs.locate(&self.source))?;
        let ending = if self.gzip { ".gz" } else { "" };
        Ok(names
            .into_iter()
            .map(|name| file(format!("{}{name}", self.source), format!("{target}{name}{ending}")))
            .collect())
    }
}

fn names_in(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("read the folder {}", folder.display()))? {
        let name = entry?.file_name();
        names.push(name.into_string().ok().context("names of packed files are plain text")?);
    }
    ensure!(!names.is_empty(), "the folder {} is empty", folder.display());
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(folder: &Path, list: &str) -> Inputs {
        fs::create_dir_all(folder.join("installer")).unwrap();
        fs::write(folder.join("installer/files.toml"), list).unwrap();
        Inputs { project: folder.into(), built: folder.join("made"), version: "1.2.3".into(), timestamp: 1 }
    }

    #[test]
    fn each_kind_has_its_places_and_folders_are_resolved() {
        let folder = tempfile::tempdir().unwrap();
        let list = r#"
            [[file]]
            source = "built/man/"
            linux = "/man/"
            gzip = true
            [[file]]
            source = "LICENSE"
            rpm = "/licence"
            windows = "LICENSE.txt"
        "#;
        let inputs = inputs(folder.path(), list);
        fs::create_dir_all(folder.path().join("made/man")).unwrap();
        fs::write(folder.path().join("made/man/x.1"), "").unwrap();
        let targets = |kind| of(&inputs, kind).unwrap().into_iter().map(|file| file.target).collect::<Vec<_>>();
        assert_eq!(targets(Kind::Deb), ["/man/x.1.gz"]);
        assert_eq!(targets(Kind::Rpm), ["/licence", "/man/x.1.gz"]);
        assert_eq!(targets(Kind::Msi), ["LICENSE.txt"]);
        assert_eq!(targets(Kind::Pkg), [""; 0]);
    }

    #[test]
    fn mistakes_in_the_list_are_told() {
        for (list, told) in [
            ("[[file]]\nsource = 'a'\nlinux = '/x'\n[[file]]\nsource = 'b'\ndeb = '/x'\n", "two files at /x"),
            ("[[file]]\nsource = 'a'\nlinus = '/x'\n", "understand"),
            ("[[file]]\nsource = 'none/'\nlinux = '/x'\n", "none"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let error = of(&inputs(folder.path(), list), Kind::Deb).unwrap_err();
            assert!(format!("{error:#}").contains(told), "{error:#}");
        }
    }
}
