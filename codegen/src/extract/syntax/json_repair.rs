//! Repairs near-JSON: comments, `...` for omitted parts, superfluous and missing commas, brackets that are not closed at the end.

use serde_json::Value;

/// How many brackets may be left open at the end. Where more are, the text is a part of something.
const OPEN: usize = 2;

/// Parses near-JSON. `None` if the text cannot be repaired.
pub(crate) fn repaired(text: &str) -> Option<Value> {
    let mut json = JsonWriter { out: String::with_capacity(text.len()), complete: false, open: Vec::new() };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if c == '"' {
            json.text(rest)
        } else if matches!(c, '{' | '[') {
            json.value(c.encode_utf8(&mut [0; 4]));
            json.complete = false;
            json.open.push(if c == '{' { '}' } else { ']' });
            c.len_utf8()
        } else if matches!(c, '}' | ']') {
            json.open.pop();
            json.out.push(c);
            json.complete = true;
            c.len_utf8()
        } else if c == ':' {
            json.out.push(c);
            json.complete = false;
            c.len_utf8()
        } else if c.is_ascii_alphanumeric() || c == '-' {
            let ends = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'));
            let end = rest.find(ends).unwrap_or(rest.len());
            json.value(rest.get(..end)?);
            end
        } else if c.is_whitespace() || matches!(c, ',' | '.' | '…') {
            // The writer inserts the commas that JSON needs.
            c.len_utf8()
        } else {
            return None;
        };
        rest = rest.get(length..)?;
    }
    if json.complete && json.open.len() <= OPEN {
        json.out.extend(json.open.into_iter().rev());
    }
    serde_json::from_str(&json.out).ok()
}

struct JsonWriter {
    out: String,
    /// Whether a value has just ended, so the next one needs a comma before it.
    complete: bool,
    /// The brackets that close those that are open.
    open: Vec<char>,
}

impl JsonWriter {
    fn value(&mut self, value: &str) {
        if self.complete {
            self.out.push(',');
        }
        self.out.push_str(value);
        self.complete = true;
    }

    /// Writes the string at the beginning of `rest`, which may contain raw control characters. Returns its length in bytes.
    fn text(&mut self, rest: &str) -> usize {
        self.value("\"");
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                _ if escaped => {
                    // A backslash that begins no escape of JSON is a literal backslash.
                    if !matches!(c, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u') {
                        self.out.push('\\');
                    }
                    self.out.push(c);
                    escaped = false;
                }
                '\\' => {
                    self.out.push(c);
                    escaped = true;
                }
                '"' => {
                    self.out.push(c);
                    return at + 1;
                }
                '\n' => self.out.push_str("\\n"),
                '\t' => self.out.push_str("\\t"),
                c if c.is_control() => {}
                c => self.out.push(c),
            }
        }
        rest.len()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn near_json_is_repaired() {
        for (text, value) in [
            ("{\"a\": [1, 2, ...], }", Some(json!({"a": [1, 2]}))),
            ("{\"a\": 1 // one\n \"b\": {...}}", Some(json!({"a": 1, "b": {}}))),
            ("{\"a\": /* many */ \"x\ny, z\",, \"b\": \"\\d\"}", Some(json!({"a": "x\ny, z", "b": "\\d"}))),
            ("{\"a\": {[]}}", None),
            ("Array ( [a] => 1 )", None),
            ("{\"a\": \"", None),
            ("{\"a\": {\"b\": [1]}", Some(json!({"a": {"b": [1]}}))),
            ("{\"a\": [{\"b\": {", None),
            ("{\"a\": [1}", None),
        ] {
            assert_eq!(repaired(text), value, "{text}");
        }
    }
}
