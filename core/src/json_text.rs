//! JSON as portals send it: a byte order mark, bytes that are not UTF-8, and halves of surrogate pairs cost a character and not the
//! response.

use serde_core::de::DeserializeOwned;

/// The byte order mark, in UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Parses JSON. Text that is not Unicode is replaced by U+FFFD; valid text costs nothing more than parsing.
pub(crate) fn parse_json<T: DeserializeOwned>(text: &[u8]) -> serde_json::Result<T> {
    let parsed = serde_json::from_slice(text);
    match &parsed {
        Ok(_) => parsed,
        Err(_) => repaired(text).map_or(parsed, |text| serde_json::from_slice(text.as_bytes())),
    }
}

/// The text without a byte order mark, and with U+FFFD in place of bytes and escapes that are no characters; `None` if it has
/// none of these.
pub(crate) fn repaired(text: &[u8]) -> Option<String> {
    let content = text.trim_ascii_start();
    let content = content.strip_prefix(BOM).unwrap_or(content);
    let unicode = String::from_utf8_lossy(content);
    let mut repaired = String::with_capacity(unicode.len());
    let mut rest = 0;
    let mut at = 0;
    // A backslash is only in strings.
    while let Some(found) = unicode[at..].find('\\') {
        let escape = at + found;
        let unit = |start: usize| code_unit(unicode.as_bytes().get(start..start + 6)?.strip_prefix(b"\\u")?);
        at = match unit(escape) {
            Some(0xd800..0xdc00) if matches!(unit(escape + 6), Some(0xdc00..0xe000)) => escape + 12,
            Some(0xd800..0xe000) => {
                repaired.push_str(&unicode[rest..escape]);
                repaired.push('\u{fffd}');
                rest = escape + 6;
                rest
            }
            Some(_) => escape + 6,
            // The escaped character is ASCII, or the text is not JSON.
            None => escape + 1 + unicode[escape + 1..].chars().next().map_or(0, char::len_utf8),
        };
    }
    repaired.push_str(&unicode[rest..]);
    (repaired.as_bytes() != text).then_some(repaired)
}

/// The value of each hexadecimal digit; others are above 16 bits once they are shifted.
const DIGITS: [u32; 256] = {
    let mut digits = [1 << 16; 256];
    let mut value = 0;
    while value < 16 {
        digits[b"0123456789abcdef"[value] as usize] = value as u32;
        digits[b"0123456789ABCDEF"[value] as usize] = value as u32;
        value += 1;
    }
    digits
};

/// The code unit of an escape `\uXXXX`, by its four hexadecimal digits; `None` if they are none.
#[inline]
pub(crate) fn code_unit(digits: &[u8]) -> Option<u16> {
    let [a, b, c, d] = <[u8; 4]>::try_from(digits).ok()?;
    let digit = |digit: u8| DIGITS[usize::from(digit)];
    u16::try_from(digit(a) << 12 | digit(b) << 8 | digit(c) << 4 | digit(d)).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn text_that_is_no_unicode_costs_a_character() {
        let cases: [(&[u8], Value); 10] = [
            (b"\xef\xbb\xbf{\"a\": 1}", json!({"a": 1})),
            (b" \n\xef\xbb\xbf [1]", json!([1])),
            (br#"{"a": "x\ud800y"}"#, json!({"a": "x\u{fffd}y"})),
            (br#"["\udc00\ud83e\udd80\ud83e", "\\ud800"]"#, json!(["\u{fffd}🦀\u{fffd}", "\\ud800"])),
            (br#"["\ud800\ud800\udc00"]"#, json!(["\u{fffd}\u{10000}"])),
            (br#"["\ud83e\u0041\n\"\uDFFF"]"#, json!(["\u{fffd}A\n\"\u{fffd}"])),
            (
                b"[\"\xff\xfeA\xd0\", \"\xed\xa0\x80\"]",
                json!(["\u{fffd}\u{fffd}A\u{fffd}", "\u{fffd}\u{fffd}\u{fffd}"]),
            ),
            (b"{\"\xff\": 1}", json!({"\u{fffd}": 1})),
            (br#"{"\ud801": 1}"#, json!({"\u{fffd}": 1})),
            (b"\xef\xbb\xbf[\"\\ud800\xc3\"]", json!(["\u{fffd}\u{fffd}"])),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_json::<Value>(text).unwrap(), expected, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn other_text_is_no_json() {
        let cases: [(&[u8], bool); 8] = [
            (b"", true),
            (b"{\"a\": \"\\ud800", true),
            (b"\xef\xbb\xbf{\"a\"", true),
            (b"[\"\\ud8", true),
            (b"[\"\\", true),
            (b"<html>\xff</html>", false),
            (b"[\"\\\xff\"]", false),
            (b"[\"\\u12\xd0\xb6\"]", false),
        ];
        for (text, truncated) in cases {
            let error = parse_json::<Value>(text).unwrap_err();
            assert_eq!(error.is_eof(), truncated, "{}: {error}", String::from_utf8_lossy(text));
        }
    }
}
