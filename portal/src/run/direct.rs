//! Rows as the text of the response, without a tree of values between: what costs most in a call that reads rows.
//!
//! A result has a mark in the place of such a text, which is replaced when the response is written. Marks have a random number, so
//! that no stored value can be taken for one. Batches resolve references inside results, and do without.

use std::cell::RefCell;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use serde_json::{Number, Value};

use crate::spec::{JsonType, Schema};
use crate::store::View;

/// The texts of the call that runs.
#[derive(Debug)]
pub(super) struct Texts {
    mark: String,
    /// `None`: the call needs values.
    parts: RefCell<Option<Vec<Vec<u8>>>>,
}

impl Default for Texts {
    fn default() -> Self {
        let random = || RandomState::new().build_hasher().finish();
        Self { mark: format!("<text:{:016x}{:016x}:", random(), random()), parts: RefCell::default() }
    }
}

impl Texts {
    /// Begins a call whose rows may be texts.
    pub(super) fn begin(&self) {
        *self.parts.borrow_mut() = Some(Vec::new());
    }

    pub(super) fn is_active(&self) -> bool {
        self.parts.borrow().is_some()
    }

    /// Keeps a text, and returns the mark in its place.
    pub(super) fn keep(&self, text: Vec<u8>) -> Value {
        let mut parts = self.parts.borrow_mut();
        let parts = parts.get_or_insert_default();
        parts.push(text);
        format!("{}{}>", self.mark, parts.len() - 1).into()
    }

    /// Ends a call.
    pub(super) fn end(&self) -> Vec<Vec<u8>> {
        self.parts.borrow_mut().take().unwrap_or_default()
    }

    /// The JSON of a value with its texts.
    pub(super) fn write(&self, value: &Value, texts: &[Vec<u8>]) -> Vec<u8> {
        let text = value.to_string();
        let size = texts.iter().map(Vec::len).sum::<usize>();
        let mut written = Vec::with_capacity(text.len() + size);
        let mut rest = text.as_str();
        let mark = format!("\"{}", self.mark);
        while let Some((before, after)) = rest.split_once(&mark).filter(|_| !texts.is_empty()) {
            written.extend_from_slice(before.as_bytes());
            let (number, after) = after.split_once(">\"").unwrap_or((after, ""));
            let part = number.parse::<usize>().ok().and_then(|at| texts.get(at));
            written.extend_from_slice(part.map_or(b"null", Vec::as_slice));
            rest = after;
        }
        written.extend_from_slice(rest.as_bytes());
        written
    }
}

/// How the values of a field are written without a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direct {
    /// A flag as JSON (`false`), or as `Y` and `N` (`true`).
    Flag(bool),
    Integer,
    Number,
    Text,
    /// As any value.
    No,
}

impl Direct {
    /// The way for a schema without references.
    pub(super) fn of(schema: &Schema) -> Self {
        if !schema.one_of.is_empty() || !schema.any_of.is_empty() {
            return Self::No;
        }
        match schema.single() {
            Some(JsonType::Boolean) => Self::Flag(schema.format.as_deref() == Some("char")),
            Some(JsonType::Integer) => Self::Integer,
            Some(JsonType::Number) => Self::Number,
            Some(JsonType::String) => Self::Text,
            _ => Self::No,
        }
    }

    /// Writes a value that has the type of the schema. Returns whether it did. `quoted`: numbers are texts.
    pub(super) fn write(self, value: View<'_>, quoted: bool, text: &mut Vec<u8>) -> bool {
        use std::io::Write;
        let written = match (self, value) {
            (Self::Flag(true), View::Bool(flag)) => text.write_all(if flag { b"\"Y\"" } else { b"\"N\"" }),
            (Self::Flag(false), View::Bool(flag)) => text.write_all(if flag { b"true" } else { b"false" }),
            (Self::Integer, View::Number(_, number)) if number.is_i64() => {
                if quoted {
                    write!(text, "\"{number}\"")
                } else {
                    write!(text, "{number}")
                }
            }
            (Self::Number, View::Number(number, _)) if quoted => write!(text, "\"{number:.2}\""),
            (Self::Number, View::Number(number, _)) => match Number::from_f64(number) {
                Some(number) => write!(text, "{number}"),
                None => return false,
            },
            (Self::Text, View::Text(value)) if !value.is_empty() => {
                return serde_json::to_writer(text, value).is_ok();
            }
            _ => return false,
        };
        written.is_ok()
    }
}
