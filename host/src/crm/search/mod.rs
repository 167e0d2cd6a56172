//! Finding records by what somebody types: what is asked, and which of the rows that come back are meant.

pub(crate) mod hits;
pub(crate) mod plan;
pub(crate) mod query;
