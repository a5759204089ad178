//! The rows of a result.

use serde_json::{Map, Value};

use crate::wire::{Mismatch, is_php_empty};

/// Takes the rows out of a result: the list at `pointer`, a JSON Pointer (`""` for the result itself, `/items` for its `items`).
///
/// A sparse list is an object whose keys are integers; its values are the rows, in their order. If there are no rows, PHP may
/// write any of its empty forms instead of the list or of a value around it.
///
/// ```
/// use bitrix24_core::{json, list::take_rows};
/// assert_eq!(take_rows(json!({"items": [{"id": 7}]}), "/items")?, [json!({"id": 7})]);
/// assert_eq!(take_rows(json!({"items": {"3": "a", "9": "b"}}), "/items")?, [json!("a"), json!("b")]);
/// assert_eq!(take_rows(json!([]), "/items")?, [json!(null); 0]);
/// let error = take_rows(json!({"tasks": []}), "/items").unwrap_err();
/// assert_eq!(error.to_string(), "`items`: expected a value, found nothing");
/// # Ok::<(), bitrix24_core::wire::Mismatch>(())
/// ```
///
/// # Errors
/// A [`Mismatch`] if the place does not exist or contains something other than a list. It is not treated as an empty list, since
/// the list would end too early.
pub fn take_rows(mut result: Value, pointer: &str) -> Result<Vec<Value>, Mismatch> {
    find(&result, pointer)?;
    // The place exists unless a value around it is empty.
    Ok(match result.pointer_mut(pointer).map(Value::take) {
        Some(Value::Array(rows)) => rows,
        Some(Value::Object(rows)) => rows.into_iter().map(|(_, row)| row).collect(),
        _ => Vec::new(),
    })
}

/// A list in a result.
pub(super) enum FoundList<'v> {
    Empty,
    Dense(&'v [Value]),
    /// A sparse list: the index of a row is not known.
    Sparse(&'v Map<String, Value>),
}

impl<'v> FoundList<'v> {
    pub(super) fn iter(&self) -> Box<dyn Iterator<Item = &'v Value> + 'v> {
        match self {
            Self::Empty => Box::new(std::iter::empty()),
            Self::Dense(rows) => Box::new(rows.iter()),
            Self::Sparse(rows) => Box::new(rows.values()),
        }
    }
}

/// The list at a place in a result.
pub(super) fn find<'v>(result: &'v Value, pointer: &str) -> Result<FoundList<'v>, Mismatch> {
    let path = segments(pointer);
    let mut value = result;
    for (depth, segment) in path.iter().enumerate() {
        if is_php_empty(value) {
            return Ok(FoundList::Empty);
        }
        let above = &path[..depth];
        let Value::Object(map) = value else { return Err(under(above, Mismatch::new("an object", value))) };
        value = map.get(segment).ok_or_else(|| under(above, Mismatch::missing(segment)))?;
    }
    match value {
        Value::Array(rows) => Ok(FoundList::Dense(rows)),
        empty if is_php_empty(empty) => Ok(FoundList::Empty),
        Value::Object(rows) if has_integer_keys(rows) => Ok(FoundList::Sparse(rows)),
        other => Err(under(&path, Mismatch::new("a list", other))),
    }
}

fn has_integer_keys(map: &Map<String, Value>) -> bool {
    map.keys().all(|key| key.parse::<i64>().is_ok())
}

/// The object that contains the list and its siblings; `None` if the result itself is the list.
pub(super) fn parent<'v>(result: &'v Value, pointer: &str) -> Option<&'v Map<String, Value>> {
    if pointer.is_empty() && result.as_object().is_some_and(has_integer_keys) {
        return None;
    }
    let parent = pointer.rfind('/').map_or("", |slash| &pointer[..slash]);
    result.pointer(parent)?.as_object()
}

/// Extends the path of a mismatch in a row to a path from the result.
pub fn mismatch_in_row(mismatch: Mismatch, pointer: &str, index: usize) -> Mismatch {
    under(&segments(pointer), mismatch.at(index))
}

/// The keys of a JSON Pointer.
pub(super) fn segments(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~")).collect()
}

fn under(path: &[String], mismatch: Mismatch) -> Mismatch {
    path.iter().rev().fold(mismatch, |mismatch, segment| mismatch.under(segment))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_are_taken_in_every_php_form_of_a_list() {
        let cases = [
            (json!([1, 2]), "", json!([1, 2])),
            (json!({"0": 1, "5": 2}), "", json!([1, 2])),
            (json!({"items": [1, 2]}), "/items", json!([1, 2])),
            (json!({"a": {"b/c": [1]}}), "/a/b~1c", json!([1])),
            (json!({"items": {"17": {"id": 17}, "4": {"id": 4}}}), "/items", json!([{"id": 17}, {"id": 4}])),
            (json!([]), "", json!([])),
            (json!({}), "", json!([])),
            (json!(null), "", json!([])),
            (json!(false), "", json!([])),
            (json!(""), "/items", json!([])),
            (json!([]), "/items", json!([])),
            (json!(null), "/items", json!([])),
            (json!({"items": false}), "/items", json!([])),
            (json!({"a": []}), "/a/items", json!([])),
        ];
        for (result, pointer, expected) in cases {
            assert_eq!(
                take_rows(result.clone(), pointer).map(Value::Array),
                Ok(expected),
                "{result} at {pointer:?}"
            );
        }
    }

    #[test]
    fn a_value_that_is_no_list_is_an_error_with_its_path() {
        let cases = [
            (json!({"tasks": []}), "/items", "`items`: expected a value, found nothing"),
            (json!({"a": {"x": 1}}), "/a/items", "`a.items`: expected a value, found nothing"),
            (json!({"items": "none"}), "/items", "`items`: expected a list, found \"none\""),
            (
                json!({"items": {"id": 7}}),
                "/items",
                "`items`: expected a list, found an object with 1 keys (id)",
            ),
            (json!([1]), "/items", "`result`: expected an object, found a list of 1"),
            (json!({"items": []}), "", "`result`: expected a list, found an object with 1 keys (items)"),
            (json!(true), "", "`result`: expected a list, found true"),
            (json!(0), "/items", "`result`: expected an object, found 0"),
        ];
        for (result, pointer, expected) in cases {
            let error = take_rows(result.clone(), pointer).unwrap_err();
            assert_eq!(error.to_string(), expected, "{result} at {pointer:?}");
        }
    }

    #[test]
    fn a_mismatch_in_a_row_has_the_path_from_the_result() {
        let mismatch = Mismatch::missing("ID");
        assert_eq!(mismatch_in_row(mismatch.clone(), "/items", 3).path(), "items[3].ID");
        assert_eq!(mismatch_in_row(mismatch, "", 0).path(), "[0].ID");
    }
}
