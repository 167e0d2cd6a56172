//! What only the portal can tell: token, person, permissions, clock.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Finding, headroom, methods, network};
use crate::bitrix24::Client;
use crate::connection::Connection;
use crate::context::Context;
use crate::egress::{Destination, Purpose};
use crate::failure::{Failure, Reason};
use crate::identity::Identity;
use crate::portal::{AuthorizationServer, PortalUrl};

/// More than this, and times shown for records would mislead.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

pub(super) async fn probe(context: &Context) -> Vec<Finding> {
    let connections = match context.connections.all() {
        Ok(connections) if connections.is_empty() => return not_connected(context).await,
        Ok(connections) => connections,
        Err(failure) => return vec![Finding::fault("portal", &failure)],
    };
    let mut findings = Vec::new();
    for connection in connections {
        findings.extend(one(context, connection).await);
    }
    findings
}

/// Nobody's tokens can be tried, but the way for connecting can: it is needed soon, so what blocks it is a warning.
async fn not_connected(context: &Context) -> Vec<Finding> {
    let mut findings = vec![Finding::fault("portal", &Reason::NotConnected.into())];
    let portals = context.policy.portals.iter().cloned().map(Destination::Portal);
    let servers = AuthorizationServer::official().map(Destination::AuthorizationServer);
    for destination in portals.chain(servers) {
        findings.push(network::probe(context, &destination).await.0.not_needed_now());
    }
    findings
}

async fn one(context: &Context, connection: Connection) -> Vec<Finding> {
    let portal = connection.portal.clone();
    if let Err(failure) = context.policy.check_portal(&portal) {
        return vec![Finding::fault("portal", &failure)];
    }
    context.egress.agree(&portal, &connection.agreed);
    let mut findings = Vec::new();
    match connection.authorization_server() {
        Ok(None) => {}
        Ok(Some(server)) => {
            for other in others(&server) {
                let found = network::probe(context, &Destination::AuthorizationServer(other)).await.0;
                findings.push(found.not_needed_now());
            }
            findings.push(network::probe(context, &Destination::AuthorizationServer(server)).await.0);
        }
        Err(failure) => findings.push(Finding::fault("portal", &failure)),
    }
    let (finding, reached) = network::probe(context, &Destination::Portal(portal.clone())).await;
    findings.push(finding);
    if reached {
        findings
            .extend(ask(context, connection).await.unwrap_or_else(|failure| vec![Finding::fault("portal", &failure)]));
    }
    findings
}

/// The servers that a portal may name at the next connecting instead of this one; those of a test's server are none.
fn others(server: &AuthorizationServer) -> impl Iterator<Item = AuthorizationServer> {
    let is_official = AuthorizationServer::official().any(|official| official == *server);
    AuthorizationServer::official().filter(move |official| is_official && official != server)
}

async fn ask(context: &Context, connection: Connection) -> Result<Vec<Finding>, Failure> {
    let endpoint = connection.endpoint()?;
    let credentials = context.credentials(connection);
    let client = Client::new(Arc::clone(&context.egress), endpoint, credentials, context.pace);
    let identity = Identity::ask(&client, Purpose::Check).await?;
    let mut findings = judge(client.portal(), &identity, context.clock.now());
    if identity.missing_scope().is_none() {
        findings.push(headroom::probe(&client).await);
        findings.push(methods::probe(&client).await);
    }
    Ok(findings)
}

fn judge(portal: &PortalUrl, identity: &Identity, now: Timestamp) -> Vec<Finding> {
    let mut findings = vec![match identity.check_scopes(portal) {
        Ok(()) => {
            Finding::fine("portal", format!("{portal} answers, knows you and grants {}.", identity.scopes.join(", ")))
        }
        Err(failure) => Finding::fault("portal", &failure).showing("granted", identity.scopes.join(", ")),
    }];
    let unneeded = identity.unneeded_scopes();
    if !unneeded.is_empty() {
        let failure = Failure::new(Reason::ScopesUnneeded).with("portal", portal).with("scopes", unneeded.join(", "));
        findings.push(Finding::fault("portal", &failure));
    }
    if let Some(theirs) = identity.portal_time {
        let skew = now.duration_since(theirs).abs();
        if skew > CLOCK_TOLERANCE {
            let failure = Failure::new(Reason::ClockSkew).with("portal", portal).with("minutes", skew.as_mins());
            findings.push(Finding::fault("clock", &failure));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Severity;
    use crate::connection::ConnectedUser;

    #[test]
    fn all_of_bitrix24s_authorization_servers_are_tried_and_none_for_a_tests_own() {
        let cloud = "acme.bitrix24.com".parse().unwrap();
        let all: Vec<_> = AuthorizationServer::official().map(|server| server.origin()).collect();
        for own in AuthorizationServer::official() {
            let tried: Vec<_> = others(&own).chain([own.clone()]).map(|server| server.origin()).collect();
            assert!(tried.len() == all.len() && all.iter().all(|server| tried.contains(server)), "{tried:?}");
        }
        let official = AuthorizationServer::official().next().unwrap();
        assert_eq!(AuthorizationServer::new(&cloud, &official.origin()).unwrap(), official);
        let local = "http://127.0.0.1:80".parse().unwrap();
        assert_eq!(others(&AuthorizationServer::new(&local, "http://127.0.0.1:81").unwrap()).count(), 0);
    }

    #[test]
    fn a_clock_that_is_wrong_and_a_permission_that_is_missing_are_found() {
        let portal = "acme.bitrix24.com".parse().unwrap();
        let now = Timestamp::from_second(1_000_000).unwrap();
        let identity = |scopes: &[&'static str], seconds: i64| Identity {
            user: ConnectedUser { id: 7, name: String::new() },
            scopes: scopes.to_vec(),
            portal_time: Timestamp::from_second(1_000_000 + seconds).ok(),
        };
        let severities = |identity: &Identity| -> Vec<_> {
            judge(&portal, identity, now).iter().map(|finding| (finding.probe, finding.severity)).collect()
        };
        assert_eq!(severities(&identity(&["crm", "user_basic"], -290)), [("portal", Severity::Ok)]);
        assert_eq!(
            severities(&identity(&["crm", "user_basic", "disk"], 0)),
            [("portal", Severity::Ok), ("portal", Severity::Warning)]
        );
        assert_eq!(severities(&identity(&["crm"], 3000)), [("portal", Severity::Error), ("clock", Severity::Warning)]);
    }
}
