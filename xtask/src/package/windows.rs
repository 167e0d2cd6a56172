//! The host for Windows, built on Linux: with what Windows shows of a program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use installer::{Inputs, icon};

use super::built::run;
use crate::project::{HOST, Project};

/// Rust's name of the system: with mingw's linker, since Microsoft's runs on Windows only.
pub(super) const TARGET: &str = "x86_64-pc-windows-gnu";

/// mingw's compiler, which is its linker, too.
pub(crate) const GCC: &str = "x86_64-w64-mingw32-gcc";

/// What links by it what is handed out. Rust takes it for a gcc by its name; crates with C in them would compile by it, if that ended in
/// `-gcc`: <https://docs.rs/cc/latest/cc/#external-configuration-via-environment-variables>
const REPRODUCIBLE_GCC: &str = "installer/windows/reproducible-gcc.sh";

/// The variable by which cargo finds a linker for it.
const LINKER: &str = "CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER";

/// The variable by which `host/build.rs` finds what Windows shows of the program.
const RESOURCES: &str = "GMAIL_SYNC_RESOURCES";

/// Gets the standard library for Windows, if it isn't there already.
pub(crate) fn add_target(project: &Project) -> Command {
    project.command("rustup", ["target", "add", TARGET])
}

pub(super) fn host(project: &Project, inputs: &Inputs) -> Result<()> {
    run(&mut add_target(project)).context("the standard library for Windows comes by rustup: https://rustup.rs")?;
    let resources = resources(project, inputs)?;
    let mut build = project.release_build([HOST])?;
    build.env(LINKER, project.root.join(REPRODUCIBLE_GCC)).env(RESOURCES, resources);
    run(build.args(["--target", TARGET]))?;
    let program = project.target.join(TARGET).join("release/gmail-sync-host.exe");
    fs::copy(&program, inputs.built.join("gmail-sync-host.exe"))
        .with_context(|| format!("copy {}", program.display()))?;
    Ok(())
}

/// The house's lints over the code that only Windows has, tests included.
pub(crate) fn lint(project: &Project) -> Command {
    let mut lint = project.cargo(["clippy", "--locked", "--all-targets", "--package", HOST, "--target", TARGET]);
    lint.args(["--", "-D", "warnings"]).env(LINKER, GCC);
    lint
}

/// The host's own tests, built for Windows; `arguments` are more for cargo.
pub(crate) fn host_tests(project: &Project, arguments: &[&str]) -> Command {
    let mut tests = project.cargo(["test", "--no-fail-fast", "--package", HOST, "--target", TARGET]);
    tests.args(arguments).env(LINKER, GCC);
    tests
}

/// The object file with version, icon and manifest. It is written only when it changes: cargo links the program anew, which takes
/// minutes, when the file is newer than it.
fn resources(project: &Project, inputs: &Inputs) -> Result<PathBuf> {
    let folder = inputs.built.join("resources");
    fs::create_dir_all(&folder).with_context(|| format!("make {}", folder.display()))?;
    fs::write(folder.join("program.ico"), icon::icon(inputs)?).context("write the icon")?;
    let source = Path::new("installer/windows");
    let (object, made) = (folder.join("resources.o"), folder.join("made.o"));
    let mut compile = project.command("x86_64-w64-mingw32-windres", ["--codepage=65001"]);
    compile.arg("--include-dir").arg(&folder).arg("--include-dir").arg(source);
    compile.arg("--define").arg(format!("NUMBERS={},0", inputs.version.replace('.', ",")));
    compile.arg("--define").arg(format!("TEXT=\\\"{}\\\"", inputs.version));
    run(compile.arg(source.join("resources.rc")).arg(&made))?;
    let bytes = fs::read(&made).with_context(|| format!("read {}", made.display()))?;
    if !fs::read(&object).is_ok_and(|there| there == bytes) {
        fs::write(&object, bytes).with_context(|| format!("write {}", object.display()))?;
    }
    Ok(object)
}
