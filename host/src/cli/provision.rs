//! `provision`: leaves an application's keys with a person, run as that person by a fleet's tools.

use clap::Args;

use super::input::read_secret;
use super::output::print;
use crate::context::Context;
use crate::failure::Failure;
use crate::portal::PortalUrl;
use crate::provision::ApplicationKeys;

/// Reads the client secret from stdin and keeps it in this user account's keychain, so that connecting asks for nothing.
#[derive(Args)]
pub(super) struct ProvisionArgs {
    /// The portal: acme.bitrix24.com
    #[arg(long, value_name = "HOST")]
    portal: PortalUrl,
    /// The local application's client id
    #[arg(long, value_name = "ID")]
    client_id: String,
}

pub(super) async fn provision(context: &Context, args: &ProvisionArgs) -> Result<(), Failure> {
    context.policy.check_portal(&args.portal)?;
    let keys = ApplicationKeys::new(&args.portal, &args.client_id, read_secret("Client secret: ")?)?;
    context.provisions.put(&args.portal, keys).await?;
    print(&format!("The keys for {} are in the keychain; connecting will ask for nothing.", args.portal));
    Ok(())
}
