//! `recordForm`: what the portal wants to know of a new record.

use crate::bitrix24::Credentials;
use crate::crm::create::form::{self, Form};
use crate::crm::create::prefill::fill;
use crate::crm::normalize::Email;
use crate::egress::Purpose;
use crate::failure::{Failure, Reason};
use crate::protocol::{RecordForm, RecordFormParams, RecordType};

use super::reference::CrmContext;

/// The fields the portal marks as required, at most half a day old.
///
/// # Errors
/// [`Reason::AddressInvalid`]; when the portal doesn't answer, or the person may not use such records.
pub async fn record_form<C: Credentials>(
    context: &CrmContext<'_, C>,
    params: &RecordFormParams,
) -> Result<RecordForm, Failure> {
    let email = Email::parse(&params.email).ok_or(Reason::AddressInvalid)?;
    let form = if params.fresh { fetch(context, params.kind).await? } else { form(context, params.kind).await? };
    // Where nobody has asked yet what the connection may do, a search tells.
    let facts = context.memory.cache().facts(context.clock.now()).cloned();
    Ok(form.shown(fill(&params.name, &email), facts.is_none_or(|facts| facts.names_users())))
}

/// The form that what was typed is checked against.
pub(super) async fn form<C: Credentials>(context: &CrmContext<'_, C>, kind: RecordType) -> Result<Form, Failure> {
    let known = context.memory.cache().forms.get(&kind, context.clock.now()).cloned();
    match known {
        Some(form) => Ok(form),
        None => fetch(context, kind).await,
    }
}

async fn fetch<C: Credentials>(context: &CrmContext<'_, C>, kind: RecordType) -> Result<Form, Failure> {
    let reply = context.client.batch(Purpose::Reference, form::batch(kind), Vec::new()).await?;
    let form =
        form::read(kind, &reply).map_err(|no_success| context.client.explain(form::method(kind), &no_success))?;
    context.memory.cache().forms.put(kind, form.clone(), context.clock.now());
    Ok(form)
}
