//! Everything about the fake portal that a test may set, with what is true of a new one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::seed::LENA;

/// What kind of portal this is; decides limits and licence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Plan {
    /// Cloud: two requests a second, burst 50.
    #[default]
    Standard,
    /// Cloud: five requests a second, burst 250.
    Enterprise,
    /// On-premise: no limits, no `operating` in answers.
    SelfHosted,
}

/// What happens to a refresh token that was used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Rotation {
    /// It is dead: `invalid_grant`.
    #[default]
    OldTokenInvalid,
    /// It goes on working beside the new one.
    OldTokenValid,
}

/// Documentation and server source disagree about the status of several errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StatusTable {
    /// As in the `rest` module's source: mostly 401.
    #[default]
    Server,
    /// As in the documentation: mostly 403.
    Docs,
}

/// Classic CRM with leads, or simple CRM without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CrmMode {
    /// `crm.settings.mode.get` answers 1.
    #[default]
    Classic,
    /// `crm.settings.mode.get` answers 2; a new lead becomes a deal at once.
    Simple,
}

/// The switches. `POST /_fake/switches` takes any of them, in camelCase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Switches {
    /// The user whose browser asks for authorization; `None` shows the login form first.
    pub logged_in_user: Option<i64>,
    /// Cloud or on-premise, and which limits.
    pub plan: Plan,
    /// What happens to a used refresh token.
    pub rotation: Rotation,
    /// HTTP status of the OAuth error `wrong_client` (seen: 200).
    pub wrong_client_status: u16,
    /// HTTP status of the OAuth error `invalid_client` (seen: 400 and 401).
    pub invalid_client_status: u16,
    /// Which statuses REST errors carry.
    pub statuses: StatusTable,
    /// Scopes granted to application and webhook.
    pub scopes: Vec<String>,
    /// With leads or without.
    pub crm_mode: CrmMode,
    /// Whether `crm.item.list` knows `contactIds` (portals since March 2025).
    pub contact_ids_filter: bool,
    /// The administrator deleted the application.
    pub app_deleted: bool,
    /// Whether the plan includes REST at all.
    pub rest_available: bool,
    /// Whether the user may use this application.
    pub app_access: bool,
    /// Webhooks refuse plain http, as real portals do. Off, since the fake portal usually has no TLS.
    pub webhook_needs_https: bool,
    /// Whose inbound webhooks were deleted.
    pub deleted_webhooks: Vec<i64>,
    /// A dismissed user's tokens go on working, and `profile` answers `[]`.
    pub dismissed_still_authorized: bool,
    /// Methods this (older) portal doesn't have.
    pub missing_methods: Vec<String>,
    /// The portal moved to this origin: requests with another Host are answered 302.
    pub renamed_to: Option<String>,
    /// The authorization server by name, like `oauth.bitrix.info`; `None`: the portal is its own.
    pub authorization_server: Option<String>,
    /// The portal appends its signature to the description of added e-mails.
    pub append_mail_signature: bool,
    /// Sending (which a client must never cause) fails; the activity is kept all the same.
    pub mail_sending_fails: bool,
    /// Required custom fields are enforced for REST.
    pub require_custom_fields: bool,
    /// Custom fields that are marked as required beside those that always are.
    pub required_fields: Vec<String>,
    /// Stages that ask for a field, by its older name: without it no record moves there.
    pub stage_requires: BTreeMap<String, String>,
    /// Types of records that nobody but an administrator may create: `contact`, `company`, `lead`, `deal`.
    pub cannot_create: Vec<String>,
    /// An old MySQL that can't store characters beyond U+FFFF.
    pub three_byte_utf8: bool,
    /// What every text that somebody typed into the portal reads in answers, and every sentence of its errors.
    pub typed_text: Option<String>,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            logged_in_user: Some(LENA),
            plan: Plan::default(),
            rotation: Rotation::default(),
            wrong_client_status: 200,
            invalid_client_status: 400,
            statuses: StatusTable::default(),
            scopes: ["crm", "user_basic"].map(str::to_owned).to_vec(),
            crm_mode: CrmMode::default(),
            contact_ids_filter: true,
            app_deleted: false,
            rest_available: true,
            app_access: true,
            webhook_needs_https: false,
            deleted_webhooks: Vec::new(),
            dismissed_still_authorized: false,
            missing_methods: Vec::new(),
            renamed_to: None,
            authorization_server: None,
            append_mail_signature: false,
            mail_sending_fails: false,
            require_custom_fields: false,
            required_fields: Vec::new(),
            stage_requires: BTreeMap::new(),
            cannot_create: Vec::new(),
            three_byte_utf8: false,
            typed_text: None,
        }
    }
}
