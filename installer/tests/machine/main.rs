//! The packages, installed for real in places that end with the test.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends at the first thing that is not as it should be"
)]

mod bill;
mod check;
mod chromium;
mod conversation;
mod copy;
mod deb;
mod dist;
mod extensions;
mod guide;
mod msi;
mod person;
mod pkg;
mod program;
mod readers;
mod rpm;
mod signing;
mod windows;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::Result;
use installer::Inputs;
use tempfile::TempDir;

/// What `cargo xtask package` has made the packages of.
fn inputs() -> Inputs {
    Inputs {
        project: Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned(),
        built: variable("PACKAGE_PARTS").into(),
        version: env!("CARGO_PKG_VERSION").into(),
        timestamp: variable("SOURCE_DATE_EPOCH").to_str().unwrap().parse().unwrap(),
    }
}

/// The same, pretending to be a later version.
fn later() -> Inputs {
    Inputs { version: "99.1.2".into(), ..inputs() }
}

/// Where `cargo xtask package` has put the packages.
fn dist() -> PathBuf {
    variable("PACKAGE_DIST").into()
}

#[expect(clippy::disallowed_methods, reason = "the tier says where things are")]
fn variable(name: &str) -> OsString {
    std::env::var_os(name).expect("run these tests by `cargo xtask test --packages`")
}

/// Packages of one kind.
struct Packages {
    write: fn(&Inputs, &Path) -> Result<PathBuf>,
    folder: OnceLock<TempDir>,
    later: OnceLock<PathBuf>,
}

impl Packages {
    const fn by(write: fn(&Inputs, &Path) -> Result<PathBuf>) -> Self {
        Self { write, folder: OnceLock::new(), later: OnceLock::new() }
    }

    /// Written anew from the inputs of the one in `dist()`, beside it: never the same file.
    fn again(&self) -> PathBuf {
        (self.write)(&inputs(), self.folder()).unwrap()
    }

    /// As if a later version were out.
    fn later(&self) -> &Path {
        self.later.get_or_init(|| (self.write)(&later(), self.folder()).unwrap())
    }

    fn folder(&self) -> &Path {
        self.folder.get_or_init(|| tempfile::tempdir().unwrap()).path()
    }
}

/// The one package in `dist()` whose name ends so.
fn made(ending: &str) -> PathBuf {
    let files = fs::read_dir(dist()).unwrap().map(|entry| entry.unwrap().path());
    let mut found = files.filter(|path| path.to_str().unwrap().ends_with(ending));
    let path = found.next().unwrap_or_else(|| panic!("{} holds no {ending}", dist().display()));
    assert_eq!(found.next(), None, "several packages end with {ending}");
    path
}
