//! Moving a deal: only from where the person saw it, only within its pipeline, and never twice.

use demo::{Access, Fault, FaultKind};
use gmail_sync_host::failure::{Failure, Reason};
use gmail_sync_host::methods::move_deal;
use gmail_sync_host::protocol::{DealMove, MoveDealParams};

use crate::bench::Bench;

const MARIE: &str = "marie.rousseau@helion.example";
/// "Pilot order, 40 sensors", of the default pipeline.
const PILOT: &str = "2";
/// "Silent Mill, readable only".
const READ_ONLY: &str = "54";
/// "Nightjar, confidential".
const HIDDEN: &str = "53";

impl Bench {
    async fn move_deal(&self, deal: &str, from: &str, to: &str) -> Result<DealMove, Failure> {
        let client = self.client();
        let params = MoveDealParams { deal: deal.to_owned(), from: from.to_owned(), to: to.to_owned() };
        move_deal(&self.crm(&client), &params).await
    }

    fn stage_of(&self, deal: &str) -> String {
        let id: u64 = deal.parse().unwrap();
        let is_it = |row: &serde_json::Value| row["ID"] == id;
        self.portal.rows("deal").into_iter().find(is_it).unwrap()["STAGE_ID"].as_str().unwrap().to_owned()
    }

    fn updates(&self) -> usize {
        self.portal.log().iter().filter(|entry| entry.method == "crm.item.update").count()
    }
}

fn moved(result: Result<DealMove, Failure>) -> String {
    match result.unwrap() {
        DealMove::Moved { deal } => deal.stage.name,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_deal_goes_where_it_is_sent_and_the_next_lookup_knows() {
    let bench = Bench::connected().await;
    let before = bench.person(MARIE).await.deals;
    assert!(before.iter().any(|deal| deal.id == PILOT && deal.stage.name == "Offer sent"));
    assert_eq!(moved(bench.move_deal(PILOT, "EXECUTING", "FINAL_INVOICE").await), "Contract");
    assert_eq!(bench.stage_of(PILOT), "FINAL_INVOICE");
    let after = bench.person(MARIE).await.deals;
    assert!(after.iter().any(|deal| deal.id == PILOT && deal.stage.name == "Contract"));
    moved(bench.move_deal(PILOT, "FINAL_INVOICE", "WON").await);
    assert!(!bench.person(MARIE).await.deals.iter().any(|deal| deal.id == PILOT));
}

#[tokio::test]
async fn what_somebody_else_has_moved_stays_where_they_put_it() {
    let bench = Bench::connected().await;
    let DealMove::Elsewhere { deal } = bench.move_deal(PILOT, "NEW", "WON").await.unwrap() else { panic!() };
    assert_eq!((deal.stage.id.as_str(), deal.step, deal.steps), ("EXECUTING", 3, 4));
    assert_eq!((bench.stage_of(PILOT).as_str(), bench.updates()), ("EXECUTING", 0));
}

#[tokio::test]
async fn another_pipelines_stage_is_refused_before_the_portal_is_asked() {
    let bench = Bench::connected().await;
    let failure = bench.move_deal(PILOT, "EXECUTING", "C9:UC_SIGN").await.unwrap_err();
    assert_eq!((failure.reason(), bench.updates()), (Reason::StageGone, 0));
    let failure = bench.move_deal("0", "EXECUTING", "WON").await.unwrap_err();
    assert_eq!(failure.reason(), Reason::BadParams);
}

#[tokio::test]
async fn the_portals_words_about_what_a_stage_asks_for_come_back() {
    let bench = Bench::connected().await;
    bench.portal.switch(|switches| {
        switches.stage_requires = [("WON".to_owned(), "QUOTE_ID".to_owned())].into();
    });
    let result = bench.move_deal(PILOT, "EXECUTING", "WON").await.unwrap();
    let DealMove::Refused { words } = result else { panic!("{result:?}") };
    assert!(words.starts_with("Das Feld"), "{words}");
    assert_eq!(bench.stage_of(PILOT), "EXECUTING");
}

#[tokio::test]
async fn a_missing_right_is_said_and_so_is_a_deal_that_is_gone() {
    let bench = Bench::connected().await;
    let failure = bench.move_deal(READ_ONLY, "NEW", "WON").await.unwrap_err();
    assert_eq!((failure.reason(), bench.stage_of(READ_ONLY).as_str()), (Reason::AccessDenied, "NEW"));
    let failure = bench.move_deal(HIDDEN, "EXECUTING", "WON").await.unwrap_err();
    assert_eq!((failure.reason(), bench.updates()), (Reason::AccessDenied, 1));
    let result = bench.move_deal("4711", "NEW", "WON").await.unwrap();
    assert_eq!(result, DealMove::Refused { words: "Element not found".to_owned() });
    // Taken away between the reading and the writing.
    bench.portal.set_access("deal", 2, Access::Read);
    let failure = bench.move_deal(PILOT, "EXECUTING", "WON").await.unwrap_err();
    assert_eq!(failure.reason(), Reason::AccessDenied);
}

#[tokio::test]
async fn an_answer_that_gets_lost_is_looked_for_and_nothing_is_moved_twice() {
    let bench = Bench::connected().await;
    for kind in [FaultKind::LostAnswer, FaultKind::TruncatedBody] {
        bench.portal.reset();
        bench.portal.fault(Fault::on("crm.item.update", kind, 1));
        assert_eq!(moved(bench.move_deal(PILOT, "EXECUTING", "WON").await), "Won");
    }
    // It never arrived: where the deal stands tells.
    bench.portal.reset();
    bench.portal.fault(Fault::on("crm.item.update", FaultKind::BadGateway, 1));
    let failure = bench.move_deal(PILOT, "EXECUTING", "WON").await.unwrap_err();
    assert_eq!(failure.reason(), Reason::MoveUnconfirmed);
    let updates = bench.updates();
    assert_eq!(moved(bench.move_deal(PILOT, "EXECUTING", "WON").await), "Won");
    assert_eq!(moved(bench.move_deal(PILOT, "EXECUTING", "WON").await), "Won");
    assert_eq!(bench.updates(), updates + 1);
}

#[tokio::test]
async fn a_move_is_a_change_in_the_ledger_and_names_nobody() {
    let bench = Bench::connected().await;
    moved(bench.move_deal(PILOT, "EXECUTING", "WON").await);
    let entries = bench.ledger();
    let last = entries.last().unwrap();
    assert_eq!((last.purpose.name().as_str(), last.addresses), ("change", 0));
    assert_eq!(last.methods.keys().collect::<Vec<_>>(), ["crm.item.update"]);
}
