//! How numbers, flags and empty values are written in responses.

use indexmap::IndexMap;
use serde_json::{Number, Value, json};

use super::fits;
use super::plausible::Maker;
use super::samples::Seed;
use crate::php;
use crate::spec::{Api, JsonType, Schema};

/// Modules whose methods write numbers as text although the names of their fields are in camel case.
const TEXT_MODULES: [&str; 1] = ["tasks."];

/// How the numbers of an object are written. Objects with names in upper case, those of the classic methods of REST 2, have their
/// numbers as text; others have numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    api: Api,
    module_has_text: bool,
    text: bool,
}

impl Form {
    /// The form of a method's results.
    pub(crate) fn of(api: Api, method: &str) -> Self {
        let method = method.to_ascii_lowercase();
        let module_has_text = api == Api::V2 && TEXT_MODULES.iter().any(|module| method.starts_with(module));
        Self { api, module_has_text, text: false }
    }

    /// The form inside an object.
    pub(crate) fn of_object(self, schema: &Schema) -> Self {
        let classic = schema.properties.keys().any(|name| name.contains(|c: char| c.is_ascii_uppercase()))
            && !schema.properties.keys().any(|name| name.contains(|c: char| c.is_ascii_lowercase()));
        Self { text: self.api == Api::V2 && (classic || self.module_has_text), ..self }
    }

    /// A flag.
    pub(crate) fn flag(self, schema: &Schema, flag: bool) -> Value {
        match schema.format.as_deref() {
            Some("char") if flag => "Y".into(),
            Some("char") => "N".into(),
            _ => flag.into(),
        }
    }

    /// A whole number.
    pub(crate) fn integer(self, number: i64) -> Value {
        if self.text { number.to_string().into() } else { number.into() }
    }

    /// A decimal number.
    pub(crate) fn decimal(self, number: f64) -> Value {
        if self.text {
            return format!("{number:.2}").into();
        }
        Number::from_f64(number).map_or(Value::Null, Value::Number)
    }
}

/// A stored value as a result of this schema. A value that was written in another form than it is read, such as the content of a
/// file, is a plausible value of the documented type.
pub(crate) fn write(
    schema: &Schema,
    defs: &IndexMap<String, Schema>,
    form: Form,
    value: &Value,
    name: &str,
    seed: Seed,
) -> Value {
    let schema = schema.resolve(defs);
    if php::is_empty(value) && !value.is_boolean() {
        return empty(schema);
    }
    let written = match (schema.single(), value) {
        (Some(JsonType::Boolean), value) => form.flag(schema, php::is_true(value)),
        (Some(JsonType::Integer), Value::Bool(flag)) => form.integer(i64::from(*flag)),
        (Some(JsonType::Integer), Value::Number(number)) if number.is_i64() => {
            form.integer(php::integer(value))
        }
        (Some(JsonType::Number), Value::Number(number)) => form.decimal(number.as_f64().unwrap_or_default()),
        (Some(JsonType::String), Value::Number(_)) => php::text(value).into(),
        (Some(JsonType::Array), value) if !value.is_array() && schema.items.is_some() => json!([value]),
        _ => value.clone(),
    };
    if fits(schema, defs, &written) {
        return written;
    }
    Maker { defs, form }.value(schema, name, seed)
}

/// How "nothing" is written.
fn empty(schema: &Schema) -> Value {
    match schema.single() {
        Some(JsonType::Array | JsonType::Object) => json!([]),
        Some(JsonType::Boolean) if schema.format.as_deref() == Some("char") => "N".into(),
        Some(JsonType::String) if schema.is_date() => "".into(),
        _ => Value::Null,
    }
}
