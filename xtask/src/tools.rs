//! Subcommands of cargo that don't come with Rust: built once, into the target folder.

use std::path::PathBuf;

use anyhow::Result;

use crate::process;
use crate::project::Project;

/// A subcommand, by its crate's name, at the one version that is used.
pub(crate) struct Tool {
    name: &'static str,
    version: &'static str,
}

/// Licences, sources and bans of crates.
pub(crate) const DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2" };

/// Puts a list of its crates into each program.
pub(crate) const AUDITABLE: Tool = Tool { name: "cargo-auditable", version: "0.7.7" };

impl Tool {
    /// Builds it, unless this very version is there, and returns its program.
    pub(crate) fn install(&self, project: &Project) -> Result<PathBuf> {
        let root = project.target.join("tools");
        // Unoptimised and without debug information: a quarter of the time, and it runs for seconds.
        let mut install =
            project.cargo(["install", self.name, "--debug", "--version", self.version, "--locked", "--root"]);
        install.arg(&root).env("CARGO_PROFILE_DEV_DEBUG", "0");
        println!("\n$ {}", process::describe(&install));
        process::run(&mut install)?;
        Ok(root.join("bin").join(self.name))
    }
}
