//! What wixl can't say, put into the database that it made: conditions of components, the Environment table, which properties
//! pass to the privileged half, and times and identities that follow from the content.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, Result};
use uuid::Uuid;

use super::{PUBLISHER, Scope, source};
use crate::{SUMMARY, tool};

/// <https://learn.microsoft.com/windows/win32/msi/environment-table>
const ENVIRONMENT: &str = "CREATE TABLE `Environment` (`Environment` CHAR(72) NOT NULL, `Name` CHAR(255) NOT NULL LOCALIZABLE, \
    `Value` CHAR(255) LOCALIZABLE, `Component_` CHAR(72) NOT NULL PRIMARY KEY `Environment`)";

/// The order that the Windows Installer's documentation suggests for its standard actions.
const STEPS: [(&str, u32); 2] = [("RemoveEnvironmentStrings", 3300), ("WriteEnvironmentStrings", 5200)];

/// Completes the package at `path` with `conditions` by component.
pub(super) fn tables(path: &Path, scope: Scope, conditions: &BTreeMap<String, String>) -> Result<()> {
    let found = ["WIX_DOWNGRADE_DETECTED", "WIX_UPGRADE_DETECTED", "BUILD"];
    let secure = found.into_iter().chain(source::public_properties(scope)).collect::<Vec<_>>().join(";");
    let mut statements = vec![
        ENVIRONMENT.to_owned(),
        path_entry(scope),
        format!("UPDATE `Property` SET `Value` = '{secure}' WHERE `Property` = 'SecureCustomProperties'"),
    ];
    statements.extend(STEPS.map(|(action, at)| {
        format!("INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('{action}', {at})")
    }));
    statements.extend(conditions.iter().map(|(component, condition)| {
        format!("UPDATE `Component` SET `Condition` = '{condition}' WHERE `Component` = '{component}'")
    }));
    let mut build = Command::new("msibuild");
    build.arg(path);
    for statement in statements {
        build.arg("-q").arg(statement);
    }
    tool::output(&mut build).map(drop)
}

/// Replaces what the tools say of the package, the time of the moment among it.
pub(super) fn summary(path: &Path, content: Uuid, timestamp: u32) -> Result<()> {
    let file = File::options().read(true).write(true).open(path)?;
    let mut package = msi::Package::open(file).with_context(|| format!("read {}", path.display()))?;
    let time = UNIX_EPOCH + Duration::from_secs(timestamp.into());
    let summary = package.summary_info_mut();
    summary.set_subject(SUMMARY);
    summary.set_author(PUBLISHER);
    summary.set_uuid(content);
    summary.set_creation_time(time);
    summary.set_last_save_time(time);
    package.flush().with_context(|| format!("write {}", path.display()))
}

/// The folder of the program at the end of PATH: `=` sets at installation, `-` removes with the component, `*` is for the
/// whole machine.
fn path_entry(scope: Scope) -> String {
    let name = match scope {
        Scope::Machine => "=-*PATH",
        Scope::Person => "=-PATH",
    };
    format!(
        "INSERT INTO `Environment` (`Environment`, `Name`, `Value`, `Component_`) \
         VALUES ('Path', '{name}', '[~];[INSTALLDIR]', 'Component.gmail_sync_host_exe')"
    )
}
