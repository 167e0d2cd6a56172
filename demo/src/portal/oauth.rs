//! The authorization server: codes, token pairs, and the answers of `/oauth/token/`.
//! Source: apidocs.bitrix24.com, "OAuth 2.0"; error statuses as the official SDKs see them.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::php::{Array, Value, map};
use super::state::{Identity, State};
use super::switches::Rotation;

/// Seconds an authorization code lives.
const CODE_LIFETIME: i64 = 30;
/// Seconds an access token lives.
const ACCESS_LIFETIME: i64 = 3600;
/// Seconds a refresh token lives: 180 days.
const REFRESH_LIFETIME: i64 = 180 * 24 * 3600;

/// Something issued to a user, until some unix second.
#[derive(Clone, Copy, Debug)]
struct Grant {
    user: i64,
    until: i64,
}

/// Everything the authorization server issued.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    codes: BTreeMap<String, Grant>,
    access: BTreeMap<String, Grant>,
    refresh: BTreeMap<String, Grant>,
    /// Every token ever issued, to find them where none may be.
    issued: Vec<String>,
}

/// What an access token is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Valid { user: i64 },
    Expired,
    Unknown,
}

impl Grants {
    pub(crate) fn standing(&self, token: &str, now: i64) -> Standing {
        match self.access.get(token) {
            Some(grant) if now < grant.until => Standing::Valid { user: grant.user },
            Some(_) => Standing::Expired,
            None => Standing::Unknown,
        }
    }

    /// Issues a code for `user`.
    pub(crate) fn code(&mut self, user: i64, now: i64) -> String {
        let code = random(16);
        self.codes.insert(code.clone(), Grant { user, until: now + CODE_LIFETIME });
        code
    }

    /// Nothing that was issued is good any more.
    pub(crate) fn forget(&mut self) {
        self.codes.clear();
        self.access.clear();
        self.refresh.clear();
    }

    /// Every access and refresh token issued so far, in order.
    pub(crate) fn issued(&self) -> &[String] {
        &self.issued
    }

    /// Whether `text` contains any token issued so far.
    pub(crate) fn occur_in(&self, text: &str) -> bool {
        self.issued.iter().any(|token| text.contains(token.as_str()))
    }

    fn pair(&mut self, user: i64, now: i64) -> (String, String) {
        let (access, refresh) = (random(35), random(35));
        self.access.insert(access.clone(), Grant { user, until: now + ACCESS_LIFETIME });
        self.refresh.insert(refresh.clone(), Grant { user, until: now + REFRESH_LIFETIME });
        self.issued.extend([access.clone(), refresh.clone()]);
        (access, refresh)
    }
}

/// The address a logged-in browser is sent to: the registered one, with the answer appended to whatever query it has.
pub(crate) fn redirect_to(state: &mut State, identity: &Identity, user: i64, client_state: &str) -> String {
    let code = state.grants.code(user, state.clock.seconds());
    let origin = state.origin(identity);
    let query = form_query(&[
        ("code", &code),
        ("state", client_state),
        ("domain", authority(&origin)),
        ("member_id", &identity.member_id),
        ("scope", &state.switches.scopes.join(",")),
        ("server_domain", authority(&state.authorization_server(identity))),
    ]);
    let joint = if identity.callback.contains('?') { '&' } else { '?' };
    format!("{}{joint}{query}", identity.callback)
}

/// `host:port` of an origin.
pub(crate) fn authority(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, authority)| authority)
}

/// What PHP's `urlencode` leaves alone; a space becomes a plus.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b' ');

fn form_query(pairs: &[(&str, &str)]) -> String {
    let encode = |text: &str| utf8_percent_encode(text, PLAIN).to_string().replace(' ', "+");
    pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

/// The authorization server's refusal.
struct Refusal {
    status: u16,
    code: &'static str,
    text: &'static str,
}

const fn refusal(status: u16, code: &'static str, text: &'static str) -> Refusal {
    Refusal { status, code, text }
}

/// Answers a token request: status and body.
pub(crate) fn token(state: &mut State, identity: &Identity, params: &Array) -> (u16, Value) {
    match grant(state, identity, params) {
        Ok(body) => (200, body.into()),
        Err(Refusal { status, code, text }) => (status, map! { "error" => code, "error_description" => text }.into()),
    }
}

fn grant(state: &mut State, identity: &Identity, params: &Array) -> Result<Array, Refusal> {
    let param = |name: &str| {
        let value = params.get(name).and_then(Value::str).filter(|value| !value.is_empty());
        value.ok_or(refusal(400, "invalid_request", "A required parameter is missing"))
    };
    let grant_type = param("grant_type")?;
    if param("client_id")? != identity.client_id {
        return Err(refusal(state.switches.wrong_client_status, "wrong_client", "Wrong client"));
    }
    if param("client_secret")? != identity.client_secret {
        return Err(refusal(state.switches.invalid_client_status, "invalid_client", "Invalid client"));
    }
    if state.switches.app_deleted {
        return Err(refusal(401, "NOT_INSTALLED", "Application not installed"));
    }
    if !state.switches.rest_available {
        return Err(refusal(401, "PAYMENT_REQUIRED", "Payment required"));
    }
    let now = state.clock.seconds();
    let refreshing = grant_type == "refresh_token";
    let spent = match grant_type {
        "authorization_code" => {
            let code = param("code")?;
            state.grants.codes.remove(code)
        }
        "refresh_token" => {
            let token = param("refresh_token")?;
            match state.switches.rotation {
                Rotation::OldTokenInvalid => state.grants.refresh.remove(token),
                Rotation::OldTokenValid => state.grants.refresh.get(token).copied(),
            }
        }
        _ => return Err(refusal(400, "invalid_request", "The grant type is not supported")),
    };
    let live = spent.filter(|grant| now < grant.until && state.store.is_active(grant.user));
    let Grant { user, .. } = live.ok_or(refusal(400, "invalid_grant", "The grant is invalid, expired or was used"))?;
    let (access, refresh) = state.grants.pair(user, now);
    let server = state.authorization_server(identity);
    let mut body = map! {
        "access_token" => access,
        "client_endpoint" => format!("{}/rest/", state.origin(identity)),
        "domain" => authority(&server),
        "expires_in" => ACCESS_LIFETIME,
        "member_id" => &identity.member_id,
        "refresh_token" => refresh,
        "scope" => state.switches.scopes.join(","),
        "server_endpoint" => format!("{server}/rest/"),
        "status" => "L",
    };
    if refreshing {
        state.log.stats.refreshes += 1;
        body.set("expires", now + ACCESS_LIFETIME);
        body.set("user_id", user);
    }
    Ok(body)
}

/// `bytes` random bytes in hex.
pub(crate) fn random(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    // Without randomness a fake portal still works: its tokens only have to differ from other secrets in the test.
    let _ = getrandom::fill(&mut buffer);
    buffer.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    fn state() -> (State, Identity) {
        let mut state = State::new(true).unwrap();
        state.switches.wrong_client_status = 200;
        (state, Identity::new("http://127.0.0.1:9".to_owned(), "http://127.0.0.1:17485/callback?x=1".to_owned()))
    }

    fn request(identity: &Identity, name: &str, value: &str, grant_type: &str) -> Array {
        map! {
            "grant_type" => grant_type, "client_id" => &identity.client_id,
            "client_secret" => &identity.client_secret, name => value,
        }
    }

    fn field(body: &Value, name: &str) -> String {
        body.array().and_then(|body| body.get(name)).map(Value::text).unwrap_or_default()
    }

    #[test]
    fn the_redirect_carries_six_parameters_after_an_existing_query() {
        let (mut state, identity) = state();
        let address = redirect_to(&mut state, &identity, 7, "a b&c");
        assert!(address.starts_with("http://127.0.0.1:17485/callback?x=1&code="));
        for part in ["&state=a+b%26c", "&domain=127.0.0.1%3A9", "&member_id=", "&scope=crm%2C", "&server_domain="] {
            assert!(address.contains(part), "{part}");
        }
    }

    #[test]
    fn a_code_works_once_and_for_thirty_seconds() {
        let (mut state, identity) = state();
        let code = state.grants.code(7, state.clock.seconds());
        let (status, body) = token(&mut state, &identity, &request(&identity, "code", &code, "authorization_code"));
        assert_eq!((status, field(&body, "expires"), field(&body, "status")), (200, String::new(), "L".to_owned()));
        let (status, body) = token(&mut state, &identity, &request(&identity, "code", &code, "authorization_code"));
        assert_eq!((status, field(&body, "error")), (400, "invalid_grant".to_owned()));

        let code = state.grants.code(7, state.clock.seconds());
        state.clock.advance(SignedDuration::from_secs(CODE_LIFETIME));
        assert_eq!(token(&mut state, &identity, &request(&identity, "code", &code, "authorization_code")).0, 400);
    }

    #[test]
    fn rotation_follows_the_switch() {
        for (rotation, status) in [(Rotation::OldTokenInvalid, 400), (Rotation::OldTokenValid, 200)] {
            let (mut state, identity) = state();
            state.switches.rotation = rotation;
            let (_, old) = state.grants.pair(7, state.clock.seconds());
            let ask = request(&identity, "refresh_token", &old, "refresh_token");
            let (first, body) = token(&mut state, &identity, &ask);
            assert_eq!((first, field(&body, "user_id")), (200, "7".to_owned()));
            assert_eq!(token(&mut state, &identity, &ask).0, status, "{rotation:?}");
            assert!(state.grants.occur_in(&format!("/x?auth={}", field(&body, "access_token"))));
        }
    }

    #[test]
    fn refusals_have_their_statuses() {
        let (mut state, identity) = state();
        let mut ask = request(&identity, "refresh_token", "nonsense", "refresh_token");
        let refused = |state: &mut State, ask: &Array| {
            let (status, body) = token(state, &identity, ask);
            (status, field(&body, "error"))
        };
        assert_eq!(refused(&mut state, &ask), (400, "invalid_grant".to_owned()));
        assert_eq!(refused(&mut state, &Array::default()), (400, "invalid_request".to_owned()));
        state.switches.app_deleted = true;
        assert_eq!(refused(&mut state, &ask), (401, "NOT_INSTALLED".to_owned()));
        ask.set("client_secret", "wrong");
        assert_eq!(refused(&mut state, &ask), (400, "invalid_client".to_owned()));
        ask.set("client_id", "wrong");
        assert_eq!(refused(&mut state, &ask), (200, "wrong_client".to_owned()));
    }
}
