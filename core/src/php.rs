//! Queries as PHP reads them: `filter[>ID]=5&select[0]=ID`.
//!
//! A command of a batch is a query, and so is the body of a request that a portal sends to an application. PHP parses it into
//! an array (`parse_str`) by its own rules: it changes some names, every value is a string, and empty values are lost.
//! [`encode`] rejects parameters that PHP would read differently; [`decode`] reads as PHP does, and [`decode_form`] reads what
//! anyone may have sent, within limits.

mod arrays;
mod decode;
mod encode;
mod form;
mod place;

use std::borrow::Cow;

pub use decode::decode;
pub(crate) use decode::decode_json;
pub(crate) use encode::encode_fields;
pub use encode::{EncodeError, encode};
pub(crate) use form::decode_request;
pub use form::{FormError, Limits, decode_form};
pub(crate) use place::Place;

/// The maximum number of brackets after a name before PHP drops the value: `max_input_nesting_level` by default.
const MAX_DEPTH: usize = 64;

/// A name with brackets as PHP parses it: `filter[>ID]` is `filter` and the key `>ID`.
pub(crate) struct Name<'a> {
    /// The text before the first bracket, with characters replaced that PHP does not allow in names.
    pub(crate) top: Cow<'a, str>,
    keys: Keys<'a>,
}

impl<'a> Name<'a> {
    /// Parses a name; `None` if PHP drops the value because of it.
    pub(crate) fn parse(name: &'a str) -> Option<Self> {
        let name = name.trim_start_matches(' ');
        let mut top = name.len();
        for (at, byte) in name.bytes().enumerate() {
            match byte {
                // In PHP a name is a C string: it ends at the first NUL.
                0 => return Self::parse(&name[..at]),
                b'[' => top = top.min(at),
                _ => {}
            }
        }
        let (top, rest) = name.split_at(top);
        if top.is_empty() {
            return None;
        }
        // The first bracket, if unclosed, is a character that is not allowed; a later one is dropped with the rest.
        let is_closed = rest.is_empty() || bracketed(&rest[1..]).is_some();
        Some(if is_closed {
            Self { top: allowed(top), keys: Keys { rest } }
        } else {
            Self { top: allowed(name), keys: Keys { rest: "" } }
        })
    }

    /// The texts in brackets; `None` for empty ones, which append.
    pub(crate) fn keys(&self) -> Keys<'a> {
        self.keys.clone()
    }

    /// Whether there are more brackets.
    pub(crate) fn is_deeper_than(&self, depth: usize) -> bool {
        // A pair of brackets has two characters.
        self.keys.rest.len() / 2 > depth && self.keys().nth(depth).is_some()
    }
}

/// The keys of a name.
#[derive(Clone)]
pub(crate) struct Keys<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Keys<'a> {
    type Item = Option<&'a str>;

    fn next(&mut self) -> Option<Self::Item> {
        let (key, behind) = bracketed(self.rest.strip_prefix('[')?)?;
        self.rest = behind;
        Some(key)
    }
}

/// The key after an opening bracket, and the text after the closing one.
fn bracketed(inside: &str) -> Option<(Option<&str>, &str)> {
    // A white space before the closing bracket is ignored: the pair appends too.
    let blank = inside.strip_prefix(is_space).unwrap_or(inside);
    if let Some(behind) = blank.strip_prefix(']') {
        return Some((None, behind));
    }
    let end = blank.bytes().position(|byte| byte == b']')? + inside.len() - blank.len();
    Some((Some(&inside[..end]), &inside[end + 1..]))
}

/// White space in C.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\r')
}

/// Replaces the characters that PHP does not allow in names.
fn allowed(name: &str) -> Cow<'_, str> {
    const REPLACED: [u8; 3] = [b' ', b'.', b'['];
    if !name.bytes().any(|byte| REPLACED.contains(&byte)) {
        return name.into();
    }
    name.replace(REPLACED.map(char::from), "_").into()
}
