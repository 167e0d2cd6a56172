//! The script that links the program: nothing that it makes may follow from where things lie, or from the time.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::inputs;

const GCC: &str = "x86_64-w64-mingw32-gcc";

/// Imports from a library of its own, and by mingw's start code from some of `/usr`.
const SOURCE: &str = "int MessageBeep(unsigned); int main(void) { return MessageBeep(0); }";

fn output<S: AsRef<OsStr>>(program: &Path, words: impl IntoIterator<Item = S>) -> String {
    let output = Command::new(program).args(words).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A program for Windows, linked in a folder of that one, with its library there.
fn linked_in(parent: &str) -> Vec<u8> {
    let folder = tempfile::tempdir_in(parent).unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let [source, object, program] = ["program.c", "program.o", "program.exe"].map(at);
    fs::write(&source, SOURCE).unwrap();
    output(Path::new(GCC), ["-c", &source, "-o", &object]);
    let library = output(Path::new(GCC), ["-print-file-name=libuser32.a"]);
    fs::copy(library.trim(), at("libown.a")).unwrap();
    let script = inputs().project.join("installer/windows/reproducible-gcc.sh");
    output(&script, ["-s", &object, "-L", folder.path().to_str().unwrap(), "-lown", "-o", &program]);
    fs::read(program).unwrap()
}

#[test]
fn it_gives_the_same_program_on_both_sides_of_usr_and_at_every_time() {
    let program = linked_in("/tmp");
    assert!(program == linked_in("/var/tmp"));
    // https://learn.microsoft.com/windows/win32/debug/pe-format: where the header is, and its TimeDateStamp.
    let header = u32::from_le_bytes(program[0x3c..0x40].try_into().unwrap()) as usize;
    assert_eq!(program[header..header + 4], *b"PE\0\0");
    assert_eq!(program[header + 8..header + 12], [0; 4]);
}
