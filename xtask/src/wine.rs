//! A Windows that is nobody's: Wine's, in a folder of the target's.
//!
//! Wine 8, Debian 12's, lacks a library that Rust's standard library takes random bytes from; the tests' own stands in for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::package;
use crate::process;
use crate::project::Project;

/// Starts programs of Windows; Debian keeps it out of `PATH`.
const WINE: &str = "/usr/lib/wine/wine64";

/// What all programs of one Windows share.
const SERVER: &str = "/usr/lib/wine/wineserver64";

/// How every program of Wine's is started. Its messages are about itself; the three libraries would put menus on a desktop and
/// offer downloads; a display would be asked for windows.
const SURROUNDINGS: [(&str, &str); 3] =
    [("WINEDEBUG", "-all"), ("WINEDLLOVERRIDES", "winemenubuilder.exe=d;mscoree=d;mshtml=d"), ("LC_ALL", "C.UTF-8")];

/// A browser for Windows programs, as xdg-open reads it: follows whatever it is given.
const BROWSER: &str = "curl -sL -o /dev/null %s";

/// What tests leave in this folder goes with the next run.
const TEMPORARY: &str = "tmp";

/// A Windows 10 that nothing was installed on.
pub(crate) struct Wine<'a> {
    project: &'a Project,
    folder: PathBuf,
}

impl<'a> Wine<'a> {
    /// Makes it anew.
    pub(crate) fn make(project: &'a Project) -> Result<Self> {
        let folder = package::parts(project).join("wine");
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("remove {}", folder.display()))?;
        }
        for name in ["home", TEMPORARY] {
            fs::create_dir_all(folder.join(name)).with_context(|| format!("make {}", folder.display()))?;
        }
        let wine = Self { project, folder };
        wine.run(WINE, &["wineboot", "--init"])?;
        wine.run(WINE, &["winecfg", "-v", "win10"])?;
        let library = wine.folder.join("prefix/drive_c/windows/system32/bcryptprimitives.dll");
        let source = Path::new("installer/windows/bcryptprimitives.c");
        let mut compile = project.command(package::WINDOWS_GCC, ["-shared", "-O2", "-o"]);
        process::run(compile.arg(library).arg(source).arg("-ladvapi32"))?;
        wine.run(SERVER, &["--wait"])?;
        // On Windows nobody else may enter a person's folders.
        let profiles = wine.folder.join("prefix/drive_c/users");
        process::run(project.command("chmod", ["-R", "go="]).arg(profiles))?;
        Ok(wine)
    }

    /// Lets cargo run in it what it builds for Windows, and tests make others like it.
    pub(crate) fn lend(&self, command: &mut Command) {
        self.surround(command);
        command.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", WINE);
        command.env("TMPDIR", self.folder.join(TEMPORARY));
    }

    /// Waits until what ran in it has ended, and no longer than a minute: what starts while the last server goes may find none.
    pub(crate) fn come_to_rest(&self) {
        // What still runs then keeps the server, and there is nothing to wait for.
        drop(self.run("timeout", &["60", SERVER, "--wait"]));
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Result<()> {
        let mut command = self.project.command(program, arguments);
        self.surround(&mut command);
        // Wine links a new person's folders to those of the home that it sees.
        command.env("HOME", self.folder.join("home"));
        process::run(&mut command)
    }

    fn surround(&self, command: &mut Command) {
        command.envs(SURROUNDINGS).env("WINEPREFIX", self.folder.join("prefix"));
        command.env("BROWSER", BROWSER).env_remove("DISPLAY");
    }
}

impl Drop for Wine<'_> {
    fn drop(&mut self) {
        // It fails when nothing runs any more.
        drop(self.run(SERVER, &["--kill"]));
    }
}
