//! What a call proves its right with.

use std::str::FromStr;

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::failure::{Failure, Reason};
use crate::portal::{PortalUrl, RestEndpoint};

/// The right to call the portal's methods as a certain user.
#[derive(Clone, Debug)]
pub enum Authorization {
    /// An access token of OAuth; travels in the body, as `auth`.
    Token(SecretString),
    /// An inbound webhook; travels in the path. Nothing can be renewed.
    Webhook {
        /// The portal's id of the user who made it.
        user: u64,
        /// Its secret.
        secret: SecretString,
    },
}

impl Authorization {
    /// Whether these words have the secret in them, in whatever case.
    pub(super) fn is_in(&self, words: &str) -> bool {
        let (Self::Token(secret) | Self::Webhook { secret, .. }) = self;
        let secret = secret.expose_secret().as_bytes();
        let is_here = |window: &[u8]| window.eq_ignore_ascii_case(secret);
        !secret.is_empty() && words.as_bytes().windows(secret.len()).any(is_here)
    }
}

/// Where authorizations come from: the keychain, or a test's list.
#[expect(async_fn_in_trait, reason = "the host is single-threaded; nobody needs the futures to be Send")]
pub trait Credentials {
    /// The authorization to use now.
    ///
    /// # Errors
    /// When there is none: not connected, or the keychain doesn't give it.
    async fn current(&self) -> Result<Authorization, Failure>;

    /// A newer authorization than `stale`, which the portal no longer accepts. If another host process has renewed it
    /// meanwhile, theirs.
    ///
    /// # Errors
    /// When there can be none without the person: connect again.
    async fn renew(&self, stale: &Authorization) -> Result<Authorization, Failure>;
}

/// An inbound webhook's address, taken apart.
///
/// Parses `https://acme.bitrix24.com/rest/7/secret/`, with or without the last slash or a method after it.
///
/// Source: <https://apidocs.bitrix24.com/local-integrations/local-webhooks.html>
#[derive(Clone, Debug)]
pub struct WebhookAddress {
    /// Whose methods it calls, and where they are.
    pub endpoint: RestEndpoint,
    /// The portal's id of the user who made it.
    pub user: u64,
    /// Its secret.
    pub secret: SecretString,
}

impl FromStr for WebhookAddress {
    type Err = Failure;

    fn from_str(typed: &str) -> Result<Self, Failure> {
        let invalid = || Failure::new(Reason::WebhookInvalid);
        // `Url` keeps copies that nobody wipes: it gets to see only what is no secret.
        let (before, after) = typed.trim().split_once("/rest/").ok_or_else(invalid)?;
        let url = Url::parse(before).map_err(|_| invalid())?;
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err(invalid());
        }
        let portal = url.origin().ascii_serialization().parse::<PortalUrl>()?;
        let mut parts = after.split('/');
        let user = parts.next().and_then(|user| user.parse().ok()).filter(|user| *user > 0).ok_or_else(invalid)?;
        let secret = parts.next().filter(|secret| is_secret(secret)).ok_or_else(invalid)?;
        let rest: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        if rest.len() > 1 || !rest.iter().all(|method| is_method(method)) {
            return Err(invalid());
        }
        let client_endpoint = format!("{}{}/rest/", portal.origin(), url.path().trim_end_matches('/'));
        let endpoint = RestEndpoint::new(portal, &client_endpoint)?;
        Ok(Self { endpoint, user, secret: secret.into() })
    }
}

fn is_secret(text: &str) -> bool {
    !text.is_empty() && text.len() <= 128 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_method(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_words_whatever_its_case() {
        let token = Authorization::Token("S3cret".into());
        let webhook = Authorization::Webhook { user: 7, secret: "S3cret".into() };
        for authorization in [token, webhook] {
            for (words, is_in) in [("auth=S3cret&x", true), ("s3cret", true), ("S3cre", false), ("", false)] {
                assert_eq!(authorization.is_in(words), is_in, "{words}");
            }
        }
        assert!(!Authorization::Token("".into()).is_in("words"));
    }

    #[test]
    fn reads_a_webhook_as_it_is_copied() {
        for typed in [
            "https://acme.bitrix24.com/rest/7/s3cret/",
            "https://acme.bitrix24.com/rest/7/s3cret",
            " https://ACME.bitrix24.com/rest/7/s3cret/profile.json ",
            "https://acme.bitrix24.com/rest/7/s3cret/crm.contact.list/",
        ] {
            let webhook = typed.parse::<WebhookAddress>().unwrap();
            assert_eq!(webhook.endpoint.portal().to_string(), "acme.bitrix24.com");
            assert_eq!((webhook.endpoint.path(), webhook.user), ("/rest/", 7));
            assert_eq!(webhook.secret.expose_secret(), "s3cret");
            assert!(!format!("{webhook:?}").contains("s3cret"));
        }
        let local = "http://127.0.0.1:8080/site/rest/1/abc/".parse::<WebhookAddress>().unwrap();
        assert_eq!(local.endpoint.portal().origin(), "http://127.0.0.1:8080");
        assert_eq!(local.endpoint.path(), "/site/rest/");
    }

    #[test]
    fn refuses_what_is_no_webhook() {
        for (typed, reason) in [
            ("", Reason::WebhookInvalid),
            ("acme.bitrix24.com/rest/7/s3cret/", Reason::WebhookInvalid),
            ("https://acme.bitrix24.com/", Reason::WebhookInvalid),
            ("https://acme.bitrix24.com/rest/7/", Reason::WebhookInvalid),
            ("https://acme.bitrix24.com/rest/0/s3cret/", Reason::WebhookInvalid),
            ("https://acme.bitrix24.com/rest/x/s3cret/", Reason::WebhookInvalid),
            ("https://acme.bitrix24.com/rest/7/s3-cret/", Reason::WebhookInvalid),
            ("https://acme.bitrix24.com/rest/7/s3cret/a/b", Reason::WebhookInvalid),
            ("https://acme.bitrix24.com/rest/7/s3cret/?auth=x", Reason::WebhookInvalid),
            ("https://user@acme.bitrix24.com/rest/7/s3cret/", Reason::WebhookInvalid),
            ("http://acme.bitrix24.com/rest/7/s3cret/", Reason::PortalNeedsHttps),
        ] {
            assert_eq!(typed.parse::<WebhookAddress>().map(drop).unwrap_err().reason(), reason, "{typed}");
        }
    }
}
