//! Escapes in strings.

use crate::json_text::code_unit;

/// The text of a valid string with escapes, without its quotation marks.
pub(super) fn unescape(raw: &str) -> String {
    let bytes = raw.as_bytes();
    let mut text = String::with_capacity(raw.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if *byte == b'\\' {
            let (c, len) = escaped(&bytes[at..]);
            text.push(c);
            at += len;
        } else {
            let plain = bytes[at..].iter().position(|byte| *byte == b'\\').unwrap_or(bytes.len() - at);
            text.push_str(&raw[at..at + plain]);
            at += plain;
        }
    }
    // An escape of six bytes is a character of two, usually.
    text.shrink_to_fit();
    text
}

/// The character of the escape at the beginning, and the length of the escape.
#[inline]
fn escaped(bytes: &[u8]) -> (char, usize) {
    let simple = match bytes.get(1) {
        Some(b'u') => return unicode(bytes),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        // The parser has accepted no other escape.
        _ => char::REPLACEMENT_CHARACTER,
    };
    (simple, 2)
}

/// The character of `\uXXXX`, or of two of them.
fn unicode(bytes: &[u8]) -> (char, usize) {
    let unit = |at: usize| bytes.get(at..at + 4).and_then(code_unit).unwrap_or(0);
    let first = unit(2);
    match char::from_u32(u32::from(first)) {
        Some(c) => (c, 6),
        None => {
            let pair = char::decode_utf16([first, unit(8)]).next();
            (pair.and_then(Result::ok).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
        }
    }
}

/// The length of a valid escape at the beginning; `None` if it is invalid.
#[inline]
pub(super) fn escape_len(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => match code_unit(bytes.get(2..6)?)? {
            0xD800..=0xDBFF if bytes.get(6..8)? == b"\\u" => {
                matches!(code_unit(bytes.get(8..12)?)?, 0xDC00..=0xDFFF).then_some(12)
            }
            0xD800..=0xDFFF => None,
            _ => Some(6),
        },
        _ => None,
    }
}
