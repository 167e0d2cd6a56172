//! `cargo xtask demo`: the whole product, against a fake portal and a fake Gmail, touching nothing of the person's own.

mod lookup;
mod walk;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

use crate::project::{Profile, Project};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Walk through the screens without a window and leave pictures, even where there is a display
    #[arg(long, conflicts_with = "lookup")]
    headless: bool,
    /// Where to leave the pictures
    #[arg(long, value_name = "FOLDER", default_value = "pictures", conflicts_with = "lookup")]
    pictures: PathBuf,
    /// Look these addresses up in the terminal; no browser at all
    #[arg(long, value_name = "ADDRESS", num_args = 1..)]
    lookup: Vec<String>,
    /// Build the programs as they are shipped
    #[arg(long)]
    release: bool,
}

/// Builds what is needed, then shows it.
pub(crate) fn run(project: &Project, arguments: &Arguments) -> Result<ExitCode> {
    let profile = if arguments.release { Profile::Release } else { Profile::Dev };
    if arguments.lookup.is_empty() {
        walk::run(project, profile, arguments.headless, &arguments.pictures)?;
    } else {
        lookup::run(project, profile, &arguments.lookup)?;
    }
    Ok(ExitCode::SUCCESS)
}
