//! What this machine's administrator fixed. A person's settings can only tighten it.
//!
//! It stands where only an administrator can write, and nothing in the environment moves it: `/etc/gmail-sync-bitrix24/policy.json`,
//! `HKLM\Software\Policies\GmailSyncBitrix24`, `/Library/Managed Preferences/local.gmail-sync-bitrix24.plist`. A policy that
//! can't be read stops the host: guessing would be looser than what was meant.

mod authorities;
mod flag;
mod keys;
mod proxy_mode;
mod source;

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::failure::{Failure, Reason};
use crate::ledger::Retention;
use crate::never_log::Listed;
use crate::portal::PortalUrl;

pub use authorities::Authorities;
pub use keys::{KEYS, Key, Kind};
pub use proxy_mode::ProxyMode;
pub use source::PLACE;

/// The administrator's choices. The default is what holds on a machine without a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Policy {
    /// The only portals that may be connected to and used; none, where policy has no such list: any. The first one is offered when
    /// connecting.
    pub portals: Vec<PortalUrl>,
    /// Whether portals that Bitrix24 doesn't keep itself may be, where no list says which; absent: they may.
    #[serde(deserialize_with = "flag::read")]
    pub allow_on_prem_hosts: Option<bool>,
    /// The local application's client id, so that nobody has to type it.
    pub client_id: Option<String>,
    /// The port of the registered redirect address.
    pub callback_port: Option<u16>,
    /// Further extension ids that may start the host, beside the compiled ones.
    pub extension_ids: Vec<String>,
    /// Domains whose addresses are colleagues.
    pub team_domains: Vec<String>,
    /// A PEM file of authorities that are trusted beside the system's.
    #[serde(rename = "ExtraCAFile")]
    pub extra_ca_file: Option<PathBuf>,
    /// What stands in that file.
    #[serde(skip)]
    pub authorities: Authorities,
    /// Addresses and domains whose e-mail is never logged.
    pub never_log: Vec<Listed>,
    /// For how long the ledger is kept.
    pub ledger_retention_days: Option<Retention>,
    /// Whether an e-mail's text may be logged; absent: it may.
    #[serde(deserialize_with = "flag::read")]
    pub allow_bodies: Option<bool>,
    /// The way out; absent: the system's.
    pub proxy_mode: Option<ProxyMode>,
}

impl Policy {
    /// Reads this machine's policy.
    ///
    /// # Errors
    /// [`Reason::PolicyUnreadable`]
    pub fn load() -> Result<Self, Failure> {
        match source::read() {
            Ok(None) => Ok(Self::default()),
            Ok(Some(values)) => Self::parse(values).and_then(Self::with_authorities).map_err(|why| unreadable(&why)),
            Err(error) => Err(unreadable(&error.kind().to_string())),
        }
    }

    /// Names in this machine's policy that mean nothing to this host: misspelt, or for a newer one.
    ///
    /// # Errors
    /// [`Reason::PolicyUnreadable`]
    pub fn unknown_names() -> Result<Vec<String>, Failure> {
        let values = source::read().map_err(|error| unreadable(&error.kind().to_string()))?.unwrap_or_default();
        Ok(values.keys().filter(|name| !is_known(name) && !is_mark(name)).cloned().collect())
    }

    /// The names that are set, lists with their lengths: what stands in a list may be somebody's address.
    #[must_use]
    pub fn names_set(&self) -> Vec<String> {
        let named = |key: &Key| match ((key.count)(self), key.kind) {
            (0, _) => None,
            (count, Kind::Texts) => Some(format!("{} ({count})", key.name)),
            _ => Some(key.name.to_owned()),
        };
        KEYS.iter().filter_map(named).collect()
    }

    fn parse(values: Map<String, Value>) -> Result<Self, String> {
        // One value at a time, so that the sentence can name the one that is wrong without quoting it.
        for (name, value) in &values {
            // A type of the registry that is none of a policy's: to pass over it would be looser than what was meant.
            if is_known(name) && value.is_null() {
                return Err(format!("{name} is wrong"));
            }
            let alone = Map::from_iter([(name.clone(), value.clone())]);
            serde_json::from_value::<Self>(Value::Object(alone)).map_err(|_| format!("{name} is wrong"))?;
        }
        let has_list = values.contains_key("Portals");
        let policy: Self = serde_json::from_value(Value::Object(values)).map_err(|_| "it is wrong".to_owned())?;
        // Without a list every portal is allowed: an empty one can't have meant that.
        if has_list && policy.portals.is_empty() {
            return Err("Portals is a list without a portal".to_owned());
        }
        Ok(policy)
    }

    fn with_authorities(mut self) -> Result<Self, String> {
        if let Some(file) = &self.extra_ca_file {
            self.authorities = Authorities::read(file)?;
        }
        Ok(self)
    }

    /// Whether the text of an e-mail stays in Gmail.
    #[must_use]
    pub fn is_subject_only(&self) -> bool {
        self.allow_bodies == Some(false)
    }

    /// Whether that portal may be connected to, and a connection to it used.
    ///
    /// # Errors
    /// [`Reason::PortalNotAllowed`]
    pub fn check_portal(&self, portal: &PortalUrl) -> Result<(), Failure> {
        let allowed = match &*self.portals {
            [] => self.allow_on_prem_hosts != Some(false) || portal.is_cloud(),
            listed => listed.contains(portal),
        };
        if allowed { Ok(()) } else { Err(Failure::new(Reason::PortalNotAllowed).with("portal", portal)) }
    }
}

fn is_known(name: &str) -> bool {
    KEYS.iter().any(|key| key.name == name)
}

/// Whether it is one of the marks that every payload of a macOS profile has, of which macOS leaves some among the values.
/// <https://developer.apple.com/documentation/devicemanagement/commonpayloadkeys>
fn is_mark(name: &str) -> bool {
    name.starts_with("Payload")
}

fn unreadable(why: &str) -> Failure {
    Failure::new(Reason::PolicyUnreadable).with("place", PLACE).with("why", why)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(json: &str) -> Result<Policy, String> {
        Policy::parse(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn every_key_that_is_set_is_named() {
        let value = |kind| match kind {
            Kind::Texts => json!(["acme.bitrix24.com"]),
            Kind::Text => json!("direct"),
            Kind::Number(least, _) => json!(least),
            Kind::Flag => json!(false),
        };
        let policy = Policy::parse(KEYS.iter().map(|key| (key.name.to_owned(), value(key.kind))).collect()).unwrap();
        let named = policy.names_set();
        let names: Vec<_> = named.iter().map(|name| name.trim_end_matches(" (1)")).collect();
        assert_eq!(names, KEYS.iter().map(|key| key.name).collect::<Vec<_>>());
        assert_eq!(Policy::default().names_set(), [""; 0]);
    }

    #[test]
    fn reads_what_an_administrator_writes() {
        let policy = parse(
            r#"{"Portals":["acme.bitrix24.com"],"ClientId":"local.5f0","CallbackPort":17500,"TeamDomains":["acme.com"],"Comment":"x"}"#,
        )
        .unwrap();
        assert_eq!(policy.client_id.as_deref(), Some("local.5f0"));
        assert_eq!(policy.callback_port, Some(17500));
        assert_eq!(policy.names_set(), ["Portals (1)", "ClientId", "CallbackPort", "TeamDomains (1)"]);
        assert!(policy.check_portal(&"acme.bitrix24.com".parse().unwrap()).is_ok());
        let failure = policy.check_portal(&"other.bitrix24.com".parse().unwrap()).unwrap_err();
        assert_eq!(failure.reason(), Reason::PortalNotAllowed);
    }

    #[test]
    fn no_policy_allows_what_a_person_wants() {
        assert_eq!(parse("{}").unwrap(), Policy::default());
        assert!(Policy::default().check_portal(&"any.example".parse().unwrap()).is_ok());
    }

    #[test]
    fn portals_that_bitrix24_doesnt_keep_can_be_ruled_out() {
        let cloud = parse(r#"{"AllowOnPremHosts":false}"#).unwrap();
        let any = parse(r#"{"AllowOnPremHosts":true}"#).unwrap();
        let listed = parse(r#"{"AllowOnPremHosts":0,"Portals":["crm.acme.example"]}"#).unwrap();
        for (portal, [by_cloud, by_any, by_list]) in [
            ("acme.bitrix24.com", [true, true, false]),
            ("crm.acme.example", [false, true, true]),
            ("acme.bitrix24.com:8443", [false, true, false]),
            ("acme.bitrix24.com.acme.example", [false, true, false]),
            ("10.0.0.5", [false, true, false]),
            ("http://127.0.0.1:4711", [false, true, false]),
        ] {
            for (policy, allowed) in [(&cloud, by_cloud), (&any, by_any), (&listed, by_list)] {
                let checked = policy.check_portal(&portal.parse().unwrap()).map_err(|failure| failure.reason());
                assert_eq!(checked, if allowed { Ok(()) } else { Err(Reason::PortalNotAllowed) }, "{portal}");
            }
        }
    }

    #[test]
    fn a_wrong_value_stops_everything_and_is_named() {
        for (json, why) in [
            (r#"{"Portals":[]}"#, "Portals is a list without a portal"),
            (r#"{"Portals":[""]}"#, "Portals is wrong"),
            (r#"{"AllowOnPremHosts":"no"}"#, "AllowOnPremHosts is wrong"),
            (r#"{"Portals":"acme.bitrix24.com"}"#, "Portals is wrong"),
            (r#"{"Portals":["http://acme.bitrix24.com"]}"#, "Portals is wrong"),
            (r#"{"CallbackPort":70000}"#, "CallbackPort is wrong"),
            (r#"{"CallbackPort":"17485"}"#, "CallbackPort is wrong"),
            (r#"{"ClientId":["x"]}"#, "ClientId is wrong"),
            (r#"{"ExtraCAFile":["/etc/ca.pem"]}"#, "ExtraCAFile is wrong"),
            (r#"{"NeverLog":["opal-law.example","opal"]}"#, "NeverLog is wrong"),
            (r#"{"LedgerRetentionDays":0}"#, "LedgerRetentionDays is wrong"),
            (r#"{"LedgerRetentionDays":-1}"#, "LedgerRetentionDays is wrong"),
            (r#"{"LedgerRetentionDays":3651}"#, "LedgerRetentionDays is wrong"),
            (r#"{"AllowBodies":"false"}"#, "AllowBodies is wrong"),
            (r#"{"AllowBodies":2}"#, "AllowBodies is wrong"),
            (r#"{"AllowBodies":-1}"#, "AllowBodies is wrong"),
            (r#"{"ProxyMode":"none"}"#, "ProxyMode is wrong"),
            (r#"{"ProxyMode":"http://ann:pw@proxy.acme.com:3128"}"#, "ProxyMode is wrong"),
        ] {
            assert_eq!(parse(json).unwrap_err(), why);
        }
    }

    #[test]
    fn the_ledger_is_kept_as_long_as_the_table_allows() {
        let key = KEYS.iter().find(|key| key.name == "LedgerRetentionDays").unwrap();
        let Kind::Number(least, most) = key.kind else { panic!("{key:?}") };
        for (days, allowed) in [(least - 1, false), (least, true), (most, true), (most + 1, false)] {
            let parsed = parse(&format!(r#"{{"LedgerRetentionDays":{days}}}"#));
            assert_eq!(parsed.is_ok(), allowed, "{days}");
        }
    }

    #[test]
    fn sec_40_a_file_of_authorities_that_cant_be_used_stops_everything() {
        let folder = tempfile::tempdir().unwrap();
        let policy = parse(&json!({ "ExtraCAFile": folder.path().join("no-such.pem") }).to_string()).unwrap();
        assert_eq!(policy.with_authorities().unwrap_err(), "the file of ExtraCAFile can't be read, entity not found");
    }

    #[test]
    fn what_macos_leaves_among_the_values_is_no_misspelt_key() {
        assert!(is_mark("PayloadUUID") && !is_mark("Portal"));
        assert!(!KEYS.iter().any(|key| is_mark(key.name)));
    }

    #[test]
    fn every_key_is_read_and_takes_only_what_it_says() {
        for key in KEYS {
            let right = |value: &Value| match key.kind {
                Kind::Texts => value.is_array(),
                Kind::Text => value.is_string(),
                Kind::Number(..) => value.is_number(),
                // The registry has no booleans.
                Kind::Flag => value.is_boolean() || *value == json!(1),
            };
            for value in [json!(["acme.com"]), json!("direct"), json!(1), json!(true), json!({}), json!(null)] {
                let parsed = Policy::parse(Map::from_iter([(key.name.to_owned(), value.clone())]));
                assert!(parsed.is_err() || right(&value), "{}: {value}", key.name);
                assert!(parsed.is_ok() || !right(&value), "{}: {value}", key.name);
            }
        }
    }

    #[test]
    fn fuzz_policy() {
        crate::fuzz::target("policy", |bytes| {
            let Ok(values) = serde_json::from_slice::<Map<String, Value>>(bytes) else { return };
            let named = values.contains_key("Portals");
            if let Ok(policy) = Policy::parse(values) {
                // A list of portals never becomes "any portal".
                assert_eq!(named, !policy.portals.is_empty());
            }
        });
    }

    #[test]
    fn the_sample_is_a_policy_with_names_that_are_known() {
        let sample = include_str!("../../../manifests/policies/host.json");
        let policy = parse(sample).unwrap();
        assert!(!policy.portals.is_empty());
        let values: Map<String, Value> = serde_json::from_str(sample).unwrap();
        for name in values.keys() {
            assert!(is_known(name), "{name}");
        }
    }
}
