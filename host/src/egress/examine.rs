//! Whether a destination can be reached, step by step: name, proxy, connection, certificate.
//!
//! The same resolver, proxy settings and trusted authorities are used as for a request, but nothing is sent: TLS is greeted
//! and hung up. The certificate's issuer is kept even if it isn't trusted, since that is how a company's inspecting proxy
//! is recognised.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::dns::Resolve as _;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use url::Url;

use super::error::tls_problem;
use super::proxy::{self, Proxy, Stream};
use super::{Destination, Egress, EgressError, Entry, OpenLine, Purpose, TlsProblem};
use crate::failure::{Failure, Reason};
use crate::policy::Authorities;

/// How long the whole examination may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Names in certificates are anybody's; no longer than this are they shown.
const LONGEST_NAME: usize = 80;

/// How far the way to a destination is open.
#[derive(Debug)]
pub struct Examination {
    /// `host:port` of the proxy that stands on the way.
    pub proxy: Option<String>,
    /// Who issued the destination's certificate, trusted or not.
    pub issuer: Option<String>,
    outcome: Result<(), Obstacle>,
}

/// What stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Obstacle {
    Proxy,
    ProxyRefuses { status: u16 },
    ProxySpeaksSocks,
    Other(EgressError),
}

impl From<EgressError> for Obstacle {
    fn from(error: EgressError) -> Self {
        Self::Other(error)
    }
}

impl Examination {
    /// What stands in the way, as a person is told; `None` if nothing does.
    #[must_use]
    pub fn failure(&self, destination: &Destination) -> Option<Failure> {
        let about_proxy = |reason| {
            let proxy = self.proxy.as_deref().unwrap_or_default();
            Failure::new(reason).with("proxy", proxy).with("host", destination)
        };
        match self.outcome {
            Ok(()) => None,
            Err(Obstacle::Proxy) => Some(about_proxy(Reason::ProxyUnreachable)),
            Err(Obstacle::ProxyRefuses { status }) => Some(about_proxy(Reason::ProxyRefuses).with("status", status)),
            Err(Obstacle::ProxySpeaksSocks) => Some(about_proxy(Reason::ProxySpeaksSocks)),
            Err(Obstacle::Other(error)) => Some(error.to_failure(destination)),
        }
    }
}

impl Egress {
    /// Walks the way to a destination and turns back at its door. The ledger gets a request of 0 bytes.
    ///
    /// # Errors
    /// [`EgressError::Ledger`]; whatever else is wrong stands in the [`Examination`].
    pub async fn examine(&self, destination: &Destination) -> Result<Examination, EgressError> {
        let entry = Entry::begun(self.clock.now(), Purpose::Check, destination.to_string());
        let mut line = OpenLine::begin(self, &entry, &[])?;
        let address = destination.endpoint("/");
        let proxy = if destination.is_loopback() { None } else { Proxy::before(&address, &self.way_out) };
        let issuer = Arc::default();
        let walk = self.walk(destination, &address, proxy.as_ref(), Arc::clone(&issuer));
        let late = EgressError::Timeout { seconds: PATIENCE.as_secs() };
        let outcome = tokio::time::timeout(PATIENCE, walk).await.unwrap_or(Err(late.into()));
        line.ending.outcome = match outcome {
            Ok(()) => "reachable".to_owned(),
            Err(Obstacle::Proxy | Obstacle::ProxyRefuses { .. } | Obstacle::ProxySpeaksSocks) => "proxy".to_owned(),
            Err(Obstacle::Other(error)) => error.to_string(),
        };
        let issuer = issuer.lock().unwrap_or_else(PoisonError::into_inner).take();
        Ok(Examination { proxy: proxy.map(|proxy| proxy.name()), issuer, outcome })
    }

    async fn walk(
        &self,
        destination: &Destination,
        address: &Url,
        proxy: Option<&Proxy>,
        issuer: Arc<Mutex<Option<String>>>,
    ) -> Result<(), Obstacle> {
        self.expect(destination)?;
        let port = address.port_or_known_default().unwrap_or(443);
        let Some(proxy) = proxy else {
            let stream = self.connect(destination.host(), port).await?;
            return self.knock(address, stream, issuer).await;
        };
        if proxy.speaks_socks() {
            return Err(Obstacle::ProxySpeaksSocks);
        }
        let reached = self.connect(proxy.host(), proxy.port()).await.map_err(|_| Obstacle::Proxy)?;
        if proxy.is_plain() {
            let stream = tunnel(reached, proxy, destination, port).await?;
            return self.knock(address, stream, issuer).await;
        }
        let greeted = self.greet(proxy.host(), reached, Arc::default()).await.map_err(|_| Obstacle::Proxy)?;
        let stream = tunnel(greeted, proxy, destination, port).await?;
        self.knock(address, stream, issuer).await
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    async fn connect(&self, host: &str, port: u16) -> Result<TcpStream, EgressError> {
        let addresses: Vec<SocketAddr> = match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) => vec![SocketAddr::new(address, port)],
            Err(_) => {
                let name = host.parse().map_err(|_| EgressError::Dns)?;
                let found = self.resolver.resolve(name).await.map_err(|error| EgressError::of_resolving(&*error))?;
                found.map(|address| SocketAddr::new(address.ip(), port)).collect()
            }
        };
        TcpStream::connect(addresses.as_slice()).await.map_err(|_| EgressError::Connect)
    }

    /// Shakes hands with the destination, and no more.
    async fn knock(
        &self,
        address: &Url,
        stream: impl Stream,
        issuer: Arc<Mutex<Option<String>>>,
    ) -> Result<(), Obstacle> {
        if address.scheme() == "https" {
            let _hung_up = self.greet(address.host_str().unwrap_or_default(), stream, issuer).await?;
        }
        Ok(())
    }

    async fn greet<S: Stream>(
        &self,
        host: &str,
        stream: S,
        issuer: Arc<Mutex<Option<String>>>,
    ) -> Result<TlsStream<S>, EgressError> {
        let other = |_| EgressError::Tls(TlsProblem::Other);
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(|_| other(()))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let system = trusted(&self.authorities, Arc::clone(&provider)).map_err(|_| other(()))?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| other(()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Noting { system, issuer }))
            .with_no_client_auth();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
        let told = |error: io::Error| tls_problem(&error).map_or(EgressError::Broken, EgressError::Tls);
        connector.connect(name, stream).await.map_err(told)
    }
}

/// The way through the proxy to the destination.
async fn tunnel<S: Stream>(stream: S, proxy: &Proxy, destination: &Destination, port: u16) -> Result<S, Obstacle> {
    proxy::tunnel(stream, proxy, destination.host(), port)
        .await
        .map_err(|status| status.map_or(Obstacle::Proxy, |status| Obstacle::ProxyRefuses { status }))
}

/// The judge that requests have too: the system's authorities and those of the policy.
fn trusted(
    authorities: &Authorities,
    provider: Arc<CryptoProvider>,
) -> Result<rustls_platform_verifier::Verifier, rustls::Error> {
    match authorities.certificates() {
        [] => rustls_platform_verifier::Verifier::new(provider),
        extra => rustls_platform_verifier::Verifier::new_with_extra_roots(extra.iter().cloned(), provider),
    }
}

/// The system's judgement, unchanged; the issuer is noted beside it.
#[derive(Debug)]
struct Noting {
    system: rustls_platform_verifier::Verifier,
    issuer: Arc<Mutex<Option<String>>>,
}

impl ServerCertVerifier for Noting {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *self.issuer.lock().unwrap_or_else(PoisonError::into_inner) = issuer_of(certificate);
        self.system.verify_server_cert(certificate, intermediates, name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.system.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.system.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.system.supported_verify_schemes()
    }
}

/// Organisation and name of whoever issued a certificate; `None` if it can't be read.
fn issuer_of(certificate: &[u8]) -> Option<String> {
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate).ok()?;
    let issuer = parsed.issuer();
    let parts = issuer.iter_organization().chain(issuer.iter_common_name()).filter_map(|part| part.as_str().ok());
    let name: String = parts.collect::<Vec<_>>().join(", ").chars().filter(|c| !c.is_control()).collect();
    (!name.is_empty()).then(|| name.chars().take(LONGEST_NAME).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_has_no_issuer() {
        for bytes in [&b""[..], b"\x30", &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &[0xff; 4096]] {
            assert_eq!(issuer_of(bytes), None);
        }
    }
}
