//! The packages of Gmail Sync for Bitrix24.
//!
//! `files.toml` says what goes where, the host's table of browsers where they look for native messaging hosts; each writer
//! reads both and makes one kind of package. The same inputs give the same bytes: times come from [`Inputs::timestamp`],
//! names are sorted, and nothing tells the machine.

pub mod browsers;
pub mod checksums;
pub mod deb;
pub mod files;
pub mod icon;
pub mod msi;
pub mod pkg;
pub mod rpm;
pub mod sbom;
pub mod stage;
mod tool;
mod uuids;
pub mod zip;

use std::path::PathBuf;

/// The name of the packages.
pub const PACKAGE: &str = "gmail-sync-bitrix24";

/// What the packages are for, as package managers show it.
pub const SUMMARY: &str = "Gmail sidebar for Bitrix24: the part that holds the tokens";

/// What every writer needs to know.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// The project's folder.
    pub project: PathBuf,
    /// The folder that `built/` in the list of files stands for.
    pub built: PathBuf,
    /// The version of everything, as in `Cargo.toml`.
    pub version: String,
    /// Seconds since 1970 that every file and package claims to be made at.
    pub timestamp: u32,
}

impl Inputs {
    /// The file or folder that a `source` of the list means.
    #[must_use]
    pub fn locate(&self, source: &str) -> PathBuf {
        match source.strip_prefix("built/") {
            Some(made) => self.built.join(made),
            None => self.project.join(source),
        }
    }

    /// A file of `installer/`.
    pub(crate) fn template(&self, name: &str) -> PathBuf {
        self.project.join("installer").join(name)
    }
}
