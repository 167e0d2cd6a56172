//! Keeping a connection's token fresh: only when needed, once for all host processes, stored before it is used.

use std::sync::{Arc, Mutex, PoisonError};

use secrecy::{ExposeSecret as _, SecretString};

use super::exchange::{Application, exchange_refresh};
use super::lock::TokenLock;
use crate::bitrix24::{Authorization, Credentials};
use crate::clock::Clock;
use crate::connection::{Access, Connection};
use crate::egress::Egress;
use crate::failure::{Failure, Reason};
use crate::fault;
use crate::paths::Paths;
use crate::vault::{OauthSecret, PortalSecret, Vault};

/// The authorization of a connection, from the keychain and renewed when it has to be. Clones share what they know.
#[derive(Clone)]
pub struct StoredCredentials(Arc<Inner>);

struct Inner {
    connection: Connection,
    vault: Vault,
    egress: Arc<Egress>,
    clock: Clock,
    paths: Paths,
    /// What the keychain said last: reading it again would cost a millisecond, or an unlock dialog, each time.
    known: Mutex<Option<PortalSecret>>,
}

impl StoredCredentials {
    /// Of this connection. Nothing is read yet.
    #[must_use]
    pub fn new(connection: Connection, vault: Vault, egress: Arc<Egress>, clock: Clock, paths: &Paths) -> Self {
        Self(Arc::new(Inner { connection, vault, egress, clock, paths: paths.clone(), known: Mutex::new(None) }))
    }
}

impl Credentials for StoredCredentials {
    async fn current(&self) -> Result<Authorization, Failure> {
        let known = match self.0.known() {
            Some(known) => known,
            None => self.0.load().await?,
        };
        match &known {
            PortalSecret::Oauth(tokens) if tokens.expires <= self.0.clock.now() => {
                self.renew_token(&tokens.access).await
            }
            PortalSecret::Oauth(_) | PortalSecret::Webhook { .. } => Ok(authorization(&known)),
        }
    }

    async fn renew(&self, stale: &Authorization) -> Result<Authorization, Failure> {
        match stale {
            Authorization::Token(stale) => self.renew_token(stale).await,
            Authorization::Webhook { .. } => Err(self.0.nothing_to_renew()),
        }
    }
}

impl StoredCredentials {
    /// In a task of its own: once the token request is on its way the old refresh token may be worthless, so a caller who
    /// gives up must not take the answer with them.
    async fn renew_token(&self, stale: &SecretString) -> Result<Authorization, Failure> {
        let (inner, stale) = (Arc::clone(&self.0), stale.clone());
        let renewed = tokio::spawn(async move { inner.refresh(&stale).await });
        renewed.await.map_err(|_| Failure::new(Reason::Internal).with("method", "refresh"))?
    }
}

impl Inner {
    async fn refresh(&self, stale: &SecretString) -> Result<Authorization, Failure> {
        let Access::Oauth { client_id, member_id, .. } = &self.connection.access else {
            return Err(self.nothing_to_renew());
        };
        let server = self.connection.authorization_server()?.ok_or_else(|| self.nothing_to_renew())?;
        let lock = TokenLock::take(&self.paths, &self.connection.portal).await?;
        let stored = self.load().await?;
        let PortalSecret::Oauth(tokens) = &stored else { return Ok(authorization(&stored)) };
        if tokens.access.expose_secret() != stale.expose_secret() {
            // Another process, or another request of this one, was first.
            return Ok(authorization(&stored));
        }
        fault::point("refresh locked");
        let application =
            Application { server, client_id: client_id.clone(), client_secret: tokens.client_secret.clone() };
        let egress = Arc::clone(&self.egress);
        let granted = exchange_refresh(egress, application, tokens.refresh.clone(), self.clock.now()).await?;
        fault::point("refresh answered");
        if granted.member_id != *member_id {
            return Err(Failure::new(Reason::OtherPortal).with("portal", &self.connection.portal));
        }
        let renewed = PortalSecret::Oauth(OauthSecret {
            access: granted.access,
            refresh: granted.refresh,
            expires: granted.expires,
            client_secret: tokens.client_secret.clone(),
        });
        renewed.store(&self.vault, &self.connection.portal).await?;
        fault::point("refresh stored");
        drop(lock);
        let authorization = authorization(&renewed);
        self.know(renewed);
        Ok(authorization)
    }

    async fn load(&self) -> Result<PortalSecret, Failure> {
        let stored = PortalSecret::load(&self.vault, &self.connection.portal).await?;
        self.know(stored.clone());
        Ok(stored)
    }

    fn nothing_to_renew(&self) -> Failure {
        Failure::new(Reason::WebhookRefused).with("portal", &self.connection.portal)
    }

    fn known(&self) -> Option<PortalSecret> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn know(&self, secret: PortalSecret) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(secret);
    }
}

fn authorization(secret: &PortalSecret) -> Authorization {
    match secret {
        PortalSecret::Oauth(tokens) => Authorization::Token(tokens.access.clone()),
        PortalSecret::Webhook { user, secret } => Authorization::Webhook { user: *user, secret: secret.clone() },
    }
}
