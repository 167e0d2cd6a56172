//! What the portal calls things, and what the connection may do.

use std::collections::BTreeMap;

use crate::bitrix24::Rows;
use crate::bitrix24::batch::{Batch, BatchReply, Command};
use crate::bitrix24::models::{Categories, CurrencyRow, StatusRow};
use crate::protocol::{Choice, Outcome, Pipeline, Reference, Stage};

/// The command that asks whether the portal works with leads, and its name.
pub(crate) const MODE: (&str, &str) = ("mode", "crm.settings.mode.get");

/// The methods of the batch, by the names of their commands; the order is of no importance.
pub(crate) const COMMANDS: &[(&str, &str)] = &[
    ("scope", "scope"),
    MODE,
    ("pipelines", "crm.category.list"),
    ("statuses", "crm.status.list"),
    ("currencies", "crm.currency.list"),
];

/// Everything about a portal that changes rarely, in one request.
pub(crate) fn batch() -> Batch {
    let mut batch = Batch::default();
    for (name, method) in COMMANDS {
        let command = Command::new(method);
        // Without a filter crm.status.list gives every directory in one answer: all stages, lead statuses and sources.
        batch.add(*name, if *name == "pipelines" { command.with("entityTypeId", 2) } else { command });
    }
    batch
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PortalFacts {
    pub(crate) reference: Reference,
    /// The permissions of the connection; `None` if the portal didn't tell.
    scopes: Option<Vec<String>>,
}

impl PortalFacts {
    /// Reads the answer to [`batch`]; what is missing in it is empty.
    pub(crate) fn read(reply: &BatchReply) -> Self {
        let statuses = reply.get::<Rows<StatusRow>>("statuses").map(|rows| rows.result.0).unwrap_or_default();
        let categories = reply.get::<Categories>("pipelines").map(|rows| rows.result).unwrap_or_default();
        let currencies = reply.get::<Rows<CurrencyRow>>("currencies").map(|rows| rows.result.0).unwrap_or_default();
        let reference = Reference {
            pipelines: pipelines(categories, &statuses),
            lead_statuses: stages(&statuses, "STATUS"),
            sources: sources(&statuses),
            currencies: currency_codes(currencies),
            leads: has_leads(reply),
        };
        let scopes = reply.get::<Rows<String>>("scope").ok().map(|scopes| scopes.result.0);
        Self { reference, scopes }
    }

    /// Whether users can be found by e-mail. With `user_brief` the portal drops the filter and answers with everybody.
    ///
    /// Source: <https://apidocs.bitrix24.com/api-reference/user/index.html>
    pub(crate) fn finds_users(&self) -> bool {
        self.has_scope(&["user", "user_basic"])
    }

    /// Whether users can be named.
    pub(crate) fn names_users(&self) -> bool {
        self.has_scope(&["user", "user_basic", "user_brief"])
    }

    fn has_scope(&self, any_of: &[&str]) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|scope| any_of.contains(&scope.as_str())))
    }
}

/// What a portal answers to [`MODE`]. One that doesn't tell works with leads.
pub(crate) fn has_leads(reply: &BatchReply) -> bool {
    let (name, _) = MODE;
    reply.get::<Mode>(name).ok().and_then(|mode| mode.result.0) != Some(SIMPLE_CRM)
}

/// `crm.settings.mode.get`: without leads.
const SIMPLE_CRM: u64 = 2;

#[derive(serde::Deserialize)]
struct Mode(#[serde(deserialize_with = "crate::bitrix24::number")] Option<u64>);

fn pipelines(categories: Categories, statuses: &[StatusRow]) -> Vec<Pipeline> {
    let mut rows = categories.categories.0;
    rows.sort_by_key(|row| (row.sort, row.id));
    let named = rows.into_iter().filter_map(|row| {
        let id = row.id?;
        Some(Pipeline { id: id.to_string(), name: row.name, stages: stages(statuses, &directory(id)) })
    });
    named.collect()
}

/// Where the stages of a pipeline are listed.
fn directory(pipeline: u64) -> String {
    if pipeline == 0 { "DEAL_STAGE".to_owned() } else { format!("DEAL_STAGE_{pipeline}") }
}

fn of_directory<'a>(statuses: &'a [StatusRow], directory: &str) -> Vec<&'a StatusRow> {
    let mut rows: Vec<_> =
        statuses.iter().filter(|row| row.entity_id == directory && !row.status_id.is_empty()).collect();
    rows.sort_by_key(|row| row.sort);
    rows
}

fn stages(statuses: &[StatusRow], directory: &str) -> Vec<Stage> {
    let stage = |row: &StatusRow| Stage {
        id: row.status_id.clone(),
        name: row.name.clone(),
        color: color(&row.extra.color).or_else(|| color(&row.color)),
        outcome: outcome(row),
    };
    of_directory(statuses, directory).into_iter().map(stage).collect()
}

fn sources(statuses: &[StatusRow]) -> Vec<Choice> {
    let choice = |row: &StatusRow| Choice { id: row.status_id.clone(), name: row.name.clone() };
    of_directory(statuses, "SOURCE").into_iter().map(choice).collect()
}

/// `#rrggbb` and nothing else: it goes into a style of the sidebar.
fn color(text: &str) -> Option<String> {
    let hex = text.strip_prefix('#')?;
    (hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| text.to_ascii_lowercase())
}

fn outcome(row: &StatusRow) -> Outcome {
    match (row.extra.semantics.as_str(), row.semantics.as_str()) {
        ("success", _) | ("", "S") => Outcome::Won,
        ("failure" | "apology", _) | ("", "F") => Outcome::Lost,
        _ => Outcome::Open,
    }
}

fn currency_codes(rows: Vec<CurrencyRow>) -> Vec<String> {
    let mut codes = BTreeMap::new();
    for (place, row) in rows.into_iter().enumerate() {
        let is_code = row.currency.len() == 3 && row.currency.bytes().all(|byte| byte.is_ascii_uppercase());
        if is_code {
            let rank = (row.base != Some(true), place);
            codes.entry(row.currency).and_modify(|best: &mut (bool, usize)| *best = (*best).min(rank)).or_insert(rank);
        }
    }
    let mut codes: Vec<_> = codes.into_iter().collect();
    codes.sort_by_key(|(_, rank)| *rank);
    codes.into_iter().map(|(code, _)| code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitrix24::envelope::parse;

    fn facts(results: &str) -> PortalFacts {
        let body = format!(r#"{{"result":{{"result":{results},"result_error":[],"result_total":[]}}}}"#);
        PortalFacts::read(&parse(body.as_bytes()).unwrap().result)
    }

    #[test]
    fn one_batch_asks_for_everything() {
        let texts: Vec<String> = batch().iter().map(|(_, command)| command.text()).collect();
        assert_eq!(
            texts,
            [
                "crm.currency.list",
                "crm.settings.mode.get",
                "crm.category.list?entityTypeId=2",
                "scope",
                "crm.status.list"
            ]
        );
    }

    #[test]
    fn pipelines_have_their_stages_in_order() {
        let facts = facts(
            r##"{"pipelines":{"categories":[{"id":9,"name":"Renewals","sort":200},{"id":"0","name":"General","sort":300},{"id":12,"name":"Mine","sort":"100"}]},
            "statuses":[
              {"ENTITY_ID":"DEAL_STAGE","STATUS_ID":"WON","NAME":"Won","SORT":"20","COLOR":"#7BD500","SEMANTICS":"S","EXTRA":{"SEMANTICS":"success","COLOR":"#7BD500"}},
              {"ENTITY_ID":"DEAL_STAGE","STATUS_ID":"NEW","NAME":"New","SORT":"10","COLOR":"#39A8EF","SEMANTICS":null,"EXTRA":[]},
              {"ENTITY_ID":"DEAL_STAGE_9","STATUS_ID":"C9:NEW","NAME":"First","SORT":10,"COLOR":"url(//evil.example)","SEMANTICS":""},
              {"ENTITY_ID":"DEAL_STAGE_9","STATUS_ID":"C9:LOSE","NAME":"Lost","SORT":30,"SEMANTICS":"F","EXTRA":null},
              {"ENTITY_ID":"STATUS","STATUS_ID":"JUNK","NAME":"Junk","SORT":"50","EXTRA":{"SEMANTICS":"apology"}},
              {"ENTITY_ID":"SOURCE","STATUS_ID":"EMAIL","NAME":"E-mail","SORT":"20"}]}"##,
        );
        let stage = |id: &str, name: &str, color: Option<&str>, outcome| Stage {
            id: id.into(),
            name: name.into(),
            color: color.map(str::to_owned),
            outcome,
        };
        assert_eq!(
            facts.reference.pipelines,
            [
                Pipeline { id: "12".into(), name: "Mine".into(), stages: vec![] },
                Pipeline {
                    id: "9".into(),
                    name: "Renewals".into(),
                    stages: vec![
                        stage("C9:NEW", "First", None, Outcome::Open),
                        stage("C9:LOSE", "Lost", None, Outcome::Lost)
                    ]
                },
                Pipeline {
                    id: "0".into(),
                    name: "General".into(),
                    stages: vec![
                        stage("NEW", "New", Some("#39a8ef"), Outcome::Open),
                        stage("WON", "Won", Some("#7bd500"), Outcome::Won)
                    ]
                },
            ]
        );
        assert_eq!(facts.reference.lead_statuses, [stage("JUNK", "Junk", None, Outcome::Lost)]);
        assert_eq!(facts.reference.sources, [Choice { id: "EMAIL".into(), name: "E-mail".into() }]);
    }

    #[test]
    fn the_base_currency_comes_first_and_each_once() {
        let facts = facts(
            r#"{"currencies":[{"CURRENCY":"USD","BASE":"N"},{"CURRENCY":"EUR","BASE":"Y","THOUSANDS_SEP":"&nbsp;"},{"CURRENCY":"USD"},{"CURRENCY":"<b>"},{"CURRENCY":null}]}"#,
        );
        assert_eq!(facts.reference.currencies, ["EUR", "USD"]);
    }

    #[test]
    fn simple_crm_has_no_leads() {
        for (mode, leads) in [
            (r#"{"mode":2}"#, false),
            (r#"{"mode":"2"}"#, false),
            (r#"{"mode":1}"#, true),
            ("[]", true),
            (r#"{"mode":[]}"#, true),
        ] {
            assert_eq!(facts(mode).reference.leads, leads, "{mode}");
        }
    }

    #[test]
    fn scopes_decide_what_can_be_asked_about_users() {
        for (scopes, finds, names) in [
            (r#"{"scope":["crm","user_basic"]}"#, true, true),
            (r#"{"scope":["crm","user"]}"#, true, true),
            (r#"{"scope":["crm","user_brief"]}"#, false, true),
            (r#"{"scope":["crm"]}"#, false, false),
            (r#"{"scope":[]}"#, false, false),
            ("[]", true, true),
        ] {
            let facts = facts(scopes);
            assert_eq!((facts.finds_users(), facts.names_users()), (finds, names), "{scopes}");
        }
    }
}
