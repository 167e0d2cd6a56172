//! `settings`: the person's own addresses, the domains of their colleagues, and whose e-mail is never logged.

use clap::{Args, ValueEnum};

use super::output::{print, say, table};
use crate::context::Context;
use crate::failure::Failure;
use crate::protocol::{ChangeNeverLogParams, ChangeTeamParams};

/// Without options, shows them.
#[derive(Args)]
pub(super) struct SettingsArgs {
    /// One more address or alias that is yours
    #[arg(long, value_name = "ADDRESS")]
    add_address: Vec<String>,
    /// An address that isn't yours any more
    #[arg(long, value_name = "ADDRESS")]
    remove_address: Vec<String>,
    /// One more domain whose addresses are colleagues: acme.com
    #[arg(long, value_name = "DOMAIN")]
    add_domain: Vec<String>,
    /// One more address or domain whose e-mail is never logged
    #[arg(long, value_name = "ADDRESS|DOMAIN")]
    add_never_log: Vec<String>,
    /// An address or domain whose e-mail may be logged again
    #[arg(long, value_name = "ADDRESS|DOMAIN")]
    remove_never_log: Vec<String>,
    /// Whether hashes of looked-up addresses stand beside the ledger, so that `ledger --address` can find them; off also destroys
    /// those there are, and their key
    #[arg(long, value_name = "on|off")]
    address_hashes: Option<Switch>,
    /// A domain whose addresses aren't colleagues any more
    #[arg(long, value_name = "DOMAIN")]
    remove_domain: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Switch {
    On,
    Off,
}

pub(super) async fn settings(context: &Context, args: SettingsArgs) -> Result<(), Failure> {
    let SettingsArgs {
        add_address,
        remove_address,
        add_domain,
        remove_domain,
        add_never_log,
        remove_never_log,
        address_hashes,
    } = args;
    let lists = [&add_address, &remove_address, &add_domain, &remove_domain, &add_never_log, &remove_never_log];
    let settings = if lists.iter().all(|list| list.is_empty()) && address_hashes.is_none() {
        context.settings.read()?
    } else {
        let change = ChangeTeamParams {
            add_addresses: add_address,
            remove_addresses: remove_address,
            add_domains: add_domain,
            remove_domains: remove_domain,
        };
        let never_log = ChangeNeverLogParams { add: add_never_log, remove: remove_never_log };
        context.settings.update(|settings| {
            settings.change_team(&change)?;
            settings.change_never_log(&never_log)?;
            settings.keep_address_hashes = address_hashes.map_or(settings.keep_address_hashes, |to| to == Switch::On);
            Ok(settings.clone())
        })?
    };
    if address_hashes == Some(Switch::Off) {
        context.address_index().forget().await?;
        say("The hashes and their key are destroyed.");
    }
    let row = |name: &str, value: &String| [name.to_owned(), value.clone()];
    let addresses = settings.own_addresses.iter().map(|address| row("your address", address));
    let domains = settings.team_domains.iter().map(|domain| row("team domain", domain));
    let fixed = context.policy.team_domains.iter().map(|domain| row("team domain", &format!("{domain} (by policy)")));
    let never_logged = settings.never_log.iter().map(|listed| row("never logged", &listed.to_string()));
    let never_by_policy =
        context.policy.never_log.iter().map(|listed| row("never logged", &format!("{listed} (by policy)")));
    let hashes = row("address hashes", &(if settings.keep_address_hashes { "on" } else { "off" }).to_owned());
    print(&table(
        &addresses
            .chain(domains)
            .chain(fixed)
            .chain(never_logged)
            .chain(never_by_policy)
            .chain([hashes])
            .collect::<Vec<_>>(),
    ));
    Ok(())
}
