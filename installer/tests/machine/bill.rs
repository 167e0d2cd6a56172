//! The list of crates inside a program, and the one beside it: made by two programs, they must say the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use auditable_info::Limits;
use installer::sbom::Subject;
use serde_json::Value;

use crate::inputs;

/// Fails unless `program` carries a list, and it is that of `subject`.
pub(crate) fn assert_carried(program: &Path, subject: Subject) {
    assert_carried_in(&fs::read(program).unwrap(), subject);
}

/// The same of a program's bytes.
pub(crate) fn assert_carried_in(bytes: &[u8], subject: Subject) {
    let limit = Limits::default().decompressed_json_size;
    let carried = auditable_info::audit_info_from_slice(bytes, limit).expect("the program carries a list");
    let carried: BTreeSet<_> = carried.packages.iter().map(|it| (it.name.clone(), it.version.to_string())).collect();
    let list: Value = serde_json::from_slice(&fs::read(subject.built(&inputs())).unwrap()).unwrap();
    let listed = list["components"].as_array().unwrap().iter().chain([&list["metadata"]["component"]]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let listed: BTreeSet<_> = listed.map(|it| (text(&it["name"]), text(&it["version"]))).collect();
    assert!(listed.len() > 100 && listed.iter().any(|(name, _)| name == "ring"), "{listed:?}");
    assert_eq!(carried, listed);
}
