//! The demo in a real Chromium, driven by extension/e2e/demo.ts.

use std::path::Path;

use anyhow::{Context, Result};

use crate::keychain::Keychain;
use crate::project::{Profile, Project, variable};
use crate::{apt, npm, process};

/// With a display: until the person closes the browser. Without: a walk through the screens that leaves pictures.
pub(super) fn run(project: &Project, profile: Profile, headless: bool, pictures: &Path) -> Result<()> {
    apt::ensure_present([apt::NODE, apt::KEYCHAIN, apt::BROWSER, apt::CURL].into_iter().flatten())?;
    project.build_programs(profile)?;
    npm::install(project)?;
    process::run(&mut npm::npm(project, ["run", "--silent", "build"]))?;
    let keychain = Keychain::start(project)?;
    let mut walk = npm::npm(project, ["run", "--silent", "demo", "--", "--pictures"]);
    walk.arg(std::path::absolute(pictures).context("find the folder for the pictures")?);
    if !headless && has_display() {
        walk.arg("--headed");
    }
    walk.envs(project.program_variables(profile));
    keychain.lend(&mut walk);
    process::run(&mut walk)
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(|name| variable(name).is_some())
}
