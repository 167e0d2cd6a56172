//! The REST methods, one file per family. [`FAMILIES`] is the table of contents.

mod activity;
mod activity_add;
mod binding;
mod duplicate;
mod fields;
mod item;
mod legacy;
mod link;
mod list;
mod log_message;
mod reference;
mod system;
mod task;
mod timeline;
mod user;
mod write;

use super::error::RestError;
use super::filter::Dropped;
use super::log::WidenedFilter;
use super::php::{Array, Value};
use super::rest::Caller;
use super::schema::Entity;
use super::state::State;
use super::store::{Binding, Record};

/// One call of a method.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) caller: Caller,
    pub(crate) method: &'static str,
    pub(crate) params: &'a Array,
    /// Names of the calls inside a batch, for the log.
    pub(crate) batched: &'a mut Vec<String>,
}

/// What a method answers.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) result: Value,
    pub(crate) next: Option<i64>,
    pub(crate) total: Option<i64>,
    /// Simulated duration.
    pub(crate) seconds: f64,
}

impl Reply {
    pub(crate) fn of(result: impl Into<Value>) -> Self {
        Self { result: result.into(), next: None, total: None, seconds: 0.0 }
    }
}

/// What every method is.
pub(crate) type Run = fn(&mut Call<'_>) -> Result<Reply, RestError>;

/// A method the portal has.
#[derive(Clone, Copy)]
pub(crate) struct Method {
    pub(crate) name: &'static str,
    /// Any of these scopes will do; none needed if empty.
    pub(crate) scopes: &'static [&'static str],
    pub(crate) run: Run,
}

impl Method {
    /// Whether one of the scopes it needs was granted.
    pub(crate) fn is_granted(&self, scopes: &[String]) -> bool {
        self.scopes.is_empty() || self.scopes.iter().any(|needed| scopes.iter().any(|own| own == needed))
    }
}

const fn method(name: &'static str, scopes: &'static [&'static str], run: Run) -> Method {
    Method { name, scopes, run }
}

const CRM: &[&str] = &["crm"];

const FAMILIES: &[&[Method]] = &[
    system::METHODS,
    user::METHODS,
    reference::METHODS,
    duplicate::METHODS,
    legacy::METHODS,
    item::METHODS,
    fields::METHODS,
    link::METHODS,
    activity::METHODS,
    binding::METHODS,
    timeline::METHODS,
    log_message::METHODS,
    task::METHODS,
];

/// The method of this name, unless the portal is too old to have it.
pub(crate) fn find(state: &State, name: &str) -> Option<Method> {
    let missing = state.switches.missing_methods.iter().any(|missing| missing.eq_ignore_ascii_case(name));
    let mut methods = FAMILIES.iter().flat_map(|family| family.iter());
    methods.find(|method| !missing && method.name.eq_ignore_ascii_case(name)).copied()
}

impl Call<'_> {
    fn param(&self, name: &str) -> Option<&Value> {
        self.params.get(name)
    }

    /// A parameter that must be an array if it is there.
    fn array_param(&self, name: &str) -> Result<Array, RestError> {
        match self.params.first_of(&[name, &name.to_ascii_uppercase()]) {
            None | Some(Value::Null) => Ok(Array::default()),
            Some(Value::Array(array)) => Ok(array.clone()),
            Some(Value::Str(text)) if text.is_empty() => Ok(Array::default()),
            Some(_) => Err(RestError::legacy(format!("Parameter '{name}' must be array."))),
        }
    }

    /// `fields`, in the spellings legacy methods take.
    fn legacy_fields(&self) -> Result<&Array, RestError> {
        self.params
            .first_of(&["fields", "FIELDS", "Fields", "arFields"])
            .and_then(Value::array)
            .ok_or_else(|| RestError::legacy("Parameter 'fields' must be array."))
    }

    fn legacy_id(&self) -> Result<i64, RestError> {
        let id = self.params.first_of(&["id", "ID"]).map_or(0, Value::int);
        if id > 0 { Ok(id) } else { Err(RestError::legacy("ID is not defined or invalid.")) }
    }

    /// Keeps account of conditions that were dropped from a filter.
    fn note(&mut self, dropped: Vec<Dropped>) {
        for Dropped { field, why } in dropped {
            let widened = WidenedFilter { method: self.method.to_owned(), field, why: why.to_owned() };
            self.state.log.stats.widened_filters.push(widened);
        }
    }

    fn may_update(&self, binding: Binding) -> bool {
        let store = &self.state.store;
        store.record(binding.entity, binding.id).is_none_or(|record| store.can_update(self.caller.user, record))
    }

    /// The record that two numbers in `of` name, once the caller may change it. For the younger methods, which have codes.
    fn changeable(&self, of: &Array, type_name: &str, id_name: &str) -> Result<Binding, RestError> {
        let number = |name: &str| of.get(name).map(Value::int).ok_or_else(|| RestError::missing_parameter(name));
        let (entity, id) = (Entity::from_id(number(type_name)?), number(id_name)?);
        let missing = || RestError::item("OWNER_NOT_FOUND", "Owner was not found");
        let binding = Binding { entity: entity.ok_or_else(missing)?, id };
        self.state.store.record(binding.entity, id).ok_or_else(missing)?;
        if self.may_update(binding) { Ok(binding) } else { Err(RestError::item("ACCESS_DENIED", "Access denied")) }
    }

    fn readable(&self, entity: Entity) -> impl Iterator<Item = &Record> {
        let user = self.caller.user;
        self.state.store.records(entity).filter(move |record| self.state.store.can_read(user, record))
    }
}
