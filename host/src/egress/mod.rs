//! The ONE place that opens a connection.
//!
//! Nothing can be sent but a POST to the portal or to its authorization server ([`Destination`] has no third kind), its address
//! is checked before anything is sent there, redirects are not followed, and every request stands in the ledger before it is sent, even
//! one that failed or was given up, and so does every look at whether they can be reached ([`Egress::examine`]).

mod address;
mod counted;
mod error;
mod examine;
mod locate;
mod proxy;
mod request;
mod resolve;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use jiff::fmt::rfc2822;
use reqwest::dns::Resolve;
use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, HeaderName, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use address::Reach;
use counted::{Count, Counted};
pub use error::{EgressError, TlsProblem};
pub use examine::Examination;
pub use locate::Location;
pub use request::{Answer, Body, Destination, Outgoing, Purpose};

use crate::clock::Clock;
use crate::ledger::{AddressIndex, Begun, Ending, Entry, Record};
use crate::policy::{Authorities, ProxyMode};
use crate::portal::PortalUrl;
use resolve::{CheckedResolver, Expected, SystemResolver};

/// The largest answer that is read, unpacked: far above any real one, far below what hurts.
const LARGEST_ANSWER: usize = 16 << 20;

/// How long a connection may take, TLS included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

const USER_AGENT: &str = concat!("gmail-sync-bitrix24/", env!("CARGO_PKG_VERSION"));

#[expect(clippy::disallowed_types, reason = "this is the one place")]
type HttpClient = reqwest::Client;

/// Sends requests. Making one costs nothing: a client, and with it the computer's list of trusted authorities, is
/// loaded by the first request.
pub struct Egress {
    ledger: Arc<dyn Record>,
    index: Option<AddressIndex>,
    clock: Clock,
    inside: BTreeSet<String>,
    agreed: Mutex<BTreeMap<String, Arc<[IpAddr]>>>,
    authorities: Authorities,
    way_out: ProxyMode,
    resolver: CheckedResolver,
    outside: OnceLock<HttpClient>,
    loopback: OnceLock<HttpClient>,
}

impl Egress {
    /// Requests will be recorded in `ledger`.
    #[must_use]
    pub fn new(ledger: Arc<dyn Record>, clock: Clock) -> Self {
        Self::resolving(ledger, clock, Arc::new(SystemResolver))
    }

    fn resolving(ledger: Arc<dyn Record>, clock: Clock, inner: Arc<dyn Resolve>) -> Self {
        let resolver = CheckedResolver { inner, expected: Arc::new(Expected::default()) };
        Self {
            ledger,
            index: None,
            clock,
            inside: BTreeSet::new(),
            agreed: Mutex::default(),
            authorities: Authorities::default(),
            way_out: ProxyMode::default(),
            resolver,
            outside: OnceLock::new(),
            loopback: OnceLock::new(),
        }
    }

    /// These portals may be inside the company's network; all others must be on the internet.
    #[must_use]
    pub fn with_inside(mut self, portals: &[PortalUrl]) -> Self {
        self.inside = portals.iter().map(|portal| portal.host().to_owned()).collect();
        self
    }

    /// A person agreed that this portal is at these addresses: those in the company's network may be connected to from now on.
    pub fn agree(&self, portal: &PortalUrl, addresses: &[IpAddr]) {
        if !addresses.is_empty() {
            let mut agreed = self.agreed.lock().unwrap_or_else(PoisonError::into_inner);
            agreed.insert(portal.host().to_owned(), addresses.into());
        }
    }

    /// These authorities are trusted beside the system's.
    #[must_use]
    pub fn with_authorities(mut self, authorities: Authorities) -> Self {
        self.authorities = authorities;
        self
    }

    /// Everything goes this way, but what is for this machine itself.
    #[must_use]
    pub fn with_proxy(mut self, way_out: ProxyMode) -> Self {
        self.way_out = way_out;
        self
    }

    /// Addresses in requests can be found again in the ledger.
    #[must_use]
    pub fn with_index(mut self, index: AddressIndex) -> Self {
        self.index = Some(index);
        self
    }

    /// Loads what the first request needs, so that it doesn't have to: some milliseconds for the trusted authorities.
    ///
    /// # Errors
    /// As [`Egress::send`].
    pub fn warm_up(&self) -> Result<(), EgressError> {
        self.client(false).map(drop)
    }

    /// Sends one request and reads the whole answer, whatever its status.
    ///
    /// Dropping the future gives the request up; the ledger then says `cancelled`.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub async fn send(&self, outgoing: Outgoing) -> Result<Answer, EgressError> {
        let client = self.client(outgoing.destination.is_loopback())?;
        let addresses = match &self.index {
            Some(index) => index.hashes(&outgoing.addresses).await,
            None => Vec::new(),
        };
        let url = outgoing.destination.endpoint(outgoing.path.expose_secret());
        let (content_type, body) = outgoing.body.into_parts();
        let entry = Entry {
            methods: outgoing.methods,
            addresses: u32::try_from(outgoing.addresses.len()).unwrap_or(u32::MAX),
            sent: body.len() as u64,
            ..Entry::begun(self.clock.now(), outgoing.purpose, outgoing.destination.to_string())
        };
        let mut line = OpenLine::begin(self, &entry, &addresses)?;
        let request = client
            .post(url)
            .header(CONTENT_TYPE, content_type)
            .header(ACCEPT, "application/json")
            .body(reqwest::Body::wrap(Counted::new(Bytes::from_owner(body), line.sent.clone())));
        let seconds = outgoing.deadline.as_secs();
        let answer = match self.expect(&outgoing.destination) {
            Ok(()) => tokio::time::timeout(outgoing.deadline, exchange(request, seconds, &mut line.ending.received))
                .await
                .unwrap_or(Err(EgressError::Timeout { seconds })),
            Err(error) => Err(error),
        };
        line.ending.outcome = match &answer {
            Ok(answer) => answer.status.to_string(),
            Err(error) => error.to_string(),
        };
        answer
    }

    /// Tells the resolver where the destination may be. An address instead of a name is checked here, since nobody
    /// resolves it.
    fn expect(&self, destination: &Destination) -> Result<(), EgressError> {
        let host = destination.host();
        let reach = if destination.is_loopback() {
            Reach::Loopback
        } else if self.inside.contains(host) {
            Reach::Company
        } else {
            let agreed = self.agreed.lock().unwrap_or_else(PoisonError::into_inner);
            agreed.get(host).map_or(Reach::Internet, |addresses| Reach::Agreed(Arc::clone(addresses)))
        };
        match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) if !reach.covers(address) => Err(EgressError::Address),
            Ok(_) => Ok(()),
            Err(_) => {
                self.resolver.expected.insert(host, reach);
                Ok(())
            }
        }
    }

    fn client(&self, loopback: bool) -> Result<&HttpClient, EgressError> {
        let slot = if loopback { &self.loopback } else { &self.outside };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let client = self.build(loopback).map_err(|_| EgressError::Tls(TlsProblem::Other))?;
        Ok(slot.get_or_init(|| client))
    }

    fn build(&self, loopback: bool) -> reqwest::Result<HttpClient> {
        // Somebody else in the process may have installed it already: the same one.
        drop(rustls::crypto::ring::default_provider().install_default());
        let extra = self.authorities.certificates().iter().map(|authority| reqwest::Certificate::from_der(authority));
        let builder = HttpClient::builder()
            .tls_certs_merge(extra.collect::<reqwest::Result<Vec<_>>>()?)
            .user_agent(USER_AGENT)
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            .connect_timeout(CONNECT_TIMEOUT)
            .dns_resolver(self.resolver.clone());
        // A proxy is another machine: what is meant for this one must not go there, least of all in plain http.
        if loopback {
            return builder.no_proxy().build();
        }
        let builder = builder.https_only(true);
        match &self.way_out {
            ProxyMode::System => builder,
            ProxyMode::Direct => builder.no_proxy(),
            ProxyMode::Fixed(proxy) => builder.no_proxy().proxy(reqwest::Proxy::all(proxy.clone())?),
        }
        .build()
    }
}

async fn exchange(request: reqwest::RequestBuilder, seconds: u64, received: &mut u64) -> Result<Answer, EgressError> {
    let classify = |error: reqwest::Error| EgressError::classify(&error.without_url(), seconds);
    let mut response = request.send().await.map_err(classify)?;
    let mut body = Zeroizing::new(Vec::new());
    while let Some(chunk) = response.chunk().await.map_err(classify)? {
        *received += chunk.len() as u64;
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(EgressError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    let headers = response.headers();
    Ok(Answer {
        status: response.status().as_u16(),
        date: header(headers, &DATE).and_then(|date| rfc2822::parse(date).ok()).map(|date| date.timestamp()),
        retry_after: header(headers, &RETRY_AFTER).and_then(|wait| wait.parse().ok()).map(Duration::from_secs),
        location: header(headers, &LOCATION).map(str::to_owned),
        content_type: media_type(header(headers, &CONTENT_TYPE).unwrap_or_default()),
        body,
    })
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn media_type(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// A request's lines in the ledger: one is there before anything is sent, the other is written when this goes out of scope, so that a
/// request given up half way is recorded too.
struct OpenLine<'a> {
    ledger: &'a dyn Record,
    begun: Begun,
    ending: Ending,
    sent: Count,
}

impl<'a> OpenLine<'a> {
    fn begin(egress: &'a Egress, entry: &Entry, addresses: &[String]) -> Result<Self, EgressError> {
        let ledger = &*egress.ledger;
        let begun = ledger.begin(entry, addresses).map_err(|_| EgressError::Ledger)?;
        Ok(Self { ledger, begun, ending: Ending::default(), sent: Count::default() })
    }
}

impl Drop for OpenLine<'_> {
    fn drop(&mut self) {
        self.ending.sent = self.sent.get();
        if let Err(error) = self.ledger.end(&self.begun, &self.ending) {
            // The request is made and its answer may be tokens: keep it. The ledger says that it began.
            tracing::error!(kind = ?error.kind(), "what came of a request could not be written into the ledger");
        }
    }
}

#[cfg(test)]
mod tests;
