//! What an authorization server answers.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use oauth2::basic::BasicTokenType;
use oauth2::{AccessToken, ErrorResponse, RefreshToken, Scope, TokenResponse};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};

use crate::bitrix24::error_code;
use crate::failure::{Failure, Reason};

/// How long an access token lives when the answer doesn't say.
/// Source: <https://apidocs.bitrix24.com/settings/oauth/index.html>
const DEFAULT_LIFE: i64 = 3600;

/// Tokens, and what came with them.
pub struct Granted {
    /// The access token.
    pub access: SecretString,
    /// The refresh token: good once.
    pub refresh: SecretString,
    /// When the access token ends, by this computer's clock.
    pub expires: Timestamp,
    /// The portal's own id.
    pub member_id: String,
    /// Where the portal's methods are; absent from some answers.
    pub client_endpoint: Option<String>,
    /// Where the next refresh goes; absent from some answers.
    pub server_endpoint: Option<String>,
}

/// A token answer as it is on the wire. Unlike the standard's, it has no `token_type`, and numbers may be strings.
///
/// Source: <https://apidocs.bitrix24.com/settings/oauth/index.html>
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct TokenAnswer {
    access_token: AccessToken,
    refresh_token: RefreshToken,
    #[serde(default, deserialize_with = "number")]
    expires_in: Option<i64>,
    member_id: String,
    #[serde(default)]
    client_endpoint: Option<String>,
    #[serde(default)]
    server_endpoint: Option<String>,
}

impl TokenAnswer {
    /// Puts the tokens into types that wipe their memory. The lifetime counts from now: the server's `expires` would be read
    /// by a clock that may be wrong.
    pub(super) fn granted(self, now: Timestamp) -> Granted {
        let life = self.expires_in.filter(|seconds| (1..=86_400).contains(seconds)).unwrap_or(DEFAULT_LIFE);
        Granted {
            access: self.access_token.into_secret().into(),
            refresh: self.refresh_token.into_secret().into(),
            expires: now.checked_add(jiff::SignedDuration::from_secs(life)).unwrap_or(now),
            member_id: self.member_id,
            client_endpoint: self.client_endpoint,
            server_endpoint: self.server_endpoint,
        }
    }
}

impl TokenResponse for TokenAnswer {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &BasicTokenType::Bearer
    }

    fn expires_in(&self) -> Option<Duration> {
        self.expires_in.and_then(|seconds| seconds.try_into().ok()).map(Duration::from_secs)
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        Some(&self.refresh_token)
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

/// An error answer: `{"error":"…"}`. Its description is left where it is, since it may quote what was sent.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct ErrorAnswer {
    #[serde(deserialize_with = "code")]
    error: String,
}

impl ErrorAnswer {
    /// Whether these bytes are an error answer. Looked at before the status: a wrong client id comes with 200.
    pub(super) fn is_in(body: &[u8]) -> bool {
        serde_json::from_slice::<Self>(body).is_ok()
    }

    /// What it means; `grant` is what an invalid code or refresh token means here.
    ///
    /// Source: <https://apidocs.bitrix24.com/settings/oauth/error-codes.html>, and the official SDKs' error tables
    pub(super) fn meaning(&self, grant: Reason) -> Failure {
        let reason = match self.error.as_str() {
            "invalid_grant" => grant,
            "invalid_client" => Reason::ClientSecretWrong,
            "wrong_client" => Reason::ClientIdWrong,
            "not_installed" | "error_oauth" | "application_not_found" => Reason::ApplicationNotInstalled,
            "insufficient_scope" | "invalid_scope" => Reason::ApplicationScope,
            "payment_required" => Reason::PaymentRequired,
            _ => return Failure::new(Reason::AuthorizationRefused).with("code", self.printable()),
        };
        reason.into()
    }

    /// The code, if it is a documented one.
    fn printable(&self) -> &'static str {
        error_code(&self.error).unwrap_or("-")
    }
}

impl fmt::Display for ErrorAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.printable())
    }
}

impl ErrorResponse for ErrorAnswer {}

/// A number, or one written as a string; anything else is as good as absent.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Loose {
        Number(i64),
        Text(String),
        Other(serde::de::IgnoredAny),
    }
    Ok(match Loose::deserialize(deserializer)? {
        Loose::Number(number) => Some(number),
        Loose::Text(text) => text.parse().ok(),
        Loose::Other(_) => None,
    })
}

/// An error code: a string, or a number as PHP sometimes makes of it. In lower case, since the server isn't consistent.
fn code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Loose {
        Text(String),
        Number(i64),
    }
    Ok(match Loose::deserialize(deserializer)? {
        Loose::Text(text) => text.to_ascii_lowercase(),
        Loose::Number(number) => number.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn granted(json: &str) -> serde_json::Result<Granted> {
        Ok(serde_json::from_str::<TokenAnswer>(json)?.granted(Timestamp::from_second(1_000_000).unwrap()))
    }

    #[test]
    fn reads_the_answer_to_a_code() {
        let granted = granted(
            r#"{"access_token":"acc","client_endpoint":"https://acme.bitrix24.com/rest/","domain":"oauth.bitrix.info",
                "expires_in":3600,"member_id":"a223","refresh_token":"ref","scope":"crm,user_basic",
                "server_endpoint":"https://oauth.bitrix.info/rest/","status":"L"}"#,
        )
        .unwrap();
        assert_eq!((granted.access.expose_secret(), granted.refresh.expose_secret()), ("acc", "ref"));
        assert_eq!(granted.expires.as_second(), 1_003_600);
        assert_eq!(granted.client_endpoint.as_deref(), Some("https://acme.bitrix24.com/rest/"));
        assert_eq!(granted.server_endpoint.as_deref(), Some("https://oauth.bitrix.info/rest/"));
    }

    #[test]
    fn a_lifetime_may_be_a_string_missing_or_nonsense() {
        for (expires_in, seconds) in [
            ("\"1800\"", 1800),
            ("1800", 1800),
            ("null", 3600),
            ("\"soon\"", 3600),
            ("[]", 3600),
            ("-5", 3600),
            ("1e300", 3600),
        ] {
            let json = format!(
                r#"{{"access_token":"a","refresh_token":"r","member_id":"m","expires_in":{expires_in},"expires":"x","user_id":"67"}}"#
            );
            assert_eq!(granted(&json).unwrap().expires.as_second(), 1_000_000 + seconds, "{expires_in}");
        }
    }

    #[test]
    fn an_answer_without_tokens_is_none() {
        for json in [
            "{}",
            "[]",
            r#"{"access_token":"a"}"#,
            r#"{"access_token":1,"refresh_token":"r","member_id":"m"}"#,
            r#"{"access_token":"a","refresh_token":null,"member_id":"m"}"#,
        ] {
            assert!(granted(json).is_err(), "{json}");
        }
    }

    #[test]
    fn each_error_has_its_own_sentence_whatever_its_case() {
        for (json, reason) in [
            (r#"{"error":"invalid_grant","error_description":"secret"}"#, Reason::CodeTooOld),
            (r#"{"error":"INVALID_CLIENT"}"#, Reason::ClientSecretWrong),
            (r#"{"error":"wrong_client"}"#, Reason::ClientIdWrong),
            (r#"{"error":"NOT_INSTALLED"}"#, Reason::ApplicationNotInstalled),
            (r#"{"error":"insufficient_scope"}"#, Reason::ApplicationScope),
            (r#"{"error":"PAYMENT_REQUIRED"}"#, Reason::PaymentRequired),
            (r#"{"error":"invalid_request"}"#, Reason::AuthorizationRefused),
            (r#"{"error":7}"#, Reason::AuthorizationRefused),
            (r#"{"error":"a sentence with acc in it"}"#, Reason::AuthorizationRefused),
            (r#"{"error":"acc1morf609228iwyjjpvfv6wsvuja4"}"#, Reason::AuthorizationRefused),
        ] {
            assert!(ErrorAnswer::is_in(json.as_bytes()));
            let answer: ErrorAnswer = serde_json::from_str(json).unwrap();
            let failure = answer.meaning(Reason::CodeTooOld);
            assert!(!answer.to_string().contains("acc"), "{json}");
            assert_eq!(failure.reason(), reason, "{json}");
            assert!(!failure.message().contains("acc") && !failure.message().contains('?'), "{json}");
        }
        for json in ["", "{}", "<html>", r#"{"error":null}"#, r#"{"error":{}}"#, r#"{"access_token":"a"}"#] {
            assert!(!ErrorAnswer::is_in(json.as_bytes()), "{json}");
        }
    }

    #[test]
    fn nothing_prints_a_token() {
        let answer: TokenAnswer =
            serde_json::from_str(r#"{"access_token":"s3cret","refresh_token":"s3cret","member_id":"m"}"#).unwrap();
        assert!(!format!("{answer:?}").contains("s3cret"));
    }
}
