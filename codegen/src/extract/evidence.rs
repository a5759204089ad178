//! Evidence: the value that a rule read for one leaf of a descriptor, and its line.

use serde::Serialize;

use crate::extract::register::Rule;

/// The claim of a rule about one leaf.
#[derive(Clone, Debug)]
pub(crate) struct Evidence<T> {
    pub(crate) value: T,
    /// The rule that read it.
    pub(crate) rule: &'static Rule,
    /// Its line; 0 if it comes from another document.
    pub(crate) line: usize,
}

impl<T> Evidence<T> {
    pub(crate) fn new(rule: &'static Rule, value: T, line: usize) -> Self {
        Self { value, rule, line }
    }

    pub(crate) fn as_ref(&self) -> Evidence<&T> {
        Evidence { value: &self.value, rule: self.rule, line: self.line }
    }
}

/// A leaf of a descriptor: the names on the path to it, without the keywords of JSON Schema between them, and the keyword of
/// the leaf itself (`type`, `required`, `default`); empty for a key of the descriptor.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Leaf {
    /// `["returns", "OPPORTUNITY"]`.
    pub names: Vec<String>,
    /// `"type"`.
    pub keyword: &'static str,
}

/// The keywords of a schema that evidence is about.
const KEYWORDS: &[&str] = &[
    "type",
    "format",
    "enum",
    "enumNames",
    "default",
    "minimum",
    "maximum",
    "maxLength",
    "required",
    "items",
    "additionalProperties",
];

impl Leaf {
    /// The leaf at a JSON Pointer into a descriptor, or at the path of a patch. The keywords of JSON Schema between the names
    /// are left out: `/params/properties/fields/properties/TITLE/type` is the type of `TITLE` in `fields`.
    pub fn of_pointer(pointer: &str) -> Self {
        let mut tokens = pointer
            .trim_start_matches('/')
            .split('/')
            .map(|token| token.replace("~1", "/").replace("~0", "~"));
        let key = tokens.next().unwrap_or_default();
        let mut leaf = Self::key(&key);
        if !matches!(key.as_str(), "params" | "returns" | "data") {
            leaf.names.extend(tokens);
            return leaf;
        }
        leaf.keyword = "type";
        while let Some(token) = tokens.next() {
            match token.as_str() {
                "properties" => leaf.names.extend(tokens.next()),
                "items" | "additionalProperties" => {}
                "anyOf" | "oneOf" | "$defs" => {
                    tokens.next();
                }
                keyword => {
                    leaf.keyword = KEYWORDS.iter().find(|known| **known == keyword).copied().unwrap_or("type")
                }
            }
        }
        leaf
    }

    /// A key of the descriptor.
    pub(crate) fn key(key: &str) -> Self {
        Self { names: vec![key.to_owned()], keyword: "" }
    }

    /// A keyword of the schema at these names below `params`, `returns` or `data`.
    pub(crate) fn schema<'a>(
        root: &'a str,
        names: impl IntoIterator<Item = &'a str>,
        keyword: &'static str,
    ) -> Self {
        let names = std::iter::once(root).chain(names).map(str::to_owned).collect();
        Self { names, keyword }
    }
}
