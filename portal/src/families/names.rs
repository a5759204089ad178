//! Names that are the same for a portal.

use serde_json::{Map, Value};

/// A name without case and separators: `ASSIGNED_BY_ID` and `assignedById` are one field.
pub(crate) fn fold(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// A parameter by its name, compared without case; of several, the last.
pub(crate) fn find<'p>(params: &'p Map<String, Value>, name: &str) -> Option<&'p Value> {
    let mut same = params.iter().filter(|(given, _)| given.eq_ignore_ascii_case(name));
    same.next_back().map(|(_, value)| value)
}
