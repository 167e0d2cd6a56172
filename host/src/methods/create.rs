//! `create`: makes a record, unless there may be one already.

use jiff::{SignedDuration, Timestamp};

use crate::bitrix24::models::{CompanyRow, ContactRow, DealRow, LeadRow, NewId};
use crate::bitrix24::{AT_WORK, Credentials, Rows};
use crate::crm::create::draft::{Draft, Ground, kind};
use crate::crm::create::duplicates::{self, ByText};
use crate::crm::found::{Row, page};
use crate::crm::plan::FIND;
use crate::egress::Purpose;
use crate::failure::{Failure, Reason};
use crate::protocol::{CreateParams, Creation, Duplicate, RecordRef, RecordType, Same, WireFailure};

use super::lookup::LookupContext;
use super::record_form::form;
use super::records::{anew, describe};
use super::reference::facts;
use super::users::check_users;

/// Makes a record whose owner is the person at the sidebar, unless another one is named.
///
/// An add is never repeated blindly: the record carries the form's key, and each try first looks for a record with that key.
///
/// # Errors
/// What is wrong with the values; [`Reason::CreateUnconfirmed`] when the answer got lost; what the portal says.
pub async fn create<C: Credentials>(
    context: &LookupContext<'_, C>,
    params: &CreateParams,
) -> Result<Creation, Failure> {
    (context.may_look_up)(params.mailbox.as_deref())?;
    let reference = facts(&context.crm).await?.reference;
    let form = form(&context.crm, kind(&params.record)).await?;
    let portal = context.crm.client.portal();
    let draft = Draft::new(params, Ground { me: context.user, reference: &reference, form: &form })
        .map_err(|failure| failure.with("portal", portal))?;
    check_users(&context.crm, Purpose::Create, &draft.users).await?;
    // Of two windows that make the same record, the second one sees the first one's.
    let _turn = context.crm.memory.writing().await;
    Making { context, params, draft, notices: Vec::new() }.run().await
}

/// A record on its way.
struct Making<'a, C> {
    context: &'a LookupContext<'a, C>,
    params: &'a CreateParams,
    draft: Draft,
    notices: Vec<WireFailure>,
}

impl<C: Credentials> Making<'_, C> {
    async fn run(mut self) -> Result<Creation, Failure> {
        let client = self.context.crm.client;
        let about = vec![self.draft.email.to_string()];
        let first_look = client.batch(Purpose::Create, duplicates::first_look(&self.draft), about).await?;
        let explain = |no_success| client.explain(FIND, &no_success);
        if let Some(id) = duplicates::made_by(&self.draft, &first_look).map_err(explain)? {
            return Ok(self.created(id).await);
        }
        if duplicates::would_be_another(&self.draft, &first_look) {
            // The next form is made of what the portal says now.
            self.context.crm.memory.cache().forget_facts();
            return Err(Failure::new(Reason::NoLeads).with("portal", client.portal()));
        }
        self.wait_for_the_last_try()?;
        let found = self.duplicates(duplicates::with_same_comm(&self.draft, &first_look).map_err(explain)?).await?;
        if !found.is_empty() {
            return Ok(Creation::Duplicates { found });
        }
        self.tie_company().await?;
        self.add().await
    }

    /// The last try may still be at work in the portal, so that its record isn't there yet.
    fn wait_for_the_last_try(&self) -> Result<(), Failure> {
        let Some(last) = self.params.unconfirmed.and_then(timestamp) else { return Ok(()) };
        let passed = self.context.crm.clock.now().duration_since(last);
        // A clock that was set back makes nobody wait longer.
        let left = AT_WORK - passed;
        if left.is_positive() && left <= AT_WORK { Err(self.unconfirmed(left)) } else { Ok(()) }
    }

    fn unconfirmed(&self, left: SignedDuration) -> Failure {
        let portal = self.context.crm.client.portal();
        Failure::new(Reason::CreateUnconfirmed).with("portal", portal).with("seconds", left.as_secs().max(1))
    }

    async fn duplicates(&self, same_comm: Vec<(u64, Same)>) -> Result<Vec<Duplicate>, Failure> {
        let mut rows = self.read(&same_comm).await?;
        if let Some(question) = duplicates::namesakes(&self.draft) {
            add_new(&mut rows, duplicates::same_name(&self.draft, self.ask::<ContactRow>(&question).await?));
        }
        if self.draft.kind == RecordType::Company && !self.draft.title.is_empty() {
            let question = duplicates::companies_named(&self.draft.title);
            let named = duplicates::same_title(&self.draft.title, self.ask::<CompanyRow>(&question).await?);
            add_new(&mut rows, each(named, Row::Company));
        }
        if let Some(question) = duplicates::deals_titled(&self.draft) {
            add_new(&mut rows, duplicates::same_deal(&self.draft, self.ask::<DealRow>(&question).await?));
        }
        // A lead that was converted or given up is no duplicate of a new one.
        rows.retain(|(row, _)| !row.is_over() && !duplicates::is_passed_over(row, &self.params.despite));
        rows.truncate(duplicates::MOST);
        let (rows, same): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let shown = describe(&self.context.crm, Purpose::Create, &rows).await?;
        Ok(shown.into_iter().zip(same).map(|(record, same)| Duplicate { record, same }).collect())
    }

    /// Reads records; those that don't come are hidden from this person, and count all the same.
    async fn read(&self, wanted: &[(u64, Same)]) -> Result<Vec<(Row, Same)>, Failure> {
        let kind = self.draft.kind;
        let ids: Vec<u64> = wanted.iter().map(|(id, _)| *id).collect();
        let Some(batch) = duplicates::read(kind, &ids) else { return Ok(Vec::new()) };
        let reply = self.context.crm.client.batch(Purpose::Create, batch, Vec::new()).await?;
        let rows: Vec<Row> = match kind {
            RecordType::Contact => reply.get::<Rows<ContactRow>>("records").map(|r| each(r.result.0, Row::Contact)),
            RecordType::Company => reply.get::<Rows<CompanyRow>>("records").map(|r| each(r.result.0, Row::Company)),
            RecordType::Lead => reply.get::<Rows<LeadRow>>("records").map(|r| each(r.result.0, Row::Lead)),
            RecordType::Deal => Ok(Vec::new()),
        }
        .unwrap_or_default();
        let row = |id: u64| rows.iter().find(|row| row.id() == Some(id)).cloned().unwrap_or(Row::Hidden(kind, id));
        Ok(wanted.iter().map(|(id, same)| (row(*id), *same)).collect())
    }

    async fn ask<T: serde::de::DeserializeOwned>(&self, question: &ByText) -> Result<Vec<T>, Failure> {
        let client = self.context.crm.client;
        Ok(client.call::<Rows<T>>(Purpose::Create, question.method, question, Vec::new()).await?.result.0)
    }

    /// Ties the record to the company that was named, if there is exactly one of that name.
    async fn tie_company(&mut self) -> Result<(), Failure> {
        if self.draft.company.is_empty() {
            return Ok(());
        }
        let rows = self.ask::<CompanyRow>(&duplicates::companies_named(&self.draft.company)).await?;
        match duplicates::same_title(&self.draft.company, rows).as_slice() {
            [one] => self.draft.company_id = one.id,
            _ => {
                let portal = self.context.crm.client.portal();
                self.notices.push(Failure::new(Reason::CompanyNotTied).with("portal", portal).to_wire());
            }
        }
        Ok(())
    }

    async fn add(self) -> Result<Creation, Failure> {
        let client = self.context.crm.client;
        let about = vec![self.draft.email.to_string()];
        let sent_at = self.context.crm.clock.now();
        match client.write::<NewId>(Purpose::Create, self.draft.method(), &self.draft.add(), about).await {
            Ok(answer) => match answer.result.0 {
                Some(id) => Ok(self.created(id).await),
                None => self.find_out(sent_at).await,
            },
            Err(unanswered) => match unanswered.refusal() {
                Some(words) => Ok(Creation::Refused { words }),
                None if unanswered.is_unconfirmed() => self.find_out(sent_at).await,
                None => Err(unanswered.into_failure()),
            },
        }
    }

    /// The answer got lost: perhaps the record is there.
    async fn find_out(self, sent_at: Timestamp) -> Result<Creation, Failure> {
        let second_look =
            self.context.crm.client.batch(Purpose::Create, duplicates::second_look(&self.draft), Vec::new()).await;
        match second_look.ok().and_then(|reply| duplicates::made_by(&self.draft, &reply).ok().flatten()) {
            Some(id) => Ok(self.created(id).await),
            None => Err(self.unconfirmed(AT_WORK - self.context.crm.clock.now().duration_since(sent_at))),
        }
    }

    async fn created(self, id: u64) -> Creation {
        let Self { context, params, draft, notices } = self;
        Creation::Created {
            record: RecordRef { kind: draft.kind, id: id.to_string() },
            url: context.crm.client.portal().page(page(draft.kind), id),
            person: anew(context, params.mailbox.as_deref(), &draft.email).await,
            notices,
        }
    }
}

/// Adds records of the same name, but for those that are there by their address already.
fn add_new(rows: &mut Vec<(Row, Same)>, named: Vec<Row>) {
    let known: Vec<_> = rows.iter().filter_map(|(row, _)| row.id()).collect();
    let new = named.into_iter().filter(|row| row.id().is_some_and(|id| !known.contains(&id)));
    rows.extend(new.map(|row| (row, Same::Name)));
}

fn each<T>(rows: Vec<T>, row: impl Fn(T) -> Row) -> Vec<Row> {
    rows.into_iter().map(row).collect()
}

fn timestamp(milliseconds: u64) -> Option<Timestamp> {
    Timestamp::from_millisecond(i64::try_from(milliseconds).ok()?).ok()
}
