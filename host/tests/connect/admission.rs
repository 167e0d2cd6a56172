//! Who may connect is looked at twice: what happens while a person signs in counts, too.

use demo::Portal;
#[cfg(target_os = "linux")]
use gmail_sync_host::connection::{Access, ConnectedUser, Connection};
use gmail_sync_host::context::Context;
use gmail_sync_host::failure::{Failure, Reason};
#[cfg(target_os = "linux")]
use gmail_sync_host::methods::disconnect;
use gmail_sync_host::methods::{Caller, connect, connect_webhook};
use gmail_sync_host::oauth::BrowserOpener;
#[cfg(target_os = "linux")]
use gmail_sync_host::oauth::ConnectLock;
use gmail_sync_host::portal::PortalUrl;
use gmail_sync_host::protocol::Connected;
#[cfg(target_os = "linux")]
use gmail_sync_host::protocol::DisconnectParams;
use gmail_sync_host::sessions::{Session, Whose};
use serde_json::{Value, json};
use url::Url;

use crate::support::{Browser, Host, ORIGIN, STRANGER, portal, url};

async fn by_webhook(context: &Context, portal: &Portal, caller: &Caller<'_>) -> Result<Connected, Failure> {
    let params = json!({"url": portal.webhook_url()});
    connect_webhook(context, serde_json::from_value(params).unwrap(), caller).await
}

async fn by_application(
    host: &Host,
    params: Value,
    caller: &Caller<'_>,
    browser: &impl BrowserOpener,
) -> Result<Connected, Failure> {
    connect(&host.context, serde_json::from_value(params).unwrap(), caller, browser, |_| {}).await
}

fn keys(portal: &Portal) -> Value {
    json!({
        "portal": portal.base_url(),
        "clientId": portal.client_id(),
        "clientSecret": portal.client_secret(),
        "callbackPort": portal.callback_port(),
    })
}

/// The session of a profile that got in before.
fn session(host: &Host, connected: &Connected) -> Session {
    host.context.session(Some(&connected.session.clone().into())).unwrap()
}

/// Until somebody waits for the lock on connecting, who mustn't be done before.
#[cfg(target_os = "linux")]
fn until_waited_for(host: &Host, is_done: impl Fn() -> bool) {
    use std::os::unix::fs::MetadataExt as _;
    let inode = format!(":{}", std::fs::metadata(host.folder().join("connect.lock")).unwrap().ino());
    // `12: -> FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF`: somebody waits for the file 131.
    let waits = |line: &str| {
        let words: Vec<_> = line.split_whitespace().collect();
        words.contains(&"->") && words.iter().any(|word| word.ends_with(&inode))
    };
    while !std::fs::read_to_string("/proc/locks").unwrap().lines().any(waits) {
        assert!(!is_done(), "it didn't wait");
        std::thread::yield_now();
    }
}

/// A process's own.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// What is connected, and what the keychain holds for it.
fn stored(host: &Host) -> (Vec<String>, Vec<String>) {
    let connections = host.context.connections.all().unwrap();
    (connections.iter().map(|connection| connection.portal.to_string()).collect(), host.keychain.names())
}

/// While the person signs in, something else happens first.
struct Meanwhile<F>(F);

impl<F: AsyncFn()> BrowserOpener for Meanwhile<F> {
    async fn open(&self, page: &Url) -> Result<(), Failure> {
        (self.0)().await;
        Browser::new().open(page).await
    }
}

#[test]
fn of_those_who_connect_at_once_for_the_first_time_one_gets_in() {
    let (host, portals) = (Host::new(), [(); 6].map(|()| portal()));
    let connects = |portal| runtime().block_on(by_webhook(&host.another_process(), portal, &STRANGER));
    let answers = std::thread::scope(|scope| {
        let profiles = portals.each_ref().map(|portal| scope.spawn(move || connects(portal)));
        profiles.map(|profile| profile.join().unwrap())
    });
    let (inside, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    let reasons: Vec<_> = refused.into_iter().map(|refused| refused.map(drop).unwrap_err().reason()).collect();
    assert_eq!(reasons, [Reason::AlreadyConnected; 5]);
    let inside = session(&host, inside[0].as_ref().unwrap());
    assert_eq!(host.context.sessions.list().unwrap().len(), 1);
    // Of those who were refused nothing is here.
    let only = vec![inside.portal.to_string()];
    assert_eq!(stored(&host), (only.clone(), only));
}

#[cfg(target_os = "linux")]
#[test]
fn whoever_connects_waits_for_another_who_is_storing_and_looks_again() {
    let (host, own) = (Host::new(), portal());
    let storing = runtime().block_on(ConnectLock::take(&host.context.paths)).unwrap();
    let refused = std::thread::scope(|scope| {
        let connecting = scope.spawn(|| runtime().block_on(by_webhook(&host.another_process(), &own, &STRANGER)));
        until_waited_for(&host, || connecting.is_finished());
        let connection = Connection {
            portal: "acme.bitrix24.com".parse().unwrap(),
            client_endpoint: "https://acme.bitrix24.com/rest/".to_owned(),
            access: Access::Webhook,
            user: ConnectedUser { id: 7, name: String::new() },
            since: host.context.clock.now(),
            agreed: Vec::new(),
        };
        let name = connection.portal.to_string();
        runtime().block_on(host.context.vault.set(&name, "its secret".to_owned().into())).unwrap();
        host.context.connections.put(connection).unwrap();
        drop(storing);
        connecting.join().unwrap().map(drop).unwrap_err()
    });
    assert_eq!(refused.reason(), Reason::AlreadyConnected);
    let only = vec!["acme.bitrix24.com".to_owned()];
    assert_eq!(stored(&host), (only.clone(), only));
}

/// One profile is disconnected everywhere while another one's connection is being stored, whose session comes last.
#[cfg(target_os = "linux")]
#[test]
fn whoever_disconnects_everybody_waits_for_those_who_are_being_let_in() {
    let (host, own) = (Host::new(), portal());
    let connected = runtime().block_on(by_webhook(&host.context, &own, &STRANGER)).unwrap();
    let session = session(&host, &connected);
    let storing = runtime().block_on(ConnectLock::take(&host.context.paths)).unwrap();
    let everywhere = DisconnectParams { everywhere: true };
    std::thread::scope(|scope| {
        let disconnecting = scope.spawn(|| {
            runtime().block_on(disconnect(&host.another_process(), &session, &everywhere)).map(drop).unwrap();
        });
        until_waited_for(&host, || disconnecting.is_finished());
        host.context.sessions.issue(&session.portal, ORIGIN, host.context.clock.now()).unwrap();
        drop(storing);
    });
    assert!(host.context.sessions.list().unwrap().is_empty());
    assert_eq!(stored(&host), (vec![], vec![]));
}

#[tokio::test]
async fn whoever_signs_in_for_longer_than_another_finds_it_connected() {
    let (host, slow, quick) = (Host::new(), portal(), portal());
    let other = host.another_process();
    let meanwhile = Meanwhile(async || drop(by_webhook(&other, &quick, &STRANGER).await.unwrap()));
    let refused = by_application(&host, keys(&slow), &STRANGER, &meanwhile).await.map(drop).unwrap_err();
    assert_eq!(refused.reason(), Reason::AlreadyConnected);
    let only = vec![url(&quick).to_string()];
    assert_eq!(stored(&host), (only.clone(), only));
    assert_eq!(host.context.sessions.list().unwrap().len(), 1);
}

#[tokio::test]
async fn whoever_is_shut_out_while_signing_in_stays_out() {
    let (own, further) = (portal(), portal());
    for portal in [&further, &own] {
        let host = Host::new();
        let connected = by_webhook(&host.context, &own, &STRANGER).await.unwrap();
        let session = session(&host, &connected);
        let inside = Caller { origin: ORIGIN, session: Some(&session) };
        let before = host.context.connections.all().unwrap();
        let revoked = Meanwhile(async || drop(host.context.sessions.revoke(Whose::Session(&session.id)).unwrap()));
        let refused = by_application(&host, keys(portal), &inside, &revoked).await.map(drop).unwrap_err();
        assert_eq!(refused.reason(), Reason::AlreadyConnected);
        assert_eq!(host.context.connections.all().unwrap(), before);
        assert_eq!(host.keychain.names(), [url(&own).to_string()]);
        assert!(host.context.sessions.list().unwrap().is_empty());
    }
}

#[tokio::test]
async fn whoever_is_shut_out_while_following_a_portal_leaves_it_where_it_was() {
    let (portal, host) = (portal(), Host::new());
    let connected = by_application(&host, keys(&portal), &STRANGER, &Browser::new()).await.unwrap();
    let session = session(&host, &connected);
    let inside = Caller { origin: ORIGIN, session: Some(&session) };
    let to: PortalUrl = portal.base_url().replace("127.0.0.1", "localhost").parse().unwrap();
    portal.switch(|switches| switches.renamed_to = Some(to.origin()));
    let follow = json!({"portal": to.origin(), "moved": true});
    let revoked = Meanwhile(async || drop(host.context.sessions.revoke(Whose::Everybody).unwrap()));
    let refused = by_application(&host, follow, &inside, &revoked).await.map(drop).unwrap_err();
    assert_eq!(refused.reason(), Reason::SessionNeeded);
    let only = vec![session.portal.to_string()];
    assert_eq!(stored(&host), (only.clone(), only));
}
