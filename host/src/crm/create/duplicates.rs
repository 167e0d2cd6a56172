//! Whether there is such a record already.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::draft::{Draft, ORIGINATOR};
use crate::bitrix24::Rows;
use crate::bitrix24::batch::{Batch, BatchReply, Command};
use crate::bitrix24::envelope::NoSuccess;
use crate::bitrix24::models::{CompanyRow, ContactRow, DealRow, Found, OriginRow};
use crate::crm::found::{Row, list_method};
use crate::crm::plan::{DEAL_FIELDS, FIND, Question, RecordKind};
use crate::crm::reference;
use crate::protocol::{RecordRef, RecordType, Same};

/// How many likely duplicates are shown.
pub(crate) const MOST: usize = 10;

/// The first questions: whether an earlier try has made it, whether it can still be made, and who has its address and phone number.
/// What a person typed stays out of batches but for those two, which can't be mistaken for anything else.
pub(crate) fn first_look(draft: &Draft) -> Batch {
    let mut batch = Batch::default();
    batch.add("key", made_before(draft));
    if draft.kind == RecordType::Lead {
        let (name, method) = reference::MODE;
        batch.add(name, Command::new(method));
    }
    if comm_kind(draft.kind).is_some() {
        batch.add("email", Command::new(FIND).with("type", "EMAIL").with("values[]", &draft.email));
        if let Some(digits) = digits(&draft.phone) {
            batch.add("phone", Command::new(FIND).with("type", "PHONE").with("values[]", digits));
        }
    }
    batch
}

/// The record with this draft's key. Its owner is always the one who made it, who may read it.
fn made_before(draft: &Draft) -> Command {
    Command::new(list_method(draft.kind))
        .with("filter[ORIGINATOR_ID]", ORIGINATOR)
        .with("filter[ORIGIN_ID]", &draft.key)
        .select(&["ID", "ORIGIN_ID"])
        .with("order[ID]", "ASC")
        .with("start", -1)
}

/// The same question alone.
pub(crate) fn second_look(draft: &Draft) -> Batch {
    let mut batch = Batch::default();
    batch.add("key", made_before(draft));
    batch
}

/// The record that an earlier try has made. The portal may have dropped the filter, so the key is compared.
///
/// # Errors
/// When the portal doesn't tell.
pub(crate) fn made_by(draft: &Draft, reply: &BatchReply) -> Result<Option<u64>, NoSuccess> {
    let rows = reply.get::<Rows<OriginRow>>("key")?.result.0;
    Ok(rows.into_iter().find(|row| row.origin_id == draft.key).and_then(|row| row.id))
}

/// Whether the portal, by its answer to the [`first_look`], would make something else of the draft: where leads were switched off since
/// its lists were read, a lead becomes a deal at once.
pub(crate) fn would_be_another(draft: &Draft, reply: &BatchReply) -> bool {
    draft.kind == RecordType::Lead && !reference::has_leads(reply)
}

/// Records of the draft's own type with its address or phone number.
///
/// # Errors
/// When the portal doesn't tell.
pub(crate) fn with_same_comm(draft: &Draft, reply: &BatchReply) -> Result<Vec<(u64, Same)>, NoSuccess> {
    let Some(kind) = comm_kind(draft.kind) else { return Ok(Vec::new()) };
    let ids = |found: Found| match kind {
        RecordKind::Contact => found.contact,
        RecordKind::Company => found.company,
        RecordKind::Lead => found.lead,
    };
    let mut all: Vec<_> = ids(reply.get::<Found>("email")?.result).into_iter().map(|id| (id, Same::Email)).collect();
    if digits(&draft.phone).is_some() {
        all.extend(ids(reply.get::<Found>("phone")?.result).into_iter().map(|id| (id, Same::Phone)));
    }
    let mut seen = BTreeSet::new();
    all.retain(|(id, _)| seen.insert(*id));
    all.truncate(MOST);
    Ok(all)
}

/// Asks for those records.
pub(crate) fn read(kind: RecordType, ids: &[u64]) -> Option<Batch> {
    let command = Question::Records(comm_kind(kind)?, ids.to_vec()).command()?;
    let mut batch = Batch::default();
    batch.add("records", command);
    Some(batch)
}

fn comm_kind(kind: RecordType) -> Option<RecordKind> {
    match kind {
        RecordType::Contact => Some(RecordKind::Contact),
        RecordType::Company => Some(RecordKind::Company),
        RecordType::Lead => Some(RecordKind::Lead),
        RecordType::Deal => None,
    }
}

/// The portal compares digits; fewer than these are an extension and not a number.
fn digits(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= 6).then_some(digits)
}

/// A list asked for by something a person typed: a call of its own, never part of a batch.
#[derive(Debug, Serialize)]
pub(crate) struct ByText {
    #[serde(skip)]
    pub(crate) method: &'static str,
    filter: Map<String, Value>,
    select: &'static [&'static str],
    order: Value,
    start: i8,
}

impl ByText {
    fn new(kind: RecordKind, filter: &[(&str, &str)]) -> Self {
        let filter = filter.iter().map(|(name, text)| ((*name).to_owned(), Value::from(*text))).collect();
        let method = match kind {
            RecordKind::Contact => "crm.contact.list",
            RecordKind::Company => "crm.company.list",
            RecordKind::Lead => "crm.lead.list",
        };
        Self { method, filter, select: kind.fields(), order: json!({ "ID": "ASC" }), start: -1 }
    }
}

/// Asks for open deals of this title.
pub(crate) fn deals_titled(draft: &Draft) -> Option<ByText> {
    let title = Some(draft.title.as_str()).filter(|title| draft.kind == RecordType::Deal && !title.is_empty())?;
    let filter = [("=TITLE", title), ("CLOSED", "N")];
    Some(ByText {
        method: list_method(RecordType::Deal),
        filter: filter.into_iter().map(|(name, text)| (name.to_owned(), Value::from(text))).collect(),
        select: DEAL_FIELDS,
        order: json!({ "ID": "DESC" }),
        start: -1,
    })
}

/// Those of the rows that have the title and the customer indeed.
pub(crate) fn same_deal(draft: &Draft, rows: Vec<DealRow>) -> Vec<Row> {
    let tied = |row: &DealRow| {
        draft.contact_id.is_some_and(|id| row.contact_id == Some(id))
            || draft.company_id.is_some_and(|id| row.company_id == Some(id))
    };
    let same = |row: &DealRow| alike(&draft.title, &row.title) && tied(row);
    rows.into_iter().filter(same).map(Row::Deal).collect()
}

/// Asks for contacts of the same first and last name.
pub(crate) fn namesakes(draft: &Draft) -> Option<ByText> {
    let (first, last) = draft.name.as_ref().filter(|_| draft.kind == RecordType::Contact)?;
    Some(ByText::new(RecordKind::Contact, &[("=NAME", first), ("=LAST_NAME", last)]))
}

/// Those of the rows that have the name indeed.
pub(crate) fn same_name(draft: &Draft, rows: Vec<ContactRow>) -> Vec<Row> {
    let same = |row: &ContactRow| {
        draft.name.as_ref().is_some_and(|(first, last)| alike(first, &row.name) && alike(last, &row.last_name))
    };
    rows.into_iter().filter(same).map(Row::Contact).collect()
}

/// Asks for companies of this name.
pub(crate) fn companies_named(name: &str) -> ByText {
    ByText::new(RecordKind::Company, &[("=TITLE", name)])
}

/// Those of the rows that have the name indeed.
pub(crate) fn same_title(name: &str, rows: Vec<CompanyRow>) -> Vec<CompanyRow> {
    rows.into_iter().filter(|row| alike(name, &row.title)).collect()
}

fn alike(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Whether the person has seen that record and wants another one.
pub(crate) fn is_passed_over(row: &Row, despite: &[RecordRef]) -> bool {
    let id = row.id().map(|id| id.to_string());
    despite.iter().any(|seen| seen.kind == row.kind() && Some(&seen.id) == id.as_ref())
}
