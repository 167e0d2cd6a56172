//! What the extension can do about connections: connect, allow, look, disconnect.

use gmail_sync_host::failure::{Failure, Reason};
use gmail_sync_host::methods::{
    Caller, allow, change_team, connect as connect_by_application, connect_webhook, disconnect, new_code, set_mailbox,
    status,
};
use gmail_sync_host::protocol::{
    AllowParams, ConnectWebhookParams, Connected, DisconnectParams, Mailbox, SetMailboxParams, WireSecret,
};
use gmail_sync_host::sessions::{Session, Whose};
use gmail_sync_host::settings::MailboxState;
use gmail_sync_host::vault::{Trouble, VaultError};
use serde_json::json;

use crate::support::{Browser, Host, ORIGIN, STRANGER, portal, url};

fn wire(secret: &str) -> WireSecret {
    serde_json::from_value(secret.into()).unwrap()
}

async fn connect(host: &Host, webhook: &str, caller: &Caller<'_>) -> Result<Connected, Failure> {
    let mailbox = Some("Lena@Example.com".to_owned());
    connect_webhook(&host.context, ConnectWebhookParams { url: wire(webhook), mailbox, confirmed: None }, caller).await
}

fn session(host: &Host, connected: &Connected) -> Session {
    host.context.session(Some(&connected.session.clone().into())).unwrap()
}

#[tokio::test]
async fn connecting_gives_a_session_and_switches_on_the_mailbox_in_view_only() {
    let (portal, host) = (portal(), Host::new());
    let connected = connect(&host, &portal.webhook_url(), &STRANGER).await.unwrap();
    let session = session(&host, &connected);
    assert_eq!((session.label.as_str(), &session.portal), (ORIGIN, &url(&portal)));
    assert_eq!(status(&host.context, &session).unwrap(), connected.status);
    assert_eq!(connected.status.mailboxes, [Mailbox { address: "lena@example.com".into(), on: true }]);
    assert_eq!(connected.status.user.url, format!("{}/company/personal/user/7/", portal.base_url()));
    let settings = host.context.settings.read().unwrap();
    assert_eq!(settings.mailbox_state(&url(&portal), None), MailboxState::Unanswered);
    let off = SetMailboxParams { address: "lena@example.com".into(), on: false };
    assert!(!set_mailbox(&host.context, &session, &off).unwrap().mailboxes[0].on);
}

#[tokio::test]
async fn the_team_is_changed_as_a_whole_or_not_at_all() {
    let (portal, host) = (portal(), Host::new());
    let connected = connect(&host, &portal.webhook_url(), &STRANGER).await.unwrap();
    let session = session(&host, &connected);
    let change = |params: serde_json::Value| {
        change_team(&host.context, &session, &serde_json::from_value(params).unwrap()).map(|status| status.team)
    };
    let team =
        change(json!({"addAddresses": ["Sales@Brightline.example"], "addDomains": ["@brightline.example"]})).unwrap();
    assert_eq!(
        (team.own_addresses, team.domains),
        (vec!["sales@brightline.example".into()], vec!["brightline.example".into()])
    );
    let wrong = change(json!({"addAddresses": ["info@brightline.example"], "addDomains": ["brightline"]})).unwrap_err();
    assert_eq!(wrong.reason(), Reason::DomainInvalid);
    let wrong = change(json!({"addAddresses": ["no address"], "removeDomains": ["brightline.example"]})).unwrap_err();
    assert_eq!(wrong.reason(), Reason::AddressInvalid);
    let team = change(json!({"removeAddresses": ["SALES@brightline.example", "unknown@brightline.example"]})).unwrap();
    assert_eq!((team.own_addresses, team.domains), (Vec::<String>::new(), vec!["brightline.example".into()]));
}

#[tokio::test]
async fn only_who_is_in_by_an_application_can_follow_a_portal() {
    let (portal, host) = (portal(), Host::new());
    let follow = async |caller: &Caller<'_>| {
        let params = json!({"portal": "new.bitrix24.com", "moved": true});
        let params = serde_json::from_value(params).unwrap();
        let never = Browser::with(|_| panic!("the browser was opened"));
        connect_by_application(&host.context, params, caller, &never, |_| {}).await.map(drop).unwrap_err().reason()
    };
    assert_eq!(follow(&STRANGER).await, Reason::SessionNeeded);
    // A webhook has no member id that could show it to be the same portal.
    let connected = connect(&host, &portal.webhook_url(), &STRANGER).await.unwrap();
    let session = session(&host, &connected);
    assert_eq!(follow(&Caller { origin: ORIGIN, session: Some(&session) }).await, Reason::WebhookRefused);
}

#[tokio::test]
async fn to_follow_a_portal_is_no_way_into_another_one() {
    let (own, another, host) = (portal(), portal(), Host::new());
    for portal in [&own, &another] {
        host.connect(portal, &Browser::new()).await.unwrap();
    }
    let now = host.context.clock.now();
    let token = host.context.sessions.issue(&url(&own), ORIGIN, now).unwrap();
    let session = host.context.session(Some(&token)).unwrap();
    let params = serde_json::from_value(json!({"portal": another.base_url(), "moved": true})).unwrap();
    let never = Browser::with(|_| panic!("the browser was opened"));
    let inside = Caller { origin: ORIGIN, session: Some(&session) };
    let refused = connect_by_application(&host.context, params, &inside, &never, |_| {}).await.map(drop).unwrap_err();
    assert_eq!(refused.reason(), Reason::AlreadyConnected);
}

#[tokio::test]
async fn a_further_profile_needs_a_code() {
    let (portal, host) = (portal(), Host::new());
    let first = connect(&host, &portal.webhook_url(), &STRANGER).await.unwrap();
    // Not even with the webhook's secret.
    let refused = connect(&host, &portal.webhook_url(), &STRANGER).await.map(drop).unwrap_err();
    assert_eq!(refused.reason(), Reason::AlreadyConnected);
    let code = host.context.sessions.new_code(&url(&portal), host.context.clock.now()).unwrap();
    let params = || AllowParams { code: wire(secrecy::ExposeSecret::expose_secret(&code)), mailbox: None };
    let second = allow(&host.context, params(), &STRANGER).unwrap();
    assert_ne!(session(&host, &first).id, session(&host, &second).id);
    assert_eq!(allow(&host.context, params(), &STRANGER).map(drop).unwrap_err().reason(), Reason::NoCode);
}

#[tokio::test]
async fn a_portal_of_ones_own_is_no_way_in_but_who_is_in_may_connect_a_further_one() {
    let (first_portal, own, host) = (portal(), portal(), Host::new());
    let first = connect(&host, &first_portal.webhook_url(), &STRANGER).await.unwrap();
    let refused = connect(&host, &own.webhook_url(), &STRANGER).await.map(drop).unwrap_err();
    assert_eq!(refused.reason(), Reason::AlreadyConnected);
    // Who isn't in doesn't learn what is connected.
    assert!(!format!("{} {}", refused.message(), refused.hint()).contains(&url(&first_portal).to_string()));
    let never = Browser::with(|_| panic!("the browser was opened"));
    let params = serde_json::from_value(json!({"portal": own.base_url()})).unwrap();
    let refused = connect_by_application(&host.context, params, &STRANGER, &never, |_| {}).await.map(drop).unwrap_err();
    assert_eq!((refused.reason(), own.stats().http_calls), (Reason::AlreadyConnected, 0));

    let session_of = session(&host, &first);
    let inside = Caller { origin: ORIGIN, session: Some(&session_of) };
    let further = connect(&host, &own.webhook_url(), &inside).await.unwrap();
    assert_eq!(session(&host, &further).portal, url(&own));
    // That gave no way into the first one.
    let session_of = session(&host, &further);
    let inside = Caller { origin: ORIGIN, session: Some(&session_of) };
    let refused = connect(&host, &first_portal.webhook_url(), &inside).await.map(drop).unwrap_err();
    assert_eq!(refused.reason(), Reason::AlreadyConnected);
    // What is left of a connection keeps nobody out.
    for connected in [&first_portal, &own] {
        host.context.vault.delete(&url(connected).to_string()).await.unwrap();
    }
    connect(&host, &own.webhook_url(), &STRANGER).await.unwrap();
}

#[tokio::test]
async fn an_allowed_profile_shows_a_code_and_a_stranger_gets_none() {
    let (portal, host) = (portal(), Host::new());
    let first = connect(&host, &portal.webhook_url(), &STRANGER).await.unwrap();
    let shown = new_code(&host.context, &session(&host, &first)).unwrap();
    assert_eq!(shown.seconds, 120);
    let params = |code: &str| AllowParams { code: wire(code), mailbox: None };
    for left in ["4", "3"] {
        let failure = allow(&host.context, params("AAAA-AAAA"), &STRANGER).map(drop).unwrap_err();
        assert_eq!((failure.reason(), failure.arg("left")), (Reason::CodeWrong, Some(left)));
    }
    let second = allow(&host.context, params(&shown.code), &STRANGER).unwrap();
    assert_eq!(second.status, first.status);
    // A session without its connection lets nobody in.
    let second = session(&host, &second);
    host.context.connections.remove(&url(&portal)).unwrap();
    assert_eq!(new_code(&host.context, &second).map(drop).unwrap_err().reason(), Reason::NotConnected);
}

#[tokio::test]
async fn whoever_is_shut_out_has_no_code_to_come_back_by() {
    let (portal, host) = (portal(), Host::new());
    let first = connect(&host, &portal.webhook_url(), &STRANGER).await.unwrap();
    let (first, params) = (session(&host, &first), |code: &str| AllowParams { code: wire(code), mailbox: None });
    let second = new_code(&host.context, &first).unwrap();
    let second = session(&host, &allow(&host.context, params(&second.code), &STRANGER).unwrap());
    let code = new_code(&host.context, &second).unwrap().code;
    disconnect(&host.context, &second, &DisconnectParams { everywhere: false }).await.unwrap();
    assert_eq!(allow(&host.context, params(&code), &STRANGER).map(drop).unwrap_err().reason(), Reason::NoCode);
    // Shut out between its request and the code.
    host.context.sessions.revoke(Whose::Session(&first.id)).unwrap();
    assert_eq!(new_code(&host.context, &first).map(drop).unwrap_err().reason(), Reason::SessionNeeded);
}

#[tokio::test]
async fn who_gets_another_session_by_a_code_leaves_a_newer_code_for_others() {
    let (portal, host) = (portal(), Host::new());
    let first = connect(&host, &portal.webhook_url(), &STRANGER).await.unwrap();
    let first = session(&host, &first);
    let inside = Caller { origin: ORIGIN, session: Some(&first) };
    let code = new_code(&host.context, &first).unwrap().code;
    // Connecting again ends the older session, too, and shuts nobody out.
    connect(&host, &portal.webhook_url(), &inside).await.unwrap();
    allow(&host.context, AllowParams { code: wire(&code), mailbox: None }, &STRANGER).unwrap();
    assert_eq!(host.context.sessions.list().unwrap().len(), 2);
}

#[tokio::test]
async fn connecting_again_from_inside_replaces_the_session() {
    let (portal, host) = (portal(), Host::new());
    let first = connect(&host, &portal.webhook_url(), &STRANGER).await.unwrap();
    let old = session(&host, &first);
    let inside = Caller { origin: ORIGIN, session: Some(&old) };
    let second = connect(&host, &portal.webhook_url(), &inside).await.unwrap();
    assert_eq!(host.context.session(Some(&first.session.into())).unwrap_err().reason(), Reason::SessionNeeded);
    assert_eq!(host.context.sessions.list().unwrap(), [session(&host, &second)]);
}

#[tokio::test]
async fn the_last_to_leave_takes_the_tokens_along() {
    let (portal, host) = (portal(), Host::new());
    let first = connect(&host, &portal.webhook_url(), &STRANGER).await.unwrap();
    let code = host.context.sessions.new_code(&url(&portal), host.context.clock.now()).unwrap();
    let code = wire(secrecy::ExposeSecret::expose_secret(&code));
    let second = allow(&host.context, AllowParams { code, mailbox: None }, &STRANGER).unwrap();
    let (first, second) = (session(&host, &first), session(&host, &second));
    let here = DisconnectParams { everywhere: false };
    let left = disconnect(&host.context, &first, &here).await.unwrap();
    assert_eq!((left.connection_ended, left.sessions_left), (false, 1));
    assert_eq!(host.keychain.names().len(), 1);
    let left = disconnect(&host.context, &second, &here).await.unwrap();
    assert_eq!((left.connection_ended, left.sessions_left), (true, 0));
    assert!(host.keychain.names().is_empty() && host.context.connections.all().unwrap().is_empty());
    assert!(host.context.sessions.list().unwrap().is_empty());
}

#[tokio::test]
async fn a_session_that_reached_nobody_keeps_no_tokens() {
    let (portal, host) = (portal(), Host::new());
    let connected = connect(&host, &portal.webhook_url(), &STRANGER).await.unwrap();
    host.context.sessions.issue(&url(&portal), ORIGIN, host.context.clock.now()).unwrap();
    let here = DisconnectParams { everywhere: false };
    let left = disconnect(&host.context, &session(&host, &connected), &here).await.unwrap();
    assert_eq!((left.connection_ended, left.sessions_left), (true, 0));
    assert!(host.keychain.names().is_empty() && host.context.sessions.list().unwrap().is_empty());
}

#[tokio::test]
async fn disconnecting_everywhere_ends_all_sessions_or_nothing() {
    let (portal, host) = (portal(), Host::new());
    let connected = connect(&host, &portal.webhook_url(), &STRANGER).await.unwrap();
    let session = session(&host, &connected);
    let everywhere = DisconnectParams { everywhere: true };
    for trouble in [Trouble::Keeps, Trouble::Fails(VaultError::Locked)] {
        host.keychain.trouble(Some(trouble));
        disconnect(&host.context, &session, &everywhere).await.unwrap_err();
        host.keychain.trouble(None);
        assert_eq!(host.context.connections.all().unwrap().len(), 1);
        assert_eq!(host.context.sessions.list().unwrap().len(), 1);
    }
    assert!(disconnect(&host.context, &session, &everywhere).await.unwrap().connection_ended);
    assert!(host.keychain.names().is_empty());
}
