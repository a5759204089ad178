//! Names that are the same for a portal.

use serde_json::{Map, Value};

/// A name without case and separators: `ASSIGNED_BY_ID` and `assignedById` are one field.
pub(crate) fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    folded.extend(
        name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| char::from(byte.to_ascii_lowercase())),
    );
    folded
}

/// Whether a name is this one when it is folded.
pub(crate) fn is_folded(name: &str, folded: &str) -> bool {
    let bytes = name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    bytes.eq(folded.bytes())
}

/// A parameter by its name, compared without case; of several, the last.
pub(crate) fn find<'p>(params: &'p Map<String, Value>, name: &str) -> Option<&'p Value> {
    let mut same = params.iter().filter(|(given, _)| given.eq_ignore_ascii_case(name));
    same.next_back().map(|(_, value)| value)
}
