//! docs/ADMIN.md shows the faults that `--check` finds, as the program tells them.

use std::collections::BTreeMap;

use gmail_sync_host::check::{FAULTS, Severity, TOLD};

use crate::written;

/// One row for each sentence, by code: native messaging first.
fn table() -> String {
    let mut rows: BTreeMap<(bool, &str), Vec<[String; 3]>> = BTreeMap::new();
    let key = |code: &'static str| (!code.starts_with("NM"), code);
    for fault in FAULTS {
        let severity = if fault.severity == Severity::Error { "error" } else { "warning" };
        let command = fault
            .command
            .map(|command| format!("<br>`{}`", command.replace(['{', '}'], "").replace("target", "--browser NAME")));
        let cure = values(fault.reason.hint()) + &command.unwrap_or_default();
        rows.entry(key(fault.code)).or_default().push([severity.to_owned(), values(fault.reason.message()), cure]);
    }
    for told in TOLD {
        let row = ["not looked for".to_owned(), told.meaning.to_owned(), told.cure.to_owned()];
        rows.entry(key(told.code)).or_default().push(row);
    }
    let mut text = "| Code | | What it means | Cure |\n|---|---|---|---|\n".to_owned();
    for ((_, code), rows) in rows {
        for [severity, meaning, cure] in rows {
            text += &format!("| {code} | {severity} | {meaning} | {cure} |\n");
        }
    }
    text
}

/// Values are in italics.
fn values(text: &str) -> String {
    text.replace("{target}", "--browser NAME").replace(['{', '}'], "*").replace('|', "\\|")
}

#[test]
fn the_table_of_codes_says_what_the_program_says() {
    written::section("docs/ADMIN.md", "codes", &table());
}
