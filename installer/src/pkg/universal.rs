//! A program for several processors in one file.
//!
//! The format: `mach-o/fat.h` of macOS: a header and a row for each program, big-endian, then the programs.

use anyhow::{Context, Result, ensure};

/// `FAT_MAGIC`
const MAGIC: u32 = 0xcafe_babe;

/// `MH_MAGIC_64`, as it lies in a program for a little-endian processor.
const PROGRAM: [u8; 4] = 0xfeed_facf_u32.to_le_bytes();

/// The largest page of a Mac's processors, as a power of two: where each program begins.
const PAGE: u32 = 14;

/// Joins `programs`, each for a processor of its own.
///
/// # Errors
/// When one is no Mach-O program of 64 bits.
pub fn join(programs: &[Vec<u8>]) -> Result<Vec<u8>> {
    let mut header = [MAGIC, u32::try_from(programs.len())?].map(u32::to_be_bytes).concat();
    let mut body = vec![0; 1 << PAGE];
    for program in programs {
        ensure!(program.starts_with(&PROGRAM), "a program for macOS begins otherwise");
        let processor = program.get(4..12).context("a program for macOS names its processor")?;
        let size = u32::try_from(program.len())?;
        // Processor and its kind, which the program says in its own order of bytes; where, how long, and how aligned.
        header.extend(processor.chunks(4).flat_map(|number| number.iter().rev()));
        header.extend([u32::try_from(body.len())?, size, PAGE].map(u32::to_be_bytes).concat());
        body.extend(program);
        body.resize(body.len().next_multiple_of(1 << PAGE), 0);
    }
    body[..header.len()].copy_from_slice(&header);
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(processor: u32) -> Vec<u8> {
        [&PROGRAM[..], &processor.to_le_bytes(), &[3, 0, 0, 0], b"code"].concat()
    }

    #[test]
    fn each_program_lies_where_its_row_says() {
        let programs = [program(0x0100_000c), program(0x0100_0007)];
        let joined = join(&programs).unwrap();
        let number = |at: usize| u32::from_be_bytes(joined[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!((number(0), number(4)), (0xcafe_babe, 2));
        for (row, program) in programs.iter().enumerate() {
            let at = 8 + row * 20;
            assert_eq!(joined[number(at + 8)..][..number(at + 12)], program[..]);
            assert_eq!((number(at), number(at + 4)), (0x0100_000c - 5 * row, 3));
            assert_eq!(number(at + 8) % 0x4000, 0);
        }
    }

    #[test]
    fn what_is_no_program_is_refused() {
        for bytes in [&b""[..], b"\x7fELF", &PROGRAM] {
            assert!(join(&[bytes.to_vec()]).is_err(), "{bytes:?}");
        }
    }
}
