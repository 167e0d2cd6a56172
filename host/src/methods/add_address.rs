//! `addAddress`: a participant's address becomes one more e-mail of a record.

use crate::bitrix24::{Credentials, Unanswered};
use crate::crm::add_address::{self as plan, Reached};
use crate::crm::normalize::Email;
use crate::egress::Purpose;
use crate::failure::{Failure, Reason};
use crate::protocol::{AddAddressParams, Change};

use super::lookup::LookupContext;
use super::records::anew;

/// Adds the address, unless the record has it already: so a try whose answer got lost can be repeated.
///
/// # Errors
/// [`Reason::AddressInvalid`]; what the portal says.
pub async fn add_address<C: Credentials>(
    context: &LookupContext<'_, C>,
    params: &AddAddressParams,
) -> Result<Change, Failure> {
    (context.may_look_up)(params.mailbox.as_deref())?;
    let email = Email::parse(&params.email).ok_or(Reason::AddressInvalid)?;
    let record =
        Reached::new(&params.record).ok_or_else(|| Failure::new(Reason::BadParams).with("method", "addAddress"))?;
    let client = context.crm.client;
    let _turn = context.crm.memory.writing().await;
    let before = match client.write::<plan::Emails>(Purpose::Change, record.get(), &record.by_id(), Vec::new()).await {
        Ok(before) => before.result,
        Err(unanswered) => return refused(unanswered),
    };
    if !before.has(&email) {
        let update = record.with(&email);
        if let Err(unanswered) = client
            .write::<serde::de::IgnoredAny>(Purpose::Change, record.update(), &update, vec![email.to_string()])
            .await
        {
            return refused(unanswered);
        }
    }
    let person = anew(context, params.mailbox.as_deref(), &email).await;
    Ok(Change::Done { person })
}

fn refused(unanswered: Unanswered) -> Result<Change, Failure> {
    match unanswered.refusal() {
        Some(words) => Ok(Change::Refused { words }),
        None => Err(unanswered.into_failure()),
    }
}
