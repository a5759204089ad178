//! Stored values as results: in the form of the wire, empty ones as the documented type is empty.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::fits;
use super::plausible::Maker;
use super::samples::Seed;
use super::wire_form::Form;
use crate::php;
use crate::spec::{JsonType, Schema};

/// A stored value as a result of this schema, of a field with this name in a row with this seed. A value that was written in
/// another form than it is read, such as the content of a file, is a plausible value of the documented type.
pub(crate) fn write(
    schema: &Schema,
    defs: &IndexMap<String, Schema>,
    form: Form,
    value: Value,
    (name, seed): (&str, Seed),
) -> Value {
    let schema = schema.resolve(defs);
    if php::is_empty(&value) && !value.is_boolean() {
        return Empty::of(schema).value();
    }
    let written = match (schema.single(), value) {
        (Some(JsonType::Boolean), value) => form.flag(schema, php::is_true(&value)),
        (Some(JsonType::Integer), Value::Bool(flag)) => form.integer(i64::from(flag)),
        (Some(JsonType::Integer), Value::Number(number)) if number.is_i64() => {
            form.integer(number.as_i64().unwrap_or_default())
        }
        (Some(JsonType::Number), Value::Number(number)) => form.decimal(number.as_f64().unwrap_or_default()),
        (Some(JsonType::String), value @ Value::Number(_)) => php::text(&value).into(),
        (Some(JsonType::Array), value) if !value.is_array() && schema.items.is_some() => json!([value]),
        (_, value) => value,
    };
    if fits(schema, defs, &written) {
        return written;
    }
    Maker { defs, form }.value(schema, name, seed.part(name))
}

/// How "nothing" is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Empty {
    List,
    No,
    Text,
    Null,
}

impl Empty {
    /// The way for a schema without references.
    pub(crate) fn of(schema: &Schema) -> Self {
        match schema.single() {
            Some(JsonType::Array | JsonType::Object) => Self::List,
            Some(JsonType::Boolean) if schema.format.as_deref() == Some("char") => Self::No,
            Some(JsonType::String) if schema.is_date() => Self::Text,
            _ => Self::Null,
        }
    }

    /// The value.
    fn value(self) -> Value {
        match self {
            Self::List => json!([]),
            Self::No => "N".into(),
            Self::Text => "".into(),
            Self::Null => Value::Null,
        }
    }

    /// The value as JSON.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::List => "[]",
            Self::No => "\"N\"",
            Self::Text => "\"\"",
            Self::Null => "null",
        }
    }
}
