//! Writing to the person's terminal. A reader that went away is no failure of the command.

use std::io::{self, IsTerminal as _, Write as _};

/// Narrower than this, words would stand one below the other.
const NARROWEST: usize = 60;

/// A result, which a script may read: one or more lines on stdout.
pub(super) fn print(text: &str) {
    drop(writeln!(io::stdout().lock(), "{text}"));
}

/// Something said to the person: one or more lines on stderr.
pub(super) fn say(text: &str) {
    drop(writeln!(io::stderr().lock(), "{text}"));
}

/// How many characters a line of the person's terminal has; `None` where a program reads.
pub(super) fn width() -> Option<usize> {
    io::stdout().is_terminal().then(|| textwrap::termwidth().max(NARROWEST))
}

/// Foreign text without what a terminal would obey.
pub(super) fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// Rows as columns of equal width, two spaces between them.
pub(super) fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let widths: Vec<usize> = (0..N)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0))
        .collect();
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [["a".to_owned(), "long".to_owned()], ["ключ".to_owned(), String::new()]];
        assert_eq!(table(&rows), "a     long\nключ");
        assert_eq!(table::<2>(&[]), "");
    }
}
