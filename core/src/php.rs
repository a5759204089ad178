//! How PHP reads a query: `filter[>ID]=5&select[0]=ID`.
//!
//! A command of a batch is a query, and so is the body of a request that a portal sends to an application. PHP makes an array
//! of it (`parse_str`), by rules of its own: a name may say less than it looks, a text is the only value there is, and what is
//! empty is not there at all. [`encode`] refuses what would arrive as something else, by name; [`decode`] reads as PHP does.

mod decode;
mod encode;

pub use decode::decode;
pub use encode::{EncodeError, encode};

/// How many brackets may follow a name before PHP drops the value: `max_input_nesting_level` unless a server was given another.
const DEPTH: usize = 64;

/// A name with brackets, as PHP takes it apart: `filter[>ID]` is `filter` and the key `>ID`.
pub(crate) struct Name<'a> {
    /// What stands before the first bracket, with the characters replaced that PHP allows in no name.
    pub(crate) top: String,
    /// What stands in brackets; `None` for empty ones, which append.
    pub(crate) keys: Vec<Option<&'a str>>,
}

impl<'a> Name<'a> {
    /// Takes a name apart; `None` where PHP drops the value for it.
    pub(crate) fn parse(name: &'a str) -> Option<Self> {
        // A name is a C string there: it ends at the first NUL.
        let name = name.split('\0').next().unwrap_or_default().trim_start_matches(' ');
        let (top, mut rest) = name.split_at(name.find('[').unwrap_or(name.len()));
        if top.is_empty() {
            return None;
        }
        let mut keys = Vec::new();
        while let Some(inside) = rest.strip_prefix('[') {
            match bracketed(inside) {
                Some((key, behind)) => {
                    keys.push(key);
                    rest = behind;
                }
                // A first bracket without an end is a letter that is not allowed; a later one is dropped with what follows.
                None if keys.is_empty() => return Some(Self { top: allowed(name), keys }),
                None => break,
            }
        }
        Some(Self { top: allowed(top), keys })
    }
}

/// The key at the beginning of what follows an opening bracket, and what stands behind the closing one.
fn bracketed(inside: &str) -> Option<(Option<&str>, &str)> {
    // One white space before the closing bracket is overlooked: it appends as well.
    let blank = inside.strip_prefix(is_space).unwrap_or(inside);
    if let Some(behind) = blank.strip_prefix(']') {
        return Some((None, behind));
    }
    let end = blank.find(']')? + inside.len() - blank.len();
    Some((Some(&inside[..end]), &inside[end + 1..]))
}

/// What C counts as white space.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\r')
}

/// The name with what PHP allows in no name replaced.
fn allowed(name: &str) -> String {
    name.replace([' ', '.', '['], "_")
}
