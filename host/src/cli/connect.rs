//! `connect` and `disconnect`.

use std::io::{self, BufRead as _};

use clap::Args;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;
use zeroize::Zeroizing;

use super::Which;
use super::input::read_secret;
use super::output::{clean, print, say};
use crate::bitrix24::WebhookAddress;
use crate::connection::Connection;
use crate::context::Context;
use crate::failure::{Failure, Reason};
use crate::methods::{WantedPortal, connect_by_webhook, connect_portal, disconnect_portal};
use crate::oauth::{Attempts, BrowserOpener, ConnectLock, SystemBrowser};
use crate::portal::PortalUrl;
use crate::protocol::ConnectProgress;

/// Opens the portal in your browser, where you sign in; the browser then comes back to this program. Asks for the local
/// application's client secret, or reads it from stdin if that is no terminal. Without options asks where to connect, unless
/// a policy says it; Enter connects to the known portal again.
#[derive(Args)]
pub(super) struct ConnectArgs {
    /// The portal: acme.bitrix24.com
    #[arg(long, value_name = "HOST")]
    portal: Option<PortalUrl>,
    /// The local application's client id; the portal's administrator has it
    #[arg(long, value_name = "ID", conflicts_with = "webhook")]
    client_id: Option<String>,
    /// The port of the registered redirect address, if it isn't 17485
    #[arg(long, value_name = "PORT", conflicts_with = "webhook")]
    callback_port: Option<u16>,
    /// Print the address to open instead of opening a browser
    #[arg(long, conflicts_with = "webhook")]
    no_browser: bool,
    /// Where the portal is, if it is the company's own: the address that connecting without this names
    #[arg(long, value_name = "ADDRESS")]
    confirm: Option<String>,
    /// Connect by an inbound webhook, whose address is asked for, or read from stdin
    #[arg(long, conflicts_with = "portal")]
    webhook: bool,
}

/// What to connect to.
enum Target {
    Portal(PortalUrl),
    /// Its address is a secret.
    Webhook(SecretString),
}

impl Target {
    /// As the person typed it: a webhook's address is known by its path.
    fn told(text: SecretString) -> Result<Self, Failure> {
        if text.expose_secret().contains("/rest/") {
            return Ok(Self::Webhook(text));
        }
        text.expose_secret().parse().map(Self::Portal)
    }
}

/// What the person types, or the portal that this computer knows already, unless that is a webhook's: its address says which it is.
/// Nobody sees what is typed, since it may be such an address.
fn ask_where(context: &Context) -> Result<Target, Failure> {
    let known = match context.connections.all()?.as_slice() {
        [only] if only.client_id().is_some() => Some(only.portal.clone()),
        _ => None,
    };
    let enter = known.as_ref().map(|portal| format!(" (Enter for {portal})")).unwrap_or_default();
    match (read_secret(&format!("The portal, or the address of an inbound webhook{enter}: "))?, known) {
        (Some(typed), _) => Target::told(typed),
        (None, Some(known)) => Ok(Target::Portal(known)),
        (None, None) => Err(Reason::PortalAddressInvalid.into()),
    }
}

pub(super) async fn connect(context: &Context, args: ConnectArgs) -> Result<(), Failure> {
    let target = match args.portal {
        Some(portal) => Target::Portal(portal),
        None if args.webhook => {
            Target::Webhook(read_secret("Address of the inbound webhook: ")?.ok_or(Reason::WebhookInvalid)?)
        }
        None => match context.policy.portals.first() {
            Some(portal) => Target::Portal(portal.clone()),
            None => ask_where(context)?,
        },
    };
    let connection = match target {
        Target::Portal(portal) => {
            let hint = "Client secret (Enter if it is in the keychain already): ";
            let client_id = args.client_id;
            let wanted = WantedPortal {
                portal,
                client_id,
                client_secret: read_secret(hint)?,
                callback_port: args.callback_port,
                confirmed: args.confirm,
                moved_from: None,
            };
            let browser = if args.no_browser { Opener::Print } else { Opener::System(SystemBrowser) };
            let listening = |address: &str| {
                say(&format!("Waiting for the browser to come back to {address} (5 minutes at most)."));
                say("Should it show an error there, paste the address it ended at here.");
                take_pasted_addresses(context.attempts.clone());
            };
            connect_portal(context, wanted, &browser, listening, tell).await?
        }
        Target::Webhook(address) => {
            connect_by_webhook(context, parse_webhook(&address)?, args.confirm.as_deref()).await?
        }
    };
    print(&connected(&connection));
    say("A browser profile may use it with the code that gmail-sync-host sessions allow prints.");
    Ok(())
}

pub(super) async fn disconnect(context: &Context, which: &Which) -> Result<(), Failure> {
    let connection = context.connections.select(which.portal.as_ref())?;
    let turn = ConnectLock::take(&context.paths).await?;
    disconnect_portal(context, &connection.portal, &turn).await?;
    print(&format!("Disconnected from {}: its tokens are no longer in the keychain.", connection.portal));
    say("Bitrix24 has no way to revoke a token: the last one ends by itself within the hour.");
    say("Ledger and settings are still here; gmail-sync-host purge removes them.");
    Ok(())
}

fn connected(connection: &Connection) -> String {
    let portal = &connection.portal;
    match connection.user.name.as_str() {
        "" => format!("Connected to {portal} as user {}.", connection.user.id),
        name => format!("Connected to {portal} as {}.", clean(name)),
    }
}

fn tell(progress: ConnectProgress) {
    match progress {
        ConnectProgress::BrowserOpened => {}
        ConnectProgress::Exchanging => say("The browser came back; getting the tokens."),
        ConnectProgress::Checking => say("Checking who you are and what the application may do."),
    }
}

/// How the person gets to the portal's page.
enum Opener {
    System(SystemBrowser),
    Print,
}

impl BrowserOpener for Opener {
    async fn open(&self, page: &Url) -> Result<(), Failure> {
        match self {
            Self::System(browser) => browser.open(page).await,
            Self::Print => {
                say("Open this page in a browser:");
                print(page.as_str());
                Ok(())
            }
        }
    }
}

fn parse_webhook(address: &SecretString) -> Result<WebhookAddress, Failure> {
    use secrecy::ExposeSecret as _;
    address.expose_secret().parse()
}

/// Hands lines of stdin to the running attempt, for when the redirect can't reach this computer. The thread ends with stdin
/// or with the process.
fn take_pasted_addresses(attempts: Attempts) {
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok).map(Zeroizing::new) {
            if let Err(failure) = attempts.paste(&line)
                && !line.trim().is_empty()
            {
                say(&format!("error: {}\nhint: {}", failure.message(), failure.hint()));
            }
        }
    });
}
