//! Takes the redirect of the person's browser, on this machine's loopback address and only while an attempt runs.

use std::io;
use std::net::Ipv6Addr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use zeroize::Zeroizing;

use super::flow::{Callback, State, callback_address};
use super::http::{Heard, REQUEST_LIMIT, Refusal, hear, response};
use crate::failure::{Failure, Reason};

/// The port that is registered unless policy or `--callback-port` says otherwise.
pub const DEFAULT_PORT: u16 = 17485;

/// The port that policy has `fixed`, before any other that was named or used.
#[must_use]
pub fn callback_port(fixed: Option<u16>, otherwise: Option<u16>) -> u16 {
    fixed.or(otherwise).unwrap_or(DEFAULT_PORT)
}

/// How long a connection may take to say what it wants. Browsers open some ahead and say nothing for a while.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many connections are listened to at once; a browser needs two or three.
const CONNECTIONS: usize = 16;

/// A bound port. It is closed when this is dropped.
pub struct Listener {
    socket: TcpListener,
    port: u16,
}

impl Listener {
    /// Binds the port on 127.0.0.1, where nobody outside this machine reaches it; `0` takes any free one.
    ///
    /// Nobody else can bind it meanwhile: Unix refuses a second listener, and Windows refuses those of other users.
    ///
    /// # Errors
    /// [`Reason::CallbackPortTaken`], before any browser is opened.
    pub async fn bind(port: u16) -> Result<Self, Failure> {
        let taken = |_: io::Error| Failure::new(Reason::CallbackPortTaken).with("port", port);
        let socket = TcpListener::bind(("127.0.0.1", port)).await.map_err(taken)?;
        let port = socket.local_addr().map_err(taken)?.port();
        Ok(Self { socket, port })
    }

    /// The redirect address this listens at.
    #[must_use]
    pub fn address(&self) -> String {
        callback_address(self.port)
    }

    /// Waits for the redirect with this state. Everything else gets an error page, and the waiting goes on.
    pub async fn wait(&self, state: &Arc<State>) -> Callback {
        let mut visitors: JoinSet<Option<Callback>> = JoinSet::new();
        loop {
            tokio::select! {
                visitor = self.socket.accept(), if visitors.len() < CONNECTIONS => {
                    // An accept that fails concerns one connection, or is over when others close.
                    let Ok((stream, _)) = visitor else { tokio::task::yield_now().await; continue };
                    let (state, port) = (Arc::clone(state), self.port);
                    visitors.spawn(async move {
                        tokio::time::timeout(PATIENCE, receive(stream, &state, port)).await.ok()?.ok()?
                    });
                }
                Some(visit) = visitors.join_next() => {
                    if let Ok(Some(callback)) = visit {
                        return callback;
                    }
                }
            }
        }
    }
}

/// Whether nobody listens at the port of `::1`, this machine's other loopback address. The registered address names 127.0.0.1, but
/// an application registered with `localhost` leads most browsers to `::1` first.
pub async fn is_free_beside(port: u16) -> bool {
    let bound = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await;
    // Without IPv6 nobody listens there.
    bound.err().is_none_or(|error| error.kind() != io::ErrorKind::AddrInUse)
}

/// Hears one visitor out and answers.
async fn receive(mut stream: TcpStream, state: &State, port: u16) -> io::Result<Option<Callback>> {
    // Its only content is a code, so its memory is wiped.
    let mut heard = Zeroizing::new(vec![0; REQUEST_LIMIT]);
    let mut length = 0;
    let outcome = loop {
        let read = stream.read(heard.get_mut(length..).unwrap_or_default()).await?;
        if read == 0 {
            return Ok(None);
        }
        length += read;
        match hear(heard.get(..length).unwrap_or_default(), port) {
            Heard::Incomplete => {}
            Heard::Refused(refusal) => break Err(refusal),
            Heard::Callback(query) => break Callback::from_query(query, state).map_err(|_| Refusal::BadRequest),
        }
    };
    let answer = response(outcome.as_ref().map(|_| ()).map_err(|refusal| *refusal));
    // Whether the browser reads the page changes nothing about the code.
    drop(stream.write_all(answer.as_bytes()).await);
    drop(stream.shutdown().await);
    Ok(outcome.ok())
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests are its browser")]
mod tests {
    use super::*;

    async fn ask(port: u16, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer).await);
        String::from_utf8(answer).unwrap()
    }

    fn redirect(port: u16, state: &str) -> String {
        format!(
            "GET /callback?code=c0de&state={state}&domain=acme.bitrix24.com&member_id=m HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
        )
    }

    /// A state whose text the test knows.
    fn known_state() -> (Arc<State>, String) {
        let state = State::new().unwrap();
        let url = super::super::flow::authorize_url(&"acme.bitrix24.com".parse().unwrap(), "id", &state).unwrap();
        let text = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        (Arc::new(state), text)
    }

    #[tokio::test]
    async fn sec_22_it_hears_nothing_that_is_for_another_address() {
        let listener = Listener::bind(0).await.unwrap();
        assert!(TcpStream::connect(("127.0.0.1", listener.port)).await.is_ok());
        // Of this machine, too, and on the same interface: whoever listens everywhere would hear it.
        assert!(TcpStream::connect(("127.0.0.2", listener.port)).await.is_err());
    }

    #[tokio::test]
    async fn takes_the_right_redirect_after_any_number_of_wrong_visits() {
        let listener = Listener::bind(0).await.unwrap();
        let port = listener.port;
        let (state, text) = known_state();
        // Says nothing at all, and stays.
        let silent = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        // Begins, and goes.
        let mut gone = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        gone.write_all(b"GET /callback?code=").await.unwrap();
        drop(gone);
        let visits = async {
            for (request, status) in [
                (redirect(port, "guess"), "400"),
                (redirect(port, &text).replace("GET", "POST"), "405"),
                (redirect(port, &text).replace("127.0.0.1:", "evil.example:"), "403"),
                (redirect(port, &text).replace("/callback", "/other"), "404"),
                (redirect(port, &text).replace("code=c0de&", ""), "400"),
                ("\r\n\r\nnonsense\r\n\r\n".to_owned(), "400"),
                (format!("GET /callback?{} HTTP/1.1\r\n", "x".repeat(2 * REQUEST_LIMIT)), "431"),
            ] {
                let answer = ask(port, request.as_bytes()).await;
                // What is too long may be cut off before its answer arrives.
                assert!(
                    answer.starts_with(&format!("HTTP/1.1 {status}")) || (status == "431" && answer.is_empty()),
                    "{answer}"
                );
                assert!(!answer.contains("c0de"));
            }
            ask(port, redirect(port, &text).as_bytes()).await
        };
        let (callback, answer) = tokio::join!(listener.wait(&state), visits);
        assert_eq!(callback.member_id, "m");
        assert!(answer.starts_with("HTTP/1.1 200") && !answer.contains("c0de"));
        drop(silent);
    }

    #[tokio::test]
    async fn hears_a_redirect_that_comes_byte_by_byte() {
        let listener = Listener::bind(0).await.unwrap();
        let port = listener.port;
        let (state, text) = known_state();
        let drip = async {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            stream.set_nodelay(true).unwrap();
            for byte in redirect(port, &text).as_bytes() {
                stream.write_all(&[*byte]).await.unwrap();
                tokio::task::yield_now().await;
            }
            stream
        };
        let (callback, _stream) = tokio::join!(listener.wait(&state), drip);
        assert_eq!(callback.domain, "acme.bitrix24.com");
    }

    #[tokio::test]
    async fn more_silent_visitors_than_it_hears_at_once_only_delay_it() {
        let listener = Listener::bind(0).await.unwrap();
        let port = listener.port;
        let (state, text) = known_state();
        let visits = async {
            let mut silent = Vec::new();
            for _ in 0..CONNECTIONS {
                silent.push(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
            }
            let redirected = tokio::spawn(async move { ask(port, redirect(port, &text).as_bytes()).await });
            // Their going, or the end of its patience, makes room.
            drop(silent);
            redirected.await.unwrap()
        };
        let (_, answer) = tokio::join!(listener.wait(&state), visits);
        assert!(answer.starts_with("HTTP/1.1 200"));
    }

    #[tokio::test]
    async fn a_taken_port_is_a_sentence_and_a_dropped_listener_frees_it() {
        let listener = Listener::bind(0).await.unwrap();
        let port = listener.port;
        assert_eq!(listener.address(), format!("http://127.0.0.1:{port}/callback"));
        let failure = Listener::bind(port).await.map(drop).unwrap_err();
        assert_eq!(failure.reason(), Reason::CallbackPortTaken);
        assert_eq!(failure.arg("port"), Some(port.to_string().as_str()));
        drop(listener);
        Listener::bind(port).await.unwrap();
    }
}
