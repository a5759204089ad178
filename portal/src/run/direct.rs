//! Rows as the text of the response, without a tree of values between: what costs most in a call that reads rows.
//!
//! A result has a mark in the place of such a text, which is replaced when the response is written. Marks have a random number, so
//! that no stored value can be taken for one. Batches resolve references inside results, and do without.

use std::cell::RefCell;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use crate::answer::{Decimal, Form, json_number};
use crate::spec::{JsonType, Schema};
use crate::store::View;

/// The bytes before a text that are left for what precedes it in the response, so that the text is not copied.
const HEADROOM: usize = 64;

/// The bytes after a text for what follows it in the response.
const TAILROOM: usize = 512;

/// The length of a moment with a zone.
const MOMENT: usize = "2026-12-31T10:00:00+03:00".len();

/// The texts of the call that runs.
#[derive(Debug)]
pub(super) struct Texts {
    mark: String,
    /// `None`: the call needs values.
    parts: RefCell<Option<Vec<RowsText>>>,
}

/// A text, after room for what precedes it.
#[derive(Debug)]
pub(super) struct RowsText(pub(super) Vec<u8>);

impl RowsText {
    pub(super) fn new() -> Self {
        Self(vec![0; HEADROOM])
    }

    /// Makes room for so many bytes of text, and for what follows.
    pub(super) fn reserve(&mut self, bytes: usize) {
        self.0.reserve(bytes + TAILROOM);
    }

    fn text(&self) -> &[u8] {
        self.0.get(HEADROOM..).unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// The text between two others.
    fn between(mut self, before: &[u8], after: &[u8]) -> Bytes {
        match HEADROOM.checked_sub(before.len()) {
            Some(begin) => {
                if let Some(room) = self.0.get_mut(begin..HEADROOM) {
                    room.copy_from_slice(before);
                }
                self.0.extend_from_slice(after);
                Bytes::from(self.0).slice(begin..)
            }
            None => [before, self.text(), after].concat().into(),
        }
    }
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

    /// Lets calls return values.
    pub(super) fn stop(&self) {
        *self.parts.borrow_mut() = None;
    }

    pub(super) fn is_active(&self) -> bool {
        self.parts.borrow().is_some()
    }

    /// Keeps a text, and returns the mark in its place.
    pub(super) fn keep(&self, text: RowsText) -> Value {
        let mut parts = self.parts.borrow_mut();
        let parts = parts.get_or_insert_default();
        parts.push(text);
        format!("{}{}>", self.mark, parts.len() - 1).into()
    }

    /// Ends a call: the JSON of its response with the texts.
    pub(super) fn end(&self, response: &impl Serialize) -> Bytes {
        // Responses have no key that is no text.
        let json = serde_json::to_string(response).unwrap_or_default();
        let mut texts = self.parts.borrow_mut().take().unwrap_or_default();
        let mark = format!("\"{}", self.mark);
        let Some((before, after)) = json.split_once(&mark).filter(|_| !texts.is_empty()) else {
            return json.into();
        };
        if let (1, Some((_, after))) = (texts.len(), after.split_once(">\""))
            && let Some(only) = texts.pop()
        {
            return only.between(before.as_bytes(), after.as_bytes());
        }
        self.join(&json, &texts)
    }

    /// JSON with several texts.
    fn join(&self, json: &str, texts: &[RowsText]) -> Bytes {
        let size = texts.iter().map(|text| text.0.len()).sum::<usize>();
        let mut written = Vec::with_capacity(json.len() + size);
        let mut rest = json;
        let mark = format!("\"{}", self.mark);
        while let Some((before, after)) = rest.split_once(&mark) {
            written.extend_from_slice(before.as_bytes());
            let (number, after) = after.split_once(">\"").unwrap_or((after, ""));
            let part = number.parse::<usize>().ok().and_then(|at| texts.get(at));
            written.extend_from_slice(part.map_or(b"null", RowsText::text));
            rest = after;
        }
        written.extend_from_slice(rest.as_bytes());
        written.into()
    }
}

/// How the values of a field are written without a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direct {
    /// A flag as JSON (`false`), or as `Y` and `N` (`true`).
    Flag(bool),
    /// A whole number, or one as text (`true`).
    Integer(bool),
    /// A number, or one as text (`true`).
    Number(bool),
    Text,
    /// A moment with a zone.
    Moment,
    /// As any value.
    No,
}

impl Direct {
    /// The way for a schema without references, of a field with this form.
    pub(super) fn of(schema: &Schema, form: Form) -> Self {
        if !schema.one_of.is_empty() || !schema.any_of.is_empty() {
            return Self::No;
        }
        match schema.single() {
            Some(JsonType::Boolean) => Self::Flag(form.has_letters(schema)),
            Some(JsonType::Integer) => Self::Integer(form.has_text_numbers()),
            Some(JsonType::Number) => Self::Number(form.has_text_numbers()),
            Some(JsonType::String) if schema.is_date() => Self::Moment,
            Some(JsonType::String) => Self::Text,
            _ => Self::No,
        }
    }

    /// Writes a value that has the type of the schema. Returns whether it did.
    pub(super) fn write(self, value: View<'_>, text: &mut Vec<u8>) -> bool {
        use std::io::Write;
        let written = match (self, value) {
            (Self::Flag(true), View::Bool(flag)) => text.write_all(if flag { b"\"Y\"" } else { b"\"N\"" }),
            (Self::Flag(false), View::Bool(flag)) => text.write_all(if flag { b"true" } else { b"false" }),
            (Self::Integer(quoted), View::Number(_, number)) if number.is_i64() => {
                if quoted {
                    write!(text, "\"{number}\"")
                } else {
                    write!(text, "{number}")
                }
            }
            (Self::Number(true), View::Number(number, _)) => write!(text, "\"{}\"", Decimal(number)),
            (Self::Number(false), View::Number(number, _)) => match json_number(number) {
                Some(number) => write!(text, "{number}"),
                None => return false,
            },
            (Self::Text, View::Text(value)) if !value.is_empty() => {
                return serde_json::to_writer(text, value).is_ok();
            }
            // Any other form of a date is brought into this one.
            (Self::Moment, View::Text(value)) if value.len() == MOMENT && value.is_ascii() => {
                return serde_json::to_writer(text, value).is_ok();
            }
            _ => return false,
        };
        written.is_ok()
    }
}
