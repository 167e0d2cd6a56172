//! Other people's programs that this crate starts.

use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Runs a tool to its end and returns what it printed. What it says on stderr is shown only when it fails.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("start {program}; is it installed?"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} failed ({}): {}", output.status, said.trim());
    String::from_utf8(output.stdout).with_context(|| format!("read what {program} printed"))
}
