//! Where the value of a field comes from, other than from a parameter of the same name.

use indexmap::IndexMap;
use serde_json::Value;

use super::fold;

/// The source of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    /// Always the same.
    Value(Value),
    /// `$name.part`: a parameter, or a part of one.
    Param(Vec<String>),
    /// `$now`: the current time.
    Now,
    /// `$row.FIELD`: a field of the row that is chosen; folded.
    Row(String),
    /// `$next.FIELD`: a number that is greater than that of the row.
    Next(String),
    /// `$file.name`, `$file.size`, `$file.number`, `$file.content`: the file that is sent.
    File(String),
    /// `$kind`: the number of a kind of items that the row defines.
    Kind,
    /// `$each`: one of the values of a list.
    Each,
    /// A list of sources: the first that has a value.
    First(Vec<Source>),
}

/// A field with the source of its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Setting {
    /// The folded name.
    pub(crate) field: String,
    pub(crate) name: String,
    pub(crate) source: Source,
}

impl Source {
    fn of(value: &Value) -> Self {
        match value {
            Value::String(text) => match text.strip_prefix('$') {
                Some("now") => Self::Now,
                Some("each") => Self::Each,
                Some("kind") => Self::Kind,
                Some(path) => Self::of_path(path),
                None => Self::Value(value.clone()),
            },
            Value::Array(sources) => Self::First(sources.iter().map(Self::of).collect()),
            other => Self::Value(other.clone()),
        }
    }

    fn of_path(path: &str) -> Self {
        match path.split_once('.') {
            Some(("row", field)) => Self::Row(fold(field)),
            Some(("next", field)) => Self::Next(fold(field)),
            Some(("file", part)) => Self::File(part.to_owned()),
            _ => Self::Param(path.split('.').map(fold).collect()),
        }
    }
}

/// The settings of fields, by their names.
pub(super) fn settings(fields: &IndexMap<String, Value>) -> Vec<Setting> {
    let setting = |(name, value): (&String, &Value)| Setting {
        field: fold(name),
        name: name.clone(),
        source: Source::of(value),
    };
    fields.iter().map(setting).collect()
}
