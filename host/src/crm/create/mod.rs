//! Making records: what the portal wants to know, what is sent, and whether there is one already.

pub(crate) mod draft;
pub(crate) mod duplicates;
pub(crate) mod form;
pub(crate) mod prefill;
