//! Fills a new portal with the invented company Brightline from the JSON files in `data/`.

use serde::Deserialize;

use super::php::{Array, Value, map};
use super::schema::{self, Entity, Kind};
use super::store::{Access, Activity, Binding, Multifield, Record, Store, stage_directory};

/// The person the demo belongs to: a salesperson without administrator rights.
pub(crate) const LENA: i64 = 7;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reference {
    departments: Vec<Value>,
    categories: Vec<Value>,
    currencies: Vec<Value>,
    directories: Vec<Directory>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Directory {
    entity_id: String,
    items: Vec<DirectoryItem>,
}

/// One value of a directory.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DirectoryItem {
    id: String,
    name: String,
    #[serde(default)]
    color: Option<String>,
    /// `process`, `success`, `failure` or `apology` for stages.
    #[serde(default)]
    semantics: Option<String>,
    #[serde(default)]
    system: bool,
}

/// Reads the seed.
///
/// # Errors
///
/// A data file isn't what this code expects.
pub(crate) fn load() -> Result<Store, serde_json::Error> {
    let mut store = Store::default();
    store.users = rows(include_str!("../../data/users.json"))?;
    reference(&mut store, serde_json::from_str(include_str!("../../data/reference.json"))?);
    for (entity, json) in [
        (Entity::Company, include_str!("../../data/companies.json")),
        (Entity::Contact, include_str!("../../data/contacts.json")),
        (Entity::Lead, include_str!("../../data/leads.json")),
        (Entity::Deal, include_str!("../../data/deals.json")),
    ] {
        for row in rows(json)? {
            let record = record(&mut store, entity, &row);
            store.insert(entity, record);
        }
    }
    for row in rows(include_str!("../../data/activities.json"))? {
        let activity = activity(&row);
        store.activities.insert(activity.id, activity);
    }
    Ok(store)
}

fn rows(json: &str) -> Result<Vec<Array>, serde_json::Error> {
    let rows: Vec<Value> = serde_json::from_str(json)?;
    Ok(arrays(&rows))
}

fn arrays(rows: &[Value]) -> Vec<Array> {
    rows.iter().filter_map(Value::array).cloned().collect()
}

fn reference(store: &mut Store, reference: Reference) {
    store.departments = arrays(&reference.departments);
    store.categories = arrays(&reference.categories);
    store.currencies = arrays(&reference.currencies);
    reference.directories.into_iter().for_each(|directory| add_directory(store, directory));
}

/// Adds the values of a directory behind those it has.
fn add_directory(store: &mut Store, directory: Directory) {
    let category = directory.entity_id.strip_prefix("DEAL_STAGE_").map(str::to_owned);
    let first = i64::try_from(store.directory(&directory.entity_id).count()).unwrap_or_default() + 1;
    for (sort, item) in (first..).zip(directory.items) {
        let id = i64::try_from(store.statuses.len()).unwrap_or_default() * 2 + 1;
        let mut row = map! {
            "ID" => id.to_string(),
            "ENTITY_ID" => &directory.entity_id,
            "STATUS_ID" => item.id,
            "NAME" => &item.name,
            "NAME_INIT" => if item.system { item.name.as_str() } else { "" },
            "SORT" => (sort * 10).to_string(),
            "SYSTEM" => if item.system { "Y" } else { "N" },
            "CATEGORY_ID" => category.clone(),
            "COLOR" => item.color.clone(),
            "SEMANTICS" => match item.semantics.as_deref() {
                Some("success") => Some("S"),
                Some("failure" | "apology") => Some("F"),
                _ => None,
            },
        };
        if let Some(semantics) = item.semantics {
            row.set("EXTRA", map! { "SEMANTICS" => semantics, "COLOR" => item.color });
        }
        store.statuses.push(row);
    }
}

/// What an administrator of the portal makes: a pipeline with its stages, or further stages of one there is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPipeline {
    id: i64,
    name: String,
    stages: Vec<DirectoryItem>,
}

impl NewPipeline {
    /// Its stages by id and name, all of them open ones.
    pub(crate) fn new(id: i64, name: &str, stages: &[(&str, &str)]) -> Self {
        let stage = |&(id, name): &(&str, &str)| DirectoryItem {
            id: id.to_owned(),
            name: name.to_owned(),
            color: None,
            semantics: Some("process".to_owned()),
            system: false,
        };
        Self { id, name: name.to_owned(), stages: stages.iter().map(stage).collect() }
    }
}

/// Adds a pipeline's stages, and the pipeline unless there is one with its id.
pub(crate) fn add_pipeline(store: &mut Store, pipeline: NewPipeline) {
    let NewPipeline { id, name, stages } = pipeline;
    if !store.categories.iter().any(|row| row.get("id").map(Value::int) == Some(id)) {
        let sort = 500;
        store
            .categories
            .push(map! { "id" => id, "name" => name, "sort" => sort, "entityTypeId" => 2, "isDefault" => "N" });
    }
    add_directory(store, Directory { entity_id: stage_directory(id), items: stages });
}

/// Takes a pipeline and its stages from the lists.
pub(crate) fn hide_pipeline(store: &mut Store, id: i64) {
    store.categories.retain(|row| row.get("id").map(Value::int) != Some(id));
    let directory = stage_directory(id);
    store.statuses.retain(|row| row.get("ENTITY_ID").and_then(Value::str) != Some(&directory));
}

fn record(store: &mut Store, entity: Entity, row: &Array) -> Record {
    let mut record = Record { id: row.get("ID").map_or(0, Value::int), ..Record::default() };
    for field in schema::fields(entity).filter(|field| field.kind != Kind::Multi) {
        let value = row.get(field.name).cloned().unwrap_or_else(|| default(field.name));
        record.set(field.kind, field.name, &value);
    }
    for type_id in ["PHONE", "EMAIL", "WEB", "IM"] {
        for entry in row.get(type_id).map(Value::each).unwrap_or_default() {
            let (value, value_type) = entry.array().map_or((entry.text(), "WORK".to_owned()), |entry| {
                (
                    entry.get("VALUE").map(Value::text).unwrap_or_default(),
                    entry.get("TYPE").map(Value::text).unwrap_or_default(),
                )
            });
            let id = store.next_multifield_id();
            record.multi.push(Multifield { id, type_id: type_id.to_owned(), value_type, value });
        }
    }
    for (list, name) in [(&mut record.contacts, "CONTACT"), (&mut record.companies, "COMPANY")] {
        let primary = row.get(&format!("{name}_ID")).map(Value::int).filter(|id| *id > 0);
        let all = row.get(&format!("{name}_IDS")).map(Value::each).unwrap_or_default();
        *list = primary.into_iter().chain(all.iter().map(|id| id.int()).filter(|id| Some(*id) != primary)).collect();
    }
    record.access = match row.get("access").and_then(Value::str) {
        Some("none") => Access::None,
        Some("read") => Access::Read,
        _ => Access::Full,
    };
    derive(store, entity, &mut record);
    record
}

/// What a seeded record has unless its row says otherwise.
fn default(name: &str) -> Value {
    match name {
        "ASSIGNED_BY_ID" | "CREATED_BY_ID" | "MODIFY_BY_ID" | "LAST_ACTIVITY_BY" | "MOVED_BY_ID" => LENA.into(),
        "DATE_CREATE" | "DATE_MODIFY" | "LAST_ACTIVITY_TIME" | "MOVED_TIME" => "2026-09-14T09:00:00+01:00".into(),
        "OPENED" | "EXPORT" => "Y".into(),
        "CATEGORY_ID" => 0.into(),
        _ => Value::Null,
    }
}

/// Recomputes what follows from other fields: stage groups, closed flags, whether there are phones and e-mails.
pub(crate) fn derive(store: &Store, entity: Entity, record: &mut Record) {
    record.set(Kind::Int, "ID", &record.id.into());
    match entity {
        Entity::Lead => {
            let semantic = semantic(store, "STATUS", &record.get("STATUS_ID").text());
            record.set(Kind::Text, "STATUS_SEMANTIC_ID", &semantic.into());
        }
        Entity::Deal => {
            let directory = stage_directory(record.get("CATEGORY_ID").int());
            let semantic = semantic(store, &directory, &record.get("STAGE_ID").text());
            record.set(Kind::Text, "STAGE_SEMANTIC_ID", &semantic.into());
            record.set(Kind::Flag, "CLOSED", &(semantic != "P").into());
            let new = record.get("STAGE_ID").text();
            let new = new.split_once(':').map_or(new.as_str(), |(_, stage)| stage) == "NEW";
            record.set(Kind::Flag, "IS_NEW", &new.into());
        }
        Entity::Contact | Entity::Company => {}
    }
    if entity != Entity::Deal {
        for (flag, type_id) in [("HAS_PHONE", "PHONE"), ("HAS_EMAIL", "EMAIL"), ("HAS_IMOL", "IM")] {
            let has = record.values_of(type_id).next().is_some();
            record.set(Kind::Flag, flag, &has.into());
        }
    }
}

fn semantic(store: &Store, directory: &str, status: &str) -> &'static str {
    let row = store.directory(directory).find(|row| row.get("STATUS_ID").and_then(Value::str) == Some(status));
    match row.and_then(|row| row.get("SEMANTICS")?.str()) {
        Some("S") => "S",
        Some("F") => "F",
        _ => "P",
    }
}

fn activity(row: &Array) -> Activity {
    let mut fields = row.clone();
    let communications: Vec<Array> = fields
        .remove("COMMUNICATIONS")
        .map(|list| list.each().into_iter().filter_map(Value::array).cloned().collect())
        .unwrap_or_default();
    let bound = |of: &Array, entity: &str, id: &str| {
        Some(Binding { entity: Entity::from_id(of.get(entity)?.int())?, id: of.get(id)?.int() })
    };
    let mut bindings: Vec<Binding> = bound(row, "OWNER_TYPE_ID", "OWNER_ID").into_iter().collect();
    for communication in &communications {
        if let Some(binding) = bound(communication, "ENTITY_TYPE_ID", "ENTITY_ID")
            && !bindings.contains(&binding)
        {
            bindings.push(binding);
        }
    }
    Activity { id: row.get("ID").map_or(0, Value::int), fields, communications, bindings }
}
