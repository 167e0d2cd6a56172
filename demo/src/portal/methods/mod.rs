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
use super::php::{Array, Value};
use super::rest::Caller;
use super::schema::Entity;
use super::state::State;
use super::store::Record;

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

    fn readable(&self, entity: Entity) -> impl Iterator<Item = &Record> {
        let user = self.caller.user;
        self.state.store.records(entity).filter(move |record| self.state.store.can_read(user, record))
    }
}
