//! Contacts of deals and companies of contacts. Source: apidocs.bitrix24.com, `crm.deal.contact.*`,
//! `crm.contact.company.*`, `crm.company.contact.*`.

use super::{CRM, Call, Method, Reply, method};
use crate::portal::error::RestError;
use crate::portal::php::{Array, Value, map};
use crate::portal::schema::Entity;

pub(super) const METHODS: &[Method] = &[
    method("crm.deal.contact.add", CRM, |call| add(call, DEAL)),
    method("crm.deal.contact.delete", CRM, |call| remove(call, DEAL)),
    method("crm.deal.contact.items.get", CRM, |call| get(call, DEAL)),
    method("crm.deal.contact.items.set", CRM, |call| set(call, DEAL)),
    method("crm.deal.contact.items.delete", CRM, |call| clear(call, DEAL)),
    method("crm.contact.company.add", CRM, |call| add(call, CONTACT)),
    method("crm.contact.company.items.get", CRM, |call| get(call, CONTACT)),
    method("crm.contact.company.items.set", CRM, |call| set(call, CONTACT)),
    method("crm.company.contact.items.get", CRM, contacts_of_company),
];

/// Whose list, and of what.
#[derive(Clone, Copy)]
struct Link {
    owner: Entity,
    key: &'static str,
}

const DEAL: Link = Link { owner: Entity::Deal, key: "CONTACT_ID" };
const CONTACT: Link = Link { owner: Entity::Contact, key: "COMPANY_ID" };

/// The owner's id, once the caller may do what they ask.
fn owner(call: &Call<'_>, link: Link, to_change: bool) -> Result<i64, RestError> {
    let id = call.params.first_of(&["id", "ID"]).map_or(0, Value::int);
    if id <= 0 {
        return Err(RestError::legacy("The parameter ownerEntityID is invalid or not defined."));
    }
    let store = &call.state.store;
    let record = store.record(link.owner, id).ok_or_else(|| RestError::legacy("Not found."))?;
    let user = call.caller.user;
    let allowed = if to_change { store.can_update(user, record) } else { store.can_read(user, record) };
    if allowed { Ok(id) } else { Err(RestError::item("ACCESS_DENIED", "Access denied.")) }
}

fn ids(call: &Call<'_>, link: Link, owner: i64) -> Vec<i64> {
    let record = call.state.store.record(link.owner, owner);
    let list = |record: &crate::portal::store::Record| match link.owner {
        Entity::Contact => record.companies.clone(),
        Entity::Lead | Entity::Deal | Entity::Company => record.contacts.clone(),
    };
    record.map(list).unwrap_or_default()
}

fn save(call: &mut Call<'_>, link: Link, owner: i64, ids: Vec<i64>) {
    if let Some(record) = call.state.store.record_mut(link.owner, owner) {
        record.fields.set(link.key, ids.first().map_or(Value::Null, |id| Value::Int(*id)));
        match link.owner {
            Entity::Contact => record.companies = ids,
            Entity::Lead | Entity::Deal | Entity::Company => record.contacts = ids,
        }
    }
}

fn rows(ids: &[i64], key: &str) -> Vec<Array> {
    let row = |(index, id): (i64, &i64)| {
        map! { key => *id, "SORT" => index * 10, "ROLE_ID" => 0, "IS_PRIMARY" => if index == 1 { "Y" } else { "N" } }
    };
    (1i64..).zip(ids).map(row).collect()
}

fn get(call: &mut Call<'_>, link: Link) -> Result<Reply, RestError> {
    let owner = owner(call, link, false)?;
    Ok(Reply::of(rows(&ids(call, link, owner), link.key)))
}

/// Replaces the whole set; the entry marked as primary comes first, else the lowest SORT.
fn set(call: &mut Call<'_>, link: Link) -> Result<Reply, RestError> {
    let owner = owner(call, link, true)?;
    let items = call.params.first_of(&["items", "ITEMS"]).and_then(Value::array);
    let items = items.ok_or_else(|| RestError::legacy("The parameter items must be array."))?;
    let mut sorted: Vec<(bool, i64, i64)> = items
        .values()
        .filter_map(Value::array)
        .filter_map(|item| {
            let id = item.get(link.key).map(Value::int).filter(|id| *id > 0)?;
            let primary = item.get("IS_PRIMARY").is_some_and(|flag| flag.text() == "Y");
            Some((!primary, item.get("SORT").map_or(0, Value::int), id))
        })
        .collect();
    sorted.sort_by_key(|(secondary, sort, _)| (*secondary, *sort));
    save(call, link, owner, sorted.into_iter().map(|(_, _, id)| id).collect());
    Ok(Reply::of(true))
}

fn add(call: &mut Call<'_>, link: Link) -> Result<Reply, RestError> {
    let owner = owner(call, link, true)?;
    let fields = call.legacy_fields()?;
    let id = fields.get(link.key).map_or(0, Value::int);
    if id <= 0 {
        return Err(RestError::legacy("The parameter fields is not valid."));
    }
    let primary = fields.get("IS_PRIMARY").is_some_and(|flag| flag.text() == "Y");
    let mut ids = ids(call, link, owner);
    if ids.contains(&id) {
        return Ok(Reply::of(false));
    }
    ids.insert(if primary { 0 } else { ids.len() }, id);
    save(call, link, owner, ids);
    Ok(Reply::of(true))
}

fn remove(call: &mut Call<'_>, link: Link) -> Result<Reply, RestError> {
    let owner = owner(call, link, true)?;
    let id = call.legacy_fields()?.get(link.key).map_or(0, Value::int);
    let mut ids = ids(call, link, owner);
    ids.retain(|own| *own != id);
    save(call, link, owner, ids);
    Ok(Reply::of(true))
}

fn clear(call: &mut Call<'_>, link: Link) -> Result<Reply, RestError> {
    let owner = owner(call, link, true)?;
    save(call, link, owner, Vec::new());
    Ok(Reply::of(true))
}

fn contacts_of_company(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let company = owner(call, Link { owner: Entity::Company, key: "CONTACT_ID" }, false)?;
    let contacts = call.state.store.records(Entity::Contact).filter(|contact| contact.companies.contains(&company));
    let ids: Vec<i64> = contacts.map(|contact| contact.id).collect();
    Ok(Reply::of(rows(&ids, "CONTACT_ID")))
}
