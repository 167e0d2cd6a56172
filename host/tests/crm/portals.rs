//! Portals that differ: permissions, age, CRM mode.

use demo::{CrmMode, Fault, FaultKind};
use gmail_sync_host::failure::Reason;
use gmail_sync_host::protocol::{Code, Role};
use jiff::SignedDuration;

use crate::bench::{Bench, LENA};

fn deal_ids(person: &gmail_sync_host::protocol::Person) -> Vec<&str> {
    person.deals.iter().map(|deal| deal.id.as_str()).collect()
}

#[tokio::test]
async fn reference_data_comes_in_one_call_and_stays_for_half_a_day() {
    let bench = Bench::new();
    let reference = bench.reference(false).await.unwrap();
    assert_eq!(bench.calls(), 1);
    let mut pipelines: Vec<&str> = reference.pipelines.iter().map(|pipeline| pipeline.id.as_str()).collect();
    pipelines.sort_unstable();
    assert_eq!(pipelines, ["0", "9"]);
    assert!(reference.pipelines.iter().all(|pipeline| !pipeline.name.is_empty() && pipeline.stages.len() > 2));
    assert!(reference.lead_statuses.iter().any(|status| status.id == "CONVERTED"));
    assert!(reference.sources.iter().any(|source| source.id == "EMAIL"));
    assert!(reference.leads && reference.currencies.len() > 1);
    bench.pass(SignedDuration::from_hours(11));
    assert_eq!(bench.reference(false).await.unwrap(), reference);
    assert_eq!(bench.calls(), 0);
    bench.reference(true).await.unwrap();
    assert_eq!(bench.calls(), 1);
    bench.pass(SignedDuration::from_hours(12));
    bench.reference(false).await.unwrap();
    assert_eq!(bench.calls(), 1);
}

#[tokio::test]
async fn a_first_lookup_reads_reference_data_itself() {
    let bench = Bench::new();
    bench.person("marie.rousseau@helion.example").await;
    assert_eq!(bench.calls(), 4);
    bench.reference(false).await.unwrap();
    assert_eq!(bench.calls(), 0);
}

#[tokio::test]
async fn simple_crm_says_so() {
    let bench = Bench::new();
    bench.portal.switch(|switches| switches.crm_mode = CrmMode::Simple);
    assert!(!bench.reference(false).await.unwrap().leads);
}

#[tokio::test]
async fn with_user_brief_nobody_is_asked_for_by_address() {
    let bench = Bench::new();
    bench.portal.switch(|switches| switches.scopes = vec!["crm".into(), "user_brief".into()]);
    let lookup = bench.lookup(&["ann@brightline.example", "marie.rousseau@helion.example"]).await;
    // The tripwire for widened filters is checked when the bench is dropped.
    assert_eq!(lookup.people[0].role, Role::External);
    assert_eq!(lookup.people[1].contacts[0].responsible.as_ref().unwrap().name, "Ann Keller");
}

#[tokio::test]
async fn without_any_user_permission_names_are_missing_and_nothing_else() {
    let bench = Bench::new();
    bench.portal.switch(|switches| switches.scopes = vec!["crm".into()]);
    let lookup = bench.lookup(&["marie.rousseau@helion.example"]).await;
    assert!(lookup.notices.is_empty());
    let responsible = lookup.people[0].contacts[0].responsible.as_ref().unwrap();
    assert_eq!((responsible.id.as_str(), responsible.name.as_str()), ("8", ""));
}

#[tokio::test]
async fn without_crm_permission_the_missing_piece_is_named() {
    let bench = Bench::new();
    bench.portal.switch(|switches| switches.scopes = vec!["user_basic".into()]);
    let failure = bench.reference(false).await.unwrap_err();
    assert_eq!((failure.reason(), failure.arg("scope")), (Reason::ScopeMissing, Some("crm")));
    let lookup = bench.lookup(&["ann@brightline.example"]).await;
    assert!(matches!(lookup.people[0].role, Role::Colleague { .. }));
    assert_eq!(lookup.people[0].problems[0].reason, "scope_missing");
}

#[tokio::test]
async fn a_portal_that_cannot_filter_deals_by_contact_is_asked_the_older_way() {
    for older in [true, false] {
        let bench = Bench::connected().await;
        bench.portal.switch(|switches| {
            if older {
                switches.missing_methods.push("crm.item.list".into());
            } else {
                switches.contact_ids_filter = false;
            }
        });
        let marie = bench.person("marie.rousseau@helion.example").await;
        assert_eq!((deal_ids(&marie), bench.calls()), (vec!["3", "2"], 4));
        // Remembered: no detour the next time.
        let person = bench.person("info@obermeier.example").await;
        assert_eq!(deal_ids(&person), ["47", "46"]);
        assert!(bench.calls() <= 3);
    }
}

#[tokio::test]
async fn a_list_that_may_not_be_read_is_a_notice() {
    let bench = Bench::connected().await;
    bench.portal.fault(Fault::on("crm.lead.list", FaultKind::InsufficientScope, 1));
    let lookup = bench.lookup(&["info@obermeier.example"]).await;
    let person = &lookup.people[0];
    assert_eq!((person.contacts.len(), person.leads.len(), person.hidden), (1, 0, 0));
    assert_eq!((lookup.notices[0].reason.as_str(), lookup.notices[0].code), ("scope_missing", Code::Refused));
    bench.calls();
    // It won't change by itself, so it's kept with the person.
    let again = bench.lookup(&["info@obermeier.example"]).await;
    assert_eq!((again, bench.calls()), (lookup, 0));
}

#[tokio::test]
async fn a_method_without_time_left_rests_and_the_others_go_on() {
    let bench = Bench::connected().await;
    bench.portal.fault(Fault::on("crm.item.list", FaultKind::OperationTimeLimit { reset_in_seconds: 300 }, 1));
    let client = bench.client();
    let own = [];
    let context = gmail_sync_host::methods::LookupContext {
        crm: bench.crm(&client),
        user: LENA,
        own_addresses: &own,
        team_domains: &own,
        may_look_up: &|_| Ok(()),
    };
    for (address, deals_asked_for) in [("marie.rousseau@helion.example", true), ("hello@tandem-duo.example", false)] {
        bench.calls();
        let params = crate::bench::params(&[address]);
        let lookup = gmail_sync_host::methods::lookup(&context, &params, |_| ()).await.unwrap();
        assert_eq!((lookup.people[0].contacts.len(), lookup.people[0].deals.len()), (1, 0));
        assert_eq!((lookup.notices[0].reason.as_str(), lookup.notices[0].code), ("method_resting", Code::TryLater));
        assert_eq!(lookup.notices[0].args["method"], "crm.item.list");
        let asked =
            bench.requests().iter().any(|request| request.batched.iter().any(|method| method == "crm.item.list"));
        assert_eq!(asked, deals_asked_for);
    }
}
