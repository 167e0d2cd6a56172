//! Finding a record by hand.

use serde::{Deserialize, Serialize};

use super::{FoundRecord, PortalUser, RecordType, WireFailure};

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

/// Whom to look for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct UserSearchParams {
    /// Part of a name or position: at least two letters or digits, at most 100 characters.
    pub text: String,
}

/// Who was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct UserSearch {
    /// At most twenty active employees, the likeliest first.
    pub found: Vec<FoundUser>,
    /// There are more: more letters would help.
    pub cut: bool,
}

/// Somebody of the company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct FoundUser {
    /// The portal's user.
    pub user: PortalUser,
    /// Position in the company; empty if the portal has none.
    pub position: String,
}
