//! The forms in which a portal sends each kind of value, as shared schemas.
//!
//! They accept whatever `core/src/wire` reads: [`accepts`](crate::schema::accepts) is the same in code, and property tests compare
//! the two. Where a schema cannot be as strict, it accepts more.

use serde_json::{Value, json};

use super::dialect::Dialect;

/// A number without a fraction, in digits or with an exponent.
const INTEGER_TEXT: &str = r"^\s*[+-]?([0-9]+\.?0*|\.0+|([0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+)\s*$";
/// A number in decimal notation.
const NUMBER_TEXT: &str = r"^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*$";
/// A flag as a text, in any case.
const FLAG_TEXT: &str = r"^\s*([YyNn10]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])\s*$";
/// The keys of a list with gaps.
const INDEX: &str = r"^[+-]?[0-9]+$";

/// A kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wire {
    /// PHP's five forms of nothing.
    Empty,
    /// An empty list, which is PHP's empty object.
    EmptyList,
    /// Any list: PHP writes an object whose keys are 0, 1, 2 … as a list.
    List,
    /// A list with gaps, which PHP writes as an object.
    SparseList,
    Text,
    Integer,
    Number,
    Flag,
    Date,
}

/// A kind of value, and whether a form of nothing may be in its place.
pub(super) type WireForm = (Wire, bool);

/// The name of a shared schema. Names of methods and entities have no hyphen.
pub(super) fn wire_name((kind, or_empty): WireForm) -> String {
    let name = match kind {
        Wire::Empty => "empty",
        Wire::EmptyList => "empty-list",
        Wire::List => "list",
        Wire::SparseList => "sparse-list",
        Wire::Text => "text",
        Wire::Integer => "integer",
        Wire::Number => "number",
        Wire::Flag => "flag",
        Wire::Date => "date",
    };
    format!("wire-{name}{}", if or_empty { "-or-empty" } else { "" })
}

/// What a value of a kind is.
pub(super) fn description(kind: Wire) -> &'static str {
    match kind {
        Wire::Empty => "Nothing: `null`, an empty text, `false`, an empty list or an empty object.",
        Wire::EmptyList => "An empty list, in place of an empty object.",
        Wire::List => "An object whose keys are 0, 1, 2 and so on, as a list.",
        Wire::SparseList => "A list with gaps, as an object whose keys are the indexes.",
        Wire::Text => "A text. Digits may be a number.",
        Wire::Integer => "An integer, also as a text.",
        Wire::Number => "A number, also as a text.",
        Wire::Flag => "A flag: a boolean, 1 or 0, or a text with Y, N, 1, 0, true or false.",
        Wire::Date => "A date, with or without a time. Portals use several notations.",
    }
}

/// The schema of a kind of value.
pub(super) fn wire_forms(kind: Wire, dialect: Dialect) -> Value {
    let mut schema = json!({"description": description(kind)});
    let mut forms = forms(kind, dialect);
    match (&mut schema, forms.pop()) {
        (Value::Object(schema), Some(Value::Object(only))) if forms.is_empty() => schema.extend(only),
        (schema, last) => {
            forms.extend(last);
            schema["anyOf"] = Value::Array(forms);
        }
    }
    schema
}

fn forms(kind: Wire, dialect: Dialect) -> Vec<Value> {
    let text = |pattern: &str| json!({"type": "string", "pattern": pattern});
    match kind {
        Wire::Empty => empty(dialect),
        Wire::EmptyList => vec![json!({"type": "array", "items": {}, "maxItems": 0})],
        Wire::List => vec![json!({"type": "array", "items": {}})],
        Wire::SparseList => vec![sparse_list(dialect)],
        Wire::Text => vec![json!({"type": "string"}), json!({"type": "number"})],
        Wire::Integer => vec![json!({"type": "integer", "format": "int64"}), text(INTEGER_TEXT)],
        Wire::Number => vec![json!({"type": "number"}), text(NUMBER_TEXT)],
        Wire::Flag => {
            vec![json!({"type": "boolean"}), json!({"type": "number", "enum": [0, 1]}), text(FLAG_TEXT)]
        }
        Wire::Date => vec![json!({"type": "string", "minLength": 1})],
    }
}

fn empty(dialect: Dialect) -> Vec<Value> {
    let text = match dialect {
        Dialect::OpenApi30 => vec![json!({"type": "string", "nullable": true, "maxLength": 0})],
        _ => vec![json!({"type": "null"}), json!({"type": "string", "maxLength": 0})],
    };
    let others = [
        json!({"type": "boolean", "enum": [false]}),
        json!({"type": "array", "items": {}, "maxItems": 0}),
        json!({"type": "object", "maxProperties": 0}),
    ];
    text.into_iter().chain(others).collect()
}

/// OpenAPI 3.0 cannot restrict the names of properties.
fn sparse_list(dialect: Dialect) -> Value {
    match dialect {
        Dialect::OpenApi30 => json!({"type": "object"}),
        _ => json!({"type": "object", "propertyNames": {"pattern": INDEX}}),
    }
}
