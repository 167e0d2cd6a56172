//! What can be looked at without asking anybody: policy, keychain, port, ledger.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Finding, processes};
use crate::connection::{Access, Connection};
use crate::context::Context;
use crate::failure::{Failure, Reason};
use crate::ledger::{self, Whole};
use crate::oauth::{self, Listener, is_free_beside};
use crate::policy::{PLACE, Policy};
use crate::thread::on_thread;

pub(super) fn policy(policy: &Policy) -> Vec<Finding> {
    let set = policy.names_set().join(", ");
    let set = (!set.is_empty()).then(|| Finding::fine("policy", format!("In force: {set}. Set in {PLACE}.")));
    let fault = match Policy::unknown_names() {
        Err(failure) => Some(failure),
        Ok(names) if names.is_empty() => None,
        Ok(names) => Some(Failure::new(Reason::PolicyUnknownNames).with("names", names.join(", "))),
    };
    set.into_iter().chain(fault.map(|failure| Finding::fault("policy", &failure))).collect()
}

pub(super) async fn keychain(context: &Context) -> Finding {
    match context.vault.probe().await {
        Ok(()) => Finding::fine("keychain", "A secret was stored, read back and deleted."),
        Err(error) => Finding::fault("keychain", &error.into()),
    }
}

pub(super) fn extension(context: &Context) -> Finding {
    match context.extension_version.read() {
        Ok(none) if none.is_empty() => Finding::fine("extension", "None has spoken to this host yet."),
        Ok(version) if release(&version) == release(HOST) => {
            let sentence = format!("Version {version} spoke to this host last.");
            Finding::fine("extension", sentence).showing("extension", version)
        }
        Ok(version) => {
            let failure = Failure::new(Reason::VersionsApart).with("extension", version).with("host", HOST);
            Finding::fault("extension", &failure)
        }
        Err(failure) => Finding::fault("extension", &failure),
    }
}

const HOST: &str = env!("CARGO_PKG_VERSION");

/// What both must have in common: the first number, and below version 1 the second as well.
fn release(version: &str) -> (&str, Option<&str>) {
    let mut numbers = version.split('.');
    let first = numbers.next().unwrap_or_default();
    (first, if first == "0" { numbers.next() } else { None })
}

/// Needed only while connecting, so a taken port is no error.
pub(super) async fn callback_port(context: &Context) -> Finding {
    let connections = context.connections.all();
    let port = port(&context.policy, connections.as_deref().unwrap_or_default());
    let by_oauth =
        |all: Vec<Connection>| all.is_empty() || all.iter().any(|one| matches!(one.access, Access::Oauth { .. }));
    let (address, failure) = match Listener::bind(port).await {
        Ok(_) if is_free_beside(port).await => {
            return Finding::fine("port", format!("Port {port} is free for connecting."));
        }
        Ok(_) => (Ipv6Addr::LOCALHOST.into(), Failure::new(Reason::CallbackPortShared).with("port", port)),
        Err(failure) => (Ipv4Addr::LOCALHOST.into(), failure),
    };
    if !connections.is_ok_and(by_oauth) {
        return Finding::fine("port", format!("Port {port} is taken, but only a local application would need it."));
    }
    let holder = processes::listening_at(address, port);
    // Systems tell a person about their own programs only.
    let holder = holder.unwrap_or_else(|| "a program that this user account can't see".to_owned());
    Finding::fault("port", &failure).showing("held_by", holder)
}

/// The port at which connecting again would wait.
fn port(policy: &Policy, connections: &[Connection]) -> u16 {
    oauth::callback_port(policy.callback_port, connections.iter().find_map(Connection::callback_port))
}

pub(super) async fn ledger(context: &Context) -> Finding {
    let folder = context.paths.file(ledger::FOLDER);
    let unusable = |why: String| {
        let failure = Failure::new(Reason::StateFileUnusable).with("file", ledger::FOLDER).with("why", why);
        Finding::fault("ledger", &failure)
    };
    let read =
        move || ledger::read(&folder).map(|content| content.verify().map(|whole| (content.requests().len(), whole)));
    match on_thread(read).await {
        Some(Ok(Ok((_, Whole { lines: 0, gaps: 0 })))) => Finding::fine("ledger", "Nothing has left this machine."),
        Some(Ok(Ok((requests, whole)))) => Finding::fine("ledger", format!("{requests} requests; {whole}.")),
        Some(Ok(Err(broken))) => Finding::fault("ledger", &broken.into()),
        Some(Err(error)) => unusable(error.kind().to_string()),
        None => unusable("reading it failed".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::DEFAULT_PORT;

    #[test]
    fn nm18_the_port_is_the_one_that_connecting_again_takes() {
        let connection = |callback_port| {
            let access = Access::Oauth {
                client_id: "local.5f0".to_owned(),
                member_id: "a223".to_owned(),
                authorization_server: "https://oauth.bitrix.info".to_owned(),
                callback_port,
            };
            Connection::sample("acme.bitrix24.com", access)
        };
        let nothing_set = Policy::default();
        let fixed = Policy { callback_port: Some(17501), ..Policy::default() };
        assert_eq!(port(&nothing_set, &[]), DEFAULT_PORT);
        assert_eq!(port(&nothing_set, &[connection(None)]), DEFAULT_PORT);
        assert_eq!(port(&nothing_set, &[connection(None), connection(Some(17500))]), 17500);
        assert_eq!(port(&fixed, &[connection(Some(17500))]), 17501);
    }

    #[test]
    fn what_is_in_force_is_named_with_its_place_and_never_quoted() {
        let (client_id, allow_on_prem_hosts) = (Some("local.5f0".to_owned()), Some(false));
        let policy = Policy { client_id, allow_on_prem_hosts, ..Policy::default() };
        let sentences: Vec<_> = super::policy(&policy).into_iter().map(|finding| finding.sentence).collect();
        assert_eq!(sentences.first(), Some(&format!("In force: AllowOnPremHosts, ClientId. Set in {PLACE}.")));
        assert!(super::policy(&Policy::default()).iter().all(|finding| !finding.sentence.starts_with("In force")));
    }
}
