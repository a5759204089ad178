//! Differences between the portal's JSON and its documentation.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::json::{JsonKind, JsonRef};
use crate::excerpt::excerpt;

/// A value that cannot be decoded as its documented type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// From the innermost segment to the outermost.
    steps: Vec<PathStep>,
    /// How many of the steps lead from the field that the mismatch costs to the value that does not fit.
    inner_steps: usize,
    expected: Cow<'static, str>,
    found: String,
    found_type: &'static str,
}

/// A step from a value to a part of it. Its name is shared by all mismatches inside the part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PathStep {
    /// A field of a struct.
    Field(Arc<str>),
    /// A key that is data.
    Key(Arc<str>),
    Index(usize),
}

impl PathStep {
    /// The step to an item of a sparse list.
    pub(super) fn of_key(key: String) -> Self {
        key.parse().map_or_else(|_| Self::Key(key.into()), Self::Index)
    }
}

/// How many characters of a value are shown.
const SHOWN: usize = 80;

/// How many characters of what was expected are shown. The error of a type may quote a value of any length.
pub(super) const SHOWN_EXPECTED: usize = 300;

impl Mismatch {
    /// `found` was received instead of `expected`.
    #[cold]
    pub fn new(expected: impl Into<Cow<'static, str>>, found: JsonRef<'_>) -> Self {
        Self {
            steps: Vec::new(),
            inner_steps: 0,
            expected: expected.into(),
            found: describe(found),
            found_type: type_name(found),
        }
    }

    /// This text was received instead of `expected`.
    #[cold]
    pub(super) fn of_text(expected: &'static str, found: &str) -> Self {
        Self {
            steps: Vec::new(),
            inner_steps: 0,
            expected: expected.into(),
            found: Value::from(found).to_string(),
            found_type: "a text",
        }
    }

    /// A key of an object is missing.
    #[cold]
    pub fn missing(key: &str) -> Self {
        Self {
            steps: vec![PathStep::Field(key.into())],
            inner_steps: 0,
            expected: "a value".into(),
            found: "nothing".to_owned(),
            found_type: "nothing",
        }
    }

    /// Extends the path by the name of the field around it.
    #[cold]
    pub fn under(mut self, key: &str) -> Self {
        self.steps.push(PathStep::Field(key.into()));
        self
    }

    /// Extends the path by the index in the list around it.
    #[cold]
    pub fn at(mut self, index: usize) -> Self {
        self.steps.push(PathStep::Index(index));
        self
    }

    /// Extends the path by one step.
    pub(super) fn extend_path(&mut self, step: PathStep) {
        self.steps.push(step);
    }

    /// Extends the path by the name of the field that the mismatch costs.
    pub(super) fn of_field(mut self, key: &str) -> Self {
        self.inner_steps = self.steps.len();
        self.under(key)
    }

    /// The path in the result, as in `deals[3].ID`; empty for the result itself.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for step in self.steps.iter().rev() {
            match step {
                PathStep::Index(index) => path.push_str(&format!("[{index}]")),
                PathStep::Field(key) | PathStep::Key(key) => push_name(&mut path, key),
            }
        }
        path
    }

    /// The path of the field that the mismatch costs, without indices and with `*` for keys that are data, as in `deals.ID`;
    /// empty for the result itself. It is the same for all rows of a list, and contains documented names only.
    pub fn field(&self) -> String {
        let mut path = String::new();
        for step in self.outer_steps() {
            match step {
                PathStep::Index(_) => {}
                PathStep::Field(key) => push_name(&mut path, key),
                PathStep::Key(_) => push_name(&mut path, "*"),
            }
        }
        path
    }

    /// The JSON Pointer to the value that the mismatch costs, as in `/deals/3/ID`. If one item of a list does not fit, it is
    /// the whole list.
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in self.outer_steps() {
            pointer.push('/');
            match step {
                PathStep::Index(index) => pointer.push_str(&index.to_string()),
                PathStep::Field(key) | PathStep::Key(key) => {
                    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                }
            }
        }
        pointer
    }

    /// The steps from the result to the field that the mismatch costs.
    fn outer_steps(&self) -> impl Iterator<Item = &PathStep> {
        self.steps.iter().skip(self.inner_steps).rev()
    }

    /// What the documentation leads to expect, or the type of the program.
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// What was found: a scalar as JSON, or the outline of a list or an object.
    pub fn found(&self) -> &str {
        &self.found
    }

    /// The type of what was found, without its value: `a text`, `an object`.
    pub fn found_type(&self) -> &'static str {
        self.found_type
    }

    /// Passes every text of the portal through `redact_text`.
    pub(crate) fn redact(&mut self, redact_text: &dyn Fn(&str) -> String) {
        self.found = redact_text(&self.found);
        if let Cow::Owned(expected) = &mut self.expected {
            // The error of a type may quote the value.
            *expected = redact_text(expected);
        }
        for step in &mut self.steps {
            if let PathStep::Field(key) | PathStep::Key(key) = step {
                *key = redact_text(key).into();
            }
        }
    }
}

fn push_name(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        let place = if path.is_empty() { "result" } else { &path };
        let expected = excerpt(&self.expected, SHOWN_EXPECTED);
        write!(f, "`{place}`: expected {expected}, found {}", excerpt(&self.found, SHOWN))
    }
}

impl std::error::Error for Mismatch {}

/// The type of a value, in the words of what is expected.
fn type_name(json: JsonRef<'_>) -> &'static str {
    match json.kind() {
        JsonKind::Null => "null",
        JsonKind::Bool => "true or false",
        JsonKind::Number => "a number",
        JsonKind::String => "a text",
        JsonKind::Array => "a list",
        JsonKind::Object => "an object",
    }
}

/// A scalar as JSON, or the outline of a value with parts.
fn describe(json: JsonRef<'_>) -> String {
    match json.kind() {
        JsonKind::Array => format!("a list of {}", json.len()),
        JsonKind::Object => {
            let keys: Vec<_> = json.entries().take(5).map(|(key, _)| key).collect();
            let more = if json.len() > keys.len() { ", …" } else { "" };
            format!("an object with {} keys ({}{more})", json.len(), keys.join(", "))
        }
        _ => json.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::wire::Json;

    fn mismatch(expected: &'static str, found: Value) -> Mismatch {
        Mismatch::new(expected, Json::from_value(&found).unwrap().get())
    }

    #[test]
    fn a_mismatch_says_where_what_was_expected_and_what_was_found() {
        let cases = [
            (mismatch("an integer", json!("x")), r#"`result`: expected an integer, found "x""#),
            (
                mismatch("an integer", json!("x")).under("ID").at(3).under("deals"),
                r#"`deals[3].ID`: expected an integer, found "x""#,
            ),
            (Mismatch::missing("ID").at(0), "`[0].ID`: expected a value, found nothing"),
            (mismatch("a text", json!([1, 2])), "`result`: expected a text, found a list of 2"),
            (
                mismatch("a text", json!({"a": 1})),
                "`result`: expected a text, found an object with 1 keys (a)",
            ),
        ];
        for (mismatch, text) in cases {
            assert_eq!(mismatch.to_string(), text);
        }
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        let shown = mismatch("a number", json!("я".repeat(500))).to_string();
        assert_eq!(shown.matches('я').count(), SHOWN - 1, "a quotation mark takes the first place");
        assert!(shown.ends_with('…'));
    }
}
