//! Escapes in strings.

/// The text of a valid string with escapes, without its quotation marks. It is allocated once, with its exact length.
pub(super) fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(unescaped_len(raw));
    each_part(raw, |part| match part {
        Part::Text(part) => text.push_str(part),
        Part::Character(c) => text.push(c),
    });
    text
}

/// The length of the text in bytes.
fn unescaped_len(raw: &str) -> usize {
    let mut len = 0;
    each_part(raw, |part| {
        len += match part {
            Part::Text(part) => part.len(),
            Part::Character(c) => c.len_utf8(),
        }
    });
    len
}

/// A part of a string: an escaped character, or text before, between and after them.
enum Part<'a> {
    Text(&'a str),
    Character(char),
}

#[inline]
fn each_part<'a>(raw: &'a str, mut visit: impl FnMut(Part<'a>)) {
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        if at > 0 {
            visit(Part::Text(&rest[..at]));
        }
        let (c, len) = escaped(rest[at..].as_bytes());
        visit(Part::Character(c));
        rest = rest.get(at + len..).unwrap_or_default();
    }
    if !rest.is_empty() {
        visit(Part::Text(rest));
    }
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
    let unit = |at: usize| bytes.get(at..at + 4).and_then(hex).unwrap_or(0);
    let first = unit(2);
    match char::from_u32(u32::from(first)) {
        Some(c) => (c, 6),
        None => {
            let pair = char::decode_utf16([first, unit(8)]).next();
            (pair.and_then(Result::ok).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
        }
    }
}

/// The number that four hexadecimal digits write.
#[inline]
fn hex(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0, |unit, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            b'A'..=b'F' => digit - b'A' + 10,
            _ => return None,
        };
        Some(unit << 4 | u16::from(value))
    })
}

/// The length of a valid escape at the beginning; `None` if it is invalid.
pub(super) fn escape_len(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => match hex(bytes.get(2..6)?)? {
            0xD800..=0xDBFF if bytes.get(6..8)? == b"\\u" => {
                matches!(hex(bytes.get(8..12)?)?, 0xDC00..=0xDFFF).then_some(12)
            }
            0xD800..=0xDFFF => None,
            _ => Some(6),
        },
        _ => None,
    }
}
