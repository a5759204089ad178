//! Fields with several values, such as phone numbers: an added value gets an identifier, and one with an identifier is changed or
//! removed. A further field has the values of all of them.

use serde_json::{Map, Value, json};

use crate::families::{Follows, Several, fold};
use crate::php;
use crate::store::{Field, Table, last_value};

/// The type of a value that is given without one.
const TYPE: &str = "WORK";

/// A value of a field.
#[derive(Clone, Debug)]
struct One {
    id: i64,
    value: Value,
    kind: String,
}

/// The fields with several values and what follows from them, as far as they are among these. `id` is that of the row in the table.
pub(super) fn several(
    follows: &Follows,
    fields: &[Field<'_>],
    id: i64,
    table: Option<&Table>,
) -> Vec<Field<'static>> {
    let Some(several) = &follows.several else { return Vec::new() };
    let given = |name: &str| last_value(fields, &fold(name));
    if given(&several.all).is_none() && several.fields.keys().all(|name| given(name).is_none()) {
        return Vec::new();
    }
    let given = |name: &str| given(name).map(entries).unwrap_or_default();
    let all = given(&several.all);
    let mut last = last_id(several, id, table);
    let mut written = Vec::new();
    let mut every = Vec::new();
    for (field, flag) in &several.fields {
        let mut values = stored(field, id, table);
        let of_all = all.iter().filter(|entry| text(entry, "typeid").eq_ignore_ascii_case(field)).cloned();
        for entry in given(field).into_iter().chain(of_all) {
            merge(&mut values, &entry, &mut last);
        }
        if let Some(flag) = flag {
            written.push((fold(flag).into(), flag.clone().into(), (!values.is_empty()).into()));
        }
        every.extend(
            values
                .iter()
                .map(|one| json!({"id": one.id, "typeId": field, "valueType": one.kind, "value": one.value})),
        );
        let list = values
            .iter()
            .map(|one| json!({"ID": one.id, "TYPE_ID": field, "VALUE_TYPE": one.kind, "VALUE": one.value}));
        written.push((fold(field).into(), field.clone().into(), list.collect()));
    }
    written.push((fold(&several.all).into(), several.all.clone().into(), every.into()));
    written
}

/// The values that a request has for a field: a list, a map, or one.
fn entries(value: &Value) -> Vec<Map<String, Value>> {
    let entry = |value: &Value| match value {
        Value::Object(entry) => Some(entry.clone()),
        Value::String(text) => Some(Map::from_iter([("VALUE".to_owned(), text.as_str().into())])),
        _ => None,
    };
    match value {
        Value::Array(several) => several.iter().filter_map(entry).collect(),
        Value::Object(one) if one.keys().any(|name| fold(name) == "value") => vec![one.clone()],
        Value::Object(several) => several.values().filter_map(entry).collect(),
        one => entry(one).into_iter().collect(),
    }
}

/// A property of an entry, by its folded name.
fn property<'e>(entry: &'e Map<String, Value>, folded: &str) -> Option<&'e Value> {
    entry.iter().find(|(name, _)| fold(name) == folded).map(|(_, value)| value)
}

fn text(entry: &Map<String, Value>, folded: &str) -> String {
    property(entry, folded).map(php::text).unwrap_or_default()
}

/// The values that a row has.
fn stored(field: &str, id: i64, table: Option<&Table>) -> Vec<One> {
    let value = table.and_then(|table| table.row(id)?.value(table.column(&fold(field))?));
    let entries = value.as_ref().map(entries).unwrap_or_default();
    let one = |entry: &Map<String, Value>| One {
        id: property(entry, "id").map_or(0, php::integer),
        value: property(entry, "value").cloned().unwrap_or_default(),
        kind: text(entry, "valuetype"),
    };
    entries.iter().map(one).collect()
}

/// The greatest identifier of a value of a row, which those of other rows do not have.
fn last_id(several: &Several, id: i64, table: Option<&Table>) -> i64 {
    const VALUES_OF_A_ROW: i64 = 1_000;
    let of_row = several.fields.keys().flat_map(|field| stored(field, id, table)).map(|one| one.id);
    of_row.max().unwrap_or(0).max((id - 1).saturating_mul(VALUES_OF_A_ROW))
}

/// Adds, changes or removes a value.
fn merge(known: &mut Vec<One>, entry: &Map<String, Value>, last: &mut i64) {
    let id = property(entry, "id").map_or(0, php::integer);
    let value = property(entry, "value").filter(|value| !php::is_empty(value));
    let is_removed = property(entry, "delete").is_some_and(php::is_true)
        || property(entry, "value").is_some() && value.is_none();
    let kind = Some(text(entry, "valuetype")).filter(|kind| !kind.is_empty());
    match known.iter_mut().find(|one| id > 0 && one.id == id) {
        Some(_) if is_removed => known.retain(|one| one.id != id),
        Some(one) => {
            one.value = value.cloned().unwrap_or_else(|| one.value.clone());
            one.kind = kind.unwrap_or_else(|| one.kind.clone());
        }
        None => {
            if let Some(value) = value.filter(|_| !is_removed) {
                *last += 1;
                let kind = kind.unwrap_or_else(|| TYPE.to_owned());
                known.push(One { id: *last, value: value.clone(), kind });
            }
        }
    }
}
