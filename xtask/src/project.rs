//! Where things are, and commands that start there with a clean environment.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::process;
use crate::tools;

/// The host's package and program.
pub(crate) const HOST: &str = "gmail-sync-host";
/// The fake portal's package and program.
pub(crate) const DEMO: &str = "demo";

/// How a program is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build.
    Dev,
    /// As it is shipped.
    Release,
}

impl Profile {
    fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

/// The checkout this program was built from.
pub(crate) struct Project {
    /// The folder with the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever configuration or environment put it.
    pub(crate) target: PathBuf,
}

impl Project {
    /// Asks cargo for the workspace this program belongs to.
    pub(crate) fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?.to_owned();
        let output = clean_command("cargo")
            .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
            .current_dir(&root)
            .output()
            .context("start cargo; is Rust installed? See https://rustup.rs")?;
        ensure!(output.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).context("read cargo's metadata")?;
        let target = metadata["target_directory"].as_str().context("cargo's metadata name a target_directory")?.into();
        Ok(Self { root, target })
    }

    /// `cargo ARGUMENTS` in the project's root.
    pub(crate) fn cargo<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        self.command("cargo", arguments)
    }

    /// Any program, started in the project's root.
    pub(crate) fn command<S: AsRef<OsStr>>(
        &self,
        program: impl AsRef<OsStr>,
        arguments: impl IntoIterator<Item = S>,
    ) -> Command {
        let mut command = clean_command(program);
        command.args(arguments).current_dir(&self.root);
        command
    }

    /// Builds the host and the demo's fake portal.
    pub(crate) fn build_programs(&self, profile: Profile) -> Result<()> {
        let mut build = match profile {
            Profile::Dev => self.cargo(["build", "--package", HOST, "--package", DEMO]),
            Profile::Release => self.release_build([HOST, DEMO])?,
        };
        println!("\n$ {}", process::describe(&build));
        process::run(&mut build)
    }

    /// Builds packages of the workspace as they are shipped.
    pub(crate) fn release_build<'a>(&self, packages: impl IntoIterator<Item = &'a str>) -> Result<Command> {
        let mut build = self.shipped(["build", "--release", "--locked"], &[])?;
        build.args(packages.into_iter().flat_map(|package| ["--package", package]));
        Ok(build)
    }

    /// A command of cargo that builds what is shipped: the program carries a list of its crates, and the folders of this
    /// machine, which rustc would leave in it, have other names there. `more` are further flags for rustc.
    pub(crate) fn shipped<'a>(&self, arguments: impl IntoIterator<Item = &'a str>, more: &[&str]) -> Result<Command> {
        let cargo_home = variable("CARGO_HOME").map(PathBuf::from);
        let usual = || variable("HOME").map(|home| PathBuf::from(home).join(".cargo"));
        let registry = cargo_home.or_else(usual).map(|home| (home.join("registry/src"), "/registry"));
        let folders = registry.into_iter().chain([(self.target.clone(), "/target"), (self.root.clone(), "/project")]);
        let renamed = folders.map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
        let flags: Vec<_> = renamed.chain(more.iter().map(|&flag| flag.to_owned())).collect();
        let auditable = tools::AUDITABLE.install(self)?;
        let mut build = self.cargo(arguments);
        // What `cargo auditable` does, but for the wrapper's path: cargo mixes that into what it compiles, so that two folders
        // would give two programs.
        put_on_path(&mut build, auditable.parent().context("a program lies in a folder")?)?;
        build.env("RUSTC_WORKSPACE_WRAPPER", "cargo-auditable");
        let parameters = json!({ "offline": false, "locked": true, "frozen": false, "config": [] });
        build.env("CARGO_AUDITABLE_ORIG_ARGS", parameters.to_string());
        // The form of RUSTFLAGS that allows spaces in paths.
        build.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
        Ok(build)
    }

    /// Where cargo leaves a program of the workspace.
    pub(crate) fn program(&self, name: &str, profile: Profile) -> PathBuf {
        self.target.join(profile.folder()).join(name)
    }

    /// The programs that the scripts in extension/e2e start, each under the variable they read.
    pub(crate) fn program_variables(&self, profile: Profile) -> [(&'static str, PathBuf); 2] {
        [("GMAIL_SYNC_HOST_BINARY", self.program(HOST, profile)), ("DEMO_BINARY", self.program(DEMO, profile))]
    }

    /// The folder of the extension's package.
    pub(crate) fn extension(&self) -> PathBuf {
        self.root.join("extension")
    }
}

/// A command without the variables that `cargo run` set for this program. Build scripts that watch them (ring's does)
/// would otherwise see another environment than under a plain `cargo build`, and everything above would be built anew.
fn clean_command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(is_set_by_cargo_run) {
            command.env_remove(name);
        }
    }
    command
}

/// <https://doc.rust-lang.org/cargo/reference/environment-variables.html#environment-variables-cargo-sets-for-crates>
fn is_set_by_cargo_run(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|prefix| name.starts_with(prefix))
        || ["CARGO", "CARGO_BIN_NAME", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "RUST_RECURSION_COUNT"]
            .contains(&name)
}

/// A variable of this program's environment, unset and empty being the same.
#[expect(clippy::disallowed_methods, reason = "the one place where xtask reads its environment")]
pub(crate) fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// Lets `command` find the programs of `folder` before all others.
pub(crate) fn put_on_path(command: &mut Command, folder: &Path) -> Result<()> {
    let own = command.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, value)| value).map(OsStr::to_owned);
    let path = own.or_else(|| variable("PATH")).unwrap_or_default();
    let path = env::join_paths([folder.to_owned()].into_iter().chain(env::split_paths(&path)))?;
    command.env("PATH", path);
    Ok(())
}

/// The file that `program` would start, looked up in `PATH`.
pub(crate) fn find_program(program: &str) -> Option<PathBuf> {
    env::split_paths(&variable("PATH")?).map(|folder| folder.join(program)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cargo_run_adds_is_removed() {
        for name in ["CARGO", "CARGO_MANIFEST_DIR", "CARGO_PKG_NAME"] {
            assert!(is_set_by_cargo_run(name), "{name}");
        }
        for name in ["CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_TERM_COLOR", "CARGO_NET_OFFLINE", "PATH"] {
            assert!(!is_set_by_cargo_run(name), "{name}");
        }
    }

    #[test]
    fn the_project_is_the_folder_with_the_workspace() -> Result<()> {
        let project = Project::find()?;
        assert!(project.root.join("xtask/Cargo.toml").is_file());
        Ok(())
    }
}
