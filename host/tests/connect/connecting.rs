//! From a portal's name to a connection, and everything that can be in the way.

use demo::{Fault, FaultKind};
use gmail_sync_host::connection::{Access, Connection};
use gmail_sync_host::failure::Reason;
use gmail_sync_host::methods::{WantedPortal, connect_by_webhook};
use gmail_sync_host::oauth::Listener;
use gmail_sync_host::policy::Policy;
use gmail_sync_host::portal::PortalUrl;
use gmail_sync_host::protocol::{ConnectProgress, ConnectionMode};
use gmail_sync_host::vault::{Trouble, VaultError};
use url::Url;

use crate::support::{Browser, Host, ORIGIN, portal, url, wanted};

#[tokio::test]
async fn a_person_connects_and_only_the_keychain_holds_secrets() {
    let (portal, host, browser) = (portal(), Host::new(), Browser::new());
    host.connect(&portal, &browser).await.unwrap();
    let connection = host.context.connections.select(None).unwrap();
    assert_eq!((connection.user.id, connection.user.name.as_str()), (7, "Lena Hartmann"));
    let Access::Oauth { member_id, client_id, .. } = &connection.access else { panic!("a webhook") };
    assert_eq!((member_id.as_str(), client_id.as_str()), (portal.member_id(), portal.client_id()));
    assert_eq!(host.keychain.names(), [url(&portal).to_string()]);
    assert_eq!(
        *browser.progress.borrow(),
        [ConnectProgress::BrowserOpened, ConnectProgress::Exchanging, ConnectProgress::Checking]
    );
    assert!(!host.all_files().contains(portal.client_secret()));
    assert_eq!(portal.stats().secrets_in_urls, 0);
    assert_eq!(host.ledger.entries().len(), 2);
}

#[tokio::test]
async fn connecting_again_needs_no_secret_and_keeps_the_connection() {
    let (portal, host) = (portal(), Host::new());
    host.connect(&portal, &Browser::new()).await.unwrap();
    let again = WantedPortal { client_id: None, client_secret: None, ..wanted(&portal) };
    host.connect_as(again, &Browser::new()).await.unwrap();
    assert_eq!(host.context.connections.all().unwrap().len(), 1);
}

#[tokio::test]
async fn a_keychain_that_lost_the_secret_makes_nobody_look_for_the_client_id() {
    let (portal, host) = (portal(), Host::new());
    host.connect(&portal, &Browser::new()).await.unwrap();
    host.context.vault.delete(&url(&portal).to_string()).await.unwrap();
    let nothing = WantedPortal { client_id: None, client_secret: None, ..wanted(&portal) };
    let failure = host.connect_as(nothing, &Browser::new()).await.unwrap_err();
    assert_eq!(failure.reason(), Reason::ClientSecretMissing);
    let secret = WantedPortal { client_id: None, ..wanted(&portal) };
    host.connect_as(secret, &Browser::new()).await.unwrap();
    assert_eq!(host.context.connections.all().unwrap().len(), 1);
}

#[tokio::test]
async fn a_webhook_connects_too() {
    let (portal, host) = (portal(), Host::new());
    let connection = connect_by_webhook(&host.context, portal.webhook_url().parse().unwrap(), None).await.unwrap();
    assert_eq!((connection.mode(), connection.user.id), (ConnectionMode::Webhook, 7));
    let secret = portal.webhook_url().trim_end_matches('/').rsplit('/').next().unwrap().to_owned();
    assert!(!host.all_files().contains(&secret));
}

/// Nothing is left behind, and `reason` is why.
async fn fails(host: &Host, wanted: WantedPortal, browser: &Browser<'_>, reason: Reason) {
    let failure = host.connect_as(wanted, browser).await.unwrap_err();
    assert_eq!(failure.reason(), reason);
    assert!(!failure.message().contains('?') && !failure.hint().contains('?'), "{failure}");
    assert!(host.context.connections.all().unwrap().is_empty());
    if !matches!(reason, Reason::KeychainLocked | Reason::KeychainLost) {
        assert!(host.keychain.names().is_empty());
    }
}

#[tokio::test]
async fn a_wrong_secret_is_told_from_a_deleted_application() {
    let (portal, host) = (portal(), Host::new());
    for status in [400, 401] {
        portal.switch(|switches| switches.invalid_client_status = status);
        let wrong = WantedPortal { client_secret: Some("wrong".into()), ..wanted(&portal) };
        fails(&host, wrong, &Browser::new(), Reason::ClientSecretWrong).await;
    }
    let gone = Browser::with(|_| portal.switch(|switches| switches.app_deleted = true));
    fails(&host, wanted(&portal), &gone, Reason::ApplicationNotInstalled).await;
}

#[tokio::test]
async fn missing_keys_are_asked_for_before_anything_happens() {
    let (portal, host) = (portal(), Host::new());
    let without_id = WantedPortal { client_id: None, ..wanted(&portal) };
    fails(&host, without_id, &Browser::new(), Reason::ClientIdMissing).await;
    let without_secret = WantedPortal { client_secret: None, ..wanted(&portal) };
    fails(&host, without_secret, &Browser::new(), Reason::ClientSecretMissing).await;
    assert!(portal.log().is_empty());
}

#[tokio::test]
async fn a_code_that_is_too_old_is_told() {
    let (portal, host) = (portal(), Host::new());
    let slow = Browser::with(|_| portal.advance(std::time::Duration::from_secs(31)));
    fails(&host, wanted(&portal), &slow, Reason::CodeTooOld).await;
}

#[tokio::test]
async fn a_redirect_that_speaks_of_something_else_is_refused() {
    let (portal, host) = (portal(), Host::new());
    for (name, value, reason) in [
        ("domain", "evil.bitrix24.com", Reason::AuthorizedElsewhere),
        ("server_domain", "oauth.evil.example", Reason::UnknownAuthorizationServer),
        ("member_id", "0000", Reason::MemberMismatch),
    ] {
        let forged = Browser::with(move |redirect: &mut Url| {
            let pairs: Vec<_> = redirect.query_pairs().into_owned().collect();
            let changed = pairs.iter().map(|(other, old)| (other, if other == name { value } else { old.as_str() }));
            redirect.query_pairs_mut().clear().extend_pairs(changed);
        });
        fails(&host, wanted(&portal), &forged, reason).await;
    }
    // Only the last got so far as to send the secret, and to the right server.
    assert_eq!(host.ledger.entries().len(), 1);
}

#[tokio::test]
async fn a_portal_that_was_replaced_by_another_is_refused() {
    let (portal, host) = (portal(), Host::new());
    host.connect(&portal, &Browser::new()).await.unwrap();
    let mut before = host.context.connections.select(None).unwrap();
    if let Access::Oauth { member_id, .. } = &mut before.access {
        *member_id = "another".to_owned();
    }
    host.context.connections.put(before).unwrap();
    let failure = host.connect(&portal, &Browser::new()).await.unwrap_err();
    assert_eq!(failure.reason(), Reason::PortalReplaced);
}

#[tokio::test]
async fn a_portal_that_moved_is_followed_if_it_is_the_same_and_its_profiles_come_along() {
    let (portal, host) = (portal(), Host::new());
    host.connect(&portal, &Browser::new()).await.unwrap();
    let before = host.context.connections.select(None).unwrap();
    let session = host.context.sessions.issue(&before.portal, ORIGIN, host.context.clock.now()).unwrap();
    let to: PortalUrl = portal.base_url().replace("127.0.0.1", "localhost").parse().unwrap();
    portal.switch(|switches| switches.renamed_to = Some(to.origin()));
    // Nothing is typed again: its keys are those of the portal as it was called before.
    let moved = |from: &Connection| WantedPortal {
        portal: to.clone(),
        client_id: None,
        client_secret: None,
        moved_from: Some(from.clone()),
        ..wanted(&portal)
    };
    let mut other = before.clone();
    if let Access::Oauth { member_id, .. } = &mut other.access {
        *member_id = "another".to_owned();
    }
    let failure = host.connect_as(moved(&other), &Browser::new()).await.unwrap_err();
    assert_eq!(failure.reason(), Reason::PortalReplaced);
    assert_eq!(host.context.connections.all().unwrap(), std::slice::from_ref(&before));
    assert_eq!(host.context.session(Some(&session)).unwrap().portal, before.portal);

    host.connect_as(moved(&before), &Browser::new()).await.unwrap();
    let connections = host.context.connections.all().unwrap();
    assert_eq!(connections.iter().map(|connection| &connection.portal).collect::<Vec<_>>(), [&to]);
    assert_eq!(host.keychain.names(), [to.to_string()]);
    assert_eq!(host.context.session(Some(&session)).unwrap().portal, to);
}

#[tokio::test]
async fn a_missing_permission_is_named() {
    let (portal, host) = (portal(), Host::new());
    portal.switch(|switches| switches.scopes = vec!["crm".to_owned(), "user_brief".to_owned()]);
    fails(&host, wanted(&portal), &Browser::new(), Reason::ScopeMissing).await;
}

#[tokio::test]
async fn what_the_portal_refuses_has_the_portals_own_sentence() {
    let (portal, host) = (portal(), Host::new());
    portal.fault(Fault::next(FaultKind::UserAccessError, 1));
    fails(&host, wanted(&portal), &Browser::new(), Reason::NoApplicationAccess).await;
    portal.fault(Fault::next(FaultKind::InvalidToken, 1));
    fails(&host, wanted(&portal), &Browser::new(), Reason::FreshTokenRefused).await;
    portal.fault(Fault::on("oauth.token", FaultKind::BadGateway, 1));
    fails(&host, wanted(&portal), &Browser::new(), Reason::AuthorizationServerBroken).await;
    portal.fault(Fault::on("oauth.token", FaultKind::TruncatedBody, 1));
    fails(&host, wanted(&portal), &Browser::new(), Reason::AnswerBroken).await;
    let answer = |status, body: &str| {
        let (content_type, body) = ("application/json".to_owned(), body.to_owned());
        Fault::on("oauth.token", FaultKind::Answer { status, content_type, body }, 1)
    };
    for (status, body, reason) in [
        (200, r#"{"error":"wrong_client"}"#, Reason::ClientIdWrong),
        (401, r#"{"error":"PAYMENT_REQUIRED"}"#, Reason::PaymentRequired),
        (403, r#"{"error":"insufficient_scope"}"#, Reason::ApplicationScope),
        (500, r#"{"error":"internal"}"#, Reason::AuthorizationRefused),
        (200, r#"{"access_token":"a"}"#, Reason::TokenAnswerUnreadable),
        (200, "", Reason::TokenAnswerUnreadable),
        (503, "{}", Reason::AuthorizationServerBroken),
    ] {
        portal.fault(answer(status, body));
        fails(&host, wanted(&portal), &Browser::new(), reason).await;
    }
}

#[tokio::test]
async fn a_portal_out_of_reach_is_told() {
    let host = Host::new();
    let portal = std::cell::RefCell::new(Some(portal()));
    let wanted = wanted(portal.borrow().as_ref().unwrap());
    let browser = Browser::with(|_| drop(portal.borrow_mut().take()));
    fails(&host, wanted, &browser, Reason::CannotConnect).await;
}

#[tokio::test]
async fn a_taken_port_stops_it_before_the_browser_opens() {
    let (portal, host) = (portal(), Host::new());
    let other = Listener::bind(0).await.unwrap();
    let port = Url::parse(&other.address()).unwrap().port();
    fails(&host, WantedPortal { callback_port: port, ..wanted(&portal) }, &never(), Reason::CallbackPortTaken).await;
}

fn never() -> Browser<'static> {
    Browser::with(|_| panic!("the browser was opened"))
}

/// Each with its own sentence; nor is the portal asked about a webhook.
#[tokio::test]
async fn a_bad_keychain_stops_it_before_the_browser_opens() {
    let (portal, host) = (portal(), Host::new());
    for (trouble, reason, sentence) in [
        (Trouble::Fails(VaultError::Missing), Reason::KeychainMissing, "has no keychain"),
        (Trouble::Fails(VaultError::Locked), Reason::KeychainLocked, "is locked"),
        (Trouble::Fails(VaultError::Denied), Reason::KeychainDenied, "refused"),
        (Trouble::Loses, Reason::KeychainLost, "didn't keep what it was given"),
        (Trouble::Holds(1000), Reason::KeychainTooLarge, "too long for the keychain"),
    ] {
        host.keychain.trouble(Some(trouble));
        fails(&host, wanted(&portal), &never(), reason).await;
        let webhook = portal.webhook_url().parse().unwrap();
        let failure = connect_by_webhook(&host.context, webhook, None).await.unwrap_err();
        assert_eq!(failure.reason(), reason);
        assert!(failure.message().contains(sentence), "{failure}");
    }
    assert!(portal.log().is_empty(), "the portal was asked");
    assert!(host.keychain.names().is_empty() && host.context.connections.all().unwrap().is_empty());
    host.keychain.trouble(None);
    host.connect_as(wanted(&portal), &Browser::new()).await.unwrap();
}

#[tokio::test]
async fn a_keychain_that_locks_meanwhile_leaves_no_half_connection() {
    let (portal, host) = (portal(), Host::new());
    let locking = Browser::with(|_| host.keychain.trouble(Some(Trouble::Fails(VaultError::Locked))));
    fails(&host, wanted(&portal), &locking, Reason::KeychainLocked).await;
}

#[tokio::test]
async fn the_administrators_choices_hold() {
    let portal = portal();
    let policy = Policy { portals: vec!["acme.bitrix24.com".parse().unwrap()], ..Policy::default() };
    let host = Host::with_policy(policy);
    fails(&host, wanted(&portal), &Browser::new(), Reason::PortalNotAllowed).await;
    let webhook = portal.webhook_url().parse().unwrap();
    assert_eq!(connect_by_webhook(&host.context, webhook, None).await.unwrap_err().reason(), Reason::PortalNotAllowed);
    let host = Host::with_policy(Policy { client_id: Some(portal.client_id().to_owned()), ..Policy::default() });
    let typed = WantedPortal { client_id: Some("local.typed".to_owned()), ..wanted(&portal) };
    host.connect_as(typed, &Browser::new()).await.unwrap();
    let other = Listener::bind(0).await.unwrap();
    let port = Url::parse(&other.address()).unwrap().port();
    let host = Host::with_policy(Policy { callback_port: port, ..Policy::default() });
    let failure = host.connect_as(wanted(&portal), &Browser::new()).await.unwrap_err();
    assert_eq!(
        (failure.reason(), failure.arg("port")),
        (Reason::CallbackPortTaken, port.map(|port| port.to_string()).as_deref())
    );
}

#[tokio::test]
async fn a_webhook_without_rights_connects_nothing() {
    let (portal, host) = (portal(), Host::new());
    let mut address = portal.webhook_url();
    address.truncate(address.len() - 2);
    let failure = connect_by_webhook(&host.context, address.parse().unwrap(), None).await.unwrap_err();
    assert_eq!(failure.reason(), Reason::WebhookRefused);
    portal.switch(|switches| switches.scopes = vec!["user_basic".to_owned()]);
    let failure = connect_by_webhook(&host.context, portal.webhook_url().parse().unwrap(), None).await.unwrap_err();
    assert_eq!(failure.reason(), Reason::ScopeMissing);
    assert!(host.context.connections.all().unwrap().is_empty() && host.keychain.names().is_empty());
}
