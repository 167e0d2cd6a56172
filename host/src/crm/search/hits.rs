//! What came back, checked: only rows that hold what was searched for get in, the likeliest first.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::plan::{Lists, PAGE, WHO_HAS_PHONE, Why};
use super::query::Query;
use crate::bitrix24::Rows;
use crate::bitrix24::batch::BatchReply;
use crate::bitrix24::envelope::NoSuccess;
use crate::bitrix24::models::Found;
use crate::crm::found::{Row, list_method};
use crate::crm::plan::FIND;
use crate::failure::Failure;
use crate::protocol::RecordType;

/// The records that fit.
#[derive(Debug)]
pub(crate) struct Hits<'a> {
    query: &'a Query,
    rows: BTreeMap<(RecordType, u64), (Place, Row)>,
    /// Records with exactly this phone number.
    by_phone: Vec<(RecordType, Vec<u64>)>,
    /// A list was longer than one answer.
    pub(crate) cut: bool,
    /// Lists that came.
    pub(crate) read: usize,
    /// Why others didn't, each sentence once.
    pub(crate) missing: Vec<Failure>,
}

/// Where a record stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// A deal or lead that is closed comes last.
    over: bool,
    distance: u8,
}

/// Behind all that fit by their own name: those with the phone number, and behind them who works at a company that fits.
const BY_PHONE: u8 = 4;
const BY_COMPANY: u8 = 5;

impl<'a> Hits<'a> {
    pub(crate) fn new(query: &'a Query) -> Self {
        Self { query, rows: BTreeMap::new(), by_phone: Vec::new(), cut: false, read: 0, missing: Vec::new() }
    }

    /// Takes in the answers to a request.
    pub(crate) fn absorb(
        &mut self,
        lists: &Lists,
        reply: &BatchReply,
        explain: &dyn Fn(&'static str, &NoSuccess) -> Failure,
    ) {
        // Nothing that is read for a company's sake becomes one of these.
        let companies = self.companies();
        for (name, kind, why) in &lists.all {
            match rows(reply, name, *kind) {
                Ok(rows) => {
                    self.read += 1;
                    self.cut |= rows.len() >= PAGE;
                    rows.into_iter().for_each(|row| self.take(row, *why, &companies));
                }
                Err(no_success) => self.miss(explain(list_method(*kind), &no_success)),
            }
        }
        if lists.asks_for_phone {
            match reply.get::<Found>(WHO_HAS_PHONE) {
                Ok(found) => {
                    let Found { lead, contact, company } = found.result;
                    self.by_phone =
                        vec![(RecordType::Contact, contact), (RecordType::Company, company), (RecordType::Lead, lead)];
                }
                Err(no_success) => self.miss(explain(FIND, &no_success)),
            }
        }
    }

    fn miss(&mut self, failure: Failure) {
        if !self.missing.contains(&failure) {
            self.missing.push(failure);
        }
    }

    fn take(&mut self, row: Row, why: Why, companies: &[u64]) {
        let Some(id) = row.id() else { return };
        let Some(distance) = self.distance(&row, id, why, companies) else { return };
        let place = Place { over: row.is_over(), distance };
        let entry = self.rows.entry((row.kind(), id)).or_insert((place, row));
        entry.0 = entry.0.min(place);
    }

    /// How well a row fits; `None` if nobody asked for it: the portal may have dropped a filter, or read it more widely.
    fn distance(&self, row: &Row, id: u64, why: Why, companies: &[u64]) -> Option<u8> {
        let texts = row.texts();
        let has_phone = || match why {
            Why::Phone => self.query.phone().is_some_and(|phone| row.phones().iter().any(|own| phone.is_in(own))),
            _ => self.by_phone.iter().any(|(kind, ids)| *kind == row.kind() && ids.contains(&id)),
        };
        let works_there = || row.company().is_some_and(|company| companies.contains(&company));
        match why {
            Why::Words if self.query.is_in(&texts.join(" ")) => {
                texts.iter().map(|text| self.query.distance(text)).min()
            }
            Why::Phone | Why::Found if has_phone() => Some(BY_PHONE),
            Why::Found if works_there() => Some(BY_COMPANY),
            _ => None,
        }
    }

    /// Records that are known by their phone number and not read yet.
    pub(crate) fn unread_by_phone(&self) -> Vec<(RecordType, Vec<u64>)> {
        let unread = |kind: RecordType, ids: &[u64]| {
            ids.iter().copied().filter(|id| !self.rows.contains_key(&(kind, *id))).collect::<Vec<_>>()
        };
        self.by_phone.iter().map(|(kind, ids)| (*kind, unread(*kind, ids))).collect()
    }

    /// The companies that fit by their name.
    pub(crate) fn companies(&self) -> Vec<u64> {
        let named = self
            .rows
            .iter()
            .filter(|((kind, _), (place, _))| *kind == RecordType::Company && place.distance < BY_PHONE);
        named.map(|((_, id), _)| *id).collect()
    }

    /// All of the wanted types, the likeliest first, and of equally likely ones the newest.
    pub(crate) fn into_rows(self, types: &[RecordType]) -> Vec<Row> {
        let mut rows: Vec<_> = self.rows.into_iter().filter(|((kind, _), _)| types.contains(kind)).collect();
        rows.sort_by_key(|((kind, id), (place, _))| (*place, *kind, Reverse(*id)));
        rows.into_iter().map(|(_, (_, row))| row).collect()
    }
}

fn rows(reply: &BatchReply, name: &str, kind: RecordType) -> Result<Vec<Row>, NoSuccess> {
    fn read<T: DeserializeOwned>(reply: &BatchReply, name: &str, row: fn(T) -> Row) -> Result<Vec<Row>, NoSuccess> {
        Ok(reply.get::<Rows<T>>(name)?.result.0.into_iter().map(row).collect())
    }
    match kind {
        RecordType::Contact => read(reply, name, Row::Contact),
        RecordType::Company => read(reply, name, Row::Company),
        RecordType::Lead => read(reply, name, Row::Lead),
        RecordType::Deal => read(reply, name, Row::Deal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitrix24::envelope::parse;
    use crate::crm::search::plan::{first, second};
    use crate::failure::Reason;

    const ALL: [RecordType; 4] = [RecordType::Contact, RecordType::Company, RecordType::Lead, RecordType::Deal];

    fn reply(results: &serde_json::Value) -> BatchReply {
        let body = serde_json::json!({ "result": { "result": results, "result_error": [] } }).to_string();
        parse(body.as_bytes()).unwrap().result
    }

    /// Answers every list of a kind with the same rows.
    fn answered(lists: &Lists, rows: &dyn Fn(RecordType) -> serde_json::Value) -> BatchReply {
        let results: serde_json::Map<_, _> =
            lists.all.iter().map(|(name, kind, _)| (name.clone(), rows(*kind))).collect();
        reply(&results.into())
    }

    fn ids(hits: Hits<'_>) -> Vec<(RecordType, Option<u64>)> {
        hits.into_rows(&ALL).iter().map(|row| (row.kind(), row.id())).collect()
    }

    fn explain(_: &'static str, _: &NoSuccess) -> Failure {
        Failure::new(Reason::AccessDenied)
    }

    #[test]
    fn rows_nobody_searched_for_are_dropped_and_the_nearest_come_first() {
        let query = Query::parse("corvus").unwrap();
        let lists = first(&query, &ALL);
        let rows = |kind| match kind {
            RecordType::Contact => {
                serde_json::json!([{"ID":"1","NAME":"Somebody","LAST_NAME":"Else"},{"ID":"7","NAME":"Max","LAST_NAME":"Corvus"},{"NAME":"Corvus"},null,"x"])
            }
            RecordType::Company => {
                serde_json::json!([{"ID":"3","TITLE":"Procorvus"},{"ID":"4","TITLE":"Corvus Logistics"},{"ID":"5","TITLE":"Corvus"}])
            }
            RecordType::Lead => {
                serde_json::json!([{"ID":"8","TITLE":"Web form","COMPANY_TITLE":"Corvus Logistics","STATUS_SEMANTIC_ID":"S"}])
            }
            RecordType::Deal => {
                serde_json::json!([{"ID":"9","TITLE":"Corvus pallets","STAGE_SEMANTIC_ID":"F"},{"ID":"10","TITLE":"Pallets for Corvus","STAGE_SEMANTIC_ID":"P"}])
            }
        };
        let mut hits = Hits::new(&query);
        hits.absorb(&lists, &answered(&lists, &rows), &explain);
        assert_eq!(hits.companies(), [3, 4, 5]);
        let order = [
            (RecordType::Company, Some(5)),
            (RecordType::Company, Some(4)),
            (RecordType::Contact, Some(7)),
            (RecordType::Deal, Some(10)),
            (RecordType::Company, Some(3)),
            (RecordType::Lead, Some(8)),
            (RecordType::Deal, Some(9)),
        ];
        assert_eq!(ids(hits), order);
    }

    #[test]
    fn who_was_not_asked_for_by_id_is_dropped() {
        let query = Query::parse("+31 10 555 0142").unwrap();
        let mut hits = Hits::new(&query);
        hits.absorb(
            &first(&query, &[RecordType::Contact]),
            &reply(&serde_json::json!({ "phone": { "CONTACT": [7] } })),
            &explain,
        );
        let lists = second(&hits.unread_by_phone(), &[], &ALL);
        let rows = |_| serde_json::json!([{"ID":"7","NAME":"Priya"},{"ID":"8","NAME":"Other","COMPANY_ID":"4"}]);
        hits.absorb(&lists, &answered(&lists, &rows), &explain);
        assert_eq!(ids(hits), [(RecordType::Contact, Some(7))]);
    }

    #[test]
    fn lists_that_did_not_come_are_said_once() {
        let query = Query::parse("corvus").unwrap();
        let mut hits = Hits::new(&query);
        hits.absorb(&first(&query, &ALL), &reply(&serde_json::json!([])), &explain);
        assert_eq!((hits.read, hits.missing.len(), hits.cut), (0, 1, false));
    }

    #[test]
    fn a_full_list_may_have_more() {
        let query = Query::parse("corvus").unwrap();
        let lists = first(&query, &[RecordType::Deal]);
        let rows = |_| (1..=50).map(|id| serde_json::json!({ "ID": id, "TITLE": "Corvus" })).collect();
        let mut hits = Hits::new(&query);
        hits.absorb(&lists, &answered(&lists, &rows), &explain);
        assert!(hits.cut);
    }
}
