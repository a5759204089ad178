//! Where the value of a field comes from, other than from a parameter of the same name.

use indexmap::IndexMap;
use serde_json::{Map, Value};

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
    /// `$unique`: a text that no other row has.
    Unique,
    /// `$origin`: the origin in links.
    Origin,
    /// `$row.FIELD`: a field of the row that is chosen or shown; folded.
    Row(String),
    /// `$row.FIELD.part`: a part of such a value; folded.
    RowPart(String, Vec<String>),
    /// `$rows.FIELD`: the values of a field in all rows of a page; folded.
    Rows(String),
    /// `$next.FIELD`: a number that is greater than that of the row.
    Next(String),
    /// `$file.name`, `$file.size`, `$file.number`, `$file.content`: the file that is sent.
    File(String),
    /// `$kind`: the number of a kind of items that the row defines.
    Kind,
    /// `$each`, `$each.part`: one of the values of a list, or a part of one; folded.
    Each(Vec<String>),
    /// `$key`: the name of that value, if it is one of an object.
    Key,
    /// `$change.field`, `$change.from`, `$change.to`: a field that has changed, and its values.
    Change(String),
    /// A list of sources: the first that has a value.
    First(Vec<Source>),
    /// `{"$all": […]}`: the values of all sources, in one list.
    All(Vec<Source>),
    /// `{"$merge": […]}`: the fields of all objects; the last one of a name counts.
    Merge(Vec<Source>),
    /// `{"$but": [one, other]}`: the values of a list that are not in another.
    But(Vec<Source>),
    /// `{"$join": […]}`: the values as one text, without spaces around it.
    Join(Vec<Source>),
    /// `{"$sum": […]}`: the sum of numbers, and of those in lists.
    Sum(Vec<Source>),
    /// `{"$difference": […]}`: the first number without the others; none if one of them is missing.
    Difference(Vec<Source>),
    /// `{"$timestamp": …}`: the seconds from 1970 until a moment.
    Timestamp(Box<Source>),
    /// `{"$quotient": [a, b]}`: the whole part of a number divided by another.
    Quotient(Vec<Source>),
    /// `{"$length": …}`: the number of characters of a text; none without a value.
    Length(Box<Source>),
    /// `{"$not": …}`: whether a value is nothing or false.
    Not(Box<Source>),
    /// `{"$number": …}`: a value that is a whole number, in any form; none for others.
    Number(Box<Source>),
    /// `{"$word": …, "with": ".-"}`: a text of ASCII letters, digits, underscores and these; none for others.
    Word(Box<Source>, String),
    /// `{"$after": "chat", "of": …}`: the rest of a text that begins so; none for others.
    After(String, Box<Source>),
    /// `{"$case": …, "of": {…}}`: the source that belongs to a value, or that of `else`.
    Case(Box<Source>, IndexMap<String, Source>),
    /// `{"$map": …, "to": …}`: an object with the values of a list, or with the names of an object; the second source is that of each
    /// value (`$each`).
    Map(Box<Source>, Box<Source>),
    /// `{"$list": …, "to": …}`: a list with a value for each value of another (`$each`).
    List(Box<Source>, Box<Source>),
    /// `{"$rows": "family", "where": {…}}` and its like: rows of another family, as it shows them.
    Query(Box<Query>),
    /// Any other object: its fields.
    Object(IndexMap<String, Source>),
}

/// Rows of a family.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Query {
    pub(crate) take: Take,
    /// The prefix of the family's methods.
    pub(crate) family: String,
    /// Fields, with the operators of filters before them. Without a value for one, no row meets the conditions.
    pub(crate) conditions: IndexMap<String, Source>,
    /// The field that is wanted of each row, folded. `None`: all.
    pub(crate) field: Option<String>,
    /// The field whose values are names in an object of the rows, folded. `None`: a list.
    pub(crate) key: Option<String>,
}

/// How many of the rows are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Take {
    /// `$rows`: all.
    All,
    /// `$row`: the first.
    First,
    /// `$last`: the last.
    Last,
    /// `$count`: their number.
    Count,
}

/// A field with the source of its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Setting {
    /// The folded name.
    pub(crate) field: String,
    pub(crate) name: String,
    pub(crate) source: Source,
}

impl Setting {
    /// Whether it is a condition with an operator, as in filters.
    pub(crate) fn is_compared(&self) -> bool {
        self.name.starts_with(|first: char| first.is_ascii_punctuation() && first != '_')
    }
}

impl Source {
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::String(text) => match text.strip_prefix('$') {
                Some("now") => Self::Now,
                Some("unique") => Self::Unique,
                Some("origin") => Self::Origin,
                Some("kind") => Self::Kind,
                Some("key") => Self::Key,
                Some(path) => Self::of_path(path),
                None => Self::Value(value.clone()),
            },
            Value::Array(sources) => Self::First(sources.iter().map(Self::of).collect()),
            Value::Object(fields) => Self::of_object(fields),
            other => Self::Value(other.clone()),
        }
    }

    /// A parameter, or a part of one, by its name.
    pub(super) fn of_param(path: &str) -> Self {
        Self::Param(path.split('.').map(fold).collect())
    }

    fn of_path(path: &str) -> Self {
        let steps = |path: &str| path.split('.').map(fold).collect();
        match path.split_once('.') {
            Some(("row", field)) => match field.split_once('.') {
                Some((field, part)) => Self::RowPart(fold(field), steps(part)),
                None => Self::Row(fold(field)),
            },
            Some(("rows", field)) => Self::Rows(fold(field)),
            Some(("next", field)) => Self::Next(fold(field)),
            Some(("change", part)) => Self::Change(part.to_owned()),
            Some(("file", part)) => Self::File(part.to_owned()),
            Some(("each", part)) => Self::Each(steps(part)),
            None if path == "each" => Self::Each(Vec::new()),
            _ => Self::of_param(path),
        }
    }

    fn of_object(fields: &Map<String, Value>) -> Self {
        let null = Value::Null;
        let part = |name: &str| Box::new(Self::of(fields.get(name).unwrap_or(&null)));
        let named = |value: &Value| -> IndexMap<String, Self> {
            let fields = value.as_object().into_iter().flatten();
            fields.map(|(name, value)| (name.clone(), Self::of(value))).collect()
        };
        let first = fields.iter().find_map(|(name, value)| Some((name.strip_prefix('$')?, value)));
        let Some((word, value)) = first else { return Self::Object(named(&Value::Object(fields.clone()))) };
        let several = || value.as_array().into_iter().flatten().map(Self::of).collect();
        let text = |name: &str| fields.get(name).and_then(Value::as_str);
        let query = |take: Take| {
            Self::Query(Box::new(Query {
                take,
                family: value.as_str().unwrap_or_default().to_owned(),
                conditions: named(fields.get("where").unwrap_or(&null)),
                field: text("field").map(fold),
                key: text("key").map(fold),
            }))
        };
        match word {
            "all" => Self::All(several()),
            "merge" => Self::Merge(several()),
            "but" => Self::But(several()),
            "join" => Self::Join(several()),
            "sum" => Self::Sum(several()),
            "difference" => Self::Difference(several()),
            "timestamp" => Self::Timestamp(Box::new(Self::of(value))),
            "quotient" => Self::Quotient(several()),
            "length" => Self::Length(Box::new(Self::of(value))),
            "not" => Self::Not(Box::new(Self::of(value))),
            "number" => Self::Number(Box::new(Self::of(value))),
            "word" => Self::Word(Box::new(Self::of(value)), text("with").unwrap_or_default().to_owned()),
            "after" => Self::After(value.as_str().unwrap_or_default().to_owned(), part("of")),
            "case" => Self::Case(Box::new(Self::of(value)), named(fields.get("of").unwrap_or(&null))),
            "map" => Self::Map(Box::new(Self::of(value)), part("to")),
            "list" => Self::List(Box::new(Self::of(value)), part("to")),
            "row" => query(Take::First),
            "last" => query(Take::Last),
            "count" => query(Take::Count),
            _ => query(Take::All),
        }
    }

    /// The value where no other source of several has one.
    pub(crate) fn otherwise(&self) -> Option<&Value> {
        match self {
            Self::First(several) => several.iter().find_map(|source| match source {
                Self::Value(value) => Some(value),
                _ => None,
            }),
            _ => None,
        }
    }

    /// Whether a parameter of this name, or a part of it, is in the source.
    pub(super) fn reads(&self, param: &str) -> bool {
        match self {
            Self::Param(path) => path.first().is_some_and(|first| *first == fold(param)),
            Self::First(parts) | Self::Join(parts) => parts.iter().any(|part| part.reads(param)),
            Self::Case(value, parts) => value.reads(param) || parts.values().any(|part| part.reads(param)),
            _ => false,
        }
    }

    /// Whether the source has no value if a request leaves something out, and for no other reason.
    pub(crate) fn may_be_absent(&self) -> bool {
        let mut families = Vec::new();
        self.add_families(&mut families);
        families.is_empty()
    }

    /// Adds the families whose rows the source has.
    pub(super) fn add_families(&self, families: &mut Vec<String>) {
        match self {
            Self::First(parts)
            | Self::All(parts)
            | Self::Merge(parts)
            | Self::But(parts)
            | Self::Join(parts)
            | Self::Sum(parts)
            | Self::Difference(parts)
            | Self::Quotient(parts) => {
                parts.iter().for_each(|part| part.add_families(families));
            }
            Self::Not(part)
            | Self::Length(part)
            | Self::Number(part)
            | Self::Timestamp(part)
            | Self::Word(part, _)
            | Self::After(_, part) => part.add_families(families),
            Self::Map(list, part) | Self::List(list, part) => {
                list.add_families(families);
                part.add_families(families);
            }
            Self::Case(value, parts) => {
                value.add_families(families);
                parts.values().for_each(|part| part.add_families(families));
            }
            Self::Object(parts) => parts.values().for_each(|part| part.add_families(families)),
            Self::Query(query) => {
                families.push(query.family.clone());
                query.conditions.values().for_each(|part| part.add_families(families));
            }
            _ => {}
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

#[cfg(test)]
mod tests;
