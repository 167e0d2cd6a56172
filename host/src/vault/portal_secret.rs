//! What one keychain entry holds: everything secret about one connection, as one compact JSON text.

use std::borrow::Cow;

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{SECRET_LIMIT, Vault, VaultError};
use crate::failure::{Failure, Reason};
use crate::portal::PortalUrl;

/// The secrets of one connection.
#[derive(Clone, Debug)]
pub enum PortalSecret {
    /// A local application's.
    Oauth(OauthSecret),
    /// An inbound webhook's.
    Webhook {
        /// The portal's id of the user who made it.
        user: u64,
        /// The part of its address that is secret.
        secret: SecretString,
    },
}

/// A pair of tokens, and what it takes to get the next one.
#[derive(Clone, Debug)]
pub struct OauthSecret {
    /// The access token.
    pub access: SecretString,
    /// The refresh token: good once.
    pub refresh: SecretString,
    /// When the access token ends.
    pub expires: Timestamp,
    /// The local application's client secret.
    pub client_secret: SecretString,
}

/// The entry's text. Borrowed both ways, so that no copy of a secret is left in memory.
#[derive(Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
enum Text<'a> {
    Oauth {
        #[serde(borrow)]
        access: Cow<'a, str>,
        #[serde(borrow)]
        refresh: Cow<'a, str>,
        expires: i64,
        #[serde(borrow)]
        client_secret: Cow<'a, str>,
    },
    Webhook {
        user: u64,
        #[serde(borrow)]
        secret: Cow<'a, str>,
    },
}

impl PortalSecret {
    /// Reads the secrets of the connection to `portal`.
    ///
    /// # Errors
    /// When the keychain doesn't give them, or they are no secrets of ours.
    pub async fn load(vault: &Vault, portal: &PortalUrl) -> Result<Self, Failure> {
        let text = vault.get(&portal.to_string()).await?;
        Self::parse(text.expose_secret()).ok_or(Reason::KeychainLost.into())
    }

    /// Stores the secrets of the connection to `portal`; they are in the keychain, read back, when this returns.
    ///
    /// # Errors
    /// When the keychain doesn't take them.
    pub async fn store(&self, vault: &Vault, portal: &PortalUrl) -> Result<(), Failure> {
        let text = self.text().ok_or(VaultError::Lost)?;
        Ok(vault.set(&portal.to_string(), text).await?)
    }

    /// Forgets the secrets of the connection to `portal`; they are gone from the keychain when this returns.
    ///
    /// # Errors
    /// When the keychain keeps them.
    pub async fn forget(vault: &Vault, portal: &PortalUrl) -> Result<(), Failure> {
        Ok(vault.delete(&portal.to_string()).await?)
    }

    fn parse(text: &str) -> Option<Self> {
        Some(match serde_json::from_str(text).ok()? {
            Text::Oauth { access, refresh, expires, client_secret } => Self::Oauth(OauthSecret {
                access: access.into_owned().into(),
                refresh: refresh.into_owned().into(),
                expires: Timestamp::from_second(expires).ok()?,
                client_secret: client_secret.into_owned().into(),
            }),
            Text::Webhook { user, secret } => Self::Webhook { user, secret: secret.into_owned().into() },
        })
    }

    fn text(&self) -> Option<SecretString> {
        let text = match self {
            Self::Oauth(OauthSecret { access, refresh, expires, client_secret }) => Text::Oauth {
                access: access.expose_secret().into(),
                refresh: refresh.expose_secret().into(),
                expires: expires.as_second(),
                client_secret: client_secret.expose_secret().into(),
            },
            Self::Webhook { user, secret } => Text::Webhook { user: *user, secret: secret.expose_secret().into() },
        };
        // With room for the longest entry from the beginning: a buffer that grows leaves copies behind.
        let mut json = Zeroizing::new(Vec::with_capacity(SECRET_LIMIT));
        serde_json::to_writer(&mut *json, &text).ok()?;
        std::str::from_utf8(&json).ok().map(SecretString::from)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::MemoryStore;
    use super::*;

    fn oauth(length: usize) -> PortalSecret {
        PortalSecret::Oauth(OauthSecret {
            access: "a".repeat(length).into(),
            refresh: "r\"".repeat(length / 2).into(),
            expires: Timestamp::from_second(1_795_000_000).unwrap(),
            client_secret: "c".repeat(length).into(),
        })
    }

    #[tokio::test]
    async fn comes_back_as_it_was_stored() {
        let vault = Vault::memory(Arc::new(MemoryStore::default()));
        let portal: PortalUrl = "acme.bitrix24.com".parse().unwrap();
        oauth(70).store(&vault, &portal).await.unwrap();
        let PortalSecret::Oauth(loaded) = PortalSecret::load(&vault, &portal).await.unwrap() else {
            panic!("a webhook")
        };
        assert_eq!(loaded.access.expose_secret(), "a".repeat(70));
        assert_eq!(loaded.refresh.expose_secret(), "r\"".repeat(35));
        assert_eq!(loaded.expires.as_second(), 1_795_000_000);
        PortalSecret::Webhook { user: 7, secret: "s3cret".into() }.store(&vault, &portal).await.unwrap();
        let PortalSecret::Webhook { user, secret } = PortalSecret::load(&vault, &portal).await.unwrap() else {
            panic!("tokens")
        };
        assert_eq!((user, secret.expose_secret()), (7, "s3cret"));
        PortalSecret::forget(&vault, &portal).await.unwrap();
        assert_eq!(PortalSecret::load(&vault, &portal).await.unwrap_err().reason(), Reason::KeychainNoEntry);
    }

    #[test]
    fn what_others_wrote_is_no_secret_of_ours() {
        for text in
            ["", "{}", "null", r#"{"mode":"oauth","access":"a"}"#, r#"{"mode":"webhook","user":-1,"secret":"s"}"#]
        {
            assert!(PortalSecret::parse(text).is_none(), "{text}");
        }
        assert!(!format!("{:?}", oauth(10)).contains("aaa"));
    }

    #[test]
    fn tokens_of_several_times_the_usual_length_fit() {
        assert!(oauth(600).text().unwrap().expose_secret().len() < SECRET_LIMIT);
    }
}
