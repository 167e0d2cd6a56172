//! Addresses the host may speak to, checked once where they come in.
//!
//! A [`PortalUrl`] is what a person typed, an [`AuthorizationServer`] what a redirect named; each is an origin and nothing
//! more. They are the only places [`crate::egress`] can send to, so an address that didn't pass here can't be reached.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::{Host, Url};

use crate::failure::{Failure, Reason};

/// Bitrix24's own authorization servers; which of them serves a portal depends on its region.
///
/// Source: <https://apidocs.bitrix24.com/settings/oauth/index.html> and the REST module's `AuthorizationServerUrlResolver`.
const AUTHORIZATION_SERVERS: &[&str] = &["oauth.bitrix.info", "oauth.bitrix24.tech"];

/// The domains below which Bitrix24 itself keeps portals, one for each region. A portal below none of them is a company's own, or
/// somebody else's: the person is asked.
///
/// Source: the zones that <https://helpdesk.bitrix24.de/open/10252860> lists, but for `bitrix24.ua`: one question more is better
/// than a domain too many.
const CLOUD: &[&str] = &[
    "bitrix24.by",
    "bitrix24.cn",
    "bitrix24.com",
    "bitrix24.com.br",
    "bitrix24.com.tr",
    "bitrix24.de",
    "bitrix24.es",
    "bitrix24.eu",
    "bitrix24.fr",
    "bitrix24.id",
    "bitrix24.in",
    "bitrix24.it",
    "bitrix24.jp",
    "bitrix24.kz",
    "bitrix24.pl",
    "bitrix24.ru",
    "bitrix24.vn",
];

/// The longest name DNS knows, with room for scheme and port.
const LONGEST: usize = 300;

/// RFC 1035, 2.3.4, without the root's dot.
const LONGEST_NAME: usize = 253;

/// A portal: scheme, host and port. https, or http where the host is this machine itself.
///
/// Parses what a person types (`acme.bitrix24.com`, `https://portal.example:8443/`), displays as `host[:port]`, and is
/// stored as its origin.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PortalUrl(Url);

impl PortalUrl {
    /// `https://acme.bitrix24.com`, without a slash at its end.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The host alone, in ASCII: `acme.bitrix24.com`, `127.0.0.1`, `[::1]`.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Whether the portal runs on this machine: only the fake portal of tests and demo does.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// Whether Bitrix24 itself keeps the portal.
    #[must_use]
    pub fn is_cloud(&self) -> bool {
        let below =
            |domain: &&str| self.host().strip_suffix(*domain).is_some_and(|name| name.len() > 1 && name.ends_with('.'));
        self.0.scheme() == "https" && self.0.port().is_none() && CLOUD.iter().any(below)
    }

    /// The address of `path` on this portal. `?` and `#` in it are encoded, so it stays a path.
    #[must_use]
    pub fn endpoint(&self, path: &str) -> Url {
        endpoint(&self.0, path)
    }

    /// The portal's page about a record or a user.
    ///
    /// Source: <https://apidocs.bitrix24.com/sdk/bx24-js-sdk/additional-functions/bx24-open-path.html>
    #[must_use]
    pub fn page(&self, page: Page, id: u64) -> String {
        let folder = match page {
            Page::Contact => "crm/contact/details",
            Page::Company => "crm/company/details",
            Page::Lead => "crm/lead/details",
            Page::Deal => "crm/deal/details",
            Page::User => "company/personal/user",
        };
        format!("{}/{folder}/{id}/", self.origin())
    }
}

/// What a page of the portal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// A contact.
    Contact,
    /// A company.
    Company,
    /// A lead.
    Lead,
    /// A deal.
    Deal,
    /// A user of the portal.
    User,
}

impl FromStr for PortalUrl {
    type Err = Failure;

    fn from_str(typed: &str) -> Result<Self, Failure> {
        let typed = typed.trim();
        if typed.is_empty() || typed.len() > LONGEST || typed.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(Reason::PortalAddressInvalid.into());
        }
        let with_scheme = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
        let url = Url::parse(&with_scheme).map_err(|_| Reason::PortalAddressInvalid)?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(Reason::PortalAddressInvalid.into());
        }
        let more = url.path() != "/" || url.query().is_some() || url.fragment().is_some();
        if more || !url.username().is_empty() || url.password().is_some() {
            return Err(Reason::PortalAddressTooMuch.into());
        }
        let url = without_root_dot(url)?;
        // Letters beyond ASCII grow when they are written as DNS has them: what is kept must be readable again.
        if url.host_str().is_none_or(|host| host.len() > LONGEST_NAME) {
            return Err(Reason::PortalAddressInvalid.into());
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(Reason::PortalNeedsHttps.into());
        }
        Ok(Self(url))
    }
}

/// `acme.bitrix24.com.` and `acme.bitrix24.com` are one host, but no certificate and no comparison thinks so.
fn without_root_dot(mut url: Url) -> Result<Url, Failure> {
    let host = url.host_str().unwrap_or_default();
    if let Some(host) = host.strip_suffix('.').map(str::to_owned) {
        url.set_host(Some(&host)).map_err(|_| Reason::PortalAddressInvalid)?;
    }
    if url.host_str().is_none_or(|host| host.is_empty() || host.ends_with('.') || host.starts_with('.')) {
        return Err(Reason::PortalAddressInvalid.into());
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        // RFC 6761, section 6.3: never leaves the machine.
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn endpoint(origin: &Url, path: &str) -> Url {
    let mut url = origin.clone();
    url.set_path(path);
    url
}

fn display(url: &Url, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(url.host_str().unwrap_or_default())?;
    url.port().map_or(Ok(()), |port| write!(f, ":{port}"))
}

impl fmt::Display for PortalUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(&self.0, f)
    }
}

impl fmt::Debug for PortalUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin())
    }
}

impl Serialize for PortalUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.origin())
    }
}

impl<'de> Deserialize<'de> for PortalUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Where a portal's methods are: its `client_endpoint`, as a path on the portal that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestEndpoint {
    portal: PortalUrl,
    path: String,
}

impl RestEndpoint {
    /// Where every portal has its methods unless it says otherwise.
    #[must_use]
    pub fn standard(portal: PortalUrl) -> Self {
        Self { portal, path: "/rest/".to_owned() }
    }

    /// Reads the `client_endpoint` of a token answer.
    ///
    /// # Errors
    /// [`Reason::OtherPortal`] when it isn't an address on `portal`: a token must not travel to where nobody asked for.
    pub fn new(portal: PortalUrl, client_endpoint: &str) -> Result<Self, Failure> {
        let other = || Failure::new(Reason::OtherPortal).with("portal", &portal);
        let url = Url::parse(client_endpoint).map_err(|_| other())?;
        if url.origin() != portal.0.origin() || url.query().is_some() || url.fragment().is_some() {
            return Err(other());
        }
        let slash = if url.path().ends_with('/') { "" } else { "/" };
        let path = format!("{}{slash}", url.path());
        Ok(Self { portal, path })
    }

    /// The portal.
    #[must_use]
    pub fn portal(&self) -> &PortalUrl {
        &self.portal
    }

    /// Starts and ends with a slash: `/rest/`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// The server that turns a code or a refresh token into tokens. The client secret goes there and nowhere else.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AuthorizationServer(Url);

impl AuthorizationServer {
    /// Accepts what the portal or a token answer named: a host (`server_domain`) or an address (`server_endpoint`), of which
    /// the origin is kept. Only Bitrix24's own servers pass, and for a loopback portal a loopback address.
    ///
    /// # Errors
    /// [`Reason::UnknownAuthorizationServer`]: anybody can send the browser to our listener with a server of their own.
    pub fn new(portal: &PortalUrl, named: &str) -> Result<Self, Failure> {
        let unknown = || Failure::new(Reason::UnknownAuthorizationServer).with("portal", portal);
        let address = if named.contains("://") { named.to_owned() } else { format!("{}://{named}", portal.0.scheme()) };
        let url = Url::parse(&address).map_err(|_| unknown())?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(unknown());
        }
        let official = url.scheme() == "https"
            && url.port().is_none()
            && url.host_str().is_some_and(|host| AUTHORIZATION_SERVERS.contains(&host));
        let local = portal.is_loopback() && is_loopback(&url) && matches!(url.scheme(), "http" | "https");
        if !official && !local {
            return Err(unknown());
        }
        let mut origin = endpoint(&url, "/");
        origin.set_query(None);
        origin.set_fragment(None);
        Ok(Self(origin))
    }

    /// Bitrix24's own.
    pub fn official() -> impl Iterator<Item = Self> {
        AUTHORIZATION_SERVERS.iter().filter_map(|name| Url::parse(&format!("https://{name}/")).ok()).map(Self)
    }

    /// `https://oauth.bitrix.info`, without a slash at its end.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The host alone, in ASCII.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Whether the server runs on this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// The address of `path` on this server.
    #[must_use]
    pub fn endpoint(&self, path: &str) -> Url {
        endpoint(&self.0, path)
    }
}

impl fmt::Display for AuthorizationServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(&self.0, f)
    }
}

impl fmt::Debug for AuthorizationServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portal(typed: &str) -> Result<PortalUrl, Reason> {
        typed.parse().map_err(|failure: Failure| failure.reason())
    }

    #[test]
    fn a_portal_below_one_of_bitrix24s_own_domains_is_theirs() {
        let is_cloud = |typed: &str| typed.parse::<PortalUrl>().unwrap().is_cloud();
        for theirs in ["acme.bitrix24.com", "ACME.Bitrix24.de", "https://acme.bitrix24.com.br/", "acme.bitrix24.com."] {
            assert!(is_cloud(theirs), "{theirs}");
        }
        for others in [
            "bitrix24.com",
            "acmebitrix24.com",
            "acme.bitrix24.com.example",
            "acme.bitrix24.example",
            "acme.bitrix24.co",
            "acme.bitrix24.com:8443",
            "crm.acme.com",
            "10.0.0.5",
            "http://localhost",
        ] {
            assert!(!is_cloud(others), "{others}");
        }
    }

    #[test]
    fn reads_what_people_type() {
        for (typed, origin, shown) in [
            ("acme.bitrix24.com", "https://acme.bitrix24.com", "acme.bitrix24.com"),
            (" https://ACME.Bitrix24.com/ ", "https://acme.bitrix24.com", "acme.bitrix24.com"),
            ("acme.bitrix24.com:443", "https://acme.bitrix24.com", "acme.bitrix24.com"),
            ("acme.bitrix24.com.", "https://acme.bitrix24.com", "acme.bitrix24.com"),
            ("https://portal.example:8443", "https://portal.example:8443", "portal.example:8443"),
            ("intranet", "https://intranet", "intranet"),
            ("bücher.example", "https://xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("портал.рф", "https://xn--80awhdgm.xn--p1ai", "xn--80awhdgm.xn--p1ai"),
            ("192.168.1.20:8443", "https://192.168.1.20:8443", "192.168.1.20:8443"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080", "127.0.0.1:8080"),
            ("http://localhost:8080", "http://localhost:8080", "localhost:8080"),
            ("http://[::1]:8080", "http://[::1]:8080", "[::1]:8080"),
        ] {
            let portal = portal(typed).unwrap();
            assert_eq!((portal.origin().as_str(), portal.to_string().as_str()), (origin, shown), "{typed}");
        }
    }

    #[test]
    fn refuses_the_rest_by_reason() {
        for (typed, reason) in [
            ("", Reason::PortalAddressInvalid),
            ("   ", Reason::PortalAddressInvalid),
            ("https://", Reason::PortalAddressInvalid),
            (".", Reason::PortalAddressInvalid),
            ("acme..", Reason::PortalAddressInvalid),
            ("acme bitrix24.com", Reason::PortalAddressInvalid),
            ("acme.bitrix24.com\n.evil.example", Reason::PortalAddressInvalid),
            ("ftp://acme.bitrix24.com", Reason::PortalAddressInvalid),
            ("file:///etc/passwd", Reason::PortalAddressInvalid),
            ("javascript://acme/", Reason::PortalAddressInvalid),
            ("acme.bitrix24.com:99999", Reason::PortalAddressInvalid),
            ("https://user@acme.bitrix24.com", Reason::PortalAddressTooMuch),
            ("https://acme.bitrix24.com@evil.example", Reason::PortalAddressTooMuch),
            ("https://acme.bitrix24.com/rest/1/secret/", Reason::PortalAddressTooMuch),
            ("acme.bitrix24.com\\@evil.example", Reason::PortalAddressTooMuch),
            ("acme.bitrix24.com?x=1", Reason::PortalAddressTooMuch),
            ("acme.bitrix24.com#x", Reason::PortalAddressTooMuch),
            ("http://acme.bitrix24.com", Reason::PortalNeedsHttps),
            ("http://192.168.1.20", Reason::PortalNeedsHttps),
            ("http://localhost.evil.example", Reason::PortalNeedsHttps),
            ("http://127.0.0.1.evil.example", Reason::PortalNeedsHttps),
        ] {
            assert_eq!(portal(typed), Err(reason), "{typed}");
        }
        assert_eq!(portal(&"a".repeat(1000)), Err(Reason::PortalAddressInvalid));
        assert_eq!(portal(&format!("acme{}", ".рф".repeat(30))), Err(Reason::PortalAddressInvalid));
    }

    #[test]
    fn a_path_never_leaves_the_portal() {
        let portal = portal("acme.bitrix24.com").unwrap();
        for path in ["/rest/x", "rest/x", "//evil.example/x", "/../../x", "https://evil.example/", "?a=b#c", "\\\\evil"]
        {
            let url = portal.endpoint(path);
            assert_eq!(
                (url.host_str(), url.query(), url.fragment()),
                (Some("acme.bitrix24.com"), None, None),
                "{path}"
            );
        }
    }

    #[test]
    fn pages_are_built_from_numbers() {
        let portal = portal("portal.example:8443").unwrap();
        assert_eq!(portal.page(Page::Contact, 75), "https://portal.example:8443/crm/contact/details/75/");
        assert_eq!(portal.page(Page::Company, 12), "https://portal.example:8443/crm/company/details/12/");
        assert_eq!(portal.page(Page::Lead, 1), "https://portal.example:8443/crm/lead/details/1/");
        assert_eq!(portal.page(Page::Deal, 9), "https://portal.example:8443/crm/deal/details/9/");
        assert_eq!(portal.page(Page::User, 6), "https://portal.example:8443/company/personal/user/6/");
    }

    #[test]
    fn is_stored_as_its_origin() {
        let portal = portal("http://127.0.0.1:8080").unwrap();
        let json = serde_json::to_string(&portal).unwrap();
        assert_eq!(json, r#""http://127.0.0.1:8080""#);
        assert_eq!(serde_json::from_str::<PortalUrl>(&json).unwrap(), portal);
        assert!(serde_json::from_str::<PortalUrl>(r#""http://evil.example""#).is_err());
    }

    #[test]
    fn the_rest_endpoint_is_on_the_portal_asked_for() {
        let portal = portal("acme.bitrix24.com").unwrap();
        let endpoint = |named| RestEndpoint::new(portal.clone(), named).map(|endpoint| endpoint.path().to_owned());
        assert_eq!(endpoint("https://acme.bitrix24.com/rest/").unwrap(), "/rest/");
        assert_eq!(endpoint("https://acme.bitrix24.com:443/site/rest").unwrap(), "/site/rest/");
        for named in [
            "https://evil.example/rest/",
            "http://acme.bitrix24.com/rest/",
            "/rest/",
            "",
            "https://acme.bitrix24.com/rest/?a",
        ] {
            assert_eq!(endpoint(named).unwrap_err().reason(), Reason::OtherPortal, "{named}");
        }
    }

    #[test]
    fn secrets_go_to_known_authorization_servers_only() {
        let cloud = portal("acme.bitrix24.com").unwrap();
        let server = |named| AuthorizationServer::new(&cloud, named).map(|server| server.origin());
        assert_eq!(server("oauth.bitrix.info").unwrap(), "https://oauth.bitrix.info");
        assert_eq!(server("https://oauth.bitrix24.tech/rest/").unwrap(), "https://oauth.bitrix24.tech");
        for named in [
            "",
            "evil.example",
            "oauth.bitrix.info.evil.example",
            "oauth.bitrix.info:444",
            "http://oauth.bitrix.info/rest/",
            "https://user@oauth.bitrix.info/",
            "oauth.bitrix.info@evil.example",
            "https://evil.example/oauth.bitrix.info",
            "127.0.0.1:8080",
        ] {
            assert_eq!(server(named).unwrap_err().reason(), Reason::UnknownAuthorizationServer, "{named}");
        }
    }

    #[test]
    fn a_loopback_portal_may_have_a_loopback_authorization_server() {
        let local = portal("http://127.0.0.1:8080").unwrap();
        let server = |named| AuthorizationServer::new(&local, named).map(|server| server.origin());
        assert_eq!(server("127.0.0.1:9090").unwrap(), "http://127.0.0.1:9090");
        assert_eq!(server("http://127.0.0.1:9090/rest/?a=b").unwrap(), "http://127.0.0.1:9090");
        assert_eq!(server("http://evil.example").unwrap_err().reason(), Reason::UnknownAuthorizationServer);
    }

    #[test]
    fn fuzz_address() {
        crate::fuzz::target("address", |bytes| {
            let text = String::from_utf8_lossy(bytes);
            if let Ok(portal) = text.parse::<PortalUrl>() {
                let url: Url = portal.origin().parse().unwrap();
                assert!(url.scheme() == "https" || portal.is_loopback(), "{text}");
                assert_eq!((url.path(), url.query(), url.username(), url.password()), ("/", None, "", None));
                // What is stored reads back as the same portal.
                assert_eq!(
                    portal.to_string().parse::<PortalUrl>().ok().as_ref().map(PortalUrl::host),
                    Some(portal.host())
                );
            }
            drop(text.parse::<crate::bitrix24::WebhookAddress>());
        });
    }
}
