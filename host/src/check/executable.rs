//! What a program's first bytes say: for which processor it is, and on Windows whether it is signed.

use crate::failure::Reason;

/// A processor that the host is built for, or another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Processor {
    X86_64,
    Arm64,
    Other,
}

/// Why a program with this head can't be started by a processor of that name, as [`std::env::consts::ARCH`] has it. What is no
/// program of Linux, macOS or Windows, such as a script, is none of this.
pub(super) fn unfit(head: &[u8], processor: &str) -> Option<Reason> {
    use Processor::{Arm64, X86_64};
    let own = match processor {
        "x86_64" => X86_64,
        "aarch64" => Arm64,
        _ => return None,
    };
    let (format, built_for) = built_for(head)?;
    let runs = |wanted| built_for.contains(&wanted);
    match format {
        _ if runs(own) => None,
        // Apple's and Microsoft's own translators run them.
        Format::MachO if own == Arm64 && runs(X86_64) => Some(Reason::ProgramNeedsRosetta),
        Format::Pe if own == Arm64 && runs(X86_64) => None,
        _ => Some(Reason::ProgramForOtherProcessor),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Elf,
    MachO,
    Pe,
}

fn built_for(head: &[u8]) -> Option<(Format, Vec<Processor>)> {
    match head {
        [0x7f, b'E', b'L', b'F', ..] => Some((Format::Elf, vec![of_elf(head)?])),
        [0xcf, 0xfa, 0xed, 0xfe, ..] => Some((Format::MachO, vec![of_mach(u32::from_le_bytes(at(head, 4)?))])),
        [0xca, 0xfe, 0xba, 0xbe, ..] => Some((Format::MachO, of_universal(head, 20)?)),
        [0xca, 0xfe, 0xba, 0xbf, ..] => Some((Format::MachO, of_universal(head, 32)?)),
        [b'M', b'Z', ..] => Some((Format::Pe, vec![of_pe(head)?])),
        _ => None,
    }
}

/// Source: elf(5), `e_machine`. The byte order stands in the sixth byte; both processors are little-endian.
fn of_elf(head: &[u8]) -> Option<Processor> {
    Some(match (head.get(5)?, u16::from_le_bytes(at(head, 18)?)) {
        (1, 62) => Processor::X86_64,
        (1, 183) => Processor::Arm64,
        _ => Processor::Other,
    })
}

/// Source: Apple's `mach/machine.h`, `CPU_TYPE_X86_64` and `CPU_TYPE_ARM64`
fn of_mach(kind: u32) -> Processor {
    match kind {
        0x0100_0007 => Processor::X86_64,
        0x0100_000c => Processor::Arm64,
        _ => Processor::Other,
    }
}

/// Source: Apple's `mach-o/fat.h`: a number of programs, and for each `size` bytes that begin with its processor.
fn of_universal(head: &[u8], size: usize) -> Option<Vec<Processor>> {
    /// Java's classes have the same first bytes, and a version from 45 on after them.
    const MOST: u32 = 16;
    let count = u32::from_be_bytes(at(head, 4)?);
    if count > MOST {
        return None;
    }
    (0..count as usize).map(|index| Some(of_mach(u32::from_be_bytes(at(head, 8 + index * size)?)))).collect()
}

/// Source: <https://learn.microsoft.com/windows/win32/debug/pe-format#coff-file-header-object-and-image>
fn of_pe(head: &[u8]) -> Option<Processor> {
    Some(match u16::from_le_bytes(at(head, pe(head)? + 4)?) {
        // Every Windows runs programs of 32 bits, too.
        0x8664 | 0x014c => Processor::X86_64,
        0xaa64 => Processor::Arm64,
        _ => Processor::Other,
    })
}

/// Whether a Windows program carries a signature, whoever made it; `None` for another file.
///
/// Source: <https://learn.microsoft.com/windows/win32/debug/pe-format#optional-header-data-directories-image-only>
#[cfg(any(windows, test))]
pub(super) fn is_signed(head: &[u8]) -> Option<bool> {
    let optional = pe(head)? + 24;
    let directories = match u16::from_le_bytes(at(head, optional)?) {
        0x010b => 96,
        0x020b => 112,
        _ => return None,
    };
    /// The fifth directory's size, after its place.
    const CERTIFICATES: usize = 4 * 8 + 4;
    Some(u32::from_le_bytes(at(head, optional + directories + CERTIFICATES)?) != 0)
}

/// Where the header begins.
fn pe(head: &[u8]) -> Option<usize> {
    let start = usize::try_from(u32::from_le_bytes(at(head, 0x3c)?)).ok()?;
    (head.starts_with(b"MZ") && at(head, start)? == *b"PE\0\0").then_some(start)
}

fn at<const N: usize>(bytes: &[u8], start: usize) -> Option<[u8; N]> {
    bytes.get(start..start.checked_add(N)?)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OTHER: Option<Reason> = Some(Reason::ProgramForOtherProcessor);

    fn elf(machine: u16) -> Vec<u8> {
        [&b"\x7fELF\x02\x01\x01"[..], &[0; 11], &machine.to_le_bytes()].concat()
    }

    fn mach(kind: u32) -> Vec<u8> {
        [&[0xcf, 0xfa, 0xed, 0xfe][..], &kind.to_le_bytes()].concat()
    }

    fn universal(kinds: &[u32]) -> Vec<u8> {
        let count = u32::try_from(kinds.len()).unwrap();
        let all = kinds.iter().flat_map(|kind| [&kind.to_be_bytes()[..], &[0; 16]].concat());
        [&[0xca, 0xfe, 0xba, 0xbe][..], &count.to_be_bytes()].concat().into_iter().chain(all).collect()
    }

    fn windows(machine: u16, signature: u32) -> Vec<u8> {
        let mut file = vec![0; 0x200];
        file[..2].copy_from_slice(b"MZ");
        file[0x3c] = 0x80;
        file[0x80..0x84].copy_from_slice(b"PE\0\0");
        file[0x84..0x86].copy_from_slice(&machine.to_le_bytes());
        file[0x98..0x9a].copy_from_slice(&0x020b_u16.to_le_bytes());
        file[0x98 + 112 + 36..][..4].copy_from_slice(&signature.to_le_bytes());
        file
    }

    #[test]
    fn nm07_and_nm09_a_program_is_for_some_processors() {
        const INTEL: u32 = 0x0100_0007;
        const APPLE: u32 = 0x0100_000c;
        for (head, on_intel, on_arm) in [
            (elf(62), None, OTHER),
            (elf(183), OTHER, None),
            (elf(8), OTHER, OTHER),
            (mach(INTEL), None, Some(Reason::ProgramNeedsRosetta)),
            (mach(APPLE), OTHER, None),
            (universal(&[INTEL, APPLE]), None, None),
            (universal(&[INTEL]), None, Some(Reason::ProgramNeedsRosetta)),
            (windows(0x8664, 0), None, None),
            (windows(0xaa64, 0), OTHER, None),
            (windows(0x01c4, 0), OTHER, OTHER),
        ] {
            assert_eq!((unfit(&head, "x86_64"), unfit(&head, "aarch64")), (on_intel, on_arm), "{head:?}");
            assert_eq!(unfit(&head, "riscv64"), None);
        }
    }

    #[test]
    fn nm08_a_signature_is_seen() {
        assert_eq!(is_signed(&windows(0x8664, 0)), Some(false));
        assert_eq!(is_signed(&windows(0x8664, 4096)), Some(true));
        assert_eq!(is_signed(&elf(62)), None);
    }

    #[test]
    fn what_is_torn_or_no_program_is_none_of_this() {
        let whole = [elf(62), universal(&[7, 7]), windows(0x01c4, 1), mach(1)];
        for length in 0..whole[2].len() {
            for file in &whole {
                let torn = &file[..length.min(file.len())];
                let _ = (unfit(torn, "x86_64"), is_signed(torn));
            }
        }
        let far = [&b"MZ"[..], &[0xff; 0x3e]].concat();
        let java = [&[0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61][..], &[0; 64]].concat();
        for no in [&b""[..], b"#!/bin/sh", b"MZ", &far, &java, b"\x7fELF"] {
            assert_eq!(unfit(no, "x86_64"), None, "{no:?}");
            assert_eq!(is_signed(no), None, "{no:?}");
        }
    }
}
