//! The ledger's sums are the portal's own counters.

use demo::{Fault, FaultKind};
use gmail_sync_host::bitrix24::{Client, Credentials as _};
use gmail_sync_host::egress::Purpose;
use gmail_sync_host::identity::Identity;

use crate::support::{Browser, Host, portal, url};

/// To the byte, also for tokens and for requests that were refused.
#[tokio::test]
async fn bytes_in_the_ledger_are_those_the_portal_counted() {
    let (portal, host) = (portal(), Host::new());
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
    let to = url(&portal).to_string();
    assert!(entries.iter().all(|entry| entry.to == to));
    let sum = |of: fn(&gmail_sync_host::ledger::Entry) -> u64| entries.iter().map(of).sum::<u64>();
    let counted = portal.stats();
    let counted = [counted.bytes_in, counted.bytes_out].map(|bytes| u64::try_from(bytes).unwrap());
    assert_eq!([sum(|entry| entry.sent), sum(|entry| entry.received)], counted);
}
