//! What each method does: one file per method.

mod lookup;
mod memory;
mod reference;

pub use lookup::{LookupContext, lookup};
pub use memory::CrmMemory;
pub use reference::{CrmContext, reference};
