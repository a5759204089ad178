//! Parameters that choose rows and sort them: their keys are names of fields, with operators before them in a filter.

use crate::descriptor::{JsonType, Schema};

/// Whether a parameter chooses or sorts by fields: those that the page lists for it are not properties of the parameter.
pub(super) fn is_open_list(name: &str) -> bool {
    is_open_object(name) || names_fields(name)
}

/// Whether a parameter lists names of fields.
pub(super) fn names_fields(name: &str) -> bool {
    ["select", "group"].iter().any(|open| name.eq_ignore_ascii_case(open))
}

fn is_open_object(name: &str) -> bool {
    ["filter", "order"].iter().any(|open| name.eq_ignore_ascii_case(open))
}

/// The schema of a filter or an order that is sent as an object; `None` for everything else.
///
/// Its keys are data: an operator may precede each name, a condition may compare with one value or with several, and
/// conditions on fields that only a portal knows are allowed. So it is an open object, whatever a page lists for it.
pub(super) fn schema(name: &str, documented: Option<&Schema>, example: &Schema) -> Option<Schema> {
    let object = Schema::any_object();
    let is_documented = documented.is_some_and(|schema| schema.types == object.types);
    let is_sent = example.types.0 == [JsonType::Object];
    (is_open_object(name) && (is_documented || is_sent)).then_some(object)
}
