//! The portal's lists of names: what a stage or a source is called.

use serde::{Deserialize, Serialize};

/// No parameters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct ReferenceParams {
    /// Ask the portal even if the host's copy is young; the next `recordForm` does, too.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<bool>", optional))]
    pub fresh: bool,
}

/// Reference data of one portal, read at connecting and kept for half a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Reference {
    /// Deal pipelines the person may see, in the portal's order.
    pub pipelines: Vec<Pipeline>,
    /// Statuses a lead goes through, in order.
    pub lead_statuses: Vec<Stage>,
    /// Where records come from.
    pub sources: Vec<Choice>,
    /// Currencies of the portal, the base currency first.
    pub currencies: Vec<String>,
    /// The portal works with leads (classic CRM mode).
    pub leads: bool,
}

/// A deal pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Pipeline {
    /// The portal's category id; `0` is the default pipeline.
    pub id: String,
    /// As the portal spells it.
    pub name: String,
    /// Its stages in order.
    pub stages: Vec<Stage>,
}

/// A stage of a pipeline, or a status of a lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Stage {
    /// The portal's id: `NEW`, `C9:NEW`.
    pub id: String,
    /// As the portal spells it.
    pub name: String,
    /// `#rrggbb`, checked; absent if the portal has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub color: Option<String>,
    /// Whether it's open, won or lost.
    pub outcome: Outcome,
}

/// What a stage means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum Outcome {
    /// Still in work.
    Open,
    /// Ended well.
    Won,
    /// Ended otherwise.
    Lost,
}

/// An entry of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Choice {
    /// The portal's id.
    pub id: String,
    /// As the portal spells it.
    pub name: String,
}
