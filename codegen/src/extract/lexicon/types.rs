//! Phrases of the tables that explain the documentation's own type words.

use crate::descriptor::JsonType;
use crate::extract::lexicon::phrases::Phrases;

/// The head of the first column of a table of types.
pub(crate) const TYPE_HEAD: &str = "Type";

/// The beginning of the description of a type word, in lower case, and the JSON type that it means.
pub(crate) const DESCRIPTIONS: &[(&str, JsonType)] = &[
    ("integer", JsonType::Integer),
    ("numeric identifier", JsonType::Integer),
    ("string", JsonType::String),
    ("object", JsonType::Object),
];

/// The words before the plural of a type, for a list of it.
pub(crate) const LISTS_OF: &[&str] = &["array of", "list of", "массив", "список"];
/// The plural of types.
pub(crate) const SEVERAL_OF: &[(&str, &str)] = &[
    ("strings", "string"),
    ("integers", "integer"),
    ("numbers", "number"),
    ("objects", "object"),
    ("строк", "string"),
    ("целых чисел", "integer"),
    ("чисел", "number"),
    ("объектов", "object"),
];
/// Several words for an integer.
pub(crate) const INTEGERS: Phrases = Phrases(&["целое число", "integer number", "whole number"]);
