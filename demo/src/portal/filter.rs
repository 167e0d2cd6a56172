//! Filters, with every way in which the portal widens a result without saying so. Sources: module `main`
//! (`sql_util.php`, `sqlwhere.php`) and `crm` (`restservice.php`, `entity_helper.php`) of Bitrix24, and
//! apidocs.bitrix24.com on `crm.item.list`.

use super::clock;
use super::php::{Array, Key, Value};
use super::schema::Kind;

/// What a condition does with the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Equal,
    NotEqual,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    In,
    NotIn,
    Contains,
    NotContains,
    Like,
    NotLike,
}

/// Longest first, so that `!=%` isn't read as `!=`.
const PREFIXES: &[(&str, Op)] = &[
    ("!=%", Op::NotLike),
    ("!%=", Op::NotLike),
    ("!%", Op::NotContains),
    ("!@", Op::NotIn),
    ("!=", Op::NotEqual),
    (">=", Op::GreaterEqual),
    ("<=", Op::LessEqual),
    ("=%", Op::Like),
    ("%=", Op::Like),
    ("!", Op::NotEqual),
    (">", Op::Greater),
    ("<", Op::Less),
    ("@", Op::In),
    ("%", Op::Contains),
    ("=", Op::Equal),
];

/// `">=ID"` -> (`GreaterEqual`, `"ID"`).
pub(crate) fn split(key: &str) -> (Op, &str) {
    PREFIXES
        .iter()
        .find_map(|(prefix, op)| key.strip_prefix(prefix).map(|field| (*op, field)))
        .unwrap_or((Op::Equal, key))
}

/// One comparison.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) field: String,
    pub(crate) kind: Kind,
    pub(crate) op: Op,
    pub(crate) wanted: Value,
}

/// A condition the portal dropped: the result is wider than the client asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dropped {
    pub(crate) field: String,
    pub(crate) why: &'static str,
}

/// Reads a legacy filter. `kind_of` knows the fields of the type.
pub(crate) fn legacy(filter: &Array, kind_of: impl Fn(&str) -> Option<Kind>) -> (Vec<Condition>, Vec<Dropped>) {
    let mut conditions = Vec::new();
    let mut dropped = Vec::new();
    for (key, wanted) in filter.iter() {
        let text = key.text();
        let (op, field) = split(&text);
        let mut drop = |why| dropped.push(Dropped { field: text.clone(), why });
        let Some(kind) = kind_of(field) else {
            drop("unknown field");
            continue;
        };
        if kind == Kind::Multi && op != Op::Equal {
            drop("operator not known for multifields");
            continue;
        }
        if wanted.array().is_some_and(Array::is_empty) {
            drop("empty array");
            continue;
        }
        let op = match (op, kind) {
            (Op::Like | Op::Contains, Kind::Status(_) | Kind::Ref(_)) => Op::Equal,
            (Op::NotLike | Op::NotContains, Kind::Status(_) | Kind::Ref(_)) => Op::NotEqual,
            (op, _) => op,
        };
        conditions.push(Condition { field: field.to_owned(), kind, op, wanted: wanted.clone() });
    }
    (conditions, dropped)
}

/// A universal filter: conditions and groups joined by one operator.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    any: bool,
    conditions: Vec<Condition>,
    groups: Vec<Self>,
}

impl Group {
    /// Reads a `crm.item.list` filter.
    ///
    /// # Errors
    ///
    /// The name of the first field `kind_of` doesn't know.
    pub(crate) fn read(filter: &Array, kind_of: &dyn Fn(&str) -> Option<Kind>) -> Result<Self, String> {
        let mut group = Self::default();
        for (key, wanted) in filter.iter() {
            match (key, wanted) {
                (Key::Str(name), wanted) if name.eq_ignore_ascii_case("logic") => {
                    group.any = wanted.text().eq_ignore_ascii_case("or");
                }
                (Key::Int(_), Value::Array(inner)) => group.groups.push(Self::read(inner, kind_of)?),
                _ => {
                    let text = key.text();
                    let (op, field) = split(&text);
                    let kind = kind_of(field).ok_or_else(|| field.to_owned())?;
                    group.conditions.push(Condition { field: field.to_owned(), kind, op, wanted: wanted.clone() });
                }
            }
        }
        Ok(group)
    }

    pub(crate) fn matches(&self, test: &dyn Fn(&Condition) -> bool) -> bool {
        let mut verdicts = self.conditions.iter().map(test).chain(self.groups.iter().map(|group| group.matches(test)));
        if self.any && !(self.conditions.is_empty() && self.groups.is_empty()) {
            verdicts.any(|verdict| verdict)
        } else {
            verdicts.all(|verdict| verdict)
        }
    }
}

impl Condition {
    /// Whether one kept value fulfils the condition.
    pub(crate) fn holds(&self, own: &Value) -> bool {
        match self.op {
            Op::Equal | Op::In => self.is_any(own),
            Op::NotEqual | Op::NotIn => !self.is_any(own),
            Op::Greater => self.order(own).is_some_and(std::cmp::Ordering::is_gt),
            Op::GreaterEqual => self.order(own).is_some_and(std::cmp::Ordering::is_ge),
            Op::Less => self.order(own).is_some_and(std::cmp::Ordering::is_lt),
            Op::LessEqual => self.order(own).is_some_and(std::cmp::Ordering::is_le),
            Op::Contains => self.is_like(own, true),
            Op::NotContains => !self.is_like(own, true),
            Op::Like => self.is_like(own, false),
            Op::NotLike => !self.is_like(own, false),
        }
    }

    /// The legacy rule for e-mails and phones: a prefix of the first wanted value only.
    pub(crate) fn holds_multi<'a>(&self, own: impl IntoIterator<Item = &'a str>) -> bool {
        let wanted = self.wanted.each().first().map(|value| value.text().to_lowercase()).unwrap_or_default();
        own.into_iter().any(|value| value.to_lowercase().starts_with(&wanted))
    }

    /// For fields with several ids: whether any of them is wanted.
    pub(crate) fn holds_ids(&self, own: &[i64]) -> bool {
        let found = self.wanted.each().iter().any(|wanted| own.contains(&wanted.int()));
        if matches!(self.op, Op::NotEqual | Op::NotIn) { !found } else { found }
    }

    fn is_any(&self, own: &Value) -> bool {
        self.wanted.each().iter().any(|wanted| same(self.kind, own, wanted))
    }

    fn order(&self, own: &Value) -> Option<std::cmp::Ordering> {
        let wanted = *self.wanted.each().first()?;
        match self.kind {
            Kind::DateTime | Kind::Date => clock::parse(&own.text())?.partial_cmp(&clock::parse(&wanted.text())?),
            Kind::Int | Kind::User | Kind::Ref(_) | Kind::Money | Kind::Enumeration => {
                own.float().partial_cmp(&wanted.float())
            }
            Kind::Text | Kind::Status(_) | Kind::Currency | Kind::Flag | Kind::Multi => {
                Some(own.text().to_lowercase().cmp(&wanted.text().to_lowercase()))
            }
        }
    }

    fn is_like(&self, own: &Value, anywhere: bool) -> bool {
        let own: Vec<char> = own.text().to_lowercase().chars().collect();
        self.wanted.each().iter().any(|wanted| {
            let wanted = wanted.text().to_lowercase();
            let pattern = if anywhere { format!("%{wanted}%") } else { wanted };
            like(&pattern.chars().collect::<Vec<_>>(), &own)
        })
    }
}

/// Equality as the database sees it: numbers by value (a word counts as 0), text without case, "" like NULL.
fn same(kind: Kind, own: &Value, wanted: &Value) -> bool {
    let empty = matches!(wanted, Value::Null | Value::Bool(false)) || wanted.str() == Some("");
    match kind {
        Kind::Int | Kind::User | Kind::Ref(_) | Kind::Enumeration => {
            if *own == Value::Null {
                empty
            } else {
                own.int() == wanted.int()
            }
        }
        Kind::Money => (own.float() - wanted.float()).abs() < 0.005,
        Kind::DateTime | Kind::Date => clock::parse(&own.text()) == clock::parse(&wanted.text()),
        Kind::Text | Kind::Status(_) | Kind::Currency | Kind::Flag | Kind::Multi => {
            own.text().to_lowercase() == wanted.text().to_lowercase()
        }
    }
}

/// SQL's LIKE.
fn like(pattern: &[char], text: &[char]) -> bool {
    // `star` is where to go on after the last `%`, `mark` the text position that attempt began with.
    let (mut p, mut t, mut star, mut mark) = (0, 0, None, 0);
    while t < text.len() {
        if p < pattern.len() && pattern[p] == '%' {
            p += 1;
            star = Some(p);
            mark = t;
        } else if p < pattern.len() && (pattern[p] == '_' || pattern[p] == text[t]) {
            p += 1;
            t += 1;
        } else if let Some(after) = star {
            p = after;
            mark += 1;
            t = mark;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|character| *character == '%')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::php::map;
    use crate::portal::schema::{Entity, legacy_field};

    fn contact(filter: &Array) -> (Vec<Condition>, Vec<Dropped>) {
        legacy(filter, |name| legacy_field(Entity::Contact, name).map(|field| field.kind))
    }

    fn dropped(filter: &Array) -> Vec<&'static str> {
        contact(filter).1.iter().map(|dropped| dropped.why).collect()
    }

    #[test]
    fn every_prefix_is_read() {
        for (key, op) in [
            ("ID", Op::Equal),
            ("=ID", Op::Equal),
            ("!ID", Op::NotEqual),
            ("!=ID", Op::NotEqual),
            (">ID", Op::Greater),
            (">=ID", Op::GreaterEqual),
            ("<ID", Op::Less),
            ("<=ID", Op::LessEqual),
            ("@ID", Op::In),
            ("!@ID", Op::NotIn),
            ("%ID", Op::Contains),
            ("=%ID", Op::Like),
            ("%=ID", Op::Like),
            ("!%ID", Op::NotContains),
            ("!=%ID", Op::NotLike),
        ] {
            assert_eq!(split(key), (op, "ID"), "{key}");
        }
    }

    #[test]
    fn legacy_filters_lose_what_they_do_not_know() {
        assert_eq!(dropped(&map! { "@ID" => Array::default() }), ["empty array"]);
        assert_eq!(dropped(&map! { "@EMAIL" => "a@x.example" }), ["operator not known for multifields"]);
        assert_eq!(dropped(&map! { "%EMAIL" => "a@x.example" }), ["operator not known for multifields"]);
        assert_eq!(dropped(&map! { "CONTACT_IDS" => 1 }), ["unknown field"]);
        assert_eq!(dropped(&map! { "id" => 1 }), ["unknown field"]);
        assert!(dropped(&map! { "EMAIL" => "a@x.example", "@ID" => vec![1] }).is_empty());
    }

    #[test]
    fn an_email_is_a_prefix_of_the_first_value() {
        let (conditions, _) = contact(&map! { "EMAIL" => vec!["ann@x.example", "bob@x.example"] });
        assert!(conditions[0].holds_multi(["ANN@x.example.org"]));
        assert!(!conditions[0].holds_multi(["bob@x.example"]));
    }

    #[test]
    fn like_on_a_directory_is_equality() {
        let (conditions, _) = contact(&map! { "%SOURCE_ID" => "WE", "%COMPANY_ID" => "1" });
        assert!(!conditions[0].holds(&"WEB".into()));
        assert!(!conditions[1].holds(&11.into()));
    }

    #[test]
    fn ids_are_cast_before_they_are_compared() {
        let (conditions, _) = contact(&map! { "@ID" => vec![Value::from(map! { "CONTACT" => vec![9] })] });
        assert!(conditions[0].holds(&1.into()), "an array casts to 1");
        assert!(!conditions[0].holds(&9.into()));
        let (conditions, _) = contact(&map! { "ID" => "12abc" });
        assert!(conditions[0].holds(&12.into()));
    }

    #[test]
    fn order_and_text_compare_like_a_database() {
        let (conditions, _) = contact(&map! {
            ">=DATE_CREATE" => "2026-11-12T00:00:00+01:00", "NAME" => "marie", "=%LAST_NAME" => "rou_s%", "!NAME" => "Tom",
        });
        assert!(conditions[0].holds(&"2026-11-11T23:00:00Z".into()));
        assert!(conditions[1].holds(&"Marie".into()));
        assert!(conditions[2].holds(&"Rousseau".into()));
        assert!(conditions[3].holds(&"Marie".into()));
        assert!(!like(&['%', 'a'], &['a', 'b']));
        assert!(like(&['%', 'b', '%', 'b'], &['a', 'b', 'c', 'b']));
    }

    #[test]
    fn universal_filters_nest_and_refuse_unknown_fields() {
        let kind = |name: &str| (name == "id").then_some(Kind::Int);
        let filter = map! { "0" => map! { "logic" => "OR", "0" => map! { "id" => 1 }, "1" => map! { "id" => 2 } } };
        let group = Group::read(&filter, &kind).unwrap();
        assert!(group.matches(&|condition| condition.holds(&2.into())));
        assert!(!group.matches(&|condition| condition.holds(&3.into())));
        assert_eq!(Group::read(&map! { ">=ID" => 1 }, &kind).unwrap_err(), "ID");
        let empty = Group::read(&map! { "@id" => Array::default() }, &kind).unwrap();
        assert!(!empty.matches(&|condition| condition.holds(&1.into())), "an empty array matches nothing here");
    }
}
