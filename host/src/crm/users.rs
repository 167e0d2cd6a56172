//! Employees by what somebody types of their names.

use std::collections::BTreeMap;

use super::search::query::Query;
use super::team::{full_name, is_active_employee};
use crate::bitrix24::Rows;
use crate::bitrix24::batch::{Batch, BatchReply, Command};
use crate::bitrix24::envelope::NoSuccess;
use crate::bitrix24::models::UserRow;

/// The method that looks through names, positions and departments.
pub(crate) const METHOD: &str = "user.search";

/// Rows of one answer.
const PAGE: usize = 50;

/// Words of a name that are asked for.
const MOST_WORDS: usize = 4;

/// A command for each word: without a full-text index the portal compares the whole text with the beginning of each field, so that
/// first and last name together would find nobody.
///
/// Source: <https://apidocs.bitrix24.com/api-reference/user/user-search.html>
pub(crate) fn batch(query: &Query) -> Batch {
    let mut batch = Batch::default();
    for (place, word) in query.words().take(MOST_WORDS).enumerate() {
        batch.add(format!("word{place}").as_str(), Command::new(METHOD).with("FIND", word));
    }
    batch
}

/// Who came back, and fits.
pub(crate) struct Employees {
    /// Active employees, the likeliest first.
    pub(crate) rows: Vec<UserRow>,
    /// An answer was full: there may be more.
    pub(crate) cut: bool,
}

/// Reads the answer to [`batch`]: only active employees whose name or position holds every word.
///
/// # Errors
/// When no answer came.
pub(crate) fn read(query: &Query, reply: &BatchReply) -> Result<Employees, NoSuccess> {
    let mut all = BTreeMap::new();
    let mut cut = false;
    let mut missing = None;
    let mut came = 0;
    for (name, _) in batch(query).iter() {
        match reply.get::<Rows<UserRow>>(name) {
            Ok(rows) => {
                came += 1;
                cut |= rows.result.0.len() >= PAGE;
                all.extend(rows.result.0.into_iter().filter_map(|row| Some((row.id?, row))));
            }
            Err(no_success) => missing = Some(no_success),
        }
    }
    if let (0, Some(no_success)) = (came, missing) {
        return Err(no_success);
    }
    let fits = |row: &UserRow| is_active_employee(row) && query.is_in(&format!("{} {}", name(row), row.work_position));
    let mut rows: Vec<_> = all.into_values().filter(fits).collect();
    rows.sort_by_cached_key(|row| (query.distance(&name(row)), name(row).to_lowercase(), row.id));
    Ok(Employees { rows, cut })
}

fn name(row: &UserRow) -> String {
    full_name([&row.name, &row.last_name])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitrix24::envelope::parse;

    fn query(text: &str) -> Query {
        Query::parse(text).unwrap()
    }

    fn found(text: &str, results: &serde_json::Value) -> Option<Vec<u64>> {
        let body = serde_json::json!({ "result": { "result": results, "result_error": [] } }).to_string();
        let reply = parse(body.as_bytes()).unwrap().result;
        Some(read(&query(text), &reply).ok()?.rows.into_iter().filter_map(|row| row.id).collect())
    }

    #[test]
    fn each_word_is_asked_for_alone() {
        let texts: Vec<_> = batch(&query("Ann Keller a b c d")).iter().map(|(_, command)| command.text()).collect();
        assert_eq!(
            texts,
            ["user.search?FIND=Ann", "user.search?FIND=Keller", "user.search?FIND=a", "user.search?FIND=b"]
        );
    }

    #[test]
    fn only_active_employees_who_fit_are_offered_and_the_likeliest_first() {
        let rows = serde_json::json!([
            {"ID":"9","NAME":"Joanna","LAST_NAME":"Lang","USER_TYPE":"employee","ACTIVE":true},
            {"ID":"8","NAME":"Ann","LAST_NAME":"Keller","USER_TYPE":"employee","ACTIVE":true},
            {"ID":"7","NAME":"Tom","LAST_NAME":"Brandt","WORK_POSITION":"Planning","USER_TYPE":"employee","ACTIVE":true},
            {"ID":"6","NAME":"Ann","LAST_NAME":"Left","USER_TYPE":"employee","ACTIVE":false},
            {"ID":"5","NAME":"Ann","LAST_NAME":"Guest","USER_TYPE":"extranet","ACTIVE":true},
            {"ID":"4","NAME":"Nobody","LAST_NAME":"Asked","USER_TYPE":"employee","ACTIVE":true},
            {"NAME":"Ann"},null,"x"
        ]);
        assert_eq!(found("ann", &serde_json::json!({ "word0": rows })), Some(vec![8, 9, 7]));
        assert_eq!(found("ann kel", &serde_json::json!({ "word0": rows, "word1": [] })), Some(vec![8]));
    }

    #[test]
    fn an_answer_that_is_none_is_no_empty_list() {
        assert_eq!(found("ann", &serde_json::json!([])), None);
        assert_eq!(found("ann", &serde_json::json!({ "word0": [] })), Some(vec![]));
    }
}
