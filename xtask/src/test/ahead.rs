//! What later tiers build, built while a browser is tested, which leaves half of a small machine idle.

use std::path::Path;
use std::process::Command;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, anyhow};
use tempfile::TempDir;

use crate::package;
use crate::process;
use crate::project::Project;

/// Builds in the making, at the lowest priority and unheard. How they end doesn't count: a tier builds what it needs anew, which
/// takes seconds when everything is there, and else says why it can't.
pub(super) struct Ahead(JoinHandle<Result<()>>);

impl Ahead {
    /// Starts them, one after the other, beside what the caller does next.
    pub(super) fn start(project: &Project) -> Result<Self> {
        let folder = tempfile::tempdir().context("make a folder for packages that nobody takes")?;
        let builds = builds(project, folder.path())?;
        for build in &builds {
            println!("beside it: {}", process::describe(build));
        }
        Ok(Self(thread::spawn(|| run(builds, folder))))
    }

    /// Waits until nothing is built beside any more.
    pub(super) fn wait(self) -> Result<()> {
        println!("\nwaiting for what is built beside");
        self.0.join().map_err(|_| anyhow!("what builds beside panicked"))?
    }
}

fn builds(project: &Project, folder: &Path) -> Result<Vec<Command>> {
    let mut packages = project.cargo(["xtask", "package", "all", "--out"]);
    packages.arg(folder);
    Ok(vec![
        packages,
        package::lint_for_windows(project),
        package::windows_host_tests(project, &["--no-run"]),
        package::lint_for_macos(project)?,
    ])
}

fn run(builds: Vec<Command>, folder: TempDir) -> Result<()> {
    for build in builds {
        process::succeeds(&mut at_lowest_priority(&build))?;
    }
    folder.close().context("remove the folder of packages")
}

fn at_lowest_priority(command: &Command) -> Command {
    let mut nice = Command::new("nice");
    nice.arg("-n19").arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => nice.env(name, value),
            None => nice.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        nice.current_dir(folder);
    }
    nice
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_priority_is_another() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let mut command = Command::new("sh");
        command.args(["-c", r#"echo "$(nice) $A ${HOME-none} $(pwd)""#]).env("A", "b c").env_remove("HOME");
        let said = process::output(&mut at_lowest_priority(command.current_dir(folder.path())))?;
        assert_eq!(said.trim_end(), format!("19 b c none {}", folder.path().canonicalize()?.display()));
        Ok(())
    }
}
