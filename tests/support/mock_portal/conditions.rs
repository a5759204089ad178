//! Conditions and orders in both dialects.

use std::cmp::Ordering;

use serde_json::Value;

use super::php;
use super::table::{Row, Table};

/// The operators before a field's name and their meaning, longer ones first.
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

/// Whether a row meets the conditions: an object of REST 2 or a list of REST 3.
pub fn meets(table: &Table, row: &Row, filter: Option<&Value>) -> bool {
    match filter {
        Some(Value::Object(conditions)) => conditions.iter().all(|(key, wanted)| {
            let (name, means) = parted(key);
            holds(table, row, name, means, wanted)
        }),
        Some(Value::Array(conditions)) => conditions.iter().all(|condition| meets_v3(table, row, condition)),
        _ => true,
    }
}

/// The name of a field, and the meaning of the operator before it.
fn parted(key: &str) -> (&str, &'static str) {
    let mark = OPERATORS.iter().find_map(|(mark, means)| Some((key.strip_prefix(mark)?, *means)));
    mark.unwrap_or((key, "="))
}

/// The rows in the range of identifiers of the conditions, if the table is sorted by identifier: all others fail the conditions
/// and need no check.
pub fn narrowed<'a>(table: &'a Table, filter: Option<&Value>) -> &'a [Row] {
    let mut rows = &table.rows[..];
    if !table.sorted {
        return rows;
    }
    let conditions: Vec<(&str, &str, &Value)> = match filter {
        Some(Value::Object(map)) => {
            map.iter().map(|(key, wanted)| (parted(key).0, parted(key).1, wanted)).collect()
        }
        Some(Value::Array(list)) => list.iter().filter_map(triple).collect(),
        _ => Vec::new(),
    };
    for (_, means, wanted) in conditions.into_iter().filter(|(name, _, _)| *name == table.id) {
        let wanted = php::number(wanted);
        let until = |keeps: &dyn Fn(f64) -> bool| rows.partition_point(|row| keeps(table.id_of(row) as f64));
        rows = match means {
            ">" => &rows[until(&|id| id <= wanted)..],
            ">=" => &rows[until(&|id| id < wanted)..],
            "<" => &rows[..until(&|id| id < wanted)],
            "<=" => &rows[..until(&|id| id <= wanted)],
            _ => rows,
        };
    }
    rows
}

fn triple(condition: &Value) -> Option<(&str, &str, &Value)> {
    match condition.as_array()?.as_slice() {
        [Value::String(name), Value::String(means), wanted] => Some((name, means, wanted)),
        _ => None,
    }
}

/// Whether an order is the reverse of the table's own; `None` if rows must be sorted.
pub fn descends(table: &Table, order: Option<&Value>) -> Option<bool> {
    let Some(Value::Object(order)) = order else { return Some(false) };
    let mut fields = order.iter();
    let Some((name, direction)) = fields.next() else { return Some(false) };
    (table.sorted && name == table.id && fields.next().is_none())
        .then(|| php::text(direction).eq_ignore_ascii_case("desc"))
}

fn meets_v3(table: &Table, row: &Row, condition: &Value) -> bool {
    match condition {
        Value::Array(parts) => match &parts[..] {
            [Value::String(name), wanted] => holds(table, row, name, "=", wanted),
            [Value::String(name), Value::String(means), wanted] => holds(table, row, name, means, wanted),
            _ => true,
        },
        Value::Object(group) => {
            let parts = group.get("conditions").and_then(Value::as_array).into_iter().flatten();
            let mut met = parts.map(|part| meets_v3(table, row, part));
            if group.get("logic").is_some_and(|logic| logic == "or") {
                met.any(|met| met)
            } else {
                met.all(|met| met)
            }
        }
        _ => true,
    }
}

/// Whether one condition holds. A condition on an unknown field is ignored, as portals do.
fn holds(table: &Table, row: &Row, name: &str, means: &str, wanted: &Value) -> bool {
    let Some(found) = table.field(row, name) else { return true };
    let compared = |wanted: &Value| compare(found, wanted);
    let equals_one = |wanted: &Value| match wanted {
        Value::Array(several) => several.iter().any(|one| compared(one).is_eq()),
        one => compared(one).is_eq(),
    };
    match means {
        ">" => compared(wanted).is_gt(),
        ">=" => compared(wanted).is_ge(),
        "<" => compared(wanted).is_lt(),
        "<=" => compared(wanted).is_le(),
        "!=" | "not in" => !equals_one(wanted),
        "contains" => php::text(found).contains(&php::text(wanted)),
        "between" => compared(&wanted[0]).is_ge() && compared(&wanted[1]).is_le(),
        _ => equals_one(wanted),
    }
}

/// Compares a value with that of a condition: a number is compared as a number, and text that is not a number is then 0.
fn compare(found: &Value, wanted: &Value) -> Ordering {
    match found {
        Value::Number(_) => php::number(found).total_cmp(&php::number(wanted)),
        _ => php::text(found).cmp(&php::text(wanted)),
    }
}

/// Sorts rows by the fields of `order`, the first of which is the most significant.
pub fn sort(table: &Table, rows: &mut [&Row], order: Option<&Value>) {
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
