//! `connect` and `connectWebhook`: from what a person typed to a connection.

use std::net::IpAddr;
use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};

use super::admission::{Admission, Asking, Caller, admit};
use super::confirm::confirm;
use super::disconnect::leave_for;
use crate::bitrix24::{Authorization, Client, Credentials, WebhookAddress};
use crate::connection::{Access, Connection};
use crate::context::Context;
use crate::egress::Purpose;
use crate::failure::{Failure, Reason};
use crate::fault;
use crate::identity::Identity;
use crate::oauth::{
    Application, BrowserOpener, ConnectLock, Granted, Listener, TokenLock, callback_port, exchange_code,
};
use crate::portal::{AuthorizationServer, PortalUrl, RestEndpoint};
use crate::protocol::{ConnectParams, ConnectProgress, ConnectWebhookParams, Connected, WireSecret};
use crate::provision::ApplicationKeys;
use crate::vault::{OauthSecret, PortalSecret};

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
    let wanted = WantedPortal {
        portal: params.portal.parse()?,
        client_id: params.client_id.filter(|id| !id.trim().is_empty()),
        client_secret: params.client_secret.map(secret),
        callback_port: params.callback_port,
        confirmed: params.confirmed,
        moved_from,
    };
    let kept = by_application(context, Asking::Profile(caller), wanted, browser, |_| {}, progress).await?;
    admit(context, &kept.connection, caller, params.mailbox.as_deref())
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
    let kept = by_webhook(context, Asking::Profile(caller), address, params.confirmed.as_deref()).await?;
    admit(context, &kept.connection, caller, params.mailbox.as_deref())
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

/// Connects to a portal by OAuth, as the person at the command line. Any session with it stays, and none is given. `listening` hears
/// the redirect address.
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
    Ok(by_application(context, Asking::Person, wanted, browser, listening, progress).await?.connection)
}

async fn by_application(
    context: &Context,
    asking: Asking<'_>,
    wanted: WantedPortal,
    browser: &impl BrowserOpener,
    listening: impl FnOnce(&str),
    progress: impl Fn(ConnectProgress),
) -> Result<Kept, Failure> {
    let (portal, moved_from) = (wanted.portal, wanted.moved_from);
    let admission = Admission { asking, portal: &portal, moved_from: moved_from.as_ref() };
    admission.check(context).await?;
    context.policy.check_portal(&portal)?;
    let here = context.connections.find(&portal)?;
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
    let kept = keep(context, &admission, connection_now(context, &endpoint, access, identity, agreed), secret).await?;
    if let Some(before) = moved_from.filter(|before| before.portal != portal) {
        leave_for(context, &before.portal, &portal).await?;
    }
    Ok(kept)
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

/// Connects to a portal by an inbound webhook, as the person at the command line. Any session with it stays, and none is given.
///
/// # Errors
/// Whatever goes wrong on the way; nothing is stored then.
pub async fn connect_by_webhook(
    context: &Context,
    address: WebhookAddress,
    confirmed: Option<&str>,
) -> Result<Connection, Failure> {
    Ok(by_webhook(context, Asking::Person, address, confirmed).await?.connection)
}

async fn by_webhook(
    context: &Context,
    asking: Asking<'_>,
    address: WebhookAddress,
    confirmed: Option<&str>,
) -> Result<Kept, Failure> {
    let WebhookAddress { endpoint, user, secret } = address;
    let admission = Admission { asking, portal: endpoint.portal(), moved_from: None };
    admission.check(context).await?;
    context.policy.check_portal(endpoint.portal())?;
    let existing = context.connections.find(endpoint.portal())?;
    let agreed = confirm(context, endpoint.portal(), existing.as_ref(), confirmed).await?;
    context.vault.probe().await?;
    let authorization = Authorization::Webhook { user, secret: secret.clone() };
    let identity = identify(context, endpoint.clone(), authorization).await?;
    let connection = connection_now(context, &endpoint, Access::Webhook, identity, agreed);
    keep(context, &admission, connection, PortalSecret::Webhook { user, secret }).await
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

/// The connection as it is from now on.
fn connection_now(
    context: &Context,
    endpoint: &RestEndpoint,
    access: Access,
    identity: Identity,
    agreed: Vec<IpAddr>,
) -> Connection {
    let portal = endpoint.portal().clone();
    Connection {
        client_endpoint: format!("{}{}", portal.origin(), endpoint.path()),
        portal,
        access,
        user: identity.user,
        since: context.clock.now(),
        agreed,
    }
}

/// A connection that is written down. As long as this is held, nobody else comes in between, so that whoever connects next finds it with
/// its session.
struct Kept {
    connection: Connection,
    _turn: ConnectLock,
}

/// Writes the connection down if whoever asks may still connect: what isn't secret first, so that whatever is in the keychain can always
/// be found and purged.
///
/// In a task of its own, since a caller who gives up now must not leave one without the other.
async fn keep(
    context: &Context,
    admission: &Admission<'_>,
    connection: Connection,
    secret: PortalSecret,
) -> Result<Kept, Failure> {
    let turn = ConnectLock::take(&context.paths).await?;
    admission.check(context).await?;
    let (connections, vault, paths) = (context.connections.clone(), context.vault.clone(), context.paths.clone());
    let kept = tokio::spawn(async move {
        let portal = &connection.portal;
        let _lock = TokenLock::take(&paths, portal).await?;
        let before = connections.find(portal)?;
        fault::point("connect answered");
        connections.put(connection.clone())?;
        fault::point("connect listed");
        if let Err(failure) = secret.store(&vault, portal).await {
            match before {
                Some(before) => connections.put(before)?,
                None => connections.remove(portal)?,
            }
            return Err(failure);
        }
        fault::point("connect stored");
        Ok(Kept { connection, _turn: turn })
    });
    kept.await.map_err(|_| Failure::new(Reason::Internal).with("method", "connect"))?
}

fn secret(wire: WireSecret) -> SecretString {
    wire.into_inner().expose_secret().trim().into()
}
