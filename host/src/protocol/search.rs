//! Finding a record by hand.

use serde::{Deserialize, Serialize};

use super::{FoundRecord, RecordType, WireFailure};

/// What to look for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SearchParams {
    /// Part of a name, a company's name, a deal's title, or a phone number: at least two letters or digits, at most 100 characters.
    pub text: String,
    /// Which records are wanted. Leads are left out where the portal works without them.
    pub types: Vec<RecordType>,
    /// How many of the list the caller has already.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<u32>", optional))]
    pub skip: u32,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Search {
    /// At most twenty, the likeliest first.
    pub found: Vec<FoundRecord>,
    /// There is a next page.
    pub more: bool,
    /// The portal has more than the whole list: more letters would help.
    pub cut: bool,
    /// Why some records couldn't be searched.
    pub notices: Vec<WireFailure>,
}
