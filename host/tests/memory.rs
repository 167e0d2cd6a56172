//! The real program, seen from outside: nobody else reads its memory.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

/// Anybody but root: only then does the owner of a process's files tell whether it can be dumped.
const NOBODY: u32 = 65534;

#[test]
fn sec_31_no_core_is_dumped_and_no_other_process_reads_the_memory() {
    let home = tempfile::tempdir().unwrap();
    let id = include_str!("../../manifests/extension-ids").lines().find(|line| line.len() == 32).unwrap();
    // Many machines allow no cores anyway, so that it must be allowed for the program to forbid it.
    let mut command = Command::new("sh");
    command.args(["-c", r#"ulimit -S -c "$(ulimit -H -c)" && exec "$0" "$1""#, env!("CARGO_BIN_EXE_gmail-sync-host")]);
    command.arg(format!("chrome-extension://{id}/")).env("GMAIL_SYNC_HOME", home.path());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // In a container tests may run as root.
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        chown(home.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        command.uid(NOBODY).gid(NOBODY);
    }
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A frame of length 0: answered by a host that is up.
    stdin.write_all(&[0; 4]).unwrap();
    child.stdout.as_mut().unwrap().read_exact(&mut [0; 4]).unwrap();

    let process = format!("/proc/{}", child.id());
    let limits = fs::read_to_string(format!("{process}/limits")).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    // proc_pid(5): the files of a process that can't be dumped belong to root.
    assert_eq!(fs::metadata(format!("{process}/mem")).unwrap().uid(), 0);

    drop(stdin);
    child.wait().unwrap();
}
