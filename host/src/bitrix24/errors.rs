//! What an error means: a reaction, or a sentence.
//!
//! Only the code decides, whatever its case; the portal's words are in the portal's language and may quote the request. The
//! HTTP status decides where there is no JSON.
//! Source: <https://apidocs.bitrix24.com/_includes/system-errors.html> and the REST module's `rest_provider.php`.

use std::time::Duration;

use super::envelope::{NoSuccess, PortalError};
use crate::egress::Answer;
use crate::failure::{Failure, Reason};
use crate::portal::PortalUrl;

/// A method that used up its computing time rests at least this long.
const SHORTEST_PAUSE: Duration = Duration::from_secs(10);

/// How long it rests when the portal doesn't tell: one of the limiter's ten buckets.
const USUAL_PAUSE: Duration = Duration::from_secs(60);

/// Whom a call went to, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallContext<'a> {
    pub(crate) portal: &'a PortalUrl,
    pub(crate) method: &'a str,
    pub(crate) webhook: bool,
}

/// What to do when a call has no result.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reaction {
    /// Get a new token and repeat the call, once; the failure is for when that has been done.
    Renew(Failure),
    /// Too many requests: repeat the call after a while. It was not executed.
    BackOff,
    /// Leave this method alone for so long.
    Pause(Duration),
    /// Tell the person.
    Fail(Failure),
}

impl CallContext<'_> {
    /// A sentence about this call.
    pub(crate) fn failure(&self, reason: Reason) -> Failure {
        Failure::new(reason).with("portal", self.portal).with("method", self.method)
    }

    /// What to do about an answer that holds no result.
    pub(crate) fn react(&self, answer: &Answer, no_success: &NoSuccess) -> Reaction {
        if (300..400).contains(&answer.status) {
            return Reaction::Fail(self.redirected(answer));
        }
        match no_success {
            NoSuccess::Error(error) => self.react_to_error(error, Some(answer)),
            NoSuccess::NotAnEnvelope => {
                Reaction::Fail(self.failure(Reason::PortalSentPage).with("status", answer.status))
            }
            NoSuccess::Unexpected => Reaction::Fail(self.failure(Reason::UnexpectedAnswer)),
        }
    }

    /// What to do about an error of the portal's; `answer` is missing where the error stands inside a batch.
    pub(crate) fn react_to_error(&self, error: &PortalError, answer: Option<&Answer>) -> Reaction {
        let fail = |reason| Reaction::Fail(self.failure(reason));
        match error.code.as_str() {
            "expired_token" | "invalid_token" => Reaction::Renew(self.failure(self.refused())),
            "query_limit_exceeded" => Reaction::BackOff,
            "operation_time_limit" => Reaction::Pause(pause(error, answer)),
            "no_auth_found" | "invalid_credentials" => fail(self.refused()),
            "application_not_found" | "error_oauth" | "not_installed" => fail(Reason::ApplicationGone),
            "authorization_error" => fail(Reason::UserDismissed),
            "user_access_error" => fail(Reason::NoApplicationAccess),
            "insufficient_scope" | "invalid_scope" => {
                Reaction::Fail(self.failure(Reason::ScopeMissing).with("scope", scope_of(self.method)))
            }
            "allowed_only_intranet_user" => fail(Reason::ExtranetUser),
            "wrong_auth_type" | "error_wrong_context" => fail(Reason::OtherModeNeeded),
            "invalid_request" => fail(Reason::PortalNeedsHttps),
            "error_method_not_found" => fail(Reason::MethodMissing),
            "connection_error" => fail(Reason::AuthorizationServerDown),
            "overload_limit" => fail(Reason::PortalOverloaded),
            "portal_deleted" => fail(Reason::PortalDeleted),
            "payment_required" => fail(Reason::PlanRequired),
            "access_denied" => fail(if is_about_the_plan(error) { Reason::PlanRequired } else { Reason::AccessDenied }),
            // Older CRM methods give no code; of their words only these are worth knowing, where they are English.
            "" if error.description.trim() == "Access denied." => fail(Reason::AccessDenied),
            "internal_server_error" | "error_unexpected_answer" => {
                Reaction::Fail(self.failure(Reason::PortalFailed).with("code", error.code.to_uppercase()))
            }
            _ => Reaction::Fail(
                self.failure(Reason::PortalRefused)
                    .with("code", error.safe_code().map_or("-".into(), str::to_uppercase)),
            ),
        }
    }

    fn refused(&self) -> Reason {
        if self.webhook { Reason::WebhookRefused } else { Reason::ConnectionRefused }
    }

    /// A renamed portal answers with its new address. Nothing is sent there: the person decides.
    fn redirected(&self, answer: &Answer) -> Failure {
        let target = answer.location.as_deref().and_then(|location| self.portal.endpoint("/").join(location).ok());
        let origin =
            target.map(|target| target.origin()).filter(|origin| *origin != self.portal.endpoint("/").origin());
        match origin.and_then(|origin| origin.ascii_serialization().parse().ok()) {
            Some(to) => self.failure(Reason::PortalMoved).with("to", as_typed(&to)),
            None => self.failure(Reason::PortalSentPage).with("status", answer.status),
        }
    }
}

/// As a person would type it to get there.
fn as_typed(portal: &PortalUrl) -> String {
    if portal.origin().starts_with("http:") { portal.origin() } else { portal.to_string() }
}

fn is_about_the_plan(error: &PortalError) -> bool {
    // Not translated, unlike most: `rest_provider.php` has it in English only.
    error.description.starts_with("REST is available only")
}

/// The permission a method needs.
///
/// Source: <https://apidocs.bitrix24.com/api-reference/scopes/permissions.html>
fn scope_of(method: &str) -> &str {
    match method.split('.').next() {
        Some("user") => "user_basic",
        Some("tasks") => "task",
        Some(module) => module,
        None => method,
    }
}

fn pause(error: &PortalError, answer: Option<&Answer>) -> Duration {
    let until_reset = error.operating_reset_at.zip(answer.and_then(|answer| answer.date)).map(|(reset_at, now)| {
        let now = u64::try_from(now.as_second()).unwrap_or(u64::MAX);
        Duration::from_secs(reset_at.saturating_sub(now))
    });
    // The limiter's window is ten minutes; a clock that says more is wrong.
    until_reset.unwrap_or(USUAL_PAUSE).clamp(SHORTEST_PAUSE, Duration::from_secs(600))
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::bitrix24::envelope::parse;
    use crate::protocol::Code;

    fn portal() -> PortalUrl {
        "acme.bitrix24.com".parse().unwrap()
    }

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            date: Some("2026-11-23T10:00:00Z".parse().unwrap()),
            retry_after: None,
            location: None,
            content_type: "application/json".to_owned(),
            body: Zeroizing::new(body.as_bytes().to_vec()),
        }
    }

    fn react(method: &str, webhook: bool, answer: &Answer) -> Reaction {
        let portal = portal();
        let context = CallContext { portal: &portal, method, webhook };
        context.react(answer, &parse::<u64>(&answer.body).unwrap_err())
    }

    fn reason(method: &str, webhook: bool, status: u16, body: &str) -> Reason {
        match react(method, webhook, &answer(status, body)) {
            Reaction::Fail(failure) | Reaction::Renew(failure) => {
                for text in [failure.message(), failure.hint()] {
                    assert!(!text.contains('?'), "{text}");
                }
                failure.reason()
            }
            reaction => panic!("{body}: {reaction:?}"),
        }
    }

    #[test]
    fn each_code_has_its_sentence_whatever_its_case_and_status() {
        for (status, code, expected) in [
            (401, "NO_AUTH_FOUND", Reason::ConnectionRefused),
            (403, "INVALID_CREDENTIALS", Reason::ConnectionRefused),
            (401, "APPLICATION_NOT_FOUND", Reason::ApplicationGone),
            (401, "ERROR_OAUTH", Reason::ApplicationGone),
            (401, "authorization_error", Reason::UserDismissed),
            (403, "user_access_error", Reason::NoApplicationAccess),
            (401, "insufficient_scope", Reason::ScopeMissing),
            (403, "INSUFFICIENT_SCOPE", Reason::ScopeMissing),
            (403, "allowed_only_intranet_user", Reason::ExtranetUser),
            (403, "WRONG_AUTH_TYPE", Reason::OtherModeNeeded),
            (401, "INVALID_REQUEST", Reason::PortalNeedsHttps),
            (404, "ERROR_METHOD_NOT_FOUND", Reason::MethodMissing),
            (401, "CONNECTION_ERROR", Reason::AuthorizationServerDown),
            (401, "OVERLOAD_LIMIT", Reason::PortalOverloaded),
            (503, "OVERLOAD_LIMIT", Reason::PortalOverloaded),
            (403, "PORTAL_DELETED", Reason::PortalDeleted),
            (400, "ACCESS_DENIED", Reason::AccessDenied),
            (500, "INTERNAL_SERVER_ERROR", Reason::PortalFailed),
            (400, "ERROR_CORE", Reason::PortalRefused),
            (200, "100", Reason::PortalRefused),
            (400, "", Reason::PortalRefused),
        ] {
            let body = format!(r#"{{"error":"{code}","error_description":"Текст"}}"#);
            assert_eq!(reason("crm.contact.list", false, status, &body), expected, "{code}");
        }
    }

    #[test]
    fn a_plan_without_rest_is_told_from_a_missing_right() {
        for description in ["REST is available only on commercial plans.", "REST is available only by subscription."] {
            let body = format!(r#"{{"error":"ACCESS_DENIED","error_description":"{description}"}}"#);
            assert_eq!(reason("batch", false, 401, &body), Reason::PlanRequired);
        }
        let legacy = r#"{"error":"","error_description":"Access denied."}"#;
        assert_eq!(reason("crm.duplicate.findbycomm", false, 400, legacy), Reason::AccessDenied);
    }

    #[test]
    fn a_refused_webhook_needs_a_new_one() {
        assert_eq!(reason("profile", true, 401, r#"{"error":"INVALID_CREDENTIALS"}"#), Reason::WebhookRefused);
    }

    #[test]
    fn tokens_are_renewed_and_crowds_waited_out() {
        for code in ["expired_token", "invalid_token", "EXPIRED_TOKEN"] {
            let body = format!(r#"{{"error":"{code}"}}"#);
            assert!(matches!(react("profile", false, &answer(401, &body)), Reaction::Renew(_)), "{code}");
        }
        assert_eq!(react("profile", false, &answer(503, r#"{"error":"QUERY_LIMIT_EXCEEDED"}"#)), Reaction::BackOff);
    }

    #[test]
    fn a_method_rests_until_its_limit_is_reset() {
        let at = "2026-11-23T10:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second();
        for (time, seconds) in [
            (format!(r#"{{"operating_reset_at":{}}}"#, at + 40), 40),
            (format!(r#"{{"operating_reset_at":"{}"}}"#, at + 2), 10),
            (format!(r#"{{"operating_reset_at":{}}}"#, at - 1000), 10),
            (format!(r#"{{"operating_reset_at":{}}}"#, at + 1_000_000), 600),
            ("[]".to_owned(), 60),
        ] {
            let body = format!(r#"{{"error":"OPERATION_TIME_LIMIT","time":{time}}}"#);
            let reaction = react("crm.item.list", false, &answer(429, &body));
            assert_eq!(reaction, Reaction::Pause(Duration::from_secs(seconds)), "{time}");
        }
    }

    #[test]
    fn the_missing_permission_is_named() {
        for (method, scope) in [("crm.contact.list", "crm"), ("user.get", "user_basic"), ("tasks.task.add", "task")] {
            let Reaction::Fail(failure) = react(method, false, &answer(403, r#"{"error":"insufficient_scope"}"#))
            else {
                panic!()
            };
            assert_eq!(failure.arg("scope"), Some(scope));
        }
    }

    #[test]
    fn pages_and_pieces_are_no_data() {
        for (status, body) in
            [(502, "<html>Bad Gateway</html>"), (200, "<html>Sign in</html>"), (200, r#"{"result":[{"ID""#), (500, "")]
        {
            assert_eq!(reason("batch", false, status, body), Reason::PortalSentPage, "{body}");
        }
        assert_eq!(reason("batch", false, 200, r#"{"result":"x"}"#), Reason::UnexpectedAnswer);
    }

    #[test]
    fn a_renamed_portal_is_named_and_not_followed() {
        for (location, expected) in [
            (Some("https://new.bitrix24.com/rest/batch"), Some("new.bitrix24.com")),
            (Some("//new.bitrix24.com/rest/"), Some("new.bitrix24.com")),
            (Some("https://crm.acme.example:8443/rest/"), Some("crm.acme.example:8443")),
            // Not where anybody may be followed to: no address of a portal.
            (Some("http://new.bitrix24.com/rest/"), None),
            (Some("https://acme.bitrix24.com/auth/"), None),
            (Some("/auth/"), None),
            (Some("::::"), None),
            (None, None),
        ] {
            let mut answer = answer(302, "");
            answer.location = location.map(str::to_owned);
            let Reaction::Fail(failure) = react("batch", false, &answer) else { panic!() };
            assert_eq!(failure.arg("to"), expected, "{location:?}");
            let reason = if expected.is_some() { Reason::PortalMoved } else { Reason::PortalSentPage };
            assert_eq!((failure.reason(), failure.code() == Code::NotConnected), (reason, expected.is_some()));
        }
    }

    #[test]
    fn the_words_of_the_portal_stay_behind() {
        // A sentence, and what looks like a code and isn't one: a word of an address, a token.
        for said in ["Contact anna@example.com is gone", "anna", "anna_example_com", "anna1morf609228iwyjjpvfv6wsvuja4"]
        {
            let body = format!(r#"{{"error":"{said}","error_description":"anna@example.com"}}"#);
            let Reaction::Fail(failure) = react("crm.contact.get", false, &answer(400, &body)) else { panic!() };
            assert_eq!((failure.reason(), failure.arg("code")), (Reason::PortalRefused, Some("-")), "{said}");
            let told = format!("{:?} {} {}", failure, failure.message(), failure.hint()).to_lowercase();
            assert!(!told.contains("anna"), "{said}");
        }
        let body = r#"{"error":"error_core","error_description":"anna@example.com"}"#;
        let Reaction::Fail(failure) = react("crm.contact.get", false, &answer(400, body)) else { panic!() };
        assert_eq!(failure.arg("code"), Some("ERROR_CORE"));
    }
}
