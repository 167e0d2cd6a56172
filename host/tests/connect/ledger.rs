//! The ledger's sums are those that portal and authorization server counted, each its own.

use demo::{Fault, FaultKind};
use gmail_sync_host::bitrix24::{Client, Credentials as _};
use gmail_sync_host::egress::Purpose;
use gmail_sync_host::identity::Identity;

use crate::support::{Browser, Host, portal, url};

/// To the byte and for each destination, also for tokens and for requests that were refused.
#[tokio::test]
async fn bytes_in_the_ledger_are_those_the_portal_counted() {
    let (portal, host) = (portal(), Host::new());
    // Another name for the same machine is another destination.
    let server = url(&portal).to_string().replace("127.0.0.1", "localhost");
    portal.switch(|switches| switches.authorization_server = Some(server.clone()));
    host.connect(&portal, &Browser::new()).await.unwrap();
    let connection = host.context.connections.select(None).unwrap();
    let ask = async || {
        let egress = std::sync::Arc::clone(&host.context.egress);
        let (endpoint, credentials) = (connection.endpoint().unwrap(), host.context.credentials(connection.clone()));
        Identity::ask(&Client::new(egress, endpoint, credentials, host.context.pace), Purpose::Check).await
    };
    ask().await.unwrap();
    host.pass(3600);
    portal.fault(Fault::on("oauth.token", FaultKind::BadGateway, 1));
    assert!(host.context.credentials(connection.clone()).current().await.is_err());
    host.context.credentials(connection.clone()).current().await.unwrap();
    ask().await.unwrap();
    let entries = host.ledger.entries();
    let outcomes: Vec<_> = entries.iter().map(|entry| entry.outcome.as_str()).collect();
    assert!(outcomes.contains(&"502") && outcomes.len() >= 6, "{outcomes:?}");
    // The portal has one log of both: whatever it was asked for as its own authorization server, and all else.
    let log = portal.log();
    for (to, for_tokens) in [(url(&portal).to_string(), false), (server, true)] {
        let entries: Vec<_> = entries.iter().filter(|entry| entry.to == to).collect();
        let counted: Vec<_> = log.iter().filter(|asked| (asked.method == "oauth.token") == for_tokens).collect();
        assert!(entries.len() == counted.len() && entries.len() >= 3, "{to}: {}, {}", entries.len(), counted.len());
        let sent = entries.iter().map(|entry| entry.sent).sum::<u64>();
        let received = entries.iter().map(|entry| entry.received).sum::<u64>();
        let bytes_in = counted.iter().map(|asked| asked.bytes_in as u64).sum::<u64>();
        let bytes_out = counted.iter().map(|asked| asked.bytes_out as u64).sum::<u64>();
        assert_eq!((sent, received), (bytes_in, bytes_out), "{to}");
    }
    assert_eq!(entries.len(), log.len(), "nobody else was asked");
}
