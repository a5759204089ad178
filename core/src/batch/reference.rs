//! References of one command to the result of another: `$result[c00000007_0][items][0][id]`.
//!
//! To a portal they are texts in which it replaces what it finds, and leaves as it stands what it does not find.

use std::fmt;

use serde_json::Value;

use crate::wire::ToWire;

/// What a portal looks for.
const BEGIN: &str = "$result[";

/// A place in the result of an earlier command of the same batch. The portal puts the value in when it comes to the command that
/// holds the reference.
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
    /// The whole result of the command with this id.
    pub(super) fn to(id: &str) -> Self {
        Self(format!("{BEGIN}{id}]"))
    }

    /// A reference that was found in a parameter.
    pub(super) fn found(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The place one step further in: the field of this name, or the item at this place of a list.
    ///
    /// A name that is empty or has brackets or white space in it cannot be said, and the command that holds the reference is
    /// refused before anything is sent.
    #[must_use]
    pub fn at(&self, step: impl Into<Step>) -> Self {
        let Step(step) = step.into();
        Self(format!("{}[{step}]", self.0))
    }

    /// The reference as it stands in a parameter.
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

/// One step into a result: the name of a field or the place in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step(String);

impl From<&str> for Step {
    fn from(name: &str) -> Self {
        // An empty step is refused with its command: here is nobody to tell.
        let sayable = !name.contains(|c: char| matches!(c, '[' | ']') || c.is_whitespace());
        Self(if sayable { name.to_owned() } else { String::new() })
    }
}

impl From<String> for Step {
    fn from(name: String) -> Self {
        name.as_str().into()
    }
}

impl From<usize> for Step {
    fn from(place: usize) -> Self {
        Self(place.to_string())
    }
}

/// A reference as it was found in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub(super) text: &'a str,
    pub(super) id: &'a str,
    pub(super) steps: Vec<&'a str>,
}

/// Every reference in a text. What has no closing bracket is none.
pub(super) fn find(text: &str) -> impl Iterator<Item = Found<'_>> {
    text.match_indices(BEGIN).filter_map(|(start, _)| {
        let path = start + BEGIN.len() - 1;
        let mut rest = &text[path..];
        let mut steps = Vec::new();
        while let Some((step, behind)) = rest.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
            steps.push(step);
            rest = behind;
        }
        (!steps.is_empty()).then(|| Found {
            text: &text[start..text.len() - rest.len()],
            id: steps[0],
            steps: steps.split_off(1),
        })
    })
}

/// Whether there is something at the end of these steps. `null` is nothing to PHP.
pub(super) fn leads_somewhere(steps: &[String], result: &Value) -> bool {
    let end = steps.iter().try_fold(result, |value, step| match value {
        Value::Object(fields) => fields.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    });
    end.is_some_and(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_are_found_wherever_a_portal_looks_for_them() {
        let cases = [
            ("", ""),
            ("result[a]", ""),
            ("$result[a", ""),
            ("$result[a]", "$result[a] = a;"),
            ("$result[a][0][ID]", "$result[a][0][ID] = a 0 ID;"),
            ("No. $result[a][ID] of $result[b]!", "$result[a][ID] = a ID; $result[b] = b;"),
            ("$result[a][][x", "$result[a][] = a ;"),
            ("$$result[a]", "$result[a] = a;"),
        ];
        for (text, expected) in cases {
            let found: Vec<String> = find(text)
                .map(|found| format!("{} = {};", found.text, [&[found.id], &*found.steps].concat().join(" ")))
                .collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn a_reference_leads_to_fields_and_items_that_are_there() {
        let result = json!({"items": [{"id": "7", "name": null, "flag": false}], "1": 0});
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
            let steps: Vec<String> =
                path.split('/').filter(|step| !step.is_empty()).map(str::to_owned).collect();
            assert_eq!(leads_somewhere(&steps, &result), expected, "{path}");
        }
    }
}
