//! What docs/ADMIN.md shows to type.

use std::fs;

use crate::inputs;

/// The blocks in that language, as they stand there.
pub(crate) fn blocks(language: &str) -> Vec<String> {
    let text = fs::read_to_string(inputs().project.join("docs/ADMIN.md")).unwrap();
    let fences = text.split("```").skip(1).step_by(2);
    fences.filter_map(|block| block.strip_prefix(&format!("{language}\n"))).map(str::to_owned).collect()
}

/// The one block in that language that holds `words`.
pub(crate) fn block(language: &str, words: &str) -> String {
    let mut found = blocks(language).into_iter().filter(|block| block.contains(words));
    let block = found.next().unwrap_or_else(|| panic!("no {language} block with {words}"));
    assert_eq!(found.next(), None, "several blocks with {words}");
    block
}
