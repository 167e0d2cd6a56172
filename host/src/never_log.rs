//! Whose e-mail is never logged, by the person's settings and by policy.
//!
//! Strict on purpose: one listed participant is enough, everything below a listed domain counts, and where the page doesn't show
//! every recipient, one of them may be listed.

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Reason};
use crate::protocol::LogBlock;

/// An address, or a domain with everything below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Listed {
    /// What stands before the @; none: any address of the domain.
    local: Option<String>,
    /// As it was written, in lower case.
    domain: String,
}

impl Listed {
    /// Reads `counsel@opal-law.example`, `opal-law.example`, `@opal-law.example` or `*@opal-law.example`.
    ///
    /// # Errors
    /// [`Reason::NeverLogInvalid`]
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let text = text.trim().to_lowercase();
        let (local, domain) = text.rsplit_once('@').unwrap_or(("", &text));
        let local = Some(local).filter(|local| !local.is_empty() && *local != "*");
        let domain = domain.strip_prefix("*.").unwrap_or(domain).trim_matches('.');
        let plain = |text: &str| !text.contains(|c: char| c.is_whitespace() || c.is_control() || "@*,;<>".contains(c));
        // A word without a dot may be half of something.
        if !domain.contains('.') || !plain(domain) || !local.is_none_or(plain) || text.len() > 254 {
            return Err(Reason::NeverLogInvalid.into());
        }
        Ok(Self { local: local.map(str::to_owned), domain: domain.to_owned() })
    }

    fn covers(&self, address: &str) -> bool {
        let address = address.trim().to_lowercase();
        let Some((local, domain)) = address.rsplit_once('@') else { return false };
        let (listed, domain) = (ascii(&self.domain), ascii(domain));
        match &self.local {
            None => domain.strip_suffix(&listed).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
            Some(wanted) => domain == listed && (local == wanted || without_tag(local) == wanted),
        }
    }
}

/// As the person reads it.
impl From<Listed> for String {
    fn from(listed: Listed) -> Self {
        listed.to_string()
    }
}

impl std::fmt::Display for Listed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.local {
            Some(local) => write!(f, "{local}@{}", self.domain),
            None => f.write_str(&self.domain),
        }
    }
}

impl TryFrom<String> for Listed {
    type Error = Failure;

    fn try_from(text: String) -> Result<Self, Failure> {
        Self::parse(&text)
    }
}

/// A domain in the letters that mail servers use, so that both ways to write an international one are the same.
fn ascii(domain: &str) -> String {
    let domain = domain.trim_end_matches('.');
    url::Host::parse(domain).map_or_else(|_| domain.to_owned(), |host| host.to_string())
}

/// `counsel` of `counsel+bid`, which reaches the same person.
///
/// Source: RFC 5233, section 1.
fn without_tag(local: &str) -> &str {
    local.split_once('+').map_or(local, |(user, _)| user)
}

/// All that is listed.
#[derive(Clone, Debug, Default)]
pub struct NeverLog {
    by_policy: Vec<Listed>,
    by_person: Vec<Listed>,
}

impl NeverLog {
    /// Whatever the person lists, what the administrator listed stays.
    #[must_use]
    pub fn new(by_policy: &[Listed], by_person: &[Listed]) -> Self {
        Self { by_policy: by_policy.to_vec(), by_person: by_person.to_vec() }
    }

    /// Why an e-mail with these participants may not be logged, if it may not.
    #[must_use]
    pub fn block(&self, participants: &Participants) -> Option<LogBlock> {
        let by_policy = self.by_policy.iter().map(|listed| (listed, true));
        let mut all = by_policy.chain(self.by_person.iter().map(|listed| (listed, false)));
        let listed = all.clone().find_map(|(listed, by_policy)| {
            let email = participants.addresses.iter().find(|address| listed.covers(address))?;
            Some(LogBlock::Listed { email: email.clone(), rule: listed.to_string(), by_policy })
        });
        let may_be_hidden = !participants.complete && all.next().is_some();
        listed.or_else(|| may_be_hidden.then_some(LogBlock::RecipientsUnknown))
    }
}

/// Everybody an e-mail and its thread are known to have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Participants {
    /// Their addresses, as the page shows them.
    pub addresses: Vec<String>,
    /// The page shows every recipient.
    pub complete: bool,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn list(entries: &[&str]) -> Vec<Listed> {
        entries.iter().map(|entry| Listed::parse(entry).unwrap()).collect()
    }

    fn participants(addresses: &[&str]) -> Participants {
        Participants { addresses: addresses.iter().map(|&address| address.to_owned()).collect(), complete: true }
    }

    fn is_blocked(entry: &str, address: &str) -> bool {
        NeverLog::new(&[], &list(&[entry])).block(&participants(&["marie@helion.example", address])).is_some()
    }

    #[test]
    fn a_domain_covers_what_is_below_it_and_nothing_beside_it() {
        for entry in
            ["opal-law.example", " @Opal-Law.example", "*@opal-law.example", "*.opal-law.example", "opal-law.example."]
        {
            assert_eq!(Listed::parse(entry).unwrap().to_string(), "opal-law.example");
            for address in [
                "counsel@opal-law.example",
                "A@Mail.OPAL-LAW.example",
                "a@opal-law.example.",
                "\"a b\"@opal-law.example",
            ] {
                assert!(is_blocked(entry, address), "{entry} {address}");
            }
            for address in
                ["a@notopal-law.example", "opal-law.example@b.com", "a@opal-law.example.com", "opal-law.example", ""]
            {
                assert!(!is_blocked(entry, address), "{entry} {address}");
            }
        }
    }

    #[test]
    fn an_address_covers_its_tags_and_no_other() {
        for address in ["counsel@opal.example", " Counsel@OPAL.example ", "counsel+bid@opal.example"] {
            assert!(is_blocked("counsel@opal.example", address), "{address}");
        }
        for address in ["counsels@opal.example", "counsel@mail.opal.example", "a+counsel@opal.example"] {
            assert!(!is_blocked("counsel@opal.example", address), "{address}");
        }
        assert!(is_blocked("counsel+bid@opal.example", "counsel+bid@opal.example"));
        assert!(!is_blocked("counsel+bid@opal.example", "counsel@opal.example"));
    }

    #[test]
    fn both_ways_to_write_an_international_domain_are_one() {
        assert!(is_blocked("bücher.example", "a@xn--bcher-kva.example"));
        assert!(is_blocked("xn--bcher-kva.example", "a@post.BÜCHER.example"));
    }

    #[test]
    fn the_administrators_rule_is_named_first() {
        let both = NeverLog::new(&list(&["opal.example"]), &list(&["counsel@opal.example"]));
        let block = both.block(&participants(&["marie@helion.example", "counsel@opal.example"]));
        let (email, rule) = ("counsel@opal.example".to_owned(), "opal.example".to_owned());
        assert_eq!(block, Some(LogBlock::Listed { email, rule, by_policy: true }));
    }

    #[test]
    fn somebody_unseen_may_be_listed() {
        let unseen = Participants { complete: false, ..participants(&["marie@helion.example"]) };
        assert_eq!(NeverLog::new(&list(&["opal.example"]), &[]).block(&unseen), Some(LogBlock::RecipientsUnknown));
        assert_eq!(NeverLog::default().block(&unseen), None);
    }

    #[test]
    fn what_is_neither_address_nor_domain_is_refused() {
        for entry in [
            "",
            "opal",
            "@",
            "*",
            "a@",
            "*@*",
            "a b@opal.example",
            "a@b@opal.example",
            "x@opal",
            "a,b@opal.example",
            "o pal.example",
        ] {
            assert_eq!(Listed::parse(entry).unwrap_err().reason(), Reason::NeverLogInvalid, "{entry}");
        }
        serde_json::from_str::<Listed>(r#""opal""#).unwrap_err();
        let stored = serde_json::to_string(&list(&["*@Opal.example"])).unwrap();
        assert_eq!(stored, r#"["opal.example"]"#);
    }

    proptest! {
        #[test]
        fn whoever_is_listed_is_covered_and_nothing_panics(entry in any::<String>(), address in any::<String>()) {
            let _ = is_blocked("opal.example", &address);
            if let Ok(listed) = Listed::parse(&entry) {
                prop_assert_eq!(&Listed::parse(&listed.to_string()).unwrap(), &listed);
                let local = listed.local.as_deref().unwrap_or("anybody");
                let address = format!("{local}@{}", listed.domain);
                prop_assert!(listed.covers(&address));
            }
        }
    }
}
