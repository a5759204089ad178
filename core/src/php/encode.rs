//! Parameters as a query that PHP reads as the same parameters.

use std::fmt;

use form_urlencoded::byte_serialize;
use serde_json::{Map, Number, Value};

use super::{DEPTH, is_space};

/// How many values PHP reads of one query: `max_input_vars` unless a server was given another. It drops the others without a
/// word to the caller.
const VALUES: usize = 1000;

/// Writes parameters as a query.
///
/// Texts go as they are, numbers in digits, and `true` and `false` as `1` and `0`: the first is what PHP itself makes of a
/// boolean in a query, and the second the only form of `false` that is neither lost nor taken for true. Where a method wants
/// `Y` and `N`, its request type has written them already.
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
/// An [`EncodeError`] that names what PHP would read as something else: `null`, an empty list or object, a name that it
/// changes, more than it reads.
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

/// What keeps a parameter from being said in a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError {
    path: String,
    problem: &'static str,
}

impl EncodeError {
    /// The parameter, as PHP writes it: `fields[PHONE][0]`.
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

/// Where a value stands: as a person reads it, and as a query has it.
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
        if path.depth > DEPTH {
            return Err(path.refused("lies deeper than PHP reads a query"));
        }
        match value {
            Value::Null => {
                Err(path.refused("is null, which a query cannot say: give it a value or leave it out"))
            }
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
        if self.values > VALUES {
            return Err(path.refused("is more than the 1000 values that PHP reads of a query"));
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

const EMPTY: &str = "is empty, which a query cannot say: leave it out";

/// The number as JSON has it, but for the exponent: what reads digits would stop before it.
fn digits(number: &Number) -> String {
    let text = number.to_string();
    match number.as_f64() {
        // Rust shows a float with all its digits.
        Some(float) if text.contains(['e', 'E']) => float.to_string(),
        _ => text,
    }
}

/// Why PHP would read the name of a parameter as another.
fn top_problem(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("is no name: PHP drops a value without one")
    } else if name.contains([' ', '.', '[']) {
        Some("is a name in which PHP replaces the space, the dot or the bracket")
    } else if name.contains('\0') {
        Some("is a name that PHP cuts at the NUL")
    } else {
        None
    }
}

/// Why PHP would read a key in brackets as another.
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
