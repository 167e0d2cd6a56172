//! The bill of materials: what Installer writes into its books, and `pkgutil --files` reads from there.
//!
//! Apple doesn't document the format; this follows what bomutils (<https://github.com/hogliux/bomutils>) found out. A file of
//! numbered blocks: a table of them at the end, and names for some at the beginning. Numbers are big-endian.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use crc::{CRC_32_CKSUM, Crc};

use super::tree::Entry;

/// The size of the file's header; names follow it.
const HEADER: usize = 512;

/// The most paths that one leaf holds. A package with more would need a tree of them.
const LEAF: usize = 256;

/// Paths by folder, hard links, and two more trees that are always empty here; each with the size of its nodes.
const TREES: [(&str, u32); 3] = [("Paths", 4096), ("HLIndex", 4096), ("Size64", 4096)];

/// The bill of `entries`, a folder standing before what is in it.
pub(super) fn bill(entries: &[Entry], timestamp: u32) -> Result<Vec<u8>> {
    ensure!(entries.len() <= LEAF, "a package with more than {LEAF} files needs a bill with more than one leaf");
    let mut blocks = Blocks::default();
    let count = u32::try_from(entries.len())?;
    let bytes: usize = entries.iter().map(|entry| entry.bytes().len()).sum();
    // Version, number of paths and one, of kinds of processor; then for the one kind: any, any, size, unknown.
    let info = numbers(&[1, count + 1, 1, 0, 0, u32::try_from(bytes)?, 0]);
    blocks.named("BomInfo", info)?;
    let leaf = paths(&mut blocks, entries, timestamp)?;
    let mut leaves = BTreeMap::from([("Paths", (leaf, count))]);
    for (name, node) in TREES {
        let (leaf, count) = match leaves.remove(name) {
            Some(filled) => filled,
            None => (blocks.add(self::leaf(&[])?)?, 0),
        };
        blocks.named(name, tree(leaf, node, count))?;
    }
    let empty = blocks.add(self::leaf(&[])?)?;
    let virtual_paths = blocks.add(tree(empty, 128, 0))?;
    blocks.named("VIndex", [numbers(&[1, virtual_paths, 0]), vec![0]].concat())?;
    blocks.file()
}

/// A leaf with every path: for each a block about it and one with its name and its folder.
fn paths(blocks: &mut Blocks, entries: &[Entry], timestamp: u32) -> Result<u32> {
    let ids: BTreeMap<_, _> = entries.iter().map(|entry| entry.path.as_str()).zip(1..).collect();
    let mut rows = Vec::new();
    for entry in entries {
        let about = blocks.add(about(entry, timestamp)?)?;
        let numbered = blocks.add(numbers(&[ids[entry.path.as_str()], about]))?;
        let folder = match entry.parent() {
            None => 0,
            Some(parent) => *ids.get(parent).context("a folder stands before what is in it")?,
        };
        let name = blocks.add([&numbers(&[folder])[..], entry.name().as_bytes(), b"\0"].concat())?;
        rows.push((numbered, name));
    }
    blocks.add(leaf(&rows)?)
}

/// Kind, 1, processor, mode, owner, group, time, size, 1, checksum, length of a link's target.
fn about(entry: &Entry, timestamp: u32) -> Result<Vec<u8>> {
    let is_folder = entry.file.is_none();
    let size = u32::try_from(entry.bytes().len())?;
    let mut block = vec![if is_folder { 2 } else { 1 }, 1];
    block.extend(3_u16.to_be_bytes());
    block.extend(entry.mode().to_be_bytes());
    block.extend(numbers(&[0, 0, timestamp, size]));
    block.push(1);
    block.extend(numbers(&[if is_folder { 0 } else { checksum(entry.bytes()) }, 0]));
    Ok(block)
}

/// As `cksum` prints it: the length follows the bytes, low byte first, without leading zeros.
fn checksum(bytes: &[u8]) -> u32 {
    let crc = Crc::<u32>::new(&CRC_32_CKSUM);
    let mut digest = crc.digest();
    digest.update(bytes);
    let length = bytes.len().to_le_bytes();
    let significant = length.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    digest.update(&length[..significant]);
    digest.finalize()
}

fn tree(leaf: u32, node: u32, count: u32) -> Vec<u8> {
    [&b"tree"[..], &numbers(&[1, leaf, node, count]), &[0]].concat()
}

/// That it is one, how many rows, the next and the last leaf, the rows.
fn leaf(rows: &[(u32, u32)]) -> Result<Vec<u8>> {
    let mut block = [1_u16.to_be_bytes(), u16::try_from(rows.len())?.to_be_bytes()].concat();
    block.extend(numbers(&[0, 0]));
    block.extend(rows.iter().flat_map(|&(about, name)| numbers(&[about, name])));
    Ok(block)
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// Blocks by number, from 1, and the names of some.
#[derive(Default)]
struct Blocks {
    blocks: Vec<Vec<u8>>,
    names: Vec<(u32, &'static str)>,
}

impl Blocks {
    fn add(&mut self, block: Vec<u8>) -> Result<u32> {
        self.blocks.push(block);
        Ok(u32::try_from(self.blocks.len())?)
    }

    fn named(&mut self, name: &'static str, block: Vec<u8>) -> Result<()> {
        let number = self.add(block)?;
        self.names.push((number, name));
        Ok(())
    }

    fn file(&self) -> Result<Vec<u8>> {
        let mut names = numbers(&[u32::try_from(self.names.len())?]);
        for (number, name) in &self.names {
            names.extend(numbers(&[*number]));
            names.push(u8::try_from(name.len())?);
            names.extend(name.as_bytes());
        }
        let count = u32::try_from(self.blocks.len())?;
        // Block 0 is nowhere; so is the list of free ones, which ends the table.
        let mut table = numbers(&[count + 1, 0, 0]);
        let mut at = HEADER + names.len();
        for block in &self.blocks {
            table.extend(numbers(&[u32::try_from(at)?, u32::try_from(block.len())?]));
            at += block.len();
        }
        table.extend(numbers(&[0; 5]));
        let sizes = [at, table.len(), HEADER, names.len()].map(u32::try_from);
        let mut file = b"BOMStore".to_vec();
        file.extend(numbers(&[1, count]));
        for size in sizes {
            file.extend(numbers(&[size?]));
        }
        file.resize(HEADER, 0);
        Ok([file, names, self.blocks.concat(), table].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pkg::tree::{File, tree};

    fn entries(count: usize) -> Vec<Entry> {
        let file = || File { bytes: b"123456789".to_vec(), program: false };
        tree((0..count).map(|at| (format!("/{at}"), file())).collect())
    }

    #[test]
    fn checksums_are_those_of_cksum() {
        // What `printf 123456789 | cksum` and `cksum </dev/null` print.
        assert_eq!(checksum(b"123456789"), 930_766_865);
        assert_eq!(checksum(b""), 4_294_967_295);
    }

    #[test]
    fn the_header_leads_to_names_and_table() {
        let bill = bill(&entries(2), 1).unwrap();
        let number = |at: usize| u32::from_be_bytes(bill[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(&bill[..8], b"BOMStore");
        let (count, table, names) = (number(12), number(16), number(24));
        assert_eq!(number(table), count + 1);
        assert_eq!(table + number(20), bill.len());
        assert_eq!((number(names), &bill[names + 9..names + 16]), (5, &b"BomInfo"[..]));
        // Every block lies between names and table.
        for block in 1..=count {
            let (at, length) = (number(table + 4 + block * 8), number(table + 8 + block * 8));
            assert!(at >= names + number(28) && at + length <= table, "{block}");
        }
    }

    #[test]
    fn more_paths_than_a_leaf_holds_are_refused() {
        assert!(bill(&entries(LEAF - 1), 1).is_ok());
        assert!(bill(&entries(LEAF), 1).is_err());
    }
}
