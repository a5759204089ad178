//! Encoding of parameters as a query that PHP reads as the same parameters.

use std::fmt;

use form_urlencoded::byte_serialize;
use serde_json::{Map, Number, Value};

use super::{MAX_DEPTH, Place, is_space};

/// The maximum number of values that PHP reads from one query: `max_input_vars` by default. It drops the others silently.
const MAX_VALUES: usize = 1000;

/// Encodes parameters as a query.
///
/// Strings are written unchanged, numbers in digits, and `true` and `false` as `1` and `0`: PHP itself writes `true` as `1` in
/// a query, and `0` is the only form of `false` that is neither lost nor read as true. If a method requires `Y` and `N`, its
/// request type has written them already.
///
/// ```
/// use bitrix24_core::{json, php};
/// let params = json!({"filter": {">ID": 5, "=TITLE": "A & B"}, "select": ["ID"], "active": true});
/// let query = php::encode(params.as_object().unwrap())?;
/// assert_eq!(query, "filter[%3EID]=5&filter[%3DTITLE]=A+%26+B&select[0]=ID&active=1");
/// # Ok::<(), php::EncodeError>(())
/// ```
///
/// # Errors
/// An [`EncodeError`] that names a parameter that PHP would read differently: `null`, an empty list or object, a name that PHP
/// changes, or more values than PHP reads.
pub fn encode(params: &Map<String, Value>) -> Result<String, EncodeError> {
    encode_fields(params)
}

/// Encodes some parameters as a query.
pub(crate) fn encode_fields<'p>(
    params: impl IntoIterator<Item = (&'p String, &'p Value)>,
) -> Result<String, EncodeError> {
    let mut query = Query::default();
    for (name, value) in params {
        let place = Place::top(name);
        match top_problem(name) {
            Some(problem) => return Err(refused(&place, problem)),
            None => {
                query.name.clear();
                query.name.extend(byte_serialize(name.as_bytes()));
                query.value(&place, value)?;
            }
        }
    }
    Ok(query.text)
}

/// The reason why a parameter cannot be written as a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError {
    path: String,
    problem: &'static str,
}

impl EncodeError {
    /// The parameter as PHP writes it: `fields[PHONE][0]`.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.path, self.problem)
    }
}

impl std::error::Error for EncodeError {}

fn refused(place: &Place<'_>, problem: &'static str) -> EncodeError {
    EncodeError { path: place.to_string(), problem }
}

#[derive(Default)]
struct Query {
    text: String,
    values: usize,
    /// The name of the value that is written, as in a query.
    name: String,
}

impl Query {
    fn value(&mut self, place: &Place<'_>, value: &Value) -> Result<(), EncodeError> {
        if place.depth > MAX_DEPTH {
            return Err(refused(place, "is nested deeper than PHP reads a query"));
        }
        match value {
            Value::Null => {
                Err(refused(place, "is null, which a query cannot express: set a value or omit it"))
            }
            Value::Bool(flag) => self.text(place, if *flag { "1" } else { "0" }),
            Value::Number(number) => self.text(place, &digits(number)),
            Value::String(text) => self.text(place, text),
            Value::Array(items) if items.is_empty() => Err(refused(place, EMPTY)),
            Value::Object(fields) if fields.is_empty() => Err(refused(place, EMPTY)),
            Value::Array(items) => {
                let mut items = items.iter().enumerate();
                items.try_for_each(|(key, item)| self.inside(&place.item(key), &key.to_string(), item))
            }
            Value::Object(fields) => fields.iter().try_for_each(|(key, field)| {
                let place = place.field(key);
                key_problem(key)
                    .map_or_else(|| self.inside(&place, key, field), |problem| Err(refused(&place, problem)))
            }),
        }
    }

    /// Writes the value of an entry of the present one.
    fn inside(&mut self, place: &Place<'_>, key: &str, value: &Value) -> Result<(), EncodeError> {
        let length = self.name.len();
        self.name.push('[');
        self.name.extend(byte_serialize(key.as_bytes()));
        self.name.push(']');
        self.value(place, value)?;
        self.name.truncate(length);
        Ok(())
    }

    fn text(&mut self, place: &Place<'_>, text: &str) -> Result<(), EncodeError> {
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(refused(place, "exceeds the 1000 values that PHP reads from a query"));
        }
        if !self.text.is_empty() {
            self.text.push('&');
        }
        self.text.push_str(&self.name);
        self.text.push('=');
        self.text.extend(byte_serialize(text.as_bytes()));
        Ok(())
    }
}

const EMPTY: &str = "is empty, which a query cannot express: omit it";

/// The number as in JSON, but without an exponent: PHP would stop before it.
fn digits(number: &Number) -> String {
    let text = number.to_string();
    match number.as_f64() {
        // Rust formats a float with all its digits.
        Some(float) if text.contains(['e', 'E']) => float.to_string(),
        _ => text,
    }
}

/// Why PHP would read the name of a parameter differently.
fn top_problem(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("is not a name: PHP drops a value without one")
    } else if name.contains([' ', '.', '[']) {
        Some("is a name in which PHP replaces the space, the dot or the bracket")
    } else if name.contains('\0') {
        Some("is a name that PHP cuts at the NUL")
    } else {
        None
    }
}

/// Why PHP would read a key in brackets differently.
fn key_problem(key: &str) -> Option<&'static str> {
    if key.is_empty() {
        Some("has no key: PHP would number it")
    } else if key.contains(']') {
        Some("has a key that PHP cuts at the bracket")
    } else if key.contains('\0') {
        Some("has a key that PHP cuts at the NUL")
    } else if key.len() == 1 && key.starts_with(is_space) {
        Some("has a key of white space: PHP would number it")
    } else {
        None
    }
}
