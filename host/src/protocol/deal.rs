//! Moving a deal to another stage.

use serde::{Deserialize, Serialize};

use super::Deal;

/// Which deal goes where.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct MoveDealParams {
    /// The portal's id of the deal.
    pub deal: String,
    /// The stage it stood in when the person chose: if it no longer does, nothing is changed.
    pub from: String,
    /// The stage it is to stand in, one of the same pipeline.
    pub to: String,
}

/// What came of it. A deal comes without those who are responsible where the host doesn't know their name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum DealMove {
    /// It was moved.
    Moved {
        /// As the portal has it now; the portal's own rules may have moved it on.
        deal: Box<Deal>,
    },
    /// Nothing was changed: somebody else has moved the deal meanwhile.
    Elsewhere {
        /// As the portal has it now.
        deal: Box<Deal>,
    },
    /// Nothing was changed: the portal refuses it.
    Refused {
        /// In the portal's own words and language, as text.
        words: String,
    },
}
