//! What all list methods share: order and pages. Source: apidocs.bitrix24.com, "List methods" and "Working with large data".

use std::cmp::Ordering;

use super::{Call, Reply};
use crate::portal::clock;
use crate::portal::php::{Array, Value};

/// Rows per page, whatever a client asks for.
pub(super) const PAGE: usize = 50;

/// Sorts by the `order` parameter. `value` answers a row's value under a name, `None` for names it doesn't know: those are
/// ignored.
pub(super) fn sort<T>(rows: &mut [T], order: &Array, value: impl Fn(&T, &str) -> Option<Value>) {
    rows.sort_by(|left, right| {
        order.iter().fold(Ordering::Equal, |so_far, (name, direction)| {
            so_far.then_with(|| {
                let name = name.text();
                let ordering = match (value(left, &name), value(right, &name)) {
                    (Some(left), Some(right)) => compare(&left, &right),
                    _ => Ordering::Equal,
                };
                if direction.text().eq_ignore_ascii_case("desc") { ordering.reverse() } else { ordering }
            })
        })
    });
}

fn compare(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => left.float().total_cmp(&right.float()),
        _ => {
            let (left, right) = (left.text(), right.text());
            match (clock::parse(&left), clock::parse(&right)) {
                (Some(left), Some(right)) => left.cmp(&right),
                _ => left.to_lowercase().cmp(&right.to_lowercase()),
            }
        }
    }
}

/// One page of rows. `start` is rounded down to a whole page; -1 means the first page, uncounted.
pub(super) struct Page<T> {
    pub(super) rows: Vec<T>,
    pub(super) next: Option<i64>,
    /// `None` if the client asked not to count.
    pub(super) total: Option<i64>,
}

pub(super) fn page<T>(call: &Call<'_>, rows: Vec<T>) -> Page<T> {
    let start = call.param("start").or_else(|| call.param("START")).map_or(0, Value::int);
    if start < 0 {
        return Page { rows: rows.into_iter().take(PAGE).collect(), next: None, total: None };
    }
    let total = rows.len();
    let from = usize::try_from(start).unwrap_or_default() / PAGE * PAGE;
    let to = from.saturating_add(PAGE);
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    Page {
        rows: rows.into_iter().skip(from).take(PAGE).collect(),
        next: (to < total).then(|| number(to)),
        total: Some(number(total)),
    }
}

impl<T: Into<Value>> Page<T> {
    /// The legacy answer: an uncounted page says `"total":0`.
    pub(super) fn legacy(self) -> Reply {
        Reply { next: self.next, total: Some(self.total.unwrap_or(0)), ..Reply::of(self.rows) }
    }
}
