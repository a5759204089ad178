//! Encoding of parameters as a query that PHP reads as the same parameters.

use std::fmt;

use form_urlencoded::byte_serialize;
use serde_json::{Map, Number, Value};

use super::{MAX_DEPTH, is_space};

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
    let mut query = Query::default();
    for (name, value) in params {
        let path =
            ParamPath { shown: name.clone(), written: byte_serialize(name.as_bytes()).collect(), depth: 0 };
        match top_problem(name) {
            Some(problem) => return Err(path.refused(problem)),
            None => query.value(&path, value)?,
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

/// The path of a value: readable, and as written in a query.
struct ParamPath {
    shown: String,
    written: String,
    depth: usize,
}

impl ParamPath {
    fn inside(&self, key: &str) -> Self {
        let written: String = byte_serialize(key.as_bytes()).collect();
        Self {
            shown: format!("{}[{key}]", self.shown),
            written: format!("{}[{written}]", self.written),
            depth: self.depth + 1,
        }
    }

    fn refused(&self, problem: &'static str) -> EncodeError {
        EncodeError { path: self.shown.clone(), problem }
    }
}

#[derive(Default)]
struct Query {
    text: String,
    values: usize,
}

impl Query {
    fn value(&mut self, path: &ParamPath, value: &Value) -> Result<(), EncodeError> {
        if path.depth > MAX_DEPTH {
            return Err(path.refused("is nested deeper than PHP reads a query"));
        }
        match value {
            Value::Null => Err(path.refused("is null, which a query cannot express: set a value or omit it")),
            Value::Bool(flag) => self.text(path, if *flag { "1" } else { "0" }),
            Value::Number(number) => self.text(path, &digits(number)),
            Value::String(text) => self.text(path, text),
            Value::Array(items) if items.is_empty() => Err(path.refused(EMPTY)),
            Value::Object(fields) if fields.is_empty() => Err(path.refused(EMPTY)),
            Value::Array(items) => {
                let mut items = items.iter().enumerate();
                items.try_for_each(|(key, item)| self.value(&path.inside(&key.to_string()), item))
            }
            Value::Object(fields) => fields.iter().try_for_each(|(key, field)| {
                let path = path.inside(key);
                key_problem(key)
                    .map_or_else(|| self.value(&path, field), |problem| Err(path.refused(problem)))
            }),
        }
    }

    fn text(&mut self, path: &ParamPath, text: &str) -> Result<(), EncodeError> {
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(path.refused("exceeds the 1000 values that PHP reads from a query"));
        }
        if !self.text.is_empty() {
            self.text.push('&');
        }
        self.text.push_str(&path.written);
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
