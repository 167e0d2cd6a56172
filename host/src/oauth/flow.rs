//! The pure half of connecting: where the browser is sent, and what it may come back with.

use std::collections::HashMap;
use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use oauth2::basic::BasicClient;
use oauth2::{AuthUrl, ClientId, CsrfToken};
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;
use url::{Host, Url};

use crate::failure::{Failure, Reason};
use crate::portal::{AuthorizationServer, PortalUrl};

/// The path of the registered redirect address.
pub const CALLBACK_PATH: &str = "/callback";

/// Longer than any address a browser shows.
const ADDRESS_LIMIT: usize = 8 * 1024;

/// The redirect address to register for that port: `http://127.0.0.1:17485/callback`.
#[must_use]
pub fn callback_address(port: u16) -> String {
    format!("http://127.0.0.1:{port}{CALLBACK_PATH}")
}

/// What ties a redirect to the attempt it belongs to: 256 random bits, good for one attempt.
pub struct State(SecretString);

impl State {
    /// A new one.
    ///
    /// # Errors
    /// When the computer has no random numbers.
    pub fn new() -> Result<Self, Failure> {
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(|_| Reason::NoRandomNumbers)?;
        Ok(Self(BASE64URL_NOPAD.encode(&random).into()))
    }

    /// Whether `other` is this state; takes as long whichever character differs.
    #[must_use]
    pub fn is(&self, other: &str) -> bool {
        self.0.expose_secret().as_bytes().ct_eq(other.as_bytes()).into()
    }
}

/// The page to open in the person's browser. Bitrix24 reads `client_id` and `state`, and redirects to the registered
/// address whatever else is there.
///
/// Source: <https://apidocs.bitrix24.com/settings/oauth/index.html>
///
/// # Errors
/// Never for a portal that passed [`PortalUrl`]'s checks.
pub fn authorize_url(portal: &PortalUrl, client_id: &str, state: &State) -> Result<Url, Failure> {
    let page = AuthUrl::from_url(portal.endpoint("/oauth/authorize/"));
    let client = BasicClient::new(ClientId::new(client_id.to_owned())).set_auth_uri(page);
    let state = CsrfToken::new(state.0.expose_secret().to_owned());
    let (url, _) = client.authorize_url(|| state).url();
    Ok(url)
}

/// What the portal's redirect brought, with the right state. Nothing else in it has been judged.
pub struct Callback {
    /// The authorization code: good once, for 30 seconds.
    pub code: SecretString,
    /// The host the person authorized on; may carry a port.
    pub domain: String,
    /// The portal's own id.
    pub member_id: String,
    /// The authorization server's host; absent from old on-premise portals.
    pub server_domain: Option<String>,
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback").field("domain", &self.domain).finish_non_exhaustive()
    }
}

/// Why an address is not the redirect that is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackError {
    /// Not the registered address, or parameters missing or doubled.
    Malformed,
    /// Another attempt's, or somebody's guess.
    OtherState,
}

impl From<CallbackError> for Failure {
    fn from(error: CallbackError) -> Self {
        Failure::new(match error {
            CallbackError::Malformed => Reason::CallbackMalformed,
            CallbackError::OtherState => Reason::CallbackOtherState,
        })
    }
}

impl Callback {
    /// Reads the query of the redirect: `code=…&state=…&domain=…&member_id=…&scope=…&server_domain=…` in any order, with
    /// whatever else.
    ///
    /// # Errors
    /// When it isn't complete, or is another attempt's.
    pub fn from_query(query: &str, state: &State) -> Result<Self, CallbackError> {
        let mut values = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            // Of two values nobody knows which one was checked.
            if values.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err(CallbackError::Malformed);
            }
        }
        let mut take = |name| values.remove(name).filter(|value| !value.is_empty());
        if !state.is(&take("state").ok_or(CallbackError::Malformed)?) {
            return Err(CallbackError::OtherState);
        }
        Ok(Self {
            code: take("code").ok_or(CallbackError::Malformed)?.into(),
            domain: take("domain").ok_or(CallbackError::Malformed)?,
            member_id: take("member_id").ok_or(CallbackError::Malformed)?,
            server_domain: take("server_domain"),
        })
    }

    /// Reads the address a person copied from the browser's address bar.
    ///
    /// # Errors
    /// As [`Callback::from_query`]; the address must be the registered one.
    pub fn from_pasted(address: &str, state: &State) -> Result<Self, CallbackError> {
        if address.len() > ADDRESS_LIMIT {
            return Err(CallbackError::Malformed);
        }
        let url = Url::parse(address.trim()).map_err(|_| CallbackError::Malformed)?;
        let here = match url.host() {
            Some(Host::Ipv4(host)) => host.is_loopback(),
            Some(Host::Domain(host)) => host == "localhost",
            _ => false,
        };
        if url.scheme() != "http" || !here || url.path() != CALLBACK_PATH {
            return Err(CallbackError::Malformed);
        }
        Self::from_query(url.query().unwrap_or_default(), state)
    }

    /// The server that exchanges the code, if this redirect is from the portal that was asked.
    ///
    /// # Errors
    /// [`Reason::AuthorizedElsewhere`] if the person authorized somewhere else; [`Reason::UnknownAuthorizationServer`].
    pub fn authorization_server(&self, portal: &PortalUrl) -> Result<AuthorizationServer, Failure> {
        let authorized_on = self.domain.to_ascii_lowercase();
        if authorized_on != portal.to_string() && authorized_on != portal.host() {
            return Err(Failure::new(Reason::AuthorizedElsewhere).with("portal", portal));
        }
        AuthorizationServer::new(portal, self.server_domain.as_deref().unwrap_or("oauth.bitrix.info"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        State("s".repeat(43).into())
    }

    fn query(changes: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("code", "c0de"),
            ("state", &*"s".repeat(43)),
            ("domain", "acme.bitrix24.com"),
            ("member_id", "a223c6b3710f85df22e9377d6c4f7553"),
            ("scope", "crm,user_basic"),
            ("server_domain", "oauth.bitrix.info"),
        ] {
            match changes.iter().find(|(changed, _)| *changed == name) {
                Some((_, "")) => {}
                Some((_, other)) => drop(query.append_pair(name, other)),
                None => drop(query.append_pair(name, value)),
            }
        }
        query.finish()
    }

    #[test]
    fn the_browser_is_sent_to_the_portals_authorize_page() {
        let url = authorize_url(&"acme.bitrix24.com".parse().unwrap(), "local.5f0 &x", &state()).unwrap();
        assert_eq!(
            url.as_str(),
            format!(
                "https://acme.bitrix24.com/oauth/authorize/?response_type=code&client_id=local.5f0+%26x&state={}",
                "s".repeat(43)
            )
        );
    }

    #[test]
    fn no_two_states_are_alike() {
        let (one, other) = (State::new().unwrap(), State::new().unwrap());
        assert_eq!(one.0.expose_secret().len(), 43);
        assert!(one.is(one.0.expose_secret()));
        assert!(!one.is(other.0.expose_secret()) && !one.is("") && !one.is(&one.0.expose_secret()[..42]));
    }

    #[test]
    fn reads_a_redirect() {
        let callback = Callback::from_query(&query(&[]), &state()).unwrap();
        assert_eq!(callback.code.expose_secret(), "c0de");
        assert_eq!(callback.member_id, "a223c6b3710f85df22e9377d6c4f7553");
        let server = callback.authorization_server(&"acme.bitrix24.com".parse().unwrap()).unwrap();
        assert_eq!(server.origin(), "https://oauth.bitrix.info");
        assert!(!format!("{callback:?}").contains("c0de"));
    }

    #[test]
    fn refuses_what_is_no_redirect_or_another_attempts() {
        for (changes, error) in [
            (&[("state", "")][..], CallbackError::Malformed),
            (&[("state", "guess")], CallbackError::OtherState),
            (&[("code", "")], CallbackError::Malformed),
            (&[("domain", "")], CallbackError::Malformed),
            (&[("member_id", "")], CallbackError::Malformed),
        ] {
            assert_eq!(Callback::from_query(&query(changes), &state()).unwrap_err(), error, "{changes:?}");
        }
        let twice = format!("{}&code=other", query(&[]));
        assert_eq!(Callback::from_query(&twice, &state()).unwrap_err(), CallbackError::Malformed);
        assert_eq!(Callback::from_query("", &state()).unwrap_err(), CallbackError::Malformed);
        assert_eq!(Callback::from_query("%ff=&&==&", &state()).unwrap_err(), CallbackError::Malformed);
    }

    #[test]
    fn reads_a_pasted_address_only_if_it_is_the_registered_one() {
        for good in ["http://127.0.0.1:17485/callback", " http://localhost:17485/callback"] {
            assert!(Callback::from_pasted(&format!("{good}?{}\n", query(&[])), &state()).is_ok(), "{good}");
        }
        for bad in [
            "",
            "c0de",
            "https://127.0.0.1:17485/callback",
            "http://127.0.0.1:17485/other",
            "http://acme.bitrix24.com/callback",
            "http://127.0.0.1.example.com/callback",
            "javascript:alert(1)//",
        ] {
            let error = Callback::from_pasted(&format!("{bad}?{}", query(&[])), &state()).unwrap_err();
            assert_eq!(error, CallbackError::Malformed, "{bad}");
        }
        let huge = format!("http://127.0.0.1:17485/callback?{}&x={}", query(&[]), "x".repeat(ADDRESS_LIMIT));
        assert_eq!(Callback::from_pasted(&huge, &state()).unwrap_err(), CallbackError::Malformed);
    }

    #[test]
    fn a_redirect_from_another_portal_or_to_another_server_is_refused() {
        let portal: PortalUrl = "acme.bitrix24.com".parse().unwrap();
        for (changes, reason) in [
            ([("domain", "evil.bitrix24.com")], Reason::AuthorizedElsewhere),
            ([("domain", "acme.bitrix24.com.evil.example")], Reason::AuthorizedElsewhere),
            ([("server_domain", "oauth.evil.example")], Reason::UnknownAuthorizationServer),
            ([("server_domain", "127.0.0.1:1")], Reason::UnknownAuthorizationServer),
        ] {
            let callback = Callback::from_query(&query(&changes), &state()).unwrap();
            assert_eq!(callback.authorization_server(&portal).unwrap_err().reason(), reason, "{changes:?}");
        }
        let callback = Callback::from_query(&query(&[("domain", "ACME.bitrix24.com")]), &state()).unwrap();
        assert!(callback.authorization_server(&portal).is_ok());
        let old = Callback::from_query(&query(&[("server_domain", "")]), &state()).unwrap();
        assert_eq!(old.authorization_server(&portal).unwrap().origin(), "https://oauth.bitrix.info");
    }

    #[test]
    fn a_domain_may_carry_the_portals_port_but_no_other() {
        let portal: PortalUrl = "https://portal.example:8443".parse().unwrap();
        for (domain, fits) in [
            ("portal.example:8443", true),
            ("portal.example", true),
            ("portal.example:9", false),
            ("other:8443", false),
        ] {
            let callback = Callback::from_query(&query(&[("domain", domain)]), &state()).unwrap();
            assert_eq!(callback.authorization_server(&portal).is_ok(), fits, "{domain}");
        }
    }
}
