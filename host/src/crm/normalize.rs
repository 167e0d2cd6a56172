//! Addresses as they are asked about: valid, lower case, each once.

use std::collections::BTreeSet;

/// How many people one lookup covers.
pub(crate) const MOST_PEOPLE: usize = 200;

/// The longest address a CRM field holds.
const LONGEST: usize = 250;

/// A participant's address: lower case, `local@domain`, safe to stand in a batch.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Email(String);

impl Email {
    /// Reads an address as Gmail shows it.
    ///
    /// Only plain ones pass: the portal looks for the whole address, and knows no quoted or commented ones. The domain stays as it is
    /// written, since the portal compares letters and not hosts.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let (local, domain) = text.rsplit_once('@')?;
        let plain = |c: char| !c.is_whitespace() && !c.is_control() && !r#"@"(),:;<>[\]"#.contains(c);
        let valid = !local.is_empty()
            && domain.contains(|c: char| c.is_alphanumeric())
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && text.len() <= LONGEST
            && local.chars().all(plain)
            && domain.chars().all(plain)
            && !is_reference(&text);
        valid.then_some(Self(text))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Addresses are personal data: no log and no panic message shows one.
impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Email(…)")
    }
}

/// Inside a batch the portal replaces `$result`, `$error` and the like, wherever they stand. A sender chooses their own address, so
/// one of that kind is never asked about.
fn is_reference(lower_case: &str) -> bool {
    ["$result", "$next", "$total", "$time", "$error"].iter().any(|word| lower_case.contains(word))
}

/// The people of one lookup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Distinct addresses in the order asked for, at most [`MOST_PEOPLE`].
    pub(crate) emails: Vec<Email>,
    /// How many more there were.
    pub(crate) too_many: usize,
    /// How many were no address the portal could know.
    pub(crate) invalid: usize,
}

impl Asked {
    pub(crate) fn new<S: AsRef<str>>(addresses: &[S]) -> Self {
        let mut seen = BTreeSet::new();
        let parsed: Vec<Option<Email>> = addresses.iter().map(|address| Email::parse(address.as_ref())).collect();
        let invalid = parsed.iter().filter(|email| email.is_none()).count();
        let mut emails: Vec<Email> = parsed.into_iter().flatten().filter(|email| seen.insert(email.clone())).collect();
        let too_many = emails.len().saturating_sub(MOST_PEOPLE);
        emails.truncate(MOST_PEOPLE);
        Self { emails, too_many, invalid }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_lower_case_and_kept_as_written_otherwise() {
        for (text, expected) in [
            (" Anna.Weber@Example.COM ", "anna.weber@example.com"),
            ("anna+crm@example.com", "anna+crm@example.com"),
            ("o'brien@example.com", "o'brien@example.com"),
            ("АННА@пример.рф", "анна@пример.рф"),
            ("root@localhost", "root@localhost"),
            ("cost$center@example.com", "cost$center@example.com"),
        ] {
            assert_eq!(Email::parse(text).map(|email| email.0).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_the_portal_cannot_know_is_not_asked() {
        for text in [
            "",
            "anna",
            "@example.com",
            "anna@",
            "anna@.",
            "anna@example.com.",
            "a@b@example.com",
            "anna weber@example.com",
            "anna@exam\nple.com",
            "\"anna\"@example.com",
            "<anna@example.com>",
            "a@x.com, b@x.com",
            "anna@[10.0.0.1]",
            // Would be replaced by the portal with everything the batch found.
            "$result@evil.example",
            "$RESULT@evil.example",
            "x$error@evil.example",
        ] {
            assert_eq!(Email::parse(text), None, "{text}");
        }
        assert_eq!(Email::parse(&format!("{}@example.com", "a".repeat(300))), None);
    }

    #[test]
    fn each_address_once_in_the_order_asked_for() {
        let asked = Asked::new(&["b@x.com", "A@x.com", "nobody", "B@X.com", "a@x.com"]);
        let emails: Vec<&str> = asked.emails.iter().map(Email::as_str).collect();
        assert_eq!((emails.as_slice(), asked.too_many, asked.invalid), (["b@x.com", "a@x.com"].as_slice(), 0, 1));
    }

    #[test]
    fn two_hundred_people_are_enough() {
        let many: Vec<String> = (0..230).map(|n| format!("p{n}@x.com")).collect();
        let asked = Asked::new(&many);
        assert_eq!((asked.emails.len(), asked.too_many), (200, 30));
    }

    proptest! {
        #[test]
        fn an_accepted_address_reads_as_itself(text in "\\PC{0,60}") {
            if let Some(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_str()), Some(email.clone()));
                prop_assert!(!email.domain().is_empty());
            }
        }
    }
}
