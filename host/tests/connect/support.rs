//! A portal, a host with everything in memory, and a browser that does as the portal says.

use std::cell::RefCell;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use demo::{Portal, PortalOptions};
use gmail_sync_host::clock::Clock;
use gmail_sync_host::context::Context;
use gmail_sync_host::failure::Failure;
use gmail_sync_host::ledger::MemoryLedger;
use gmail_sync_host::methods::{Caller, WantedPortal, connect_portal};
use gmail_sync_host::oauth::BrowserOpener;
use gmail_sync_host::paths::Paths;
use gmail_sync_host::policy::Policy;
use gmail_sync_host::portal::PortalUrl;
use gmail_sync_host::protocol::ConnectProgress;
use gmail_sync_host::vault::{MemoryStore, Vault};
use jiff::{SignedDuration, Timestamp};
use url::Url;

pub(crate) const ORIGIN: &str = "chrome-extension://abcdefghijklmnopabcdefghijklmnop/";

/// A host in a folder of its own, with a keychain in memory and a clock that stands still.
pub(crate) struct Host {
    pub(crate) context: Context,
    pub(crate) keychain: Arc<MemoryStore>,
    pub(crate) ledger: Arc<MemoryLedger>,
    seconds: Arc<AtomicI64>,
    folder: tempfile::TempDir,
}

impl Host {
    pub(crate) fn new() -> Self {
        Self::with_policy(Policy::default())
    }

    pub(crate) fn with_policy(policy: Policy) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keychain = Arc::new(MemoryStore::default());
        let ledger = Arc::new(MemoryLedger::default());
        let seconds = Arc::new(AtomicI64::new(0));
        let context = context(folder.path(), &keychain, &ledger, &seconds, policy);
        Self { context, keychain, ledger, seconds, folder }
    }

    /// Another process of the same person: its own memory, the same folder, keychain and time.
    pub(crate) fn another_process(&self) -> Context {
        context(self.folder.path(), &self.keychain, &self.ledger, &self.seconds, Policy::default())
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    /// The state folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The files in it and one folder below, by their names from there.
    pub(crate) fn files(&self) -> Vec<String> {
        let within =
            |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
        let name = |file: PathBuf| file.strip_prefix(self.folder()).unwrap().to_str().unwrap().replace('\\', "/");
        let (folders, files): (Vec<_>, Vec<_>) = within(self.folder()).into_iter().partition(|path| path.is_dir());
        files.into_iter().chain(folders.iter().flat_map(|folder| within(folder))).map(name).collect()
    }

    /// Everything in the state folder, for looking for what mustn't be there.
    pub(crate) fn all_files(&self) -> String {
        let files = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        files.map(|file| String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned()).collect()
    }

    /// Connects as the command line does.
    pub(crate) async fn connect(&self, portal: &Portal, browser: &Browser<'_>) -> Result<(), Failure> {
        self.connect_as(wanted(portal), browser).await
    }

    pub(crate) async fn connect_as(&self, wanted: WantedPortal, browser: &Browser<'_>) -> Result<(), Failure> {
        let listening = |address: &str| *browser.callback.borrow_mut() = Some(address.parse().unwrap());
        let progress = |progress| browser.progress.borrow_mut().push(progress);
        connect_portal(&self.context, wanted, browser, listening, progress).await.map(drop)
    }
}

fn context(
    folder: &Path,
    keychain: &Arc<MemoryStore>,
    ledger: &Arc<MemoryLedger>,
    seconds: &Arc<AtomicI64>,
    policy: Policy,
) -> Context {
    let (ledger, seconds) = (Arc::clone(ledger), Arc::clone(seconds));
    let start = Timestamp::now();
    let clock = Clock::new(move || start + SignedDuration::from_secs(seconds.load(Ordering::Relaxed)));
    Context::new(Paths::at(folder).unwrap(), Vault::memory(Arc::clone(keychain)), ledger, policy, clock)
}

pub(crate) fn portal() -> Portal {
    Portal::start(PortalOptions { frozen_clock: true, ..PortalOptions::default() }).unwrap()
}

pub(crate) fn url(portal: &Portal) -> PortalUrl {
    portal.base_url().parse().unwrap()
}

pub(crate) fn wanted(portal: &Portal) -> WantedPortal {
    WantedPortal {
        portal: url(portal),
        client_id: Some(portal.client_id().to_owned()),
        client_secret: Some(portal.client_secret().to_owned().into()),
        callback_port: Some(0),
        confirmed: None,
        moved_from: None,
    }
}

/// An extension in a browser profile that has no session yet.
pub(crate) const STRANGER: Caller<'static> = Caller { origin: ORIGIN, session: None };

/// A person's browser: opens the page, follows the redirect.
pub(crate) struct Browser<'a> {
    /// Where the host listens, whatever port the portal has on record.
    callback: RefCell<Option<Url>>,
    /// What happens between the portal's answer and the redirect.
    meanwhile: Box<dyn Fn(&mut Url) + 'a>,
    pub(crate) progress: RefCell<Vec<ConnectProgress>>,
}

impl<'a> Browser<'a> {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(meanwhile: impl Fn(&mut Url) + 'a) -> Self {
        Self { callback: RefCell::default(), meanwhile: Box::new(meanwhile), progress: RefCell::default() }
    }
}

impl BrowserOpener for Browser<'_> {
    async fn open(&self, page: &Url) -> Result<(), Failure> {
        let mut redirect = location(&get(page));
        if let Some(callback) = &*self.callback.borrow() {
            redirect.set_port(callback.port()).unwrap();
        }
        (self.meanwhile)(&mut redirect);
        // In the background, since the host listens only after the browser was opened.
        std::thread::spawn(move || get(&redirect));
        Ok(())
    }
}

/// Where an answer redirects to.
pub(crate) fn location(answer: &str) -> Url {
    let line = answer.lines().find(|line| line.to_ascii_lowercase().starts_with("location:"));
    line.unwrap_or_else(|| panic!("no redirect: {answer}")).split_once(':').unwrap().1.trim().parse().unwrap()
}

/// One GET over plain http, without following anything.
#[expect(clippy::disallowed_methods, reason = "the test is the browser")]
pub(crate) fn get(url: &Url) -> String {
    let address = (url.host_str().unwrap(), url.port().unwrap());
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let target = &url[url::Position::BeforePath..];
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {}:{}\r\nConnection: close\r\n\r\n", address.0, address.1).unwrap();
    let mut answer = String::new();
    drop(stream.read_to_string(&mut answer));
    answer
}
