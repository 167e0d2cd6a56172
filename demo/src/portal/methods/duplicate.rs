//! Who has this address? Source: apidocs.bitrix24.com, "crm.duplicate.findbycomm"; module `crm`, `restservice.php`.

use super::{CRM, Call, Method, Reply, method};
use crate::portal::error::RestError;
use crate::portal::php::{Array, Value};
use crate::portal::schema::Entity;
use crate::portal::store::Store;
use crate::portal::switches::StatusTable;

pub(super) const METHODS: &[Method] = &[method("crm.duplicate.findbycomm", CRM, find_by_comm)];

/// Distinct values looked at; the rest is ignored silently.
const MOST_VALUES: usize = 20;
/// Matches per value over all types together.
const MOST_MATCHES: usize = 20;
/// The order in which the types fill a value's matches.
const TYPES: [Entity; 3] = [Entity::Lead, Entity::Contact, Entity::Company];

fn find_by_comm(call: &mut Call<'_>) -> Result<Reply, RestError> {
    find(call).map_err(|error| match call.state.switches.statuses {
        StatusTable::Server => error,
        // In the documentation the sentence is the code.
        StatusTable::Docs => RestError::new(400, error.description.trim_end_matches('.'), error.description.clone()),
    })
}

fn find(call: &Call<'_>) -> Result<Reply, RestError> {
    let type_id = call.params.first_of(&["type", "TYPE"]).map(Value::text).unwrap_or_default().to_ascii_uppercase();
    if type_id.is_empty() {
        return Err(RestError::legacy("Communication type is not defined."));
    }
    if !matches!(type_id.as_str(), "EMAIL" | "PHONE") {
        let text = format!("Communication type '{type_id}' is not supported in current context.");
        return Err(RestError::legacy(text));
    }
    let values = call.params.first_of(&["values", "VALUES"]).and_then(Value::array).filter(|values| !values.is_empty());
    let values = values.ok_or_else(|| RestError::legacy("Communication values is not defined."))?;
    let wanted = call.params.first_of(&["entity_type", "ENTITY_TYPE"]).map(Value::text).filter(|name| !name.is_empty());
    let types = match wanted.as_deref().map(Entity::from_name) {
        None => TYPES.to_vec(),
        Some(Some(entity)) if TYPES.contains(&entity) => vec![entity],
        Some(_) => {
            let name = wanted.unwrap_or_default().to_lowercase();
            let name: String = name.chars().take(1).flat_map(char::to_uppercase).chain(name.chars().skip(1)).collect();
            return Err(RestError::legacy(format!("{name} is not supported in current context.")));
        }
    };
    let values: Vec<String> = values.values().map(Value::text).collect();
    Ok(Reply::of(matches(&call.state.store, &type_id, &values, &types)))
}

/// Ids by type. No permission is checked: records nobody may read are found too.
fn matches(store: &Store, type_id: &str, values: &[String], types: &[Entity]) -> Array {
    let mut codes: Vec<String> = Vec::new();
    for code in values.iter().map(|value| normal(type_id, value)).filter(|code| !code.is_empty()) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    let mut found: Vec<(Entity, i64)> = Vec::new();
    for code in codes.iter().take(MOST_VALUES) {
        let of_type = |entity: Entity| {
            let has = |value: &str| normal(type_id, value) == *code;
            let records = store.records(entity);
            let records = records.filter(move |record| record.values_of(type_id).any(|multi| has(&multi.value)));
            records.map(move |record| (entity, record.id)).collect::<Vec<_>>()
        };
        for hit in types.iter().flat_map(|entity| of_type(*entity)).take(MOST_MATCHES) {
            if !found.contains(&hit) {
                found.push(hit);
            }
        }
    }
    let mut answer = Array::default();
    for entity in types {
        let ids: Vec<i64> = found.iter().filter(|(own, _)| own == entity).map(|(_, id)| *id).collect();
        if !ids.is_empty() {
            answer.set(entity.upper(), ids);
        }
    }
    answer
}

fn normal(type_id: &str, value: &str) -> String {
    if type_id == "PHONE" {
        return value.chars().filter(char::is_ascii_digit).collect();
    }
    value.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::seed;

    fn found(values: &[&str], types: &[Entity]) -> String {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        Value::from(matches(&seed::load().unwrap(), "EMAIL", &values, types)).to_json()
    }

    #[test]
    fn matching_is_exact_and_without_case() {
        assert_eq!(found(&[" Marie.Rousseau@HELION.example "], &TYPES), r#"{"LEAD":[4],"CONTACT":[2]}"#);
        assert_eq!(found(&["rousseau@helion.example"], &TYPES), "[]");
        assert_eq!(found(&["noor@meerwind.example"], &TYPES), "[]");
        assert_eq!(found(&["priya@corvus-logistics.example"], &TYPES), "[]");
    }

    #[test]
    fn one_address_may_belong_to_three_records() {
        assert_eq!(found(&["info@obermeier.example"], &TYPES), r#"{"LEAD":[3],"CONTACT":[3],"COMPANY":[5]}"#);
    }

    #[test]
    fn twenty_leads_hide_whatever_comes_after_them() {
        let answer = matches(&seed::load().unwrap(), "EMAIL", &["reception@many-requests.example".to_owned()], &TYPES);
        assert_eq!(answer.get("LEAD").and_then(Value::array).map(|ids| ids.values().count()), Some(MOST_MATCHES));
    }

    #[test]
    fn the_twenty_first_value_is_ignored() {
        let mut values: Vec<String> = (0..MOST_VALUES).map(|n| format!("nobody{n}@nowhere.example")).collect();
        values.push("info@obermeier.example".to_owned());
        assert!(matches(&seed::load().unwrap(), "EMAIL", &values, &TYPES).is_empty());
        values[3] = values[2].to_uppercase();
        assert!(!matches(&seed::load().unwrap(), "EMAIL", &values, &TYPES).is_empty(), "equal values count once");
    }

    #[test]
    fn phones_match_by_their_digits() {
        let store = seed::load().unwrap();
        let answer = matches(&store, "PHONE", &["0033155502217".to_owned(), "+33155502217".to_owned()], &TYPES);
        assert_eq!(Value::from(answer).to_json(), r#"{"CONTACT":[2]}"#);
    }
}
