//! The outer shape of every answer.
//!
//! Source: <https://apidocs.bitrix24.com/settings/how-to-call-rest-api/general-principles.html>

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::codes::error_code;
use super::tolerant::{number, or_default, text};

/// What a call gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Success<T> {
    /// The method's own answer.
    pub result: T,
    /// How many rows there are in all; the portal leaves it out, or says 0, as it likes.
    pub total: Option<u64>,
    /// When the limiter forgets the calls of this method, in seconds since 1970.
    pub operating_reset_at: Option<u64>,
}

/// The portal said no. Its description may quote the request: it is for deciding, never for showing or logging.
#[derive(Clone, PartialEq, Eq)]
pub struct PortalError {
    /// The error's code, lower case; often empty.
    pub code: String,
    /// The portal's words, in the portal's language.
    pub description: String,
    /// When the limiter forgets the calls of this method, in seconds since 1970.
    pub operating_reset_at: Option<u64>,
}

impl std::fmt::Debug for PortalError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PortalError").field("code", &self.safe_code()).finish_non_exhaustive()
    }
}

impl PortalError {
    /// The code, if it is a documented one: some methods put a sentence there, and a word may be anybody's.
    #[must_use]
    pub fn safe_code(&self) -> Option<&'static str> {
        error_code(&self.code)
    }

    /// What is left of it when its words must not be kept, since they quote a secret.
    #[must_use]
    pub(super) fn without_words(self) -> Self {
        let code = self.safe_code().unwrap_or_default().to_owned();
        Self { code, description: String::new(), ..self }
    }
}

/// Why there is no [`Success`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoSuccess {
    /// The portal said no.
    Error(PortalError),
    /// The body is no JSON object with a result or an error: a web page, or a piece of something.
    NotAnEnvelope,
    /// There is a result, but not in the shape the method is known for.
    Unexpected,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    result: Option<&'a RawValue>,
    #[serde(default)]
    error: Option<ErrorField>,
    #[serde(default, deserialize_with = "text")]
    error_description: String,
    #[serde(default, deserialize_with = "number")]
    total: Option<u64>,
    /// `[]` or `null` where a portal has nothing to say.
    #[serde(default, deserialize_with = "or_default")]
    time: Time,
}

/// `"result": null` is a result.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Old REST gives a string or a number, REST 3.0 an object.
#[derive(Deserialize)]
#[serde(untagged)]
enum ErrorField {
    Detailed {
        #[serde(deserialize_with = "text")]
        code: String,
        #[serde(default, deserialize_with = "text")]
        message: String,
    },
    Code(#[serde(deserialize_with = "text")] String),
}

/// The part of `time` that matters.
#[derive(Default, Deserialize)]
struct Time {
    #[serde(default, deserialize_with = "number")]
    operating_reset_at: Option<u64>,
}

/// Reads an answer. The HTTP status has no say: an error may come with 200.
///
/// # Errors
/// When it holds no result of the shape `T`.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<Success<T>, NoSuccess> {
    let envelope: Envelope<'_> = serde_json::from_slice(body).map_err(|_| NoSuccess::NotAnEnvelope)?;
    let operating_reset_at = envelope.time.operating_reset_at;
    if let Some(error) = envelope.error {
        return Err(NoSuccess::Error(error.read(envelope.error_description, operating_reset_at)));
    }
    let result = envelope.result.ok_or(NoSuccess::NotAnEnvelope)?;
    let result = serde_json::from_str(result.get()).map_err(|_| NoSuccess::Unexpected)?;
    Ok(Success { result, total: envelope.total, operating_reset_at })
}

/// Reads an error that stands inside another answer, as in a batch.
pub(super) fn parse_error(raw: &RawValue) -> PortalError {
    match parse::<serde::de::IgnoredAny>(raw.get().as_bytes()) {
        Err(NoSuccess::Error(error)) => error,
        Ok(_) | Err(NoSuccess::NotAnEnvelope | NoSuccess::Unexpected) => {
            PortalError { code: String::new(), description: String::new(), operating_reset_at: None }
        }
    }
}

impl ErrorField {
    fn read(self, description: String, operating_reset_at: Option<u64>) -> PortalError {
        let (code, description) = match self {
            Self::Code(code) => (code, description),
            Self::Detailed { code, message } => (code, message),
        };
        PortalError { code: code.trim().to_lowercase(), description, operating_reset_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitrix24::tolerant::Rows;

    fn error(body: &str) -> PortalError {
        match parse::<u64>(body.as_bytes()) {
            Err(NoSuccess::Error(error)) => error,
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn a_result_with_its_time() {
        let body = br#"{"result":46,"total":"3","time":{"start":1.5,"operating_reset_at":1778747792,"operating":3.3}}"#;
        assert_eq!(
            parse::<u64>(body),
            Ok(Success { result: 46, total: Some(3), operating_reset_at: Some(1_778_747_792) })
        );
    }

    #[test]
    fn time_is_read_leniently() {
        for time in ["[]", "null", "7", r#"{"operating_reset_at":"2026-05-14T10:26:33+02:00"}"#, "{}"] {
            let body = format!(r#"{{"result":1,"time":{time}}}"#);
            assert_eq!(parse::<u64>(body.as_bytes()).unwrap().operating_reset_at, None, "{time}");
        }
        let body = br#"{"result":1,"time":{"operating_reset_at":"1778747792"}}"#;
        assert_eq!(parse::<u64>(body).unwrap().operating_reset_at, Some(1_778_747_792));
    }

    #[test]
    fn an_error_is_an_error_whatever_its_shape() {
        for (body, code) in [
            (
                r#"{"error":"expired_token","error_description":"The access token provided has expired."}"#,
                "expired_token",
            ),
            (r#"{"error":"QUERY_LIMIT_EXCEEDED"}"#, "query_limit_exceeded"),
            (r#"{"error":"","error_description":"Access denied."}"#, ""),
            (r#"{"error":0,"error_description":"x"}"#, "0"),
            (r#"{"error":100}"#, "100"),
            (r#"{"result":[],"error":"wrong_client"}"#, "wrong_client"),
            (
                r#"{"error":{"code":"BITRIX_REST_V3_EXCEPTION_X","message":"m","validation":[]}}"#,
                "bitrix_rest_v3_exception_x",
            ),
            (r#"{"error":[],"error_description":"x"}"#, ""),
        ] {
            assert_eq!(error(body).code, code, "{body}");
        }
    }

    #[test]
    fn no_words_of_the_portal_in_debug_output() {
        for code in ["Contact anna@example.com not found", "anna", "ANNA_EXAMPLE_COM"] {
            let error = error(&format!(r#"{{"error":"{code}","error_description":"anna@example.com"}}"#));
            assert_eq!(error.safe_code(), None, "{code}");
            assert!(!format!("{error:?}").to_lowercase().contains("anna"), "{code}");
        }
        let error = error(r#"{"error":"ERROR_CORE","error_description":"anna@example.com"}"#);
        assert_eq!(format!("{error:?}"), r#"PortalError { code: Some("error_core"), .. }"#);
    }

    #[test]
    fn what_is_no_envelope_is_told_apart() {
        for body in [
            "",
            "<html><body>502 Bad Gateway</body></html>",
            r#"{"result":[{"ID":"1""#,
            "[]",
            "7",
            "null",
            "{}",
            r#"{"time":{}}"#,
            "\u{feff}",
        ] {
            assert_eq!(parse::<u64>(body.as_bytes()), Err(NoSuccess::NotAnEnvelope), "{body}");
        }
        assert_eq!(parse::<u64>(b"\xff\xfe{}"), Err(NoSuccess::NotAnEnvelope));
        assert_eq!(parse::<u64>(br#"{"result":"text"}"#), Err(NoSuccess::Unexpected));
    }

    #[test]
    fn an_empty_list_stands_for_an_empty_object() {
        assert_eq!(parse::<Rows<u64>>(br#"{"result":[]}"#).unwrap().result, Rows(vec![]));
        assert!(parse::<Option<u64>>(br#"{"result":null}"#).unwrap().result.is_none());
    }

    #[test]
    fn deep_nesting_is_refused_not_followed() {
        // Closed again, so that nothing but their depth is wrong with them.
        let read = |levels: usize| {
            let nested = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
            let within =
                |field: &str| parse::<serde_json::Value>(format!(r#"{{"{field}":{nested}}}"#).as_bytes()).err();
            (within("result"), within("error"))
        };
        assert_eq!(read(100).0, None);
        for levels in [128, 200_000] {
            assert_eq!(read(levels), (Some(NoSuccess::Unexpected), Some(NoSuccess::NotAnEnvelope)), "{levels}");
        }
    }

    #[test]
    fn fuzz_reply() {
        crate::fuzz::target("reply", |bytes| {
            drop(parse::<serde_json::Value>(bytes));
            drop(parse::<crate::bitrix24::batch::BatchReply>(bytes));
            if let Err(NoSuccess::Error(error)) = parse::<serde_json::Value>(bytes) {
                // A code that is shown to a person is a word of the documentation, not a text of the portal's.
                assert!(error.safe_code().is_none_or(|code| error_code(code) == Some(code)));
            }
        });
    }
}
