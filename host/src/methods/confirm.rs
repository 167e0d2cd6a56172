//! Which portals may be connected to without a question, and the question about the others.

use std::net::IpAddr;

use crate::connection::Connection;
use crate::context::Context;
use crate::egress::Destination;
use crate::failure::{Failure, Reason};
use crate::portal::PortalUrl;

/// Bitrix24's own portals, those that the administrator named, and this computer itself need no question. Any other name may lead
/// anywhere: the person is told where, before anything is sent there, and `yes` must be exactly that. Whoever connects again to where
/// they agreed before isn't asked again.
///
/// Returns the addresses agreed to.
///
/// # Errors
/// [`Reason::PortalUnconfirmed`]; [`Reason::AddressNotPublic`] where no yes helps.
pub(super) async fn confirm(
    context: &Context,
    portal: &PortalUrl,
    existing: Option<&Connection>,
    yes: Option<&str>,
) -> Result<Vec<IpAddr>, Failure> {
    if portal.is_loopback() || portal.is_cloud() || context.policy.portals.contains(portal) {
        return Ok(Vec::new());
    }
    let located = context.egress.locate(portal).await;
    let location = located.map_err(|error| error.to_failure(&Destination::Portal(portal.clone())))?;
    let address = location.to_string();
    let addresses = location.addresses();
    let before = existing.filter(|connection| connection.portal == *portal);
    let known = before.is_some_and(|before| addresses.iter().all(|address| before.agreed.contains(address)));
    if !known && yes != Some(&address) {
        return Err(Failure::new(Reason::PortalUnconfirmed).with("portal", portal).with("address", address));
    }
    context.egress.agree(portal, addresses);
    Ok(addresses.to_vec())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::Clock;
    use crate::connection::Access;
    use crate::ledger::MemoryLedger;
    use crate::paths::Paths;
    use crate::policy::Policy;
    use crate::vault::{MemoryStore, Vault};

    fn context(policy: Policy) -> (tempfile::TempDir, Arc<MemoryLedger>, Context) {
        let (folder, ledger) = (tempfile::tempdir().unwrap(), Arc::new(MemoryLedger::default()));
        let paths = Paths::at(folder.path()).unwrap();
        let vault = Vault::memory(Arc::new(MemoryStore::default()));
        let context = Context::new(paths, vault, Arc::<MemoryLedger>::clone(&ledger), policy, Clock::system());
        (folder, ledger, context)
    }

    fn connection(portal: &str, agreed: &[&str]) -> Connection {
        let agreed = agreed.iter().map(|address| address.parse().unwrap()).collect();
        Connection { agreed, ..Connection::sample(portal, Access::Webhook) }
    }

    const HERE: &str = "10.0.0.5";

    #[tokio::test]
    async fn a_companys_portal_is_a_question_until_the_person_says_yes_to_exactly_that() {
        let (_folder, ledger, context) = context(Policy::default());
        let portal: PortalUrl = HERE.parse().unwrap();
        for yes in [None, Some(""), Some("10.0.0.6"), Some("10.0.0.5, 10.0.0.6")] {
            let asked = confirm(&context, &portal, None, yes).await.unwrap_err();
            assert_eq!((asked.reason(), asked.arg("address")), (Reason::PortalUnconfirmed, Some(HERE)), "{yes:?}");
            assert_eq!(asked.arg("portal"), Some(HERE));
        }
        assert!(ledger.entries().iter().all(|entry| entry.sent == 0 && entry.outcome == "located"));
        let agreed = confirm(&context, &portal, None, Some(HERE)).await.unwrap();
        assert_eq!(agreed, [HERE.parse::<IpAddr>().unwrap()]);
    }

    #[tokio::test]
    async fn whoever_agreed_before_is_asked_again_only_when_it_is_elsewhere() {
        let (_folder, _, context) = context(Policy::default());
        let portal: PortalUrl = HERE.parse().unwrap();
        for (before, asked) in [
            (connection(HERE, &[HERE, "10.0.0.6"]), false),
            (connection(HERE, &["10.0.0.6"]), true),
            (connection("crm.acme.example", &[HERE]), true),
        ] {
            assert_eq!(confirm(&context, &portal, Some(&before), None).await.is_err(), asked, "{before:?}");
        }
    }

    #[tokio::test]
    async fn bitrix24s_own_portals_this_computer_and_what_policy_names_need_no_question() {
        let policy = Policy { portals: vec![HERE.parse().unwrap()], ..Policy::default() };
        let (_folder, ledger, context) = context(policy);
        for portal in ["acme.bitrix24.com", "http://127.0.0.1:4711", HERE] {
            assert_eq!(confirm(&context, &portal.parse().unwrap(), None, None).await, Ok(vec![]), "{portal}");
        }
        assert!(ledger.entries().is_empty());
    }

    #[tokio::test]
    async fn sec_17_where_no_portal_may_be_no_yes_helps() {
        let (_folder, _, context) = context(Policy::default());
        for nowhere in ["169.254.169.254", "0.0.0.0", "224.0.0.1"] {
            let refused = confirm(&context, &nowhere.parse().unwrap(), None, Some(nowhere)).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::AddressNotPublic, "{nowhere}");
        }
    }
}
