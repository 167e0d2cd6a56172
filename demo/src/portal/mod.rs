//! The fake portal: starts it, stops it, and lets a test look inside.

mod admin;
mod authorize;
mod batch;
mod bucket;
mod callback;
mod clock;
mod error;
mod exchange;
mod faults;
mod filter;
mod form;
mod log;
mod methods;
mod oauth;
mod pages;
mod php;
mod rest;
mod router;
mod schema;
mod seed;
mod state;
mod store;
mod switches;
mod tls;
mod typed;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::oneshot;
use tokio_rustls::rustls::ServerConfig;

pub use callback::free_port;
pub use faults::{Fault, FaultKind};
pub use log::{LogEntry, Proof, SentMail, Stats, WidenedFilter};
pub use store::Access;
pub use switches::{CrmMode, Plan, Rotation, StatusTable, Switches};

use seed::NewPipeline;
use state::{Identity, Shared, State};

/// Where an authorization server answers: its address has no port.
const HTTPS: u16 = 443;

/// How to start a portal.
#[derive(Clone, Debug, Default)]
pub struct PortalOptions {
    /// The loopback port; 0 lets the system choose.
    pub port: u16,
    /// The application's registered redirect address; `None` lets the portal choose a port that is free, see [`free_port`].
    pub callback: Option<String>,
    /// Serve https with a certificate authority made at start, see [`Portal::ca_pem`].
    pub tls: bool,
    /// Not on this machine's loopback, but in its network, as a company's own portal is: its name, and the address it has there.
    pub inside: Option<(String, Ipv4Addr)>,
    /// Bitrix24's own authorization server stands beside it: its name, and the address at whose port 443 it answers. Whether
    /// it is in use is a switch ([`Switches::authorization_server`]). Only with `tls`.
    pub authorization: Option<(String, Ipv4Addr)>,
    /// Stops the portal's clock until [`Portal::advance`] moves it, so that limits and lifetimes are exact.
    pub frozen_clock: bool,
}

/// A running portal. Serves on a thread of its own, so synchronous and asynchronous tests use it alike; dropping it stops it.
#[derive(Debug)]
pub struct Portal {
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    ca_pem: Option<String>,
}

impl Portal {
    /// Starts a portal, on 127.0.0.1 unless the options say otherwise.
    ///
    /// # Errors
    ///
    /// The port is taken, the thread can't be started, or the seed is broken.
    pub fn start(options: PortalOptions) -> io::Result<Self> {
        let (name, address) = options.inside.unzip();
        let address = address.unwrap_or(Ipv4Addr::LOCALHOST);
        let listener = TcpListener::bind(SocketAddr::from((address, options.port)))?;
        let name = name.unwrap_or_else(|| address.to_string());
        let (other_name, other_address) = options.authorization.unzip();
        let other = other_address.map(|address| TcpListener::bind((address, HTTPS))).transpose()?;
        let names = [name.clone()].into_iter().chain(other_name);
        let certificates = options.tls.then(|| tls::certificates(names)).transpose()?;
        let scheme = if options.tls { "https" } else { "http" };
        let base_url = format!("{scheme}://{name}:{}", listener.local_addr()?.port());
        let state = State::new(options.frozen_clock).map_err(io::Error::other)?;
        let callback = match options.callback {
            Some(callback) => callback,
            None => format!("http://127.0.0.1:{}/callback", free_port()?),
        };
        let shared = Arc::new(Shared::new(Identity::new(base_url, callback), state));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let (stop, stopped) = oneshot::channel();
        let router = router::router(Arc::clone(&shared));
        let ca_pem = certificates.as_ref().map(|certificates| certificates.ca_pem.clone());
        let thread = std::thread::Builder::new().name("portal".to_owned()).spawn(move || {
            runtime.block_on(async move {
                tokio::select! {
                    // An error here means the listener broke; requests then fail, and so does the test.
                    _ = serve(listener, other, certificates, router) => {}
                    _ = stopped => {}
                }
            });
        })?;
        Ok(Self { shared, stop: Some(stop), thread: Some(thread), ca_pem })
    }

    /// The portal's origin, like `http://127.0.0.1:4711`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.shared.identity.base_url
    }

    /// The application's `client_id`.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.shared.identity.client_id
    }

    /// The application's `client_secret`.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        &self.shared.identity.client_secret
    }

    /// The portal's `member_id`.
    #[must_use]
    pub fn member_id(&self) -> &str {
        &self.shared.identity.member_id
    }

    /// The registered redirect address.
    #[must_use]
    pub fn callback(&self) -> &str {
        &self.shared.identity.callback
    }

    /// The port of the registered redirect address, where a client is to listen; 0 if the address names none.
    #[must_use]
    pub fn callback_port(&self) -> u16 {
        let authority = self.callback().split('/').nth(2).unwrap_or_default();
        authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).unwrap_or_default()
    }

    /// The authority a client has to trust, in PEM; `None` without TLS.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Lena's inbound webhook.
    #[must_use]
    pub fn webhook_url(&self) -> String {
        self.webhook_of(seed::LENA).unwrap_or_default()
    }

    /// The inbound webhook of an employee; `None` for others.
    #[must_use]
    pub fn webhook_of(&self, user: i64) -> Option<String> {
        let identity = &self.shared.identity;
        identity.webhooks.get(&user).map(|secret| format!("{}/rest/{user}/{secret}/", identity.base_url))
    }

    /// Changes the switches.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut self.shared.state().switches);
    }

    /// The switches as they are.
    #[must_use]
    pub fn switches(&self) -> Switches {
        self.shared.state().switches.clone()
    }

    /// Adds a fault.
    pub fn fault(&self, fault: Fault) {
        self.shared.state().faults.add(fault);
    }

    /// Drops faults that haven't happened yet.
    pub fn clear_faults(&self) {
        self.shared.state().faults.clear();
    }

    /// Moves the portal's clock forward: codes and tokens expire, the bucket drains.
    pub fn advance(&self, by: Duration) {
        self.shared.state().clock.advance(SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX));
    }

    /// Sets the portal's clock by the system's.
    pub fn set_clock(&self) {
        self.shared.state().clock.set();
    }

    /// Every access and refresh token that was issued, in order: what a test looks for where none may be.
    #[must_use]
    pub fn tokens(&self) -> Vec<String> {
        self.shared.state().grants.issued().to_vec()
    }

    /// No token that was issued is good any more, as after an administrator made the application anew.
    pub fn forget_tokens(&self) {
        self.shared.state().grants.forget();
    }

    /// Makes every further call of a method count this many seconds of operating time.
    pub fn operating_cost(&self, method: &str, seconds: f64) {
        self.shared.state().operating.set_cost(method, seconds);
    }

    /// Dismisses an employee (or anybody else).
    pub fn dismiss(&self, user: i64) {
        self.shared.state().store.dismiss(user);
    }

    /// Sets what others than administrators may do with a record (`contact`, `company`, `lead` or `deal`).
    pub fn set_access(&self, kind: &str, id: i64, access: Access) {
        self.shared.set_access(kind, id, access);
    }

    /// An administrator adds a pipeline, or stages (id and name) to the one with this id.
    pub fn add_pipeline(&self, id: i64, name: &str, stages: &[(&str, &str)]) {
        let pipeline = NewPipeline::new(id, name, stages);
        seed::add_pipeline(&mut self.shared.state().store, pipeline);
    }

    /// Nobody is told of a pipeline and its stages any more; its deals stay in it.
    pub fn hide_pipeline(&self, id: i64) {
        seed::hide_pipeline(&mut self.shared.state().store, id);
    }

    /// Everything of one kind (`contact`, `company`, `lead`, `deal`, `activity`, `comment`, `task`) as JSON objects with the
    /// portal's own field names; empty for other kinds.
    #[must_use]
    pub fn rows(&self, kind: &str) -> Vec<serde_json::Value> {
        let rows = self.shared.rows(kind).and_then(|rows| rows.as_array().cloned());
        rows.unwrap_or_default()
    }

    /// Waits until this many answers are held back by [`FaultKind::SlowAnswer`].
    pub async fn until_held(&self, count: usize) {
        // The sender lives as long as `self`, so this can't fail.
        let _ = self.shared.held.subscribe().wait_for(|held| *held >= count).await;
    }

    /// Lets every answer go that is held back now.
    pub fn release(&self) {
        self.shared.releases.send_modify(|releases| *releases += 1);
    }

    /// Every request so far.
    #[must_use]
    pub fn log(&self) -> Vec<LogEntry> {
        self.shared.state().log.entries.clone()
    }

    /// Counters and tripwires.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.shared.stats()
    }

    /// Puts everything but the clock and the issued tokens back to how it started.
    pub fn reset(&self) {
        self.shared.reset();
    }
}

/// Serves the same at each of these.
async fn serve(
    listener: TcpListener,
    other: Option<TcpListener>,
    certificates: Option<tls::Certificates>,
    router: axum::Router,
) -> io::Result<()> {
    let config = certificates.map(|certificates| certificates.server);
    let beside = async {
        match other {
            Some(other) => serve_at(other, config.clone(), router.clone()).await,
            None => Ok(()),
        }
    };
    tokio::try_join!(serve_at(listener, config.clone(), router.clone()), beside).map(|_| ())
}

async fn serve_at(listener: TcpListener, config: Option<Arc<ServerConfig>>, router: axum::Router) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    match config {
        Some(config) => axum::serve(tls::TlsListener::new(listener, config)?, router).await,
        None => axum::serve(listener, router).await,
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The thread may have ended already.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
