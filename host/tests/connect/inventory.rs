//! Every name in every file that the host writes is in docs/DATA.md, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use gmail_sync_host::connection::{Access, Connection};
use gmail_sync_host::ledger::{Ending, Entry, Ledger, Record as _};
use gmail_sync_host::protocol::ChangeNeverLogParams;
use gmail_sync_host::provision::ApplicationKeys;
use serde_json::Value;

use crate::support::{Browser, Host, ORIGIN, portal, url};

type Names = BTreeSet<(String, String)>;

/// Names of objects in objects stand behind each other; what isn't the host's own word is a `*`.
fn collect(file: &str, before: &str, value: &Value, names: &mut Names) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let is_own = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
                let name = if is_own { name } else { "*" };
                let path = if before.is_empty() { name.to_owned() } else { format!("{before}.{name}") };
                collect(file, &path, value, names);
            }
        }
        Value::Array(values) if values.iter().any(Value::is_object) => {
            values.iter().for_each(|value| collect(file, before, value, names));
        }
        _ => drop(names.insert((file.to_owned(), if before.is_empty() { "*" } else { before }.to_owned()))),
    }
}

/// The days of the ledger are one kind of file.
fn kind(file: &str) -> String {
    let day: String = file.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    day.replace("0000-00-00", "DAY")
}

fn document() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/DATA.md")).unwrap()
}

fn inventory() -> Names {
    let text = document();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let names = rows.map(|(file, rest)| {
        let name = rest.split(" | ").next().unwrap_or_default().trim_matches('`');
        (file.to_owned(), name.to_owned())
    });
    names.collect()
}

#[tokio::test]
async fn sec_52_every_name_in_every_file_is_in_the_inventory() {
    let (portal, host) = (portal(), Host::new());
    host.connect(&portal, &Browser::new()).await.unwrap();
    let (context, here) = (&host.context, url(&portal));
    let now = context.clock.now();
    let agreed = vec!["10.20.0.5".parse().unwrap()];
    let connection = context.connections.select(None).unwrap();
    context.connections.put(Connection { agreed, ..connection.clone() }).unwrap();
    let other = "acme.bitrix24.com".parse().unwrap();
    context.connections.put(Connection { portal: other, access: Access::Webhook, ..connection }).unwrap();
    context.sessions.issue(&here, ORIGIN, now).unwrap();
    context.sessions.new_code(&here, now).unwrap();
    let change = |settings: &mut gmail_sync_host::settings::Settings| {
        settings.set_mailbox(&here, "lena@brightline.example", true)?;
        settings.add_own_address("sales@brightline.example")?;
        settings.add_team_domain("brightline.example")?;
        settings.development_extension_ids.push("abcdefghijklmnopabcdefghijklmnop".to_owned());
        settings.change_never_log(&ChangeNeverLogParams { add: vec!["opal-law.example".to_owned()], remove: vec![] })
    };
    context.settings.update(change).unwrap();
    context
        .extension_version
        .update(|version| {
            *version = "0.1.0".to_owned();
            Ok(())
        })
        .unwrap();
    let keys = ApplicationKeys { client_id: "local.1".to_owned(), client_secret: "s".to_owned().into() };
    context.provisions.put(&here, keys).await.unwrap();
    let methods = BTreeMap::from([("crm.contact.list".to_owned(), 1)]);
    let entry = Entry { methods, ..host.ledger.entries().remove(0) };
    let ledger = Ledger::new(host.folder().join("ledger"));
    let begun = ledger.begin(&entry, &["hash".to_owned()]).unwrap();
    ledger.end(&begun, &Ending::default()).unwrap();

    let mut names = Names::new();
    for file in host.files() {
        let text = fs::read_to_string(host.folder().join(&file)).unwrap();
        match file.rsplit_once('.') {
            Some((_, "json")) => {
                let stored: Value = serde_json::from_str(&text).unwrap();
                collect(&file, "", &stored["content"], &mut names);
            }
            Some((_, "jsonl" | "addresses")) => {
                text.lines()
                    .for_each(|line| collect(&kind(&file), "", &serde_json::from_str(line).unwrap(), &mut names));
            }
            Some((name, "lock")) => {
                assert_eq!(text, "", "{file}");
                let known = if name.starts_with("refresh-") { "`refresh-`" } else { &format!("`{file}`") };
                assert!(document().contains(known), "{file}");
            }
            _ => assert_eq!(file, "ledger/head"),
        }
    }
    assert_eq!(names, inventory());
}
