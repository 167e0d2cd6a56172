//! The archive around a package.
//!
//! The format: <https://github.com/apple-oss-distributions/xar>, `xar/include/xar.h.in` for the header: a table of contents in
//! XML, packed by zlib, and a heap of the files' bytes, which begins with the table's checksum.

use std::fmt::Write as _;
use std::io::Write as _;

use anyhow::{Context, Result};
use data_encoding::HEXLOWER;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use jiff::Timestamp;
use sha1::{Digest as _, Sha1};

/// The size of a SHA-1, the one checksum that every reader of such archives knows. It guards against damage; what guards
/// against others is the signature.
const CHECKSUM: usize = 20;

/// A file of the archive, or a folder of files.
pub(super) enum Item {
    /// A name and bytes, and whether they are still to be packed.
    File(&'static str, Vec<u8>, bool),
    /// A name and what is in it.
    Folder(&'static str, Vec<Item>),
}

/// The bytes of an archive of `items`.
pub(super) fn archive(items: &[Item], timestamp: u32) -> Result<Vec<u8>> {
    let mut contents = Contents { files: String::new(), heap: vec![0; CHECKSUM], last: 0 };
    for item in items {
        contents.add(item)?;
    }
    let Contents { files, mut heap, .. } = contents;
    let time = Timestamp::from_second(timestamp.into())?;
    let table = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xar><toc><creation-time>{time}</creation-time>\
         <checksum style=\"sha1\"><offset>0</offset><size>{CHECKSUM}</size></checksum>{files}</toc></xar>"
    );
    let packed = zlib(table.as_bytes())?;
    heap[..CHECKSUM].copy_from_slice(&Sha1::digest(&packed));
    let mut archive = b"xar!".to_vec();
    // The header's size and the format's version; the table's size, packed and not; SHA-1.
    archive.extend([28_u16.to_be_bytes(), 1_u16.to_be_bytes()].concat());
    archive.extend([u64::try_from(packed.len())?.to_be_bytes(), u64::try_from(table.len())?.to_be_bytes()].concat());
    archive.extend(1_u32.to_be_bytes());
    Ok([archive, packed, heap].concat())
}

struct Contents {
    files: String,
    heap: Vec<u8>,
    /// The number of the file that was added last.
    last: u32,
}

impl Contents {
    fn add(&mut self, item: &Item) -> Result<()> {
        self.last += 1;
        let number = self.last;
        match item {
            Item::Folder(name, items) => {
                write!(self.files, "<file id=\"{number}\"><name>{name}</name><type>directory</type>")?;
                self.files.push_str("<mode>0755</mode><uid>0</uid><gid>0</gid>");
                for item in items {
                    self.add(item)?;
                }
            }
            Item::File(name, bytes, pack) => {
                let (stored, style) = if *pack { (zlib(bytes)?, "x-gzip") } else { (bytes.clone(), "octet-stream") };
                write!(self.files, "<file id=\"{number}\"><name>{name}</name><type>file</type>")?;
                self.files.push_str("<mode>0644</mode><uid>0</uid><gid>0</gid>");
                write!(
                    self.files,
                    "<data><length>{}</length><offset>{}</offset><size>{}</size><encoding style=\"application/{style}\"/>\
                     <archived-checksum style=\"sha1\">{}</archived-checksum>\
                     <extracted-checksum style=\"sha1\">{}</extracted-checksum></data>",
                    stored.len(),
                    self.heap.len(),
                    bytes.len(),
                    HEXLOWER.encode(&Sha1::digest(&stored)),
                    HEXLOWER.encode(&Sha1::digest(bytes)),
                )?;
                self.heap.extend(stored);
            }
        }
        self.files.push_str("</file>");
        Ok(())
    }
}

fn zlib(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes)?;
    packed.finish().context("pack a part of the package")
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::ZlibDecoder;

    use super::*;

    #[test]
    fn the_table_leads_to_the_bytes() {
        let items = [
            Item::File("a", b"aaaa".repeat(99), true),
            Item::Folder("f", vec![Item::File("b", b"bytes".to_vec(), false)]),
        ];
        let archive = archive(&items, 0).unwrap();
        let length = u64::from_be_bytes(archive[8..16].try_into().unwrap()).try_into().unwrap();
        let (packed, heap) = archive[28..].split_at(length);
        assert_eq!(heap[..CHECKSUM], *Sha1::digest(packed).as_slice());
        let mut table = String::new();
        ZlibDecoder::new(packed).read_to_string(&mut table).unwrap();
        assert_eq!(table.len() as u64, u64::from_be_bytes(archive[16..24].try_into().unwrap()));
        assert!(table.contains("<creation-time>1970-01-01T00:00:00Z</creation-time>"), "{table}");
        let number = |after: &str, name: &str| -> usize {
            let (_, rest) = table.split_once(after).unwrap();
            rest.split(&format!("<{name}>")).nth(1).unwrap().split('<').next().unwrap().parse().unwrap()
        };
        let stored = |name: &str| &heap[number(name, "offset")..][..number(name, "length")];
        assert_eq!(stored("<name>b</name>"), b"bytes");
        let mut first = Vec::new();
        ZlibDecoder::new(stored("<name>a</name>")).read_to_end(&mut first).unwrap();
        assert_eq!(first, b"aaaa".repeat(99));
    }
}
