//! The names a policy may use, as the administrator's guide and the templates for Windows list them.

/// One name, what its value is, and what it does.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// As it stands in the policy.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
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

const fn key(name: &'static str, kind: Kind, effect: &'static str) -> Key {
    Key { name, kind, effect }
}

/// Every name that [`Policy`](super::Policy) reads.
pub const KEYS: &[Key] = &[
    key("Portals", Kind::Texts, "The only portals that may be connected to. The first one is offered when connecting."),
    key("ClientId", Kind::Text, "The local application's client id, so that nobody has to type it."),
    key("CallbackPort", Kind::Number(1, 65_535), "The port of the registered redirect address."),
    key(
        "ExtensionIds",
        Kind::Texts,
        "Further extensions that may start the host, beside the published one. Browsers learn of them by gmail-sync-host register --system, run by an administrator after each change of this.",
    ),
    key("TeamDomains", Kind::Texts, "Domains whose addresses are colleagues."),
    key("ExtraCAFile", Kind::Text, "A PEM file of authorities that are trusted beside the system's."),
    key(
        "NeverLog",
        Kind::Texts,
        "Addresses (counsel@opal-law.com) and domains with everything below them (opal-law.com) whose e-mail is never logged: one such participant in a thread is enough. People can add to this list in the settings, and take nothing off it.",
    ),
    key(
        "LedgerRetentionDays",
        Kind::Number(1, 3650),
        "For how many days the ledger is kept, today included, and with it the keyed hashes of addresses; 90 without this. What is older goes when the first request of a day leaves.",
    ),
    key(
        "AllowBodies",
        Kind::Flag,
        "Whether an e-mail's text may be logged. Without it, only subject, people and time are; allowed without this.",
    ),
    key(
        "ProxyMode",
        Kind::Text,
        "The way out: system (as without this) takes the system's proxy and the browser's environment; direct takes none; an address such as http://127.0.0.1:3128 is the one proxy for everything. A name and a password have no place in it.",
    ),
];
