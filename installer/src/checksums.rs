//! SHA256SUMS, in the format that `sha256sum --check` reads.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

/// The file's name.
pub const NAME: &str = "SHA256SUMS";

/// Writes the checksums of every other file of `folder` into it.
///
/// # Errors
/// When the folder can't be read or written.
pub fn write(folder: &Path) -> Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_file() && entry.file_name() != NAME {
            names.push(entry.file_name().into_string().ok().context("names of packages are plain text")?);
        }
    }
    names.sort();
    let mut sums = String::new();
    for name in names {
        let bytes = fs::read(folder.join(&name)).with_context(|| format!("read {name}"))?;
        writeln!(sums, "{}  {name}", HEXLOWER.encode(&Sha256::digest(bytes)))?;
    }
    fs::write(folder.join(NAME), sums).context("write SHA256SUMS")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_but_itself_is_listed_by_name() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("b", ""), ("a", "abc"), (NAME, "old")] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        write(folder.path()).unwrap();
        let sums = fs::read_to_string(folder.path().join(NAME)).unwrap();
        // The test vectors of FIPS 180-4 for "abc" and the empty message.
        assert_eq!(
            sums,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n\
             e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b\n"
        );
    }
}
