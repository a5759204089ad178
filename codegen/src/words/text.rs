//! A text: Markdown with code spans only, and references to methods in square brackets.

use crate::descriptor::{Api, MethodKey, method_key};

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Words.
    Plain(String),
    /// The content of a code span.
    Code(String),
    /// A reference to a method: its interface, and its wire name as it is written.
    Method(Api, String),
}

/// What marks a reference to a method of REST 3.
const V3: &str = "v3:";

/// Splits a text into its parts.
///
/// # Errors
/// What is wrong in the text, for a diagnostic.
pub(super) fn parse(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(['`', '[', ']']) {
        let (before, from) = rest.split_at(start);
        plain.push_str(before);
        let closing = match from.chars().next() {
            Some('`') => '`',
            Some('[') => ']',
            _ => return Err("a closing bracket without an opening one".to_owned()),
        };
        let inside = from.get(1..).unwrap_or_default();
        let Some(end) = inside.find(closing) else {
            return Err(format!("an opening {} without a closing one", &from[..1]));
        };
        let content = &inside[..end];
        if content.trim().is_empty() {
            return Err("an empty code span or reference".to_owned());
        }
        push_plain(&mut pieces, &mut plain);
        pieces.push(if closing == '`' {
            Piece::Code(content.to_owned())
        } else {
            match content.strip_prefix(V3) {
                Some(name) => Piece::Method(Api::V3, name.to_owned()),
                None => Piece::Method(Api::V2, content.to_owned()),
            }
        });
        rest = &inside[end + 1..];
    }
    plain.push_str(rest);
    push_plain(&mut pieces, &mut plain);
    Ok(pieces)
}

/// The interface and the name without case of `tasks.task` or `v3:tasks.task`.
pub(super) fn method_name(text: &str) -> MethodKey {
    match text.strip_prefix(V3) {
        Some(name) => method_key(Api::V3, name),
        None => method_key(Api::V2, text),
    }
}

fn push_plain(pieces: &mut Vec<Piece>, plain: &mut String) {
    if !plain.is_empty() {
        pieces.push(Piece::Plain(std::mem::take(plain)));
    }
}

/// The methods that a text refers to.
pub(super) fn methods(text: &str) -> impl Iterator<Item = (Api, String)> {
    parse(text).unwrap_or_default().into_iter().filter_map(|piece| match piece {
        Piece::Method(api, name) => Some((api, name)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_code_and_references() {
        let text = "A code from [zoo.cage.list], as `C[1]`, or of [v3:zoo.cage.get].";
        let expected = [
            Piece::Plain("A code from ".to_owned()),
            Piece::Method(Api::V2, "zoo.cage.list".to_owned()),
            Piece::Plain(", as ".to_owned()),
            Piece::Code("C[1]".to_owned()),
            Piece::Plain(", or of ".to_owned()),
            Piece::Method(Api::V3, "zoo.cage.get".to_owned()),
            Piece::Plain(".".to_owned()),
        ];
        assert_eq!(parse(text).unwrap(), expected);
    }

    #[test]
    fn marks_come_in_pairs() {
        for wrong in ["a `b", "a [b", "a] b", "a `` b", "a [] b"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
