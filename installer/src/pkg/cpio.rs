//! Archives in the old portable format of cpio, which Apple's Installer unpacks. GNU cpio would write the link counts of folders,
//! which differ from one file system to the next.
//!
//! The format: <https://pubs.opengroup.org/onlinepubs/7908799/xcu/pax.html>, "cpio interchange format"

use std::io::Write as _;

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};

use super::tree::Entry;

/// What is the last entry's name.
const END: &str = "TRAILER!!!";

/// `entries` as an archive, packed by gzip without name and time.
pub(super) fn archive(entries: &[Entry], timestamp: u32) -> Result<Vec<u8>> {
    let mut packed = GzBuilder::new().write(Vec::new(), Compression::best());
    for (entry, inode) in entries.iter().zip(1..) {
        header(&mut packed, inode, entry.mode(), timestamp, &entry.path, entry.bytes().len())?;
        packed.write_all(entry.bytes())?;
    }
    header(&mut packed, 0, 0, 0, END, 0)?;
    packed.finish().context("pack an archive")
}

/// Octal digits: magic, device, inode, mode, owner, group, links, device number, time, length of the name with its zero, size.
fn header(out: &mut impl std::io::Write, inode: u32, mode: u16, time: u32, name: &str, size: usize) -> Result<()> {
    let length = name.len() + 1;
    write!(out, "070707{:06o}{inode:06o}{mode:06o}{:06o}{:06o}{:06o}{:06o}{time:011o}", 0, 0, 0, 1, 0)?;
    write!(out, "{length:06o}{size:011o}{name}\0")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::pkg::tree::File;

    #[test]
    fn an_archive_is_headers_and_bytes() {
        let file = File { bytes: b"text".to_vec(), program: false };
        let packed = archive(&[Entry { path: "./a".into(), file: Some(file) }], 8).unwrap();
        let mut bytes = String::new();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut bytes).unwrap();
        assert_eq!(
            bytes,
            "0707070000000000011006440000000000000000010000000000000001000000400000000004./a\0text\
             0707070000000000000000000000000000000000010000000000000000000001300000000000TRAILER!!!\0"
        );
    }
}
