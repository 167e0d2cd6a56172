//! The bodies the vendor documents, read by the types of this folder, where those bodies are at hand.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::batch::BatchReply;
use super::envelope::{NoSuccess, PortalError, parse};
use super::models::{
    Categories, CompanyRow, ContactRow, CurrencyRow, DealRow, Found, Items, LeadRow, StatusRow, UserRow,
};
use super::tolerant::Rows;

/// Facts about the outside world, beside the project. A clone without them skips these tests and says so.
const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared");

/// Past the capture of `println!`, which keeps what a passing test says to itself. These words tell a run of all tests that nothing
/// is wrong with the machine.
fn skipped(what: &str) {
    writeln!(io::stdout(), "skipped: for want of ../shared: {what}").unwrap();
}

fn documented(file: &str) -> Option<Vec<u8>> {
    let path = Path::new(SHARED).join("bitrix24-examples").join(file);
    let body = fs::read(path).ok();
    if body.is_none() {
        skipped(&format!("{file} isn't at hand"));
    }
    body
}

/// The rows of a documented list; every row of the file must be readable.
fn rows<T: serde::de::DeserializeOwned>(file: &str) -> Option<Vec<T>> {
    let body = documented(file)?;
    let Ok(whole) = serde_json::from_slice::<serde_json::Value>(&body) else {
        skipped(&format!("{file} isn't JSON as it is documented"));
        return None;
    };
    let rows = parse::<Rows<T>>(&body).unwrap().result.0;
    assert_eq!(rows.len(), whole["result"].as_array().unwrap().len(), "{file}");
    assert!(!rows.is_empty(), "{file}");
    Some(rows)
}

#[test]
fn contacts_companies_and_leads() {
    for row in rows::<ContactRow>("crm.contact.list.response.json").into_iter().flatten() {
        assert!(row.id.is_some() && row.assigned_by_id.is_some() && !row.name.is_empty());
        assert_eq!(row.email, ["special-for@example.com"]);
    }
    for row in rows::<CompanyRow>("crm.company.list.response.json").into_iter().flatten() {
        assert!(row.id.is_some() && row.assigned_by_id.is_some() && !row.title.is_empty());
    }
    for row in rows::<LeadRow>("crm.lead.list.response.json").into_iter().flatten() {
        assert!(row.id.is_some() && !row.status_id.is_empty());
        assert!(matches!(row.status_semantic_id.as_str(), "P" | "S" | "F"));
    }
}

#[test]
fn deals_of_both_kinds() {
    for row in rows::<DealRow>("crm.deal.list.response.json").into_iter().flatten() {
        assert!(row.id.is_some() && !row.title.is_empty());
    }
    if let Some(body) = documented("crm.item.list.response.json") {
        let answer = parse::<Items>(&body).unwrap();
        let items = answer.result.items.0;
        assert!(items.len() > 1 && answer.total.is_some());
        assert!(
            items.iter().all(|item| item.id.is_some() && !item.stage_id.is_empty() && !item.opportunity.is_empty())
        );
    }
}

#[test]
fn matches_of_all_kinds_and_none() {
    let found = |file| documented(file).map(|body| parse::<Found>(&body).unwrap().result);
    if let Some(found) = found("crm.duplicate.findbycomm.response.all-types.json") {
        assert_eq!((found.lead.len(), found.contact.len(), found.company.len()), (1, 1, 1));
    }
    if let Some(found) = found("crm.duplicate.findbycomm.response.json") {
        assert_eq!((found.contact.len(), found.count()), (2, 2));
    }
    if let Some(found) = found("crm.duplicate.findbycomm.response.nothing-found.json") {
        assert_eq!(found.count(), 0);
    }
}

#[test]
fn users_with_dates_that_are_objects() {
    for row in rows::<UserRow>("user.get.response.json").into_iter().flatten() {
        assert_eq!((row.active, row.user_type.as_str(), row.email.contains('@')), (Some(true), "employee", true));
    }
}

#[test]
fn reference_data() {
    for row in rows::<StatusRow>("crm.status.list.response.json").into_iter().flatten() {
        assert!(
            row.entity_id.starts_with("DEAL_STAGE") && !row.status_id.is_empty() && !row.extra.semantics.is_empty()
        );
    }
    for row in rows::<CurrencyRow>("crm.currency.list.response.json").into_iter().flatten() {
        assert!(row.currency.len() == 3 && row.base.is_some());
    }
    if let Some(body) = documented("crm.category.list.response.json") {
        let categories = parse::<Categories>(&body).unwrap().result.categories.0;
        assert!(categories.iter().all(|row| row.id.is_some() && !row.name.is_empty()));
        assert!(categories.iter().any(|row| row.id == Some(0)));
    }
    if let Some(body) = documented("scope.response.json") {
        assert!(parse::<Rows<String>>(&body).unwrap().result.0.contains(&"user".to_owned()));
    }
    if let Some(body) = documented("crm.settings.mode.get.response.json") {
        assert_eq!(parse::<u64>(&body).unwrap().result, 1);
    }
}

#[test]
fn batches_with_and_without_errors() {
    if let Some(body) = documented("batch.response.json") {
        let reply = parse::<BatchReply>(&body).unwrap().result;
        assert_eq!(reply.get::<UserRow>("get_user").unwrap().result.id, Some(1));
        assert_eq!(reply.get::<Rows<UserRow>>("get_department").unwrap().total, Some(1));
    }
    if let Some(body) = documented("batch.error.halt0.json") {
        let reply = parse::<BatchReply>(&body).unwrap().result;
        assert_eq!(reply.error("get_user").map(|error| error.code).as_deref(), Some("insufficient_scope"));
    }
}

/// Every documented error is read as one, and its words stay out of what could be logged.
#[test]
fn errors() {
    let Ok(folder) = fs::read_dir(Path::new(SHARED).join("bitrix24-examples")) else {
        skipped("the documented errors aren't at hand");
        return;
    };
    let mut errors = 0;
    for file in folder.map(|entry| entry.unwrap().path()) {
        let name = file.file_name().unwrap().to_str().unwrap();
        let body = fs::read(&file).unwrap();
        let strict = serde_json::from_slice::<serde_json::Value>(&body).is_ok_and(|body| body.get("error").is_some());
        if name.ends_with(".error.json") && strict {
            let NoSuccess::Error(error) = parse::<u64>(&body).unwrap_err() else { panic!("{name}") };
            let PortalError { description, .. } = &error;
            assert!(description.is_empty() || !format!("{error:?}").contains(description.as_str()), "{name}");
            errors += 1;
        }
    }
    assert!(errors > 50, "{errors}");
}
