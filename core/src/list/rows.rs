//! The rows of a result.

use crate::wire::{Json, JsonRef, Mismatch};

/// The rows of a result: the list at `pointer`, a JSON Pointer (`""` for the result itself, `/items` for its `items`).
///
/// A sparse list is an object whose keys are integers; its values are the rows, in their order. If there are no rows, PHP may
/// write any of its empty forms instead of the list or of a value around it.
///
/// ```
/// use bitrix24_core::{json, list::rows_of, wire::Json};
/// let of = |result: &str| rows_of(&Json::parse(result).unwrap(), "/items");
/// assert_eq!(of(r#"{"items": [{"id": 7}]}"#)?[0], json!({"id": 7}));
/// assert_eq!(of(r#"{"items": {"3": "a", "9": "b"}}"#)?[1], json!("b"));
/// assert!(of("[]")?.is_empty());
/// let error = of(r#"{"tasks": []}"#).unwrap_err();
/// assert_eq!(error.to_string(), "`items`: expected a value, found nothing");
/// # Ok::<(), bitrix24_core::wire::Mismatch>(())
/// ```
///
/// # Errors
/// A [`Mismatch`] if the place does not exist or contains something other than a list. It is not treated as an empty list, since
/// the list would end too early.
pub fn rows_of(result: &Json, pointer: &str) -> Result<Vec<Json>, Mismatch> {
    Ok(find(result.get(), pointer)?.iter().map(|row| result.part(row)).collect())
}

/// A list in a result.
pub(super) enum FoundList<'v> {
    Empty,
    Dense(JsonRef<'v>),
    /// A sparse list: the index of a row is not known.
    Sparse(JsonRef<'v>),
}

impl<'v> FoundList<'v> {
    pub(super) fn iter(&self) -> Box<dyn Iterator<Item = JsonRef<'v>> + 'v> {
        match self {
            Self::Empty => Box::new(std::iter::empty()),
            Self::Dense(rows) => Box::new(rows.items()),
            Self::Sparse(rows) => Box::new(rows.entries().map(|(_, row)| row)),
        }
    }

    pub(super) fn is_sparse(&self) -> bool {
        matches!(self, Self::Sparse(_))
    }
}

/// The list at a place in a result.
pub(super) fn find<'v>(result: JsonRef<'v>, pointer: &str) -> Result<FoundList<'v>, Mismatch> {
    let path = segments(pointer);
    let mut value = result;
    for (depth, segment) in path.iter().enumerate() {
        if value.is_php_empty() {
            return Ok(FoundList::Empty);
        }
        let above = &path[..depth];
        if !value.is_object() {
            return Err(under(above, Mismatch::new("an object", value)));
        }
        value = value.field(segment).ok_or_else(|| under(above, Mismatch::missing(segment)))?;
    }
    if value.is_array() {
        Ok(FoundList::Dense(value))
    } else if value.is_php_empty() {
        Ok(FoundList::Empty)
    } else if value.is_object() && has_integer_keys(value) {
        Ok(FoundList::Sparse(value))
    } else {
        Err(under(&path, Mismatch::new("a list", value)))
    }
}

fn has_integer_keys(object: JsonRef<'_>) -> bool {
    object.entries().all(|(key, _)| key.parse::<i64>().is_ok())
}

/// The object that contains the list and its siblings; `None` if the result itself is the list.
pub(super) fn parent<'v>(result: JsonRef<'v>, pointer: &str) -> Option<JsonRef<'v>> {
    if pointer.is_empty() && result.is_object() && has_integer_keys(result) {
        return None;
    }
    let mut path = segments(pointer);
    path.pop();
    let parent = path.iter().try_fold(result, |value, segment| value.field(segment));
    parent.filter(|parent| parent.is_object())
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
    use serde_json::{Value, json};

    use super::*;

    fn rows(result: &Value, pointer: &str) -> Result<Value, Mismatch> {
        let rows = rows_of(&Json::from_value(result).unwrap(), pointer)?;
        Ok(rows.iter().map(Json::to_value).collect())
    }

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
            assert_eq!(rows(&result, pointer), Ok(expected), "{result} at {pointer:?}");
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
            let error = rows(&result, pointer).unwrap_err();
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
