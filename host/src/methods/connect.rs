//! `connect` and `connectWebhook`: from what a person typed to a connection.

use std::net::IpAddr;
use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};

use super::confirm::confirm;
use super::disconnect::leave_for;
use super::status::status_of;
use crate::bitrix24::{Authorization, Client, Credentials, WebhookAddress};
use crate::connection::{Access, Connection};
use crate::context::Context;
use crate::egress::Purpose;
use crate::failure::{Failure, Reason};
use crate::fault;
use crate::identity::Identity;
use crate::oauth::{Application, BrowserOpener, Granted, Listener, TokenLock, callback_port, exchange_code};
use crate::portal::{AuthorizationServer, PortalUrl, RestEndpoint};
use crate::protocol::{ConnectParams, ConnectProgress, ConnectWebhookParams, Connected, WireSecret};
use crate::provision::ApplicationKeys;
use crate::sessions::Session;
use crate::vault::{OauthSecret, PortalSecret};

/// Who asks: an extension in some browser profile.
pub struct Caller<'a> {
    /// The extension's origin.
    pub origin: &'a str,
    /// The session it has, if any; checked.
    pub session: Option<&'a Session>,
}

/// Connects to a portal by OAuth, and gives the caller a session.
///
/// # Errors
/// Whatever goes wrong on the way; nothing is stored then.
pub async fn connect(
    context: &Context,
    params: ConnectParams,
    caller: &Caller<'_>,
    browser: &impl BrowserOpener,
    progress: impl Fn(ConnectProgress),
) -> Result<Connected, Failure> {
    let moved_from = if params.moved { Some(moved_connection(context, caller)?) } else { None };
    let portal = params.portal.parse()?;
    may_connect(context, &portal, caller, moved_from.as_ref()).await?;
    let wanted = WantedPortal {
        portal,
        client_id: params.client_id.filter(|id| !id.trim().is_empty()),
        client_secret: params.client_secret.map(secret),
        callback_port: params.callback_port,
        confirmed: params.confirmed,
        moved_from,
    };
    let connection = connect_portal(context, wanted, browser, |_| {}, progress).await?;
    admit(context, &connection, caller, params.mailbox.as_deref())
}

/// Connects to a portal by an inbound webhook, and gives the caller a session.
///
/// # Errors
/// Whatever goes wrong on the way; nothing is stored then.
pub async fn connect_webhook(
    context: &Context,
    params: ConnectWebhookParams,
    caller: &Caller<'_>,
) -> Result<Connected, Failure> {
    let address: WebhookAddress = params.url.into_inner().expose_secret().parse()?;
    may_connect(context, address.endpoint.portal(), caller, None).await?;
    let connection = connect_by_webhook(context, address, params.confirmed.as_deref()).await?;
    admit(context, &connection, caller, params.mailbox.as_deref())
}

/// What a person wants to connect to.
pub struct WantedPortal {
    /// The portal.
    pub portal: PortalUrl,
    /// The local application's client id, unless policy fixes it; absent: the existing connection's, or as provisioned.
    pub client_id: Option<String>,
    /// Its client secret; absent: the existing connection's, or as provisioned.
    pub client_secret: Option<SecretString>,
    /// The registered port, unless policy fixes it; absent: the existing connection's, or [`crate::oauth::DEFAULT_PORT`].
    pub callback_port: Option<u16>,
    /// Where the person agreed that the portal is.
    pub confirmed: Option<String>,
    /// The connection to the portal as it was called before: this one takes its place.
    pub moved_from: Option<Connection>,
}

/// Connects to a portal by OAuth. Any session with it stays, and none is given. `listening` hears the redirect address.
///
/// # Errors
/// Whatever goes wrong on the way; nothing is stored then.
pub async fn connect_portal(
    context: &Context,
    wanted: WantedPortal,
    browser: &impl BrowserOpener,
    listening: impl FnOnce(&str),
    progress: impl Fn(ConnectProgress),
) -> Result<Connection, Failure> {
    let portal = wanted.portal;
    context.policy.check_portal(&portal)?;
    let (here, moved_from) = (context.connections.find(&portal)?, wanted.moved_from);
    let existing = here.as_ref().or(moved_from.as_ref());
    let agreed = confirm(context, &portal, existing, wanted.confirmed.as_deref()).await?;
    let ApplicationKeys { client_id, client_secret } =
        application_keys(context, &portal, wanted.client_id, wanted.client_secret, existing).await?;
    // Before the person is sent anywhere: what would fail afterwards anyway.
    context.vault.probe().await?;
    let used_before = existing.and_then(Connection::callback_port);
    let port = callback_port(context.policy.callback_port, wanted.callback_port.or(used_before));
    let listener = Listener::bind(port).await?;
    listening(&listener.address());
    let opened = || progress(ConnectProgress::BrowserOpened);
    let callback = context.attempts.run(&portal, &client_id, &listener, browser, opened).await?;
    drop(listener);

    progress(ConnectProgress::Exchanging);
    let server = callback.authorization_server(&portal)?;
    let application =
        Application { server: server.clone(), client_id: client_id.clone(), client_secret: client_secret.clone() };
    let egress = Arc::clone(&context.egress);
    let granted = exchange_code(egress, application, callback.code, context.clock.now()).await?;

    progress(ConnectProgress::Checking);
    let endpoint = agreed_endpoint(&portal, &callback.member_id, here.iter().chain(&moved_from), &granted)?;
    let authorization_server = match &granted.server_endpoint {
        Some(named) => AuthorizationServer::new(&portal, named)?,
        None => server,
    };
    let identity = identify(context, endpoint.clone(), Authorization::Token(granted.access.clone())).await?;
    let access = Access::Oauth {
        client_id,
        member_id: granted.member_id,
        authorization_server: authorization_server.origin(),
        callback_port: Some(port),
    };
    let secret = PortalSecret::Oauth(OauthSecret {
        access: granted.access,
        refresh: granted.refresh,
        expires: granted.expires,
        client_secret,
    });
    let connection = keep(context, endpoint, access, identity, secret, agreed).await?;
    if let Some(before) = moved_from.filter(|before| before.portal != connection.portal) {
        leave_for(context, &before.portal, &connection.portal).await?;
    }
    Ok(connection)
}

/// The caller's connection, for following its portal to another address. Only a member id can show that it is the same portal, and a
/// webhook has none.
fn moved_connection(context: &Context, caller: &Caller<'_>) -> Result<Connection, Failure> {
    let connection = context.known_connection(caller.session.ok_or(Reason::SessionNeeded)?)?;
    match connection.access {
        Access::Oauth { .. } => Ok(connection),
        Access::Webhook => Err(Failure::new(Reason::WebhookRefused).with("portal", &connection.portal)),
    }
}

/// Connects to a portal by an inbound webhook. Any session with it stays, and none is given.
///
/// # Errors
/// Whatever goes wrong on the way; nothing is stored then.
pub async fn connect_by_webhook(
    context: &Context,
    address: WebhookAddress,
    confirmed: Option<&str>,
) -> Result<Connection, Failure> {
    let WebhookAddress { endpoint, user, secret } = address;
    context.policy.check_portal(endpoint.portal())?;
    let existing = context.connections.find(endpoint.portal())?;
    let agreed = confirm(context, endpoint.portal(), existing.as_ref(), confirmed).await?;
    context.vault.probe().await?;
    let authorization = Authorization::Webhook { user, secret: secret.clone() };
    let identity = identify(context, endpoint.clone(), authorization).await?;
    keep(context, endpoint, Access::Webhook, identity, PortalSecret::Webhook { user, secret }, agreed).await
}

/// Once there is a connection, only those who are in may connect: to their own portal again, or to a further one. Others need a
/// one-time code whatever portal they name, since any session reads the ledger and changes settings that hold for all portals.
///
/// Who follows a portal is in at its new name, too: the connection there may be what an earlier try got to.
async fn may_connect(
    context: &Context,
    portal: &PortalUrl,
    caller: &Caller<'_>,
    moved_from: Option<&Connection>,
) -> Result<(), Failure> {
    if caller.session.is_some_and(|session| session.portal == *portal) {
        return Ok(());
    }
    for connected in context.connections.all()? {
        let followed = moved_from.is_some_and(|before| before.is_same_portal(&connected));
        let stands_against = caller.session.is_none() || (connected.portal == *portal && !followed);
        if stands_against && is_whole(context, &connected.portal).await {
            return Err(Reason::AlreadyConnected.into());
        }
    }
    Ok(())
}

/// A connection without its secret is none: a host that was killed while connecting or disconnecting leaves one, and nobody has a
/// session to it. What a keychain doesn't tell counts as kept.
async fn is_whole(context: &Context, portal: &PortalUrl) -> bool {
    let secret = PortalSecret::load(&context.vault, portal).await;
    !matches!(secret, Err(failure) if failure.reason() == Reason::KeychainNoEntry)
}

/// Gives the caller a session, in place of the one it had, and switches on the mailbox it looks at.
fn admit(
    context: &Context,
    connection: &Connection,
    caller: &Caller<'_>,
    mailbox: Option<&str>,
) -> Result<Connected, Failure> {
    if let Some(mailbox) = mailbox {
        context.settings.update(|settings| settings.set_mailbox(&connection.portal, mailbox, true))?;
    }
    let token = context.sessions.issue(&connection.portal, caller.origin, context.clock.now())?;
    fault::point("session issued");
    if let Some(old) = caller.session {
        context.sessions.replace(old)?;
    }
    Ok(Connected { session: token.expose_secret().to_owned(), status: status_of(context, connection)? })
}

/// The client id of policy, or as typed; the secret as typed. What is missing is the existing connection's, or was left here
/// by a fleet's tools.
async fn application_keys(
    context: &Context,
    portal: &PortalUrl,
    client_id: Option<String>,
    client_secret: Option<SecretString>,
    existing: Option<&Connection>,
) -> Result<ApplicationKeys, Failure> {
    let client_id = context.policy.client_id.clone().or(client_id);
    let (client_id, client_secret) = match (client_id, client_secret) {
        (Some(id), Some(secret)) => (Some(id), Some(secret)),
        (id, secret) => {
            let known = match existing_keys(context, existing).await? {
                Some(keys) => Some(keys),
                None => context.provisions.find(portal).await?,
            };
            let (known_id, known_secret) = known.map(|keys| (keys.client_id, keys.client_secret)).unzip();
            // A keychain that lost the secret is no reason to ask for what was never in it.
            let used_before = || existing.and_then(Connection::client_id).map(str::to_owned);
            (id.or(known_id).or_else(used_before), secret.or(known_secret))
        }
    };
    ApplicationKeys::new(portal, &client_id.unwrap_or_default(), client_secret)
}

/// What the existing connection was made with, so that connecting again asks for nothing.
async fn existing_keys(context: &Context, existing: Option<&Connection>) -> Result<Option<ApplicationKeys>, Failure> {
    let Some((connection, client_id)) = existing.and_then(|known| Some((known, known.client_id()?))) else {
        return Ok(None);
    };
    match PortalSecret::load(&context.vault, &connection.portal).await {
        Ok(PortalSecret::Oauth(OauthSecret { client_secret, .. })) => {
            Ok(Some(ApplicationKeys { client_id: client_id.to_owned(), client_secret }))
        }
        Ok(PortalSecret::Webhook { .. }) => Ok(None),
        Err(failure) if failure.reason() == Reason::KeychainNoEntry => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Redirect, token answer and the earlier connections must all speak of the portal that was asked for.
fn agreed_endpoint<'a>(
    portal: &PortalUrl,
    redirected_from: &str,
    existing: impl IntoIterator<Item = &'a Connection>,
    granted: &Granted,
) -> Result<RestEndpoint, Failure> {
    if granted.member_id != redirected_from {
        return Err(Reason::MemberMismatch.into());
    }
    let is_other = |connection: &Connection| match &connection.access {
        Access::Oauth { member_id, .. } => *member_id != granted.member_id,
        Access::Webhook => false,
    };
    if existing.into_iter().any(is_other) {
        return Err(Failure::new(Reason::PortalReplaced).with("portal", portal));
    }
    match &granted.client_endpoint {
        Some(endpoint) => RestEndpoint::new(portal.clone(), endpoint),
        None => Ok(RestEndpoint::standard(portal.clone())),
    }
}

async fn identify(context: &Context, endpoint: RestEndpoint, given: Authorization) -> Result<Identity, Failure> {
    let portal = endpoint.portal().clone();
    let fresh = Fresh { authorization: given, portal: portal.clone() };
    let client = Client::new(Arc::clone(&context.egress), endpoint, fresh, context.pace);
    let identity = Identity::ask(&client, Purpose::Connect).await?;
    identity.check_scopes(&portal)?;
    Ok(identity)
}

/// An authorization that has just been given: there is nothing to renew it with yet.
struct Fresh {
    authorization: Authorization,
    portal: PortalUrl,
}

impl Credentials for Fresh {
    async fn current(&self) -> Result<Authorization, Failure> {
        Ok(self.authorization.clone())
    }

    async fn renew(&self, _: &Authorization) -> Result<Authorization, Failure> {
        Err(Failure::new(Reason::FreshTokenRefused).with("portal", &self.portal))
    }
}

/// Writes the connection down: what isn't secret first, so that whatever is in the keychain can always be found and purged.
///
/// In a task of its own, since a caller who gives up now must not leave one without the other.
async fn keep(
    context: &Context,
    endpoint: RestEndpoint,
    access: Access,
    identity: Identity,
    secret: PortalSecret,
    agreed: Vec<IpAddr>,
) -> Result<Connection, Failure> {
    let portal = endpoint.portal().clone();
    let connection = Connection {
        client_endpoint: format!("{}{}", portal.origin(), endpoint.path()),
        portal: portal.clone(),
        access,
        user: identity.user,
        since: context.clock.now(),
        agreed,
    };
    let (connections, vault, paths) = (context.connections.clone(), context.vault.clone(), context.paths.clone());
    let kept = tokio::spawn(async move {
        let _lock = TokenLock::take(&paths, &portal).await?;
        let before = connections.find(&portal)?;
        fault::point("connect answered");
        connections.put(connection.clone())?;
        fault::point("connect listed");
        if let Err(failure) = secret.store(&vault, &portal).await {
            match before {
                Some(before) => connections.put(before)?,
                None => connections.remove(&portal)?,
            }
            return Err(failure);
        }
        fault::point("connect stored");
        Ok(connection)
    });
    kept.await.map_err(|_| Failure::new(Reason::Internal).with("method", "connect"))?
}

fn secret(wire: WireSecret) -> SecretString {
    wire.into_inner().expose_secret().trim().into()
}
