//! What packages need of the host beside the program itself, written into the folder that is the only argument: man pages,
//! completions for shells, native messaging host manifests, and where browsers look for those.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap_complete::Shell;
use gmail_sync_host::browsers::{self, BROWSERS, Browser};
use gmail_sync_host::cli;
use gmail_sync_host::policy::Policy;
use gmail_sync_host::protocol::HOST_NAME;
use gmail_sync_host::register::{Manifest, extension_ids};
use serde_json::json;

/// Where each system's package puts the program. Windows' is relative to the manifest, which only Windows allows: the folder of
/// installation is the person's choice there.
const PROGRAMS: &[(&str, &str)] = &[
    ("linux", "/usr/bin/gmail-sync-host"),
    ("macos", "/Library/Application Support/gmail-sync-bitrix24/gmail-sync-host"),
    ("windows", "gmail-sync-host.exe"),
];

fn main() -> io::Result<()> {
    let out = std::env::args_os().nth(1).map(PathBuf::from).ok_or(io::ErrorKind::InvalidInput)?;
    let command = cli::definition();
    // Without a date: it would be that of the build.
    clap_mangen::generate_to(command.clone().disable_help_subcommand(true), fresh(&out.join("man"))?)?;
    completions(command, &fresh(&out.join("completions"))?)?;
    for &(system, program) in PROGRAMS {
        let folder = fresh(&out.join(system))?;
        let manifest = Manifest::new(Path::new(program), &extension_ids(&Policy::default()))
            .map_err(|_| io::ErrorKind::InvalidData)?;
        fs::write(folder.join(browsers::file_name()), manifest.text())?;
    }
    fs::write(out.join("browsers.json"), places())
}

fn completions(mut command: clap::Command, folder: &Path) -> io::Result<()> {
    let name = command.get_name().to_owned();
    for shell in [Shell::Bash, Shell::Fish, Shell::Zsh] {
        clap_complete::generate_to(shell, &mut command, &name, folder)?;
    }
    Ok(())
}

/// The table of browsers, for what all people of a machine share.
fn places() -> String {
    let row = |browser: &Browser| {
        json!({
            "name": browser.name,
            "linux": format!("{}/{}", browser.linux_machine, browsers::file_name()),
            "macos": format!("{}/{}", browser.mac_machine, browsers::file_name()),
            "windows": browser.registry_keys(),
        })
    };
    format!("{:#}\n", json!({ "host": HOST_NAME, "browsers": BROWSERS.iter().map(row).collect::<Vec<_>>() }))
}

/// The folder, emptied, so that nothing of an earlier version stays.
fn fresh(folder: &Path) -> io::Result<PathBuf> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir_all(folder)?,
    }
    Ok(folder.to_owned())
}
