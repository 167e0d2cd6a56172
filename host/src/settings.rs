//! What the person decided: which mailboxes may be looked up, which addresses and domains are their own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Reason};
use crate::never_log::Listed;
use crate::paths::Paths;
use crate::portal::PortalUrl;
use crate::protocol::{ChangeNeverLogParams, ChangeTeamParams, Mailbox};
use crate::state::StateFile;

/// Whether a mailbox's threads may be looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailboxState {
    /// The person said yes.
    On,
    /// The person said no.
    Off,
    /// The person wasn't asked yet: nothing is sent.
    Unanswered,
}

/// The person's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Addresses and aliases that are the person's own, lower case.
    pub own_addresses: Vec<String>,
    /// Domains whose addresses are colleagues, lower case.
    pub team_domains: Vec<String>,
    /// Addresses and domains whose e-mail is never logged.
    pub never_log: Vec<Listed>,
    /// Whether hashes of looked-up addresses stand beside the ledger, to find out later what was sent about one.
    pub keep_address_hashes: bool,
    /// Further extensions that may start a development build; other builds don't look at it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub development_extension_ids: Vec<String>,
    /// Portal -> mailbox -> on. What was allowed for one portal is not allowed for another.
    mailboxes: BTreeMap<String, BTreeMap<String, bool>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            own_addresses: Vec::new(),
            team_domains: Vec::new(),
            never_log: Vec::new(),
            keep_address_hashes: true,
            development_extension_ids: Vec::new(),
            mailboxes: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// Whether that mailbox's threads may be looked up at that portal. `None` is a mailbox whose address the page doesn't
    /// tell; it is answered for under the empty address.
    #[must_use]
    pub fn mailbox_state(&self, portal: &PortalUrl, mailbox: Option<&str>) -> MailboxState {
        let Some(address) = canonical(mailbox.unwrap_or_default()) else { return MailboxState::Unanswered };
        match self.mailboxes.get(&portal.to_string()).and_then(|mailboxes| mailboxes.get(&address)) {
            Some(true) => MailboxState::On,
            Some(false) => MailboxState::Off,
            None => MailboxState::Unanswered,
        }
    }

    /// The person's answer for a mailbox; the empty address stands for one whose address the page doesn't tell.
    ///
    /// # Errors
    /// [`Reason::MailboxInvalid`]
    pub fn set_mailbox(&mut self, portal: &PortalUrl, address: &str, on: bool) -> Result<(), Failure> {
        let address = canonical(address).ok_or(Reason::MailboxInvalid)?;
        self.mailboxes.entry(portal.to_string()).or_default().insert(address, on);
        Ok(())
    }

    /// One more address that is the person's own.
    ///
    /// # Errors
    /// [`Reason::AddressInvalid`]
    pub fn add_own_address(&mut self, address: &str) -> Result<(), Failure> {
        let address = canonical(address).filter(|address| !address.is_empty()).ok_or(Reason::AddressInvalid)?;
        add(&mut self.own_addresses, address);
        Ok(())
    }

    /// That address isn't the person's own any more.
    pub fn remove_own_address(&mut self, address: &str) {
        self.own_addresses.retain(|own| !own.eq_ignore_ascii_case(address.trim()));
    }

    /// One more domain whose addresses are colleagues.
    ///
    /// # Errors
    /// [`Reason::DomainInvalid`]
    pub fn add_team_domain(&mut self, domain: &str) -> Result<(), Failure> {
        let domain = domain.trim().trim_start_matches('@').to_lowercase();
        // A domain is what makes an address of a name, and has a dot in it.
        if !domain.contains('.') || domain.contains('@') || canonical(&format!("a@{domain}")).is_none() {
            return Err(Reason::DomainInvalid.into());
        }
        add(&mut self.team_domains, domain);
        Ok(())
    }

    /// The addresses of that domain aren't colleagues any more.
    pub fn remove_team_domain(&mut self, domain: &str) {
        self.team_domains.retain(|team| !team.eq_ignore_ascii_case(domain.trim().trim_start_matches('@')));
    }

    /// Adds first, then removes: what is named in both is gone.
    ///
    /// # Errors
    /// [`Reason::AddressInvalid`], [`Reason::DomainInvalid`]
    pub fn change_team(&mut self, change: &ChangeTeamParams) -> Result<(), Failure> {
        change.add_addresses.iter().try_for_each(|address| self.add_own_address(address))?;
        change.add_domains.iter().try_for_each(|domain| self.add_team_domain(domain))?;
        change.remove_addresses.iter().for_each(|address| self.remove_own_address(address));
        change.remove_domains.iter().for_each(|domain| self.remove_team_domain(domain));
        Ok(())
    }

    /// Adds first, then removes: what is named in both is gone.
    ///
    /// # Errors
    /// [`Reason::NeverLogInvalid`]
    pub fn change_never_log(&mut self, change: &ChangeNeverLogParams) -> Result<(), Failure> {
        let parse =
            |entries: &[String]| entries.iter().map(|entry| Listed::parse(entry)).collect::<Result<Vec<_>, _>>();
        let (added, removed) = (parse(&change.add)?, parse(&change.remove)?);
        added.into_iter().for_each(|entry| add(&mut self.never_log, entry));
        self.never_log.retain(|entry| !removed.contains(entry));
        Ok(())
    }

    /// The mailboxes the person decided about.
    #[must_use]
    pub fn mailboxes(&self, portal: &PortalUrl) -> Vec<Mailbox> {
        let mailboxes = self.mailboxes.get(&portal.to_string()).into_iter().flatten();
        mailboxes.map(|(address, on)| Mailbox { address: address.clone(), on: *on }).collect()
    }
}

/// The settings file.
#[must_use]
pub fn settings_file(paths: &Paths) -> StateFile<Settings> {
    StateFile::new(paths, "settings.json")
}

fn add<T: PartialEq>(all: &mut Vec<T>, one: T) {
    if !all.contains(&one) {
        all.push(one);
    }
}

/// Lower case, without space around; `None` if it can't be a mailbox's address.
fn canonical(address: &str) -> Option<String> {
    let address = address.trim().to_lowercase();
    // RFC 5321, section 4.5.3.1: 254 bytes at most.
    let plausible = address.len() <= 254
        && address.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !address.contains(|c: char| c.is_control() || c.is_whitespace());
    (plausible || address.is_empty()).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portal(name: &str) -> PortalUrl {
        name.parse().unwrap()
    }

    #[test]
    fn a_mailbox_is_off_until_answered_and_answered_for_one_portal() {
        let (acme, other) = (portal("acme.bitrix24.com"), portal("other.bitrix24.com"));
        let mut settings = Settings::default();
        assert_eq!(settings.mailbox_state(&acme, Some("ann@example.com")), MailboxState::Unanswered);
        settings.set_mailbox(&acme, " Ann@Example.com", true).unwrap();
        assert_eq!(settings.mailbox_state(&acme, Some("ANN@example.com ")), MailboxState::On);
        assert_eq!(settings.mailbox_state(&other, Some("ann@example.com")), MailboxState::Unanswered);
        assert_eq!(settings.mailbox_state(&acme, Some("bob@example.com")), MailboxState::Unanswered);
        settings.set_mailbox(&acme, "ann@example.com", false).unwrap();
        assert_eq!(settings.mailbox_state(&acme, Some("ann@example.com")), MailboxState::Off);
        assert_eq!(settings.mailboxes(&acme), [Mailbox { address: "ann@example.com".into(), on: false }]);
        assert!(settings.mailboxes(&other).is_empty());
    }

    #[test]
    fn a_mailbox_without_an_address_has_an_answer_of_its_own() {
        let acme = portal("acme.bitrix24.com");
        let mut settings = Settings::default();
        settings.set_mailbox(&acme, "ann@example.com", true).unwrap();
        assert_eq!(settings.mailbox_state(&acme, None), MailboxState::Unanswered);
        settings.set_mailbox(&acme, "", true).unwrap();
        assert_eq!(settings.mailbox_state(&acme, None), MailboxState::On);
    }

    #[test]
    fn what_is_no_address_is_never_on() {
        let acme = portal("acme.bitrix24.com");
        let mut settings = Settings::default();
        for address in [
            "ann",
            "@",
            "ann@",
            "@example.com",
            "a b@example.com",
            "a\n@example.com",
            &format!("a@{}", "x".repeat(253)),
        ] {
            assert_eq!(settings.set_mailbox(&acme, address, true).unwrap_err().reason(), Reason::MailboxInvalid);
            assert_eq!(settings.mailbox_state(&acme, Some(address)), MailboxState::Unanswered);
        }
    }

    #[test]
    fn own_addresses_and_team_domains_come_and_go() {
        let mut settings = Settings::default();
        for _ in 0..2 {
            settings.add_own_address(" Ann@Example.com").unwrap();
            settings.add_team_domain("@Acme.com").unwrap();
        }
        assert_eq!(
            (settings.own_addresses.as_slice(), settings.team_domains.as_slice()),
            (&["ann@example.com".to_owned()][..], &["acme.com".to_owned()][..])
        );
        for address in ["", "ann", "a b@example.com"] {
            assert_eq!(settings.add_own_address(address).unwrap_err().reason(), Reason::AddressInvalid);
        }
        for domain in ["", "com", "ann@acme.com", "acme .com"] {
            assert_eq!(settings.add_team_domain(domain).unwrap_err().reason(), Reason::DomainInvalid);
        }
        settings.remove_own_address("ANN@example.com");
        settings.remove_team_domain("acme.com");
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn the_never_log_list_is_changed_as_a_whole_or_not_at_all() {
        let change = |settings: &mut Settings, add: &[&str], remove: &[&str]| {
            let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
            settings.change_never_log(&ChangeNeverLogParams { add: texts(add), remove: texts(remove) })
        };
        let listed = |settings: &Settings| settings.never_log.iter().map(Listed::to_string).collect::<Vec<_>>();
        let mut settings = Settings::default();
        change(&mut settings, &["*@Opal.example", "opal.example", "counsel@jade.example"], &[]).unwrap();
        assert_eq!(listed(&settings), ["opal.example", "counsel@jade.example"]);
        let refused = change(&mut settings, &["onyx.example", "onyx"], &["opal.example"]).unwrap_err();
        assert_eq!((refused.reason(), listed(&settings).len()), (Reason::NeverLogInvalid, 2));
        change(&mut settings, &[], &["@OPAL.example"]).unwrap();
        assert_eq!(listed(&settings), ["counsel@jade.example"]);
        let stored = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&stored).unwrap(), settings);
    }

    #[test]
    fn settings_of_an_older_host_are_completed() {
        let settings: Settings = serde_json::from_str(r#"{"own_addresses":["ann@example.com"]}"#).unwrap();
        assert_eq!(settings.own_addresses, ["ann@example.com"]);
        assert!(settings.team_domains.is_empty());
    }
}
