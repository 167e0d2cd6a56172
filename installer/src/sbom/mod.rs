//! What a program or the extension is made of, as CycloneDX 1.5 (<https://cyclonedx.org/docs/1.5/json/>): name, version,
//! licence and checksum of each part, and which needs which.

mod crates;
mod npm;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

pub use self::crates::Program;

use crate::{Inputs, PACKAGE, uuids};

/// The ending of such files, by convention.
const ENDING: &str = "cdx.json";

/// Something that has a list of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The host for Linux.
    Linux,
    /// The host for Windows.
    Windows,
    /// The host for macOS.
    Macos,
    /// The extension.
    Extension,
}

impl Subject {
    fn name(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::Windows => "windows",
            Self::Macos => "macos",
            Self::Extension => "extension",
        }
    }

    /// Where the list lies among what packages are made of.
    #[must_use]
    pub fn built(self, inputs: &Inputs) -> PathBuf {
        inputs.built.join("sbom").join(format!("{}.{ENDING}", self.name()))
    }

    /// Copies the list to where the packages go and returns its path.
    ///
    /// # Errors
    /// When it was not made, or `out` can't be written.
    pub fn publish(self, inputs: &Inputs, out: &Path) -> Result<PathBuf> {
        let path = out.join(format!("{PACKAGE}-{}-{}.{ENDING}", inputs.version, self.name()));
        let built = self.built(inputs);
        fs::copy(&built, &path).with_context(|| format!("copy {}", built.display()))?;
        Ok(path)
    }
}

/// Writes the list of a program's crates.
///
/// # Errors
/// When cargo's files are not what they are known to be, or the list can't be written.
pub fn write_program(inputs: &Inputs, subject: Subject, program: &Program<'_>) -> Result<()> {
    write(inputs, subject, crates::bill(program)?)
}

/// Writes the list of the extension's packages, from what `npm sbom --sbom-format cyclonedx` printed.
///
/// # Errors
/// When that is no such list, or it can't be written.
pub fn write_extension(inputs: &Inputs, printed: &str) -> Result<()> {
    write(inputs, Subject::Extension, npm::bill(printed)?)
}

/// Adds what every list has: a time, which is not that of the build, and a number, which follows from the content.
fn write(inputs: &Inputs, subject: Subject, mut bill: Value) -> Result<()> {
    bill["metadata"]["timestamp"] = json!(Timestamp::from_second(inputs.timestamp.into())?.to_string());
    let hash = Sha256::digest(bill.to_string());
    bill["serialNumber"] = json!(uuids::from_hash(hash.as_slice()).urn().to_string());
    let path = subject.built(inputs);
    fs::create_dir_all(path.parent().context("it lies in a folder")?)?;
    fs::write(&path, format!("{bill:#}\n")).with_context(|| format!("write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_and_number_follow_from_what_is_listed() {
        let written = |timestamp, bill: Value| {
            let folder = tempfile::tempdir().unwrap();
            let built = folder.path().to_owned();
            let inputs = Inputs { project: built.clone(), built, version: "1.2.3".into(), timestamp };
            write(&inputs, Subject::Linux, bill).unwrap();
            let path = Subject::Linux.publish(&inputs, folder.path()).unwrap();
            assert_eq!(path, folder.path().join("gmail-sync-bitrix24-1.2.3-linux.cdx.json"));
            serde_json::from_slice::<Value>(&fs::read(path).unwrap()).unwrap()
        };
        let one = written(0, json!({ "metadata": {}, "components": [1] }));
        assert_eq!(one["metadata"]["timestamp"], "1970-01-01T00:00:00Z");
        assert!(one["serialNumber"].as_str().unwrap().starts_with("urn:uuid:"), "{one}");
        assert_eq!(one, written(0, json!({ "metadata": {}, "components": [1] })));
        let other = written(0, json!({ "metadata": {}, "components": [2] }));
        assert_ne!(one["serialNumber"], other["serialNumber"]);
    }
}
