//! What each method does: one file per method.

mod add_address;
mod allow;
mod connect;
mod create;
mod disconnect;
mod hello;
mod ledger;
mod log;
mod lookup;
mod mailbox;
mod memory;
mod move_deal;
mod record_form;
mod records;
mod reference;
mod search;
mod status;
mod team;

pub use add_address::add_address;
pub use allow::{allow, paste_callback};
pub use connect::{Caller, WantedPortal, connect, connect_by_webhook, connect_portal, connect_webhook};
pub use create::create;
pub use disconnect::{disconnect, disconnect_portal};
pub use hello::hello;
pub use ledger::ledger;
pub use log::{commit_log, preview_log};
pub use lookup::{LookupContext, lookup};
pub use mailbox::{may_look_up, set_mailbox};
pub use memory::CrmMemory;
pub use move_deal::move_deal;
pub use record_form::record_form;
pub use reference::{CrmContext, reference};
pub use search::search;
pub use status::{status, status_of};
pub use team::change_team;
