//! The names a policy may use, as the administrator's guide and the templates for Windows list them.

use super::Policy;

/// One name, what its value is, and what it does.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// As it stands in the policy.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// How many values a policy has for it.
    pub(super) count: fn(&Policy) -> usize,
    /// For administrators, whole sentences.
    pub effect: &'static str,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A list of texts; `REG_MULTI_SZ` on Windows.
    Texts,
    /// A text; `REG_SZ` on Windows.
    Text,
    /// A whole number between two others, both of them allowed; `REG_DWORD` on Windows.
    Number(u32, u32),
    /// Yes or no: `true` or `false`; `REG_DWORD` on Windows, 1 or 0.
    Flag,
}

const fn key(name: &'static str, kind: Kind, count: fn(&Policy) -> usize, effect: &'static str) -> Key {
    Key { name, kind, count, effect }
}

/// Every name that [`Policy`] reads.
pub const KEYS: &[Key] = &[
    key(
        "Portals",
        Kind::Texts,
        |policy| policy.portals.len(),
        "The only portals that may be connected to and used; all, if there is no such list, and an empty one is an error. The first one is offered when connecting.",
    ),
    key(
        "AllowOnPremHosts",
        Kind::Flag,
        |policy| policy.allow_on_prem_hosts.iter().len(),
        "Whether portals that Bitrix24 doesn't keep itself, such as the company's own, may be connected to and used; allowed without this. If forbidden, only portals on Bitrix24's own domains, by https and at its usual port, are left. Where Portals is set, that list alone decides.",
    ),
    key(
        "ClientId",
        Kind::Text,
        |policy| policy.client_id.iter().len(),
        "The local application's client id, so that nobody has to type it.",
    ),
    key(
        "CallbackPort",
        Kind::Number(1, 65_535),
        |policy| policy.callback_port.iter().len(),
        "The port of the registered redirect address.",
    ),
    key(
        "ExtensionIds",
        Kind::Texts,
        |policy| policy.extension_ids.len(),
        "Further extensions that may start the host, beside the published one. Browsers learn of them by gmail-sync-host register --system, run by an administrator after each change of this.",
    ),
    key("TeamDomains", Kind::Texts, |policy| policy.team_domains.len(), "Domains whose addresses are colleagues."),
    key(
        "ExtraCAFile",
        Kind::Text,
        |policy| policy.extra_ca_file.iter().len(),
        "A PEM file of authorities that are trusted beside the system's.",
    ),
    key(
        "NeverLog",
        Kind::Texts,
        |policy| policy.never_log.len(),
        "Addresses (counsel@opal-law.com) and domains with everything below them (opal-law.com) whose e-mail is never logged: one such participant in a thread is enough. People can add to this list in the settings, and take nothing off it.",
    ),
    key(
        "LedgerRetentionDays",
        Kind::Number(1, 3650),
        |policy| policy.ledger_retention_days.iter().len(),
        "For how many days the ledger is kept, today included, and with it the keyed hashes of addresses; 90 without this. What is older goes when the first request of a day leaves.",
    ),
    key(
        "AllowBodies",
        Kind::Flag,
        |policy| policy.allow_bodies.iter().len(),
        "Whether an e-mail's text may be logged. Without it, only subject, people and time are; allowed without this.",
    ),
    key(
        "ProxyMode",
        Kind::Text,
        |policy| policy.proxy_mode.iter().len(),
        "The way out: system (as without this) takes the system's proxy and the browser's environment; direct takes none; an address such as http://127.0.0.1:3128 is the one proxy for everything. A name and a password have no place in it.",
    ),
];
