//! The proxy on the way to a destination: the same one that requests go through.

use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use url::Url;

use crate::policy::ProxyMode;

/// A proxy's answer to CONNECT has a few headers; more than this is none.
const LONGEST_ANSWER: usize = 16 * 1024;

/// A proxy on the way.
pub(super) struct Proxy(Intercept);

impl Proxy {
    /// The proxy on the way to `address`: the policy's, or that of the environment or the system's settings.
    pub(super) fn before(address: &Url, way_out: &ProxyMode) -> Option<Self> {
        let address: Uri = address.as_str().parse().ok()?;
        let matcher = match way_out {
            ProxyMode::System => Matcher::from_system(),
            ProxyMode::Direct => return None,
            ProxyMode::Fixed(proxy) => Matcher::builder().all(proxy.as_str()).build(),
        };
        matcher.intercept(&address).map(Self)
    }

    pub(super) fn host(&self) -> &str {
        self.0.uri().host().unwrap_or_default()
    }

    pub(super) fn port(&self) -> u16 {
        self.0.uri().port_u16().unwrap_or(if self.is_plain() { 80 } else { 443 })
    }

    /// Whether it is spoken to without TLS.
    pub(super) fn is_plain(&self) -> bool {
        self.0.uri().scheme_str() == Some("http")
    }

    /// Whether it isn't one of HTTP at all: nothing here speaks SOCKS.
    pub(super) fn speaks_socks(&self) -> bool {
        self.0.uri().scheme_str().is_some_and(|scheme| scheme.starts_with("socks"))
    }

    /// `host:port`, without the name and password that its address may hold.
    pub(super) fn name(&self) -> String {
        format!("{}:{}", self.host(), self.port())
    }
}

/// What carries bytes both ways, encrypted or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin {}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream for S {}

/// Asks the proxy for a connection to the destination. Errors with its HTTP status, or without one if it spoke no HTTP.
pub(super) async fn tunnel<S: Stream>(mut stream: S, proxy: &Proxy, host: &str, port: u16) -> Result<S, Option<u16>> {
    let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n").into_bytes();
    if let Some(password) = proxy.0.basic_auth() {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(password.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    stream.write_all(&request).await.map_err(|_| None)?;
    let mut heard = Vec::new();
    loop {
        // Byte by byte at the end of the headers would be needed if the other side spoke first; with TLS it doesn't.
        if stream.read_buf(&mut heard).await.map_err(|_| None)? == 0 || heard.len() > LONGEST_ANSWER {
            return Err(None);
        }
        match status(&heard)? {
            None => {}
            Some(200..=299) => return Ok(stream),
            Some(status) => return Err(Some(status)),
        }
    }
}

/// The status of a whole head; `None` if it isn't whole yet.
fn status(heard: &[u8]) -> Result<Option<u16>, Option<u16>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    match response.parse(heard) {
        Ok(httparse::Status::Complete(_)) => response.code.map(Some).ok_or(None),
        Ok(httparse::Status::Partial) => Ok(None),
        Err(_) => Err(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_proxy_answers() {
        assert_eq!(status(b"HTTP/1.1 200 Connection established\r\n\r\n"), Ok(Some(200)));
        assert_eq!(status(b"HTTP/1.0 407 Proxy Authentication Required\r\nX: y\r\n\r\n"), Ok(Some(407)));
        assert_eq!(status(b"HTTP/1.1 200 OK\r\n"), Ok(None));
        for bad in [&b"SSH-2.0-x\r\n"[..], &[0xff; 100], b"HTTP/1.1 x\r\n\r\n"] {
            assert_eq!(status(bad), Err(None));
        }
    }
}
