//! Phrases of the tables that explain the documentation's own type words.

use crate::descriptor::JsonType;

/// The head of a table of types, as it stands in a document.
pub(crate) const TYPE_HEAD: &str = "**Type**";

/// The beginning of the description of a type word, in lower case, and the JSON type that it means.
pub(crate) const DESCRIPTIONS: &[(&str, JsonType)] = &[
    ("integer", JsonType::Integer),
    ("numeric identifier", JsonType::Integer),
    ("string", JsonType::String),
    ("object", JsonType::Object),
];
