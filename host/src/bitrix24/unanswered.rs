//! What a call without a result means for the portal's data.

use jiff::SignedDuration;

use super::envelope::NoSuccess;
use crate::failure::{Failure, Reason};

/// How long the portal may still be at work on a request whose answer got lost.
///
/// Source: <https://apidocs.bitrix24.com/limits.html>: a request ends within 60 seconds.
pub(crate) const AT_WORK: SignedDuration = SignedDuration::from_secs(60);

/// A call that has no result.
#[derive(Debug)]
pub struct Unanswered {
    failure: Failure,
    said: Option<NoSuccess>,
}

/// After these nobody knows whether the call was carried out: it arrived, or may have, and its answer got lost.
const UNCONFIRMED: &[Reason] = &[
    Reason::AnswerTooSlow,
    Reason::AnswerTooLarge,
    Reason::AnswerBroken,
    Reason::PortalSentPage,
    Reason::PortalFailed,
    Reason::UnexpectedAnswer,
];

impl Unanswered {
    pub(super) fn new(failure: Failure, said: NoSuccess) -> Self {
        Self { failure, said: Some(said) }
    }

    /// Whether the call may have been carried out all the same.
    #[must_use]
    pub fn is_unconfirmed(&self) -> bool {
        UNCONFIRMED.contains(&self.failure.reason())
    }

    /// The portal's words, where it refused what stands in the call and not the call as such. For the person who typed
    /// it, beside the form, and nobody else: they may quote it. `None` if it said none.
    #[must_use]
    pub fn refusal(&self) -> Option<String> {
        match &self.said {
            Some(NoSuccess::Error(error)) if self.failure.reason() == Reason::PortalRefused => {
                let words = plain(if error.description.is_empty() { &error.code } else { &error.description });
                Some(words).filter(|words| !words.is_empty())
            }
            _ => None,
        }
    }

    /// The sentence about it.
    #[must_use]
    pub fn into_failure(self) -> Failure {
        self.failure
    }
}

impl From<Failure> for Unanswered {
    fn from(failure: Failure) -> Self {
        Self { failure, said: None }
    }
}

/// Longest words that are passed on.
const LONGEST: usize = 1000;

/// The portal writes some errors as HTML: line breaks become blanks, and other tags go. What is left is text.
///
/// Source: <https://apidocs.bitrix24.com/api-reference/tasks/tasks-task-add.html>, whose errors hold `<br>`.
fn plain(words: &str) -> String {
    let mut text = String::new();
    let mut rest: String = words.chars().take(LONGEST).collect();
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        match after.split_once('>').filter(|_| is_tag) {
            Some((_, after)) => {
                text.push(' ');
                rest = after.to_owned();
            }
            None => {
                text.push('<');
                rest = after.to_owned();
            }
        }
    }
    text.push_str(&rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitrix24::envelope::PortalError;

    fn error(reason: Reason, code: &str, description: &str) -> Unanswered {
        let error = PortalError { code: code.into(), description: description.into(), operating_reset_at: None };
        Unanswered::new(reason.into(), NoSuccess::Error(error))
    }

    #[test]
    fn only_what_was_typed_is_refused_in_the_portals_words() {
        let refused = error(Reason::PortalRefused, "error_core", "The field \"Sales region\" is required.<br>");
        assert_eq!(refused.refusal().as_deref(), Some("The field \"Sales region\" is required."));
        assert!(!refused.is_unconfirmed());
        assert_eq!(error(Reason::PortalRefused, "a sentence", "").refusal().as_deref(), Some("a sentence"));
        assert_eq!(error(Reason::PortalRefused, "", "<br>").refusal(), None);
        let denied = error(Reason::AccessDenied, "access_denied", "Access denied.");
        assert_eq!((denied.refusal(), denied.is_unconfirmed()), (None, false));
    }

    #[test]
    fn a_lost_answer_leaves_it_open() {
        for reason in [Reason::AnswerTooSlow, Reason::AnswerBroken, Reason::PortalSentPage, Reason::PortalFailed] {
            assert!(Unanswered::from(Failure::new(reason)).is_unconfirmed(), "{reason:?}");
        }
        for reason in [Reason::HostUnknown, Reason::CannotConnect, Reason::LedgerUnwritable, Reason::PortalBusy] {
            assert!(!Unanswered::from(Failure::new(reason)).is_unconfirmed(), "{reason:?}");
        }
    }

    #[test]
    fn words_are_text() {
        for (words, text) in [
            ("one<br>two<br />three", "one two three"),
            ("<b onclick=\"x()\">bold</b>", "bold"),
            ("1 < 2 > 0", "1 < 2 > 0"),
            ("open <script", "open <script"),
            ("a\n\tb", "a b"),
            ("<<br>", "<"),
        ] {
            assert_eq!(plain(words), text, "{words}");
        }
        assert!(plain(&"<".repeat(100_000)).len() <= LONGEST);
    }
}
