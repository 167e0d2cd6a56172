//! docs/ADMIN.md shows the faults that `--check` finds, as the program tells them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use gmail_sync_host::check::{FAULTS, Finding, FoundFault, Severity, TOLD, report};
use gmail_sync_host::sandboxed::SANDBOXED;
use serde_json::Value;

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

#[test]
fn the_table_of_browsers_in_a_sandbox_says_where_the_program_looks() {
    let rows = SANDBOXED.iter().map(|browser| {
        let or_none = |place: Option<&str>| place.map_or("none".to_owned(), |place| format!("`{place}`"));
        format!(
            "| {} ({}) | `{}` | `{}` | {} | {} |\n",
            browser.title,
            browser.packaging,
            browser.program,
            // A Linux path, also where this runs under Windows.
            browser.user_data(Path::new("~")).display().to_string().replace(std::path::MAIN_SEPARATOR, "/"),
            or_none(browser.machine),
            or_none(browser.policies),
        )
    });
    let head = "| browser | its program | its profiles | the machine's host manifests | policies |\n| --- | --- | --- | --- | --- |\n";
    written::section("docs/ADMIN.md", "sandboxed", &(head.to_owned() + &rows.collect::<String>()));
}

/// A finding with all the names there are, and one of what is well.
fn findings() -> [Finding; 2] {
    let well = Finding {
        probe: "network",
        severity: Severity::Ok,
        sentence: "It is well.".to_owned(),
        evidence: BTreeMap::from([("proxy", "proxy.acme.com:3128".to_owned())]),
        fault: None,
    };
    let fault = FoundFault {
        code: "NM01",
        reason: "not_registered",
        cure: "Register it.".to_owned(),
        command: Some("gmail-sync-host register".to_owned()),
    };
    [well.clone(), Finding { severity: Severity::Error, fault: Some(fault), ..well }]
}

fn names(before: &str, object: &Value) -> BTreeSet<String> {
    object.as_object().unwrap().keys().map(|name| format!("{before}{name}")).collect()
}

#[test]
fn the_table_of_json_names_has_each_name_and_no_other() {
    let all = serde_json::to_value(report(findings().to_vec())).unwrap();
    let [well, fault] = [&all["findings"][0], &all["findings"][1]].map(|finding| names("findings[].", finding));
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/ADMIN.md")).unwrap();
    let (_, section) = text.split_once("### As JSON\n").unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | "));
    let rows: BTreeMap<_, _> = rows.take_while(|(name, _)| !name.starts_with("NM")).collect();
    let named: BTreeSet<_> = names("", &all).into_iter().chain(fault).collect();
    assert_eq!(named, rows.keys().map(|name| (*name).to_owned()).collect());
    assert_eq!(rows["schema"], all["schema"].to_string());
    for name in named.iter().filter(|name| name.starts_with("findings[].")) {
        assert_eq!(rows[name.as_str()].starts_with("only "), !well.contains(name), "{name}");
    }
}
