//! Man pages and completions, given to the programs that read them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::inputs;

/// What completes at the Tab key in each shell, with the command that then runs shown instead of run.
const TYPED: &str = "typed: --check\ntyped: ledger\n";

/// Without a terminal, readline takes what is typed from its input all the same.
const BASH: &str = r#"
    bash --norc --noprofile -i <<< ". '$0'
        gmail-sync-host() { echo typed: \$*; }
        gmail-sync-host --ch"$'\t'"
        gmail-sync-host led"$'\t'
"#;

/// A terminal of its own, since zsh completes in nothing less. What it shows holds more than what was typed.
const ZSH: &str = r#"
    zmodload zsh/zpty
    zpty shell zsh --no-rcs --interactive
    zpty -w shell "fpath=('${0:h}'); fpath+=($fpath); autoload -U compinit; compinit -D -u"
    zpty -w shell 'gmail-sync-host() { print typed: $* }'
    zpty -w shell $'gmail-sync-host --ch\t'
    zpty -w shell $'gmail-sync-host led\t\nexit'
    while zpty -r shell line; do
        [[ $line != typed:* ]] || print -r -- ${line%%[[:space:]]##}
    done
"#;

/// Without a terminal, by the command that the Tab key calls.
const FISH: &str = r#"
    source $argv
    for line in '--ch' 'led'
        echo typed: (complete --do-complete "gmail-sync-host $line" | string replace --regex '\t.*' '')
    end
"#;

fn read(command: &mut Command) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let output = command.env("HOME", folder.path()).env("LC_ALL", "C.UTF-8").output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    output
}

fn completion(name: &str) -> PathBuf {
    inputs().built.join("completions").join(name)
}

fn completes(shell: &mut Command, file: &Path) {
    let output = read(shell.arg(file));
    assert_eq!(String::from_utf8_lossy(&output.stdout), TYPED, "{output:?}");
}

/// `-n` reads all of it and runs nothing.
fn parses(shell: &str, file: &Path) {
    let output = read(Command::new(shell).arg("-n").arg(file));
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn every_manual_page_is_set_without_a_warning_and_listed_under_its_name() {
    let pages = fs::read_dir(inputs().built.join("man")).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<_> = Vec::new();
    for page in pages {
        let set = read(Command::new("groff").args(["-man", "-Tutf8", "-Kutf8", "-ww", "-z"]).arg(&page));
        assert!(set.stdout.is_empty() && set.stderr.is_empty(), "{page:?}: {set:?}");
        let name = page.file_stem().unwrap().to_str().unwrap().to_owned();
        // As `apropos` lists it.
        let listed = String::from_utf8(read(Command::new("lexgrog").arg(&page)).stdout).unwrap();
        assert!(listed.contains(&format!(": \"{name} - ")), "{listed}");
        names.push(name);
    }
    assert!(names.iter().any(|name| name == "gmail-sync-host-sessions-allow"), "{names:?}");
}

#[test]
fn bash_completes() {
    let file = completion("gmail-sync-host.bash");
    parses("bash", &file);
    completes(Command::new("bash").args(["-c", BASH]), &file);
}

#[test]
fn zsh_completes() {
    let file = completion("_gmail-sync-host");
    parses("zsh", &file);
    completes(Command::new("zsh").args(["--no-rcs", "--extended-glob", "-c", ZSH]), &file);
}

#[test]
fn fish_completes() {
    let file = completion("gmail-sync-host.fish");
    parses("fish", &file);
    completes(Command::new("fish").args(["--no-config", "-c", FISH]), &file);
}
