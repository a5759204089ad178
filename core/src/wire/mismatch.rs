//! Differences between the portal's JSON and its documentation.

use std::fmt;

use serde_json::Value;

use crate::excerpt::excerpt;

/// A value that cannot be decoded as its documented type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// From the innermost segment to the outermost, in the order in which an error passes them.
    steps: Vec<PathStep>,
    expected: &'static str,
    found: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum PathStep {
    Key(String),
    Index(usize),
}

/// How many characters of a value are shown.
const SHOWN: usize = 80;

impl Mismatch {
    /// `found` was received instead of `expected`.
    #[cold]
    pub fn new(expected: &'static str, found: &Value) -> Self {
        Self { steps: Vec::new(), expected, found: describe(found) }
    }

    /// A key of an object is missing.
    #[cold]
    pub fn missing(key: &str) -> Self {
        Self { steps: vec![PathStep::Key(key.to_owned())], expected: "a value", found: "nothing".to_owned() }
    }

    /// Extends the path by the key of the object around it.
    #[cold]
    pub fn under(mut self, key: &str) -> Self {
        self.steps.push(PathStep::Key(key.to_owned()));
        self
    }

    /// Extends the path by the index in the list around it.
    #[cold]
    pub fn at(mut self, index: usize) -> Self {
        self.steps.push(PathStep::Index(index));
        self
    }

    /// The path in the result, as in `deals[3].ID`; empty for the result itself.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for step in self.steps.iter().rev() {
            match step {
                PathStep::Index(index) => path.push_str(&format!("[{index}]")),
                PathStep::Key(key) if path.is_empty() => path.push_str(key),
                PathStep::Key(key) => {
                    path.push('.');
                    path.push_str(key);
                }
            }
        }
        path
    }

    /// What the documentation leads to expect.
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// What was found: a scalar as JSON, or the outline of a list or an object.
    pub fn found(&self) -> &str {
        &self.found
    }

    /// Passes every text of the portal through `redact_text`.
    pub(crate) fn redact(mut self, redact_text: &dyn Fn(&str) -> String) -> Self {
        self.found = redact_text(&self.found);
        for step in &mut self.steps {
            if let PathStep::Key(key) = step {
                *key = redact_text(key);
            }
        }
        self
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        let place = if path.is_empty() { "result" } else { &path };
        write!(f, "`{place}`: expected {}, found {}", self.expected, excerpt(&self.found, SHOWN))
    }
}

impl std::error::Error for Mismatch {}

/// A scalar as JSON, or the outline of a value with parts.
fn describe(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(map) => {
            let keys: Vec<&str> = map.keys().take(5).map(String::as_str).collect();
            let more = if map.len() > keys.len() { ", …" } else { "" };
            format!("an object with {} keys ({}{more})", map.len(), keys.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_mismatch_says_where_what_was_expected_and_what_was_found() {
        let cases = [
            (Mismatch::new("an integer", &json!("x")), r#"`result`: expected an integer, found "x""#),
            (
                Mismatch::new("an integer", &json!("x")).under("ID").at(3).under("deals"),
                r#"`deals[3].ID`: expected an integer, found "x""#,
            ),
            (Mismatch::missing("ID").at(0), "`[0].ID`: expected a value, found nothing"),
            (Mismatch::new("a text", &json!([1, 2])), "`result`: expected a text, found a list of 2"),
            (
                Mismatch::new("a text", &json!({"a": 1})),
                "`result`: expected a text, found an object with 1 keys (a)",
            ),
        ];
        for (mismatch, text) in cases {
            assert_eq!(mismatch.to_string(), text);
        }
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        let shown = Mismatch::new("a number", &json!("я".repeat(500))).to_string();
        assert_eq!(shown.matches('я').count(), SHOWN - 1, "a quotation mark takes the first place");
        assert!(shown.ends_with('…'));
    }
}
