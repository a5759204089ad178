//! The words by which tables of types explain the types of the documentation.

use crate::descriptor::JsonType;

/// What stands at the head of a table of types.
pub(crate) const TYPE_HEAD: &str = "**Type**";

/// The first words of the description of a type, and the JSON type that they tell.
pub(crate) const TOLD_BY: &[(&str, JsonType)] = &[
    ("integer", JsonType::Integer),
    ("numeric identifier", JsonType::Integer),
    ("string", JsonType::String),
    ("object", JsonType::Object),
];
