//! Conditions and orders.

use std::cmp::Ordering;

use serde_json::Value;

use super::table::{Row, Table};
use crate::php;

/// The operators before a field's name and what they mean, longer ones first.
const OPERATORS: [(&str, &str); 10] = [
    (">=", ">="),
    ("<=", "<="),
    ("!=", "!="),
    ("!@", "not in"),
    (">", ">"),
    ("<", "<"),
    ("@", "in"),
    ("!", "!="),
    ("=", "="),
    ("%", "contains"),
];

/// Whether a row meets the conditions.
pub(super) fn meets(table: &Table, row: &Row, filter: Option<&Value>) -> bool {
    match filter {
        Some(Value::Object(conditions)) => conditions.iter().all(|(key, expected)| {
            let (name, operator) = split_operator(key);
            holds(table, row, name, operator, expected)
        }),
        _ => true,
    }
}

/// The name of a field, and the operator before it.
fn split_operator(key: &str) -> (&str, &'static str) {
    let prefix = OPERATORS.iter().find_map(|(prefix, operator)| Some((key.strip_prefix(prefix)?, *operator)));
    prefix.unwrap_or((key, "="))
}

/// The rows in the range of identifiers of the conditions, if the table is sorted by identifier: all others fail the conditions
/// and need no check.
pub(super) fn narrow<'a>(table: &'a Table, filter: Option<&Value>) -> &'a [Row] {
    let mut rows = &table.rows[..];
    if !table.sorted {
        return rows;
    }
    let conditions: Vec<(&str, &str, &Value)> = match filter {
        Some(Value::Object(map)) => map
            .iter()
            .map(|(key, expected)| (split_operator(key).0, split_operator(key).1, expected))
            .collect(),
        _ => Vec::new(),
    };
    for (_, operator, expected) in conditions.into_iter().filter(|(name, _, _)| *name == table.id) {
        let expected = php::number(expected);
        let until = |keeps: &dyn Fn(f64) -> bool| rows.partition_point(|row| keeps(table.id_of(row) as f64));
        rows = match operator {
            ">" => &rows[until(&|id| id <= expected)..],
            ">=" => &rows[until(&|id| id < expected)..],
            "<" => &rows[..until(&|id| id < expected)],
            "<=" => &rows[..until(&|id| id <= expected)],
            _ => rows,
        };
    }
    rows
}

/// Whether an order is the reverse of the table's own; `None` if rows must be sorted.
pub(super) fn is_reverse_order(table: &Table, order: Option<&Value>) -> Option<bool> {
    let Some(Value::Object(order)) = order else { return Some(false) };
    let mut fields = order.iter();
    let Some((name, direction)) = fields.next() else { return Some(false) };
    (table.sorted && name == table.id && fields.next().is_none())
        .then(|| php::text(direction).eq_ignore_ascii_case("desc"))
}

/// Whether one condition holds. A condition on an unknown field is ignored, as portals do.
fn holds(table: &Table, row: &Row, name: &str, operator: &str, expected: &Value) -> bool {
    let Some(found) = table.field(row, name) else { return true };
    let compared = |expected: &Value| compare(found, expected);
    let equals_one = |expected: &Value| match expected {
        Value::Array(several) => several.iter().any(|one| compared(one).is_eq()),
        one => compared(one).is_eq(),
    };
    match operator {
        ">" => compared(expected).is_gt(),
        ">=" => compared(expected).is_ge(),
        "<" => compared(expected).is_lt(),
        "<=" => compared(expected).is_le(),
        "!=" | "not in" => !equals_one(expected),
        "contains" => php::text(found).contains(&php::text(expected)),
        _ => equals_one(expected),
    }
}

/// Compares a value with that of a condition: a number is compared as a number, and text that is not a number is then 0.
fn compare(found: &Value, expected: &Value) -> Ordering {
    match found {
        Value::Number(_) => php::number(found).total_cmp(&php::number(expected)),
        _ => php::text(found).cmp(&php::text(expected)),
    }
}

/// Sorts rows by the fields of `order`, the first of which is the most significant.
pub(super) fn sort(table: &Table, rows: &mut [&Row], order: Option<&Value>) {
    let Some(Value::Object(order)) = order else { return };
    rows.sort_by(|one, other| {
        let fields = order.iter().map(|(name, direction)| {
            let null = Value::Null;
            let (one, other) = (table.field(one, name), table.field(other, name));
            let ordering = compare(one.unwrap_or(&null), other.unwrap_or(&null));
            if php::text(direction).eq_ignore_ascii_case("desc") { ordering.reverse() } else { ordering }
        });
        fields.fold(Ordering::Equal, Ordering::then)
    });
}
