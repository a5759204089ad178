//! Queries as PHP reads them: `filter[>ID]=5&select[0]=ID`.
//!
//! A command of a batch is a query, and so is the body of a request that a portal sends to an application. PHP parses it into
//! an array (`parse_str`) by its own rules: it changes some names, every value is a string, and empty values are lost.
//! [`encode`] rejects parameters that PHP would read differently; [`decode`] reads as PHP does, and [`decode_form`] reads what
//! anyone may have sent, within limits.

mod decode;
mod encode;
mod form;

pub use decode::decode;
pub use encode::{EncodeError, encode};
pub(crate) use form::decode_query;
pub use form::{FormError, Limits, decode_form};

/// The maximum number of brackets after a name before PHP drops the value: `max_input_nesting_level` by default.
const MAX_DEPTH: usize = 64;

/// A name with brackets as PHP parses it: `filter[>ID]` is `filter` and the key `>ID`.
pub(crate) struct Name<'a> {
    /// The text before the first bracket, with characters replaced that PHP does not allow in names.
    pub(crate) top: String,
    /// The texts in brackets; `None` for empty ones, which append. Those behind the first one that is too deep are not read.
    pub(crate) keys: Vec<Option<&'a str>>,
}

impl<'a> Name<'a> {
    /// Parses a name; `None` if PHP drops the value because of it.
    pub(crate) fn parse(name: &'a str) -> Option<Self> {
        // In PHP a name is a C string: it ends at the first NUL.
        let name = name.split('\0').next().unwrap_or_default().trim_start_matches(' ');
        let (top, mut rest) = name.split_at(name.find('[').unwrap_or(name.len()));
        if top.is_empty() {
            return None;
        }
        let mut keys = Vec::new();
        while let Some(inside) = rest.strip_prefix('[').filter(|_| keys.len() <= MAX_DEPTH) {
            match bracketed(inside) {
                Some((key, behind)) => {
                    keys.push(key);
                    rest = behind;
                }
                // The first bracket, if unclosed, is a character that is not allowed; a later one is dropped with the rest.
                None if keys.is_empty() => return Some(Self { top: allowed(name), keys }),
                None => break,
            }
        }
        Some(Self { top: allowed(top), keys })
    }
}

/// The key after an opening bracket, and the text after the closing one.
fn bracketed(inside: &str) -> Option<(Option<&str>, &str)> {
    // A white space before the closing bracket is ignored: the pair appends too.
    let blank = inside.strip_prefix(is_space).unwrap_or(inside);
    if let Some(behind) = blank.strip_prefix(']') {
        return Some((None, behind));
    }
    let end = blank.find(']')? + inside.len() - blank.len();
    Some((Some(&inside[..end]), &inside[end + 1..]))
}

/// White space in C.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\r')
}

/// Replaces the characters that PHP does not allow in names.
fn allowed(name: &str) -> String {
    if name.contains([' ', '.', '[']) { name.replace([' ', '.', '['], "_") } else { name.to_owned() }
}
