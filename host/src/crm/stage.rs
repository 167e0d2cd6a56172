//! Moving a deal to another stage.
//!
//! Source: <https://apidocs.bitrix24.com/api-reference/crm/universal/crm-item-update.html>: the answer is the item as it was saved. The
//! portal can't be told to move a deal only from where it stands, so it is read first.

use serde::{Deserialize, Serialize};

use super::plan::DEAL_TYPE_ID;
use crate::bitrix24::models::DealRow;
use crate::protocol::{MoveDealParams, Reference};

/// The method that reads a deal.
pub(crate) const GET: &str = "crm.item.get";
/// The method that changes it.
pub(crate) const UPDATE: &str = "crm.item.update";

/// A deal on its way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Move<'a> {
    id: u64,
    from: &'a str,
    to: &'a str,
}

/// Where the deal stands, seen from the move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Where the person saw it.
    AsSeen,
    /// Where it is to go: perhaps an earlier try did it.
    Arrived,
    /// Somewhere else.
    Elsewhere,
}

/// The parameters of [`GET`].
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ById {
    entity_type_id: u64,
    id: u64,
}

/// The parameters of [`UPDATE`].
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Update<'a> {
    #[serde(flatten)]
    deal: ById,
    fields: Fields<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fields<'a> {
    stage_id: &'a str,
}

/// What both methods answer.
#[derive(Deserialize)]
pub(crate) struct Item {
    pub(crate) item: DealRow,
}

impl<'a> Move<'a> {
    /// `None` for an id that is none.
    pub(crate) fn new(params: &'a MoveDealParams) -> Option<Self> {
        let id = params.deal.parse().ok().filter(|id| *id > 0)?;
        Some(Self { id, from: &params.from, to: &params.to })
    }

    pub(crate) fn id(self) -> u64 {
        self.id
    }

    pub(crate) fn by_id(self) -> ById {
        ById { entity_type_id: DEAL_TYPE_ID, id: self.id }
    }

    pub(crate) fn update(self) -> Update<'a> {
        Update { deal: self.by_id(), fields: Fields { stage_id: self.to } }
    }

    pub(crate) fn standing(self, row: &DealRow) -> Standing {
        if row.stage_id == self.to {
            Standing::Arrived
        } else if row.stage_id == self.from {
            Standing::AsSeen
        } else {
            Standing::Elsewhere
        }
    }

    /// Whether the deal's pipeline has the stage.
    pub(crate) fn fits(self, row: &DealRow, reference: &Reference) -> bool {
        let id = row.category_id.unwrap_or_default().to_string();
        let pipeline = reference.pipelines.iter().find(|pipeline| pipeline.id == id);
        pipeline.is_some_and(|pipeline| pipeline.stages.iter().any(|stage| stage.id == self.to))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::protocol::{Outcome, Pipeline, Stage};

    fn params(deal: &str) -> MoveDealParams {
        MoveDealParams { deal: deal.to_owned(), from: "NEW".to_owned(), to: "WON".to_owned() }
    }

    fn at(category: u64, stage: &str) -> DealRow {
        DealRow { category_id: Some(category), stage_id: stage.to_owned(), ..DealRow::default() }
    }

    #[test]
    fn the_stage_is_changed_and_nothing_else() {
        let params = params("88");
        let update = Move::new(&params).unwrap().update();
        let sent = json!({ "entityTypeId": 2, "id": 88, "fields": { "stageId": "WON" } });
        assert_eq!(serde_json::to_value(update).unwrap(), sent);
        for deal in ["", "0", "-1", "8 8", "99999999999999999999999"] {
            assert!(Move::new(&self::params(deal)).is_none(), "{deal}");
        }
    }

    #[test]
    fn a_deal_that_was_moved_meanwhile_is_noticed() {
        let params = params("88");
        let wanted = Move::new(&params).unwrap();
        for (stage, standing) in [
            ("NEW", Standing::AsSeen),
            ("WON", Standing::Arrived),
            ("C9:NEW", Standing::Elsewhere),
            ("", Standing::Elsewhere),
        ] {
            assert_eq!(wanted.standing(&at(0, stage)), standing, "{stage}");
        }
    }

    #[test]
    fn only_stages_of_its_own_pipeline_will_do() {
        let stage = |id: &str| Stage { id: id.into(), name: id.into(), color: None, outcome: Outcome::Open };
        let pipeline = |id: &str, stages| Pipeline { id: id.into(), name: String::new(), stages };
        let reference = Reference {
            pipelines: vec![pipeline("0", vec![stage("NEW"), stage("WON")]), pipeline("9", vec![stage("C9:NEW")])],
            lead_statuses: vec![],
            sources: vec![],
            currencies: vec![],
            leads: true,
        };
        let params = params("88");
        let wanted = Move::new(&params).unwrap();
        assert!(wanted.fits(&at(0, "NEW"), &reference));
        assert!(!wanted.fits(&at(9, "C9:NEW"), &reference));
        assert!(!wanted.fits(&at(3, "NEW"), &reference));
    }
}
