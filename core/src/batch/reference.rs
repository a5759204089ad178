//! References of a command to the result of another one: `$result[c00000007_0][items][0][id]`.
//!
//! To a portal they are text in which it replaces the references that it can resolve, and leaves the others unchanged.

use std::fmt;

use serde_json::Value;

use crate::wire::{JsonRef, ToWire};

/// The beginning of a reference.
const BEGIN: &str = "$result[";

/// A reference to a value in the result of an earlier command of the same batch. The portal inserts the value when it executes the
/// command that contains the reference.
///
/// ```
/// use bitrix24_core::batch::Commands;
/// use bitrix24_core::{Api, Map, MethodInfo};
/// let mut commands = Commands::new(7);
/// let found = commands.add(MethodInfo::new(Api::V2, "user.search"), Map::new());
/// assert_eq!(found.result().at(0).at("ID").text(), "$result[c00000007_0][0][ID]");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference(String);

impl Reference {
    /// A reference to the whole result of the command with this name.
    pub(super) fn to(name: &str) -> Self {
        Self(format!("{BEGIN}{name}]"))
    }

    /// A reference that was found in a parameter.
    pub(super) fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// A reference to a part of the value: the field with this name, or the item at this index of a list.
    ///
    /// A name that is empty or contains brackets or white space cannot be expressed. A command with such a reference is rejected
    /// before anything is sent.
    #[must_use]
    pub fn at(&self, segment: impl Into<PathSegment>) -> Self {
        let PathSegment(segment) = segment.into();
        Self(format!("{}[{segment}]", self.0))
    }

    /// The reference as it appears in a parameter.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Reference> for Value {
    fn from(reference: Reference) -> Self {
        Self::String(reference.0)
    }
}

impl ToWire for Reference {
    fn to_wire(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A segment of the path into a result: the name of a field or the index in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathSegment(String);

impl From<&str> for PathSegment {
    fn from(name: &str) -> Self {
        // An invalid name becomes an empty segment, and the check of the command rejects it: this conversion cannot fail.
        Self(if is_segment(name) { name.to_owned() } else { String::new() })
    }
}

impl From<String> for PathSegment {
    fn from(name: String) -> Self {
        name.as_str().into()
    }
}

impl From<usize> for PathSegment {
    fn from(index: usize) -> Self {
        Self(index.to_string())
    }
}

/// Whether a name can be a segment of a path.
pub(super) fn is_segment(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| matches!(c, '[' | ']') || c.is_whitespace())
}

/// A reference in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ParsedReference<'a> {
    pub(super) text: &'a str,
    pub(super) id: &'a str,
    pub(super) path: Vec<&'a str>,
}

/// The references in a text, from left to right; one inside of another is a part of it. Text without a closing bracket is not a
/// reference.
pub(super) fn find_references(text: &str) -> impl Iterator<Item = ParsedReference<'_>> {
    // After the last bracket there is none, and no beginning searches the rest of the text for one.
    let mut rest = &text[..text.rfind(']').map_or(0, |end| end + 1)];
    std::iter::from_fn(move || {
        let found = &rest[rest.find(BEGIN)?..];
        let mut path = Vec::new();
        rest = &found[BEGIN.len() - 1..];
        while let Some((segment, after)) = rest.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
            path.push(segment);
            rest = after;
        }
        let text = &found[..found.len() - rest.len()];
        Some(ParsedReference { text, id: path.first().copied()?, path: path.split_off(1) })
    })
}

/// Whether the result contains a value at this path. `null` is no value to PHP.
pub(super) fn resolves(path: &[String], result: JsonRef<'_>) -> bool {
    let value = path.iter().try_fold(result, |value, segment| {
        if value.is_array() { value.item(segment.parse().ok()?) } else { value.field(segment) }
    });
    value.is_some_and(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire::Json;

    #[test]
    fn references_are_found_anywhere_in_a_text() {
        let cases = [
            ("", ""),
            ("result[a]", ""),
            ("$result[a", ""),
            ("$result[a]", "$result[a] = a;"),
            ("$result[a][0][ID]", "$result[a][0][ID] = a 0 ID;"),
            ("No. $result[a][ID] of $result[b]!", "$result[a][ID] = a ID; $result[b] = b;"),
            ("$result[a][][x", "$result[a][] = a ;"),
            ("$$result[a]", "$result[a] = a;"),
            ("$result[a] $result[b", "$result[a] = a;"),
            ("$result[a][b $result[c", "$result[a] = a;"),
            ("$result[$result[a]]", "$result[$result[a] = $result[a;"),
            ("$result[a][$result[b][c]]", "$result[a][$result[b][c] = a $result[b c;"),
        ];
        for (text, expected) in cases {
            let found: Vec<String> = find_references(text)
                .map(|found| format!("{} = {};", found.text, [&[found.id], &*found.path].concat().join(" ")))
                .collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn a_text_is_searched_once() {
        let times = 100_000;
        // Searched again from each beginning, these are billions of bytes or segments.
        for (part, end, found) in
            [("$result[", "", 0), ("$result[", "]", 1), ("$result[a][", "]", 1), ("$result[a] ", "", times)]
        {
            let text = part.repeat(times) + end;
            assert_eq!(find_references(&text).count(), found, "{part}{end}");
        }
    }

    #[test]
    fn a_reference_resolves_to_existing_fields_and_items() {
        let result = Json::from_value(&json!({"items": [{"id": "7", "name": null, "flag": false}], "1": 0}));
        let result = result.unwrap();
        let cases = [
            ("", true),
            ("items", true),
            ("items/0/id", true),
            ("items/0/flag", true),
            ("1", true),
            ("items/0/name", false),
            ("items/1", false),
            ("items/-1", false),
            ("items/0/id/0", false),
            ("Items", false),
        ];
        for (path, expected) in cases {
            let segments: Vec<String> =
                path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect();
            assert_eq!(resolves(&segments, result.get()), expected, "{path}");
        }
    }
}
