//! `chooseRecord`: which of several records with an address is meant.

use crate::crm::normalize::Email;
use crate::failure::{Failure, Reason};
use crate::protocol::{ChooseRecordParams, Nothing};

use super::memory::CrmMemory;

/// Remembers the choice as long as this process and the connection live, and nowhere but in memory. Every later lookup keeps to it.
///
/// # Errors
/// [`Reason::AddressInvalid`]
pub fn choose_record(memory: &CrmMemory, params: ChooseRecordParams) -> Result<Nothing, Failure> {
    let email = Email::parse(&params.email).ok_or(Reason::AddressInvalid)?;
    memory.cache().chosen.remember(email, params.record);
    Ok(Nothing {})
}
