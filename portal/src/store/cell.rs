//! A stored value, smaller than a `Value`.

use serde_json::{Number, Value};

use super::compare::View;

/// A value of a row.
#[derive(Clone, Debug, Default)]
pub(super) enum Cell {
    /// The row does not have the field.
    #[default]
    Absent,
    Null,
    Bool(bool),
    Number(Number),
    Text(Box<str>),
    Json(Box<Value>),
}

impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(flag),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text.into_boxed_str()),
            other => Self::Json(Box::new(other)),
        }
    }
}

impl Cell {
    /// The value without a copy. A field that the row does not have is empty.
    pub(super) fn view(&self) -> View<'_> {
        match self {
            Self::Absent | Self::Null => View::Null,
            Self::Bool(flag) => View::Bool(*flag),
            Self::Number(number) => View::of_number(number),
            Self::Text(text) => View::Text(text),
            Self::Json(value) => View::of(value),
        }
    }

    /// The value. `None` if the row does not have the field.
    pub(super) fn value(&self) -> Option<Value> {
        Some(match self {
            Self::Absent => return None,
            Self::Null => Value::Null,
            Self::Bool(flag) => Value::Bool(*flag),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Text(text) => Value::String(text.to_string()),
            Self::Json(value) => value.as_ref().clone(),
        })
    }
}
