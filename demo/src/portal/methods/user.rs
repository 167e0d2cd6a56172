//! Employees and departments. Source: apidocs.bitrix24.com, "Users"; module `rest`, `lib/api/user.php`.

use super::{Call, Method, Reply, list, method};
use crate::portal::error::RestError;
use crate::portal::filter::{self, Condition, Dropped};
use crate::portal::php::{Array, Value, map};
use crate::portal::schema::Kind;

const USER: &[&str] = &["user", "user_basic", "user_brief"];

pub(super) const METHODS: &[Method] = &[
    method("user.current", USER, current),
    method("user.get", USER, get),
    method("user.search", USER, search),
    method("user.fields", USER, fields),
    method("department.get", &["department"], departments),
];

/// Which scope shows a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Brief,
    Basic,
    Full,
}

/// The fields of a user, in the order answers carry them.
const FIELDS: &[(&str, Kind, Level, &str)] = &[
    ("ID", Kind::Int, Level::Brief, "ID"),
    ("ACTIVE", Kind::Flag, Level::Brief, "Active"),
    ("NAME", Kind::Text, Level::Brief, "First name"),
    ("LAST_NAME", Kind::Text, Level::Brief, "Last name"),
    ("SECOND_NAME", Kind::Text, Level::Brief, "Middle name"),
    ("EMAIL", Kind::Text, Level::Basic, "E-mail"),
    ("LAST_LOGIN", Kind::DateTime, Level::Full, "Last login"),
    ("DATE_REGISTER", Kind::DateTime, Level::Full, "Registered on"),
    ("TIME_ZONE", Kind::Text, Level::Full, "Time zone"),
    ("IS_ONLINE", Kind::Flag, Level::Brief, "Online"),
    ("TIMESTAMP_X", Kind::Text, Level::Full, "Changed on"),
    ("LAST_ACTIVITY_DATE", Kind::Text, Level::Full, "Last activity"),
    ("PERSONAL_GENDER", Kind::Text, Level::Brief, "Gender"),
    ("PERSONAL_PHOTO", Kind::Text, Level::Brief, "Photo"),
    ("PERSONAL_WWW", Kind::Text, Level::Full, "Website"),
    ("PERSONAL_BIRTHDAY", Kind::Date, Level::Full, "Birthday"),
    ("PERSONAL_MOBILE", Kind::Text, Level::Basic, "Mobile"),
    ("PERSONAL_CITY", Kind::Text, Level::Basic, "City"),
    ("WORK_PHONE", Kind::Text, Level::Basic, "Work phone"),
    ("WORK_POSITION", Kind::Text, Level::Brief, "Position"),
    ("UF_EMPLOYMENT_DATE", Kind::Text, Level::Full, "Employed since"),
    ("UF_DEPARTMENT", Kind::Int, Level::Brief, "Departments"),
    ("USER_TYPE", Kind::Text, Level::Brief, "Type"),
];

fn level(call: &Call<'_>) -> Level {
    let granted = |scope: &str| call.state.switches.scopes.iter().any(|own| own == scope);
    if granted("user") {
        Level::Full
    } else if granted("user_basic") {
        Level::Basic
    } else {
        Level::Brief
    }
}

/// A user as answers show one.
fn row(user: &Array, level: Level, online: bool) -> Array {
    let mut row = Array::default();
    for (name, kind, _, _) in FIELDS.iter().filter(|(_, _, needed, _)| *needed <= level) {
        let value = match (*name, user.get(name)) {
            ("ID", id) => id.map(Value::text).into(),
            ("IS_ONLINE", _) => if online { "Y" } else { "N" }.into(),
            ("PERSONAL_PHOTO", None) => continue,
            // Dates that encode to nothing.
            ("TIMESTAMP_X" | "LAST_ACTIVITY_DATE", None) => Value::Object,
            ("LAST_LOGIN" | "DATE_REGISTER", None) => "2024-04-02T09:00:00+01:00".into(),
            (_, None) if *kind == Kind::Int => Array::default().into(),
            (_, value) => value.cloned().unwrap_or_else(|| "".into()),
        };
        row.set(*name, value);
    }
    row
}

fn current(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let level = level(call);
    let user = call.state.store.user(call.caller.user).ok_or_else(RestError::user_dismissed)?;
    let mut row = row(user, level, true);
    row.remove("USER_TYPE");
    // Here the same dates are text, though not ISO.
    for (name, date) in [("TIMESTAMP_X", "02.04.2024 09:00:00"), ("LAST_ACTIVITY_DATE", "2026-11-12 09:00:00")] {
        if row.get(name).is_some() {
            row.set(name, date);
        }
    }
    Ok(Reply::of(row))
}

fn get(call: &mut Call<'_>) -> Result<Reply, RestError> {
    // With `filter` given, nothing else filters.
    let filter = match call.params.first_of(&["filter", "FILTER"]) {
        Some(Value::Array(filter)) => filter.clone(),
        _ => call.params.clone(),
    };
    let level = level(call);
    let known = |name: &str| {
        let name = name.to_ascii_uppercase();
        FIELDS.iter().find(|(own, _, needed, _)| *own == name && *needed <= level).map(|(_, kind, _, _)| *kind)
    };
    let (conditions, dropped) = filter::legacy(&filter, known);
    let parameters = ["filter", "select", "order", "sort", "start", "auth", "access_token", "admin_mode"];
    let asked = |dropped: &Dropped| !parameters.contains(&dropped.field.to_ascii_lowercase().as_str());
    call.note(dropped.into_iter().filter(asked).collect());
    answer(call, level, |user| conditions.iter().all(|condition| holds(condition, user)))
}

fn holds(condition: &Condition, user: &Array) -> bool {
    let field = condition.field.to_ascii_uppercase();
    match (field.as_str(), user.get(&field)) {
        ("UF_DEPARTMENT", departments) => {
            let own: Vec<i64> =
                departments.map(|list| list.each().iter().map(|id| id.int()).collect()).unwrap_or_default();
            condition.holds_ids(&own)
        }
        ("ACTIVE", active) => {
            let wanted = condition.wanted.each().first().map(|wanted| wanted.text()).unwrap_or_default();
            active.is_some_and(Value::truthy) == matches!(wanted.to_ascii_lowercase().as_str(), "1" | "y" | "true")
        }
        (_, value) => condition.holds(value.unwrap_or(&Value::Null)),
    }
}

fn search(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let filter = call.array_param("filter")?;
    let find = filter.get("FIND").or_else(|| call.param("FIND")).map(Value::text).unwrap_or_default().to_lowercase();
    let level = level(call);
    answer(call, level, |user| {
        ["NAME", "LAST_NAME", "WORK_POSITION"]
            .iter()
            .any(|name| user.get(name).is_some_and(|value| value.text().to_lowercase().starts_with(&find)))
    })
}

/// The users `wanted` picks that the caller may see: an employee sees employees and the extranet users of shared groups, an
/// extranet user (who shares no group here) only themselves, an administrator everybody.
fn answer(call: &mut Call<'_>, level: Level, wanted: impl Fn(&Array) -> bool) -> Result<Reply, RestError> {
    let store = &call.state.store;
    let caller = call.caller.user;
    let visible = |user: &Array| {
        let id = user.get("ID").map_or(0, Value::int);
        let stranger = user.get("SHARES_GROUP").is_some_and(|shares| !shares.truthy());
        id == caller || store.is_admin(caller) || !stranger && !store.is_extranet(caller)
    };
    let mut rows: Vec<Array> = store
        .users
        .iter()
        .filter(|user| visible(user) && wanted(user))
        .map(|user| row(user, level, user.get("ID").map_or(0, Value::int) == caller))
        .collect();
    let by = call.params.first_of(&["sort", "SORT"]).map_or("ID".to_owned(), Value::text);
    let direction = call.params.first_of(&["order", "ORDER"]).cloned().unwrap_or(Value::Null);
    let order = match direction {
        Value::Array(order) => order,
        direction => map! { by => direction },
    };
    list::sort(&mut rows, &order, |row, name| {
        row.get(name).map(|value| if name == "ID" { value.int().into() } else { value.clone() })
    });
    if let Some(select) = call.param("select").and_then(Value::array).filter(|select| !select.is_empty()) {
        let wanted: Vec<String> = select.values().map(Value::text).collect();
        if !wanted.iter().any(|name| name == "*") {
            rows = rows.iter().map(|row| picked(row, &wanted)).collect();
        }
    }
    let page = list::page(call, rows);
    // Nobody found: no `total` at all.
    if page.total == Some(0) {
        return Ok(Reply::of(Array::default()));
    }
    Ok(page.legacy())
}

fn picked(row: &Array, wanted: &[String]) -> Array {
    let mut picked = Array::default();
    for (key, value) in row.iter().filter(|(key, _)| wanted.contains(&key.text())) {
        picked.set(key.clone(), value.clone());
    }
    picked
}

fn fields(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let level = level(call);
    let mut fields = Array::default();
    for (name, _, _, title) in FIELDS.iter().filter(|(_, _, needed, _)| *needed <= level) {
        fields.set(*name, *title);
    }
    Ok(Reply::of(fields))
}

fn departments(call: &mut Call<'_>) -> Result<Reply, RestError> {
    let wanted = call.params.first_of(&["ID", "id"]).map(Value::text);
    let own = |row: &&Array| wanted.is_none() || row.get("ID").map(Value::text) == wanted;
    let rows = call.state.store.departments.iter().filter(own).cloned().collect();
    Ok(list::page(call, rows).legacy())
}
