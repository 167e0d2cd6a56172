//! Files of the project that are written from the program's own data.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

/// Two tests that write into one file do so one after the other.
static WRITING: Mutex<()> = Mutex::new(());

/// The whole file is `wanted`; with `UPDATE_DOCS=1` it becomes so.
#[track_caller]
pub(crate) fn file(path: &str, wanted: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    #[expect(clippy::disallowed_methods, reason = "a switch for who writes the docs")]
    if std::env::var_os("UPDATE_DOCS").is_some() {
        // In one move: another test may be reading it.
        let new = file.with_extension("new");
        fs::write(&new, wanted).unwrap();
        fs::rename(new, &file).unwrap();
        return;
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), wanted, "UPDATE_DOCS=1 writes {path} anew");
}

/// Between the two comments for `name`, the file has `wanted`; with `UPDATE_DOCS=1` it gets it.
#[track_caller]
pub(crate) fn section(path: &str, name: &str, wanted: &str) {
    let _turn = WRITING.lock();
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap();
    let begin = format!("<!-- {name}: begin; UPDATE_DOCS=1 cargo test -p gmail-sync-host --test rules writes them -->");
    let (before, rest) = text.split_once(&begin).unwrap();
    let end = format!("<!-- {name}: end -->");
    let (_, after) = rest.split_once(&end).unwrap();
    file(path, &format!("{before}{begin}\n\n{wanted}\n{end}{after}"));
}
