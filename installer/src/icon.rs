//! The Windows icon, from the extension's pictures.

use std::fs;

use anyhow::{Context, Result};

use crate::Inputs;

/// Sides of the pictures, in pixels; extension/icons has one of each.
const SIDES: [u8; 4] = [16, 32, 48, 128];

/// The bytes of an `.ico` with PNG pictures, which Windows reads since Vista.
///
/// The format: <https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10)>
///
/// # Errors
/// When a picture is missing.
pub fn icon(inputs: &Inputs) -> Result<Vec<u8>> {
    let mut pictures = Vec::new();
    for side in SIDES {
        let path = inputs.project.join(format!("extension/icons/{side}.png"));
        pictures.push((side, fs::read(&path).with_context(|| format!("read {}", path.display()))?));
    }
    // Reserved, 1 for icons, how many.
    let mut head = [0_u16, 1, u16::try_from(pictures.len())?].map(u16::to_le_bytes).concat();
    let mut offset = head.len() + 16 * pictures.len();
    let mut body = Vec::new();
    for (side, picture) in &pictures {
        // Width, height, colours of a palette, reserved, planes, bits per pixel, size, offset.
        head.extend([*side, *side, 0, 0, 1, 0, 32, 0]);
        head.extend(u32::try_from(picture.len())?.to_le_bytes());
        head.extend(u32::try_from(offset)?.to_le_bytes());
        offset += picture.len();
        body.extend(picture);
    }
    Ok([head, body].concat())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn each_entry_leads_to_its_picture() {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
        let inputs = Inputs { built: project.clone(), project, version: "1".into(), timestamp: 1 };
        let icon = icon(&inputs).unwrap();
        assert_eq!(icon[..6], [0, 0, 1, 0, 4, 0]);
        for (entry, side) in icon[6..].chunks(16).zip(SIDES) {
            let number = |at: usize| u32::from_le_bytes(entry[at..at + 4].try_into().unwrap()) as usize;
            let picture = &icon[number(12)..][..number(8)];
            assert_eq!(entry[0], side);
            assert!(picture.starts_with(b"\x89PNG\r\n"), "{side}");
            // The width in the picture's own header.
            assert_eq!(picture[16..20], [0, 0, 0, side]);
        }
    }
}
