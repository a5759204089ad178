//! The shape of a value.

use serde_json::{Map, Value};

use super::error_code::is_code;
use super::keys::{self, ShapedKeys};
use super::texts;

/// How many rows of different shapes a list keeps.
const MAX_ROWS: usize = 10;

/// Lists of this length stay whole: their items may have a meaning by position, such as the name and the content of a file.
const SHORT_LIST: usize = 2;

/// The shape of a value: its type, and nothing of its content.
///
/// - `null`, booleans, `"Y"`, `"N"`, `""`, `0`, `"0"`, empty lists and empty objects stay.
/// - Other integers become `1`, fractions `1.5`, digits `"1"`, decimals `"1.50"`; digits with a leading zero become `"01"`.
/// - Dates keep their form, with fixed digits: `"2000-01-01T00:00:00+03:00"`, `"20.01.2000"`.
/// - Other texts become `"text"`.
/// - Lists keep at most ten items, each of another shape. So do objects whose keys are all data, such as identifiers.
/// - Keys stay. Numbers, and keys that look like data, are replaced by small numbers and by `key_1`, `key_2`, …; long numbers
///   inside of keys are replaced: `UF_CRM_1721244707107` becomes `UF_CRM_1`.
///
/// A shape is its own shape.
///
/// ```
/// use bitrix24_core::json;
/// use bitrix24_core::recording::shape;
/// let user = json!({"ID": "35943", "NAME": "Anna", "ACTIVE": true, "LAST_LOGIN": "2024-05-06T07:08:09+05:00"});
/// let expected = json!({"ID": "1", "NAME": "text", "ACTIVE": true, "LAST_LOGIN": "2000-01-01T00:00:00+03:00"});
/// assert_eq!(shape(&user), expected);
/// ```
pub fn shape(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Number(number) if number.as_f64() == Some(0.0) => value.clone(),
        Value::Number(number) if number.is_f64() => Value::from(1.5),
        Value::Number(_) => Value::from(1),
        Value::String(text) => Value::from(texts::shape(text)),
        Value::Array(items) => list(items),
        Value::Object(map) => object(map),
    }
}

/// The shape of parameters. All of them stay, also those by position.
pub(super) fn shape_params(params: &Value) -> Value {
    match params {
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::Object(map) => whole_object(map),
        other => shape(other),
    }
}

fn list(items: &[Value]) -> Value {
    if items.len() <= SHORT_LIST {
        return items.iter().map(shape).collect();
    }
    let mut shapes = Vec::new();
    for item in items {
        let shape = shape(item);
        if !shapes.contains(&shape) {
            shapes.push(shape);
        }
        if shapes.len() >= MAX_ROWS {
            break;
        }
    }
    Value::Array(shapes)
}

fn object(map: &Map<String, Value>) -> Value {
    if map.is_empty() || !map.keys().all(|key| keys::is_data(key)) {
        return whole_object(map);
    }
    // PHP writes a list with gaps, and a map by identifier, in this way: its values are rows.
    let mut names: Vec<&String> = Vec::new();
    let mut shapes: Vec<Value> = Vec::new();
    for (key, value) in map {
        if shapes.len() >= MAX_ROWS {
            break;
        }
        let shape = shape(value);
        if !shapes.contains(&shape) {
            names.push(key);
            shapes.push(shape);
        }
    }
    let mut shaped = ShapedKeys::of_rows(map.keys());
    names.into_iter().zip(shapes).map(|(name, value)| (shaped.next(name), value)).collect()
}

/// The shape of an object with all its keys.
fn whole_object(map: &Map<String, Value>) -> Value {
    let is_error = map.contains_key("error_description");
    whole_object_with(map, |key, value| match (is_error, key) {
        (true, "error") if is_code(value) => value.clone(),
        _ => shape(value),
    })
}

/// The same with another shape of the values.
pub(super) fn whole_object_with(map: &Map<String, Value>, of: impl Fn(&str, &Value) -> Value) -> Value {
    let mut shaped = ShapedKeys::of_rows(map.keys());
    map.iter().map(|(key, value)| (shaped.next(key), of(key, value))).collect()
}
