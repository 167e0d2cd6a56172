//! A token is renewed when it has to be: once, for everybody, and stored before it is used.

use demo::{Fault, FaultKind, Portal, Rotation};
use gmail_sync_host::bitrix24::{Authorization, Credentials as _};
use gmail_sync_host::context::Context;
use gmail_sync_host::failure::Reason;
use gmail_sync_host::methods::disconnect_portal;
use gmail_sync_host::oauth::{ConnectLock, StoredCredentials};
use gmail_sync_host::vault::{PortalSecret, Trouble, VaultError};
use secrecy::ExposeSecret as _;

use crate::support::{Browser, Host, portal, url};

async fn connected() -> (Portal, Host) {
    let (portal, host) = (portal(), Host::new());
    host.connect(&portal, &Browser::new()).await.unwrap();
    (portal, host)
}

fn credentials(context: &Context) -> StoredCredentials {
    context.credentials(context.connections.select(None).unwrap())
}

fn token(authorization: &Authorization) -> &str {
    match authorization {
        Authorization::Token(token) => token.expose_secret(),
        Authorization::Webhook { .. } => panic!("a webhook"),
    }
}

async fn stored(host: &Host, portal: &Portal) -> String {
    match PortalSecret::load(&host.context.vault, &url(portal)).await.unwrap() {
        PortalSecret::Oauth(tokens) => tokens.access.expose_secret().to_owned(),
        PortalSecret::Webhook { .. } => panic!("a webhook"),
    }
}

#[tokio::test]
async fn a_token_is_renewed_only_when_its_hour_is_over() {
    let (portal, host) = connected().await;
    let credentials = credentials(&host.context);
    let first = credentials.current().await.unwrap();
    host.pass(3599);
    assert_eq!(token(&credentials.current().await.unwrap()), token(&first));
    assert_eq!(portal.stats().refreshes, 0);
    host.pass(1);
    let second = credentials.current().await.unwrap();
    assert_ne!(token(&second), token(&first));
    assert_eq!(stored(&host, &portal).await, token(&second));
    host.pass(3600);
    credentials.current().await.unwrap();
    assert_eq!(portal.stats().refreshes, 2);
    assert_eq!(portal.stats().secrets_in_urls, 0);
}

#[tokio::test]
async fn many_at_once_in_several_processes_renew_once() {
    for rotation in [Rotation::OldTokenInvalid, Rotation::OldTokenValid] {
        let (portal, host) = connected().await;
        portal.switch(|switches| switches.rotation = rotation);
        let (one, other) = (credentials(&host.context), credentials(&host.another_process()));
        let stale = one.current().await.unwrap();
        other.current().await.unwrap();
        host.pass(3600);
        let (a, b, c, d) = tokio::join!(one.current(), one.current(), other.current(), other.renew(&stale));
        let tokens = [a, b, c, d].map(|result| token(&result.unwrap()).to_owned());
        assert!(tokens.iter().all(|token| *token == tokens[0]) && tokens[0] != token(&stale));
        assert_eq!(portal.stats().refreshes, 1);
    }
}

#[tokio::test]
async fn another_process_that_was_first_is_believed() {
    let (portal, host) = connected().await;
    let (one, other) = (credentials(&host.context), credentials(&host.another_process()));
    let stale = one.current().await.unwrap();
    let theirs = other.renew(&stale).await.unwrap();
    assert_eq!(token(&one.renew(&stale).await.unwrap()), token(&theirs));
    assert_eq!(portal.stats().refreshes, 1);
}

#[tokio::test]
async fn whoever_gives_up_does_not_take_the_new_tokens_along() {
    let (portal, host) = connected().await;
    let credentials = credentials(&host.context);
    let first = credentials.current().await.unwrap();
    host.pass(3600);
    portal.fault(Fault::on("oauth.token", FaultKind::SlowAnswer, 1));
    tokio::select! {
        _ = credentials.current() => panic!("the answer was held back"),
        () = portal.until_held(1) => {}
    }
    // The asker is gone, and the portal has exchanged the old refresh token already.
    portal.release();
    let second = credentials.current().await.unwrap();
    assert_ne!(token(&second), token(&first));
    assert_eq!(stored(&host, &portal).await, token(&second));
    assert_eq!(portal.stats().refreshes, 1);
}

#[tokio::test]
async fn what_is_renewed_while_another_process_disconnects_does_not_come_back() {
    let (portal, host) = connected().await;
    let (credentials, address) = (credentials(&host.context), url(&portal));
    credentials.current().await.unwrap();
    host.pass(3600);
    portal.fault(Fault::on("oauth.token", FaultKind::SlowAnswer, 1));
    let other = host.another_process();
    let disconnected = async {
        portal.until_held(1).await;
        let turn = ConnectLock::take(&other.paths).await.unwrap();
        let disconnecting = disconnect_portal(&other, &address, &turn);
        tokio::pin!(disconnecting);
        // It has begun before the new tokens arrive.
        tokio::select! {
            biased;
            _ = &mut disconnecting => panic!("tokens were on their way"),
            () = std::future::ready(()) => {}
        }
        portal.release();
        disconnecting.await.unwrap();
    };
    let (renewed, ()) = tokio::join!(credentials.current(), disconnected);
    renewed.unwrap();
    assert!(host.keychain.names().is_empty());
    assert!(host.context.connections.all().unwrap().is_empty());
}

#[tokio::test]
async fn a_token_that_is_not_in_the_keychain_is_not_used() {
    let (_portal, host) = connected().await;
    let credentials = credentials(&host.context);
    credentials.current().await.unwrap();
    host.pass(3600);
    host.keychain.trouble(Some(Trouble::Loses));
    assert_eq!(credentials.current().await.unwrap_err().reason(), Reason::KeychainLost);
}

#[tokio::test]
async fn a_refused_refresh_says_to_connect_again() {
    let (portal, host) = connected().await;
    let credentials = credentials(&host.context);
    host.pass(3600);
    portal.advance(std::time::Duration::from_secs(181 * 86_400));
    assert_eq!(credentials.current().await.unwrap_err().reason(), Reason::RefreshTokenInvalid);
    portal.switch(|switches| switches.app_deleted = true);
    assert_eq!(credentials.current().await.unwrap_err().reason(), Reason::ApplicationNotInstalled);
}

#[tokio::test]
async fn a_locked_or_emptied_keychain_is_a_sentence() {
    let (portal, host) = connected().await;
    host.keychain.trouble(Some(Trouble::Fails(VaultError::Locked)));
    assert_eq!(credentials(&host.context).current().await.unwrap_err().reason(), Reason::KeychainLocked);
    host.keychain.trouble(None);
    PortalSecret::forget(&host.context.vault, &url(&portal)).await.unwrap();
    assert_eq!(credentials(&host.context).current().await.unwrap_err().reason(), Reason::KeychainNoEntry);
}
