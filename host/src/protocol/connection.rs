//! Greeting, connecting, mailboxes.

use serde::{Deserialize, Serialize};

use super::WireSecret;

/// Nothing to tell but that it worked: `{}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Nothing {}

/// The greeting.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct HelloParams {
    /// The protocol versions the extension speaks.
    pub protocols: Vec<u32>,
    /// The extension's own version, kept for `--check`.
    pub extension: String,
}

/// The answer to the greeting. Without a session it tells nothing about portal or person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Hello {
    /// The version both speak from now on.
    pub protocol: u32,
    /// The protocol versions the host speaks.
    pub protocols: Vec<u32>,
    /// The host's own version.
    pub host: String,
    /// With a valid session: as `status` would answer. Absent: a session is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub status: Option<Status>,
}

/// How to connect by OAuth.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ConnectParams {
    /// The portal as the person typed it: `acme.bitrix24.com`.
    pub portal: String,
    /// The local application's client id. Absent: as fixed by policy, or the existing connection's.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub client_id: Option<String>,
    /// The local application's client secret. Absent: the existing connection's, to connect again.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub client_secret: Option<WireSecret>,
    /// The port in the redirect address that is registered with the application. Absent: as fixed by policy, the existing
    /// connection's, or 17485.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub callback_port: Option<u16>,
    /// The mailbox in view, which connecting switches on.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub mailbox: Option<String>,
    /// The person's yes to `portal_unconfirmed`: its `address`, as it came.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub confirmed: Option<String>,
    /// The person's yes to `portal_moved`: `portal` is where the portal of this session says it is now. Its keys are used, its member
    /// id must be the same, and its connection becomes this one.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<bool>", optional))]
    pub moved: bool,
}

/// How to connect by webhook.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ConnectWebhookParams {
    /// The inbound webhook's address, which holds its secret.
    pub url: WireSecret,
    /// The mailbox in view, which connecting switches on.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub mailbox: Option<String>,
    /// The person's yes to `portal_unconfirmed`: its `address`, as it came.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub confirmed: Option<String>,
}

/// How far a running `connect` has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "stage")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum ConnectProgress {
    /// The person's browser was asked to open the portal.
    BrowserOpened,
    /// The redirect came; the code is being exchanged.
    Exchanging,
    /// The tokens are here; portal and person are being checked.
    Checking,
}

/// The address the browser ended at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct PasteCallbackParams {
    /// `http://127.0.0.1:17485/callback?code=…`: holds a code, so it's a secret for its 30 seconds.
    pub address: WireSecret,
}

/// A one-time code for a further browser profile.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct AllowParams {
    /// As a connected profile shows it, or as `gmail-sync-host sessions allow` printed it.
    pub code: WireSecret,
    /// The mailbox in view, which this switches on.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub mailbox: Option<String>,
}

/// No parameters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct NewCodeParams {}

/// What lets one further browser profile in, once.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct OneTimeCode {
    /// To be typed into the other profile: `K7QF-2MXD`.
    pub code: String,
    /// For how long it is good.
    pub seconds: u32,
}

/// Connected: this profile has a session now.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Connected {
    /// The session token of this browser profile. Worthless without the local host.
    pub session: String,
    /// As `status` would answer.
    pub status: Status,
}

/// How much to disconnect.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct DisconnectParams {
    /// End the connection even if other profiles still use it.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<bool>", optional))]
    pub everywhere: bool,
}

/// What disconnecting did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Disconnected {
    /// The keychain entry is gone too. Bitrix24 has no way to revoke a token: it ends by itself within the hour.
    pub connection_ended: bool,
    /// How many other profiles keep their session.
    pub sessions_left: u32,
}

/// No parameters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct StatusParams {}

/// What the host knows without asking anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Status {
    /// The portal: `acme.bitrix24.com`.
    pub portal: String,
    /// Where the portal's pages are: `https://acme.bitrix24.com`.
    pub origin: String,
    /// How the host gets in.
    pub mode: ConnectionMode,
    /// Who the portal says the person is.
    pub user: PortalUser,
    /// Mailboxes that were switched on or off.
    pub mailboxes: Vec<Mailbox>,
    /// Who counts as a colleague beyond what the portal knows.
    pub team: Team,
    /// Whose e-mail is never logged.
    pub never_log: NeverLogList,
    /// The administrator doesn't let the text of an e-mail be logged. Absent: it may be.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(as = "Option<bool>", optional))]
    pub subject_only: bool,
}

/// Addresses and domains that aren't strangers', whatever the portal knows of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Team {
    /// Addresses and aliases that are the person's own: never looked up.
    pub own_addresses: Vec<String>,
    /// Domains whose addresses are colleagues: `acme.com`.
    pub domains: Vec<String>,
    /// Domains that the administrator added by policy.
    pub policy_domains: Vec<String>,
}

/// Addresses and domains whose e-mail is never logged, nor that of anybody who writes with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct NeverLogList {
    /// What the person listed: `counsel@opal-law.com`, or `opal-law.com` for everything below it.
    pub entries: Vec<String>,
    /// What the administrator listed by policy.
    pub policy_entries: Vec<String>,
}

/// The two ways in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum ConnectionMode {
    /// A local application.
    Oauth,
    /// An inbound webhook.
    Webhook,
}

/// A person as the portal knows its own users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct PortalUser {
    /// The portal's user id.
    pub id: String,
    /// As the portal spells it; empty if it has none.
    pub name: String,
    /// The portal's page about the person.
    pub url: String,
}

/// A mailbox the person decided about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Mailbox {
    /// The mailbox's address, lower case.
    pub address: String,
    /// Lookups are on.
    pub on: bool,
}

/// The person's answer for a mailbox.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SetMailboxParams {
    /// The mailbox's address.
    pub address: String,
    /// Whether its threads may be looked up.
    pub on: bool,
}

/// What to add to the team and what to take out; an address or domain that is there, or isn't, already is no error.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ChangeTeamParams {
    /// Addresses that are the person's own.
    #[cfg_attr(test, ts(as = "Option<Vec<String>>", optional))]
    pub add_addresses: Vec<String>,
    /// Addresses that aren't any more.
    #[cfg_attr(test, ts(as = "Option<Vec<String>>", optional))]
    pub remove_addresses: Vec<String>,
    /// Domains of colleagues.
    #[cfg_attr(test, ts(as = "Option<Vec<String>>", optional))]
    pub add_domains: Vec<String>,
    /// Domains that aren't any more.
    #[cfg_attr(test, ts(as = "Option<Vec<String>>", optional))]
    pub remove_domains: Vec<String>,
}

/// What to add to the person's never-log list and what to take out; what is there, or isn't, already is no error.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ChangeNeverLogParams {
    /// Addresses and domains whose e-mail is never logged.
    #[cfg_attr(test, ts(as = "Option<Vec<String>>", optional))]
    pub add: Vec<String>,
    /// Addresses and domains whose e-mail may be logged again.
    #[cfg_attr(test, ts(as = "Option<Vec<String>>", optional))]
    pub remove: Vec<String>,
}

/// Which request to cancel.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct CancelParams {
    /// The running request's id.
    pub id: String,
}
