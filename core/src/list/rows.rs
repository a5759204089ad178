//! The rows of one answer, wherever they stand in it.

use serde_json::{Map, Value};

use crate::wire::{Mismatch, is_empty_form};

/// Takes the rows out of a result: the list at `place`, a JSON Pointer (`""` for the result itself, `/items` for its `items`).
///
/// A list with holes comes as an object whose keys are integers, and gives its values in their order. Where nothing was found
/// PHP writes any of its empty forms in place of the list or of what holds it, and there are no rows.
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
/// A [`Mismatch`] where the place is not there, or holds something else than a list. That is no empty list: a list would end
/// where it does not.
pub fn take_rows(mut result: Value, place: &str) -> Result<Vec<Value>, Mismatch> {
    find(&result, place)?;
    // The place is known to be there unless what holds it is empty.
    Ok(match result.pointer_mut(place).map(Value::take) {
        Some(Value::Array(rows)) => rows,
        Some(Value::Object(rows)) => rows.into_iter().map(|(_, row)| row).collect(),
        _ => Vec::new(),
    })
}

/// A list as it stands in a result.
pub(super) enum Found<'v> {
    Nothing,
    List(&'v [Value]),
    /// A list with holes: no row can be referred to by its number.
    Keyed(&'v Map<String, Value>),
}

impl<'v> Found<'v> {
    pub(super) fn iter(&self) -> Box<dyn Iterator<Item = &'v Value> + 'v> {
        match self {
            Self::Nothing => Box::new(std::iter::empty()),
            Self::List(rows) => Box::new(rows.iter()),
            Self::Keyed(rows) => Box::new(rows.values()),
        }
    }
}

/// The list at a place of a result.
pub(super) fn find<'v>(result: &'v Value, place: &str) -> Result<Found<'v>, Mismatch> {
    let steps = steps(place);
    let mut here = result;
    for (depth, step) in steps.iter().enumerate() {
        if is_empty_form(here) {
            return Ok(Found::Nothing);
        }
        let walked = &steps[..depth];
        let Value::Object(map) = here else { return Err(under(walked, Mismatch::new("an object", here))) };
        here = map.get(step).ok_or_else(|| under(walked, Mismatch::missing(step)))?;
    }
    match here {
        Value::Array(rows) => Ok(Found::List(rows)),
        nothing if is_empty_form(nothing) => Ok(Found::Nothing),
        Value::Object(rows) if rows.keys().all(|key| key.parse::<i64>().is_ok()) => Ok(Found::Keyed(rows)),
        other => Err(under(&steps, Mismatch::new("a list", other))),
    }
}

/// The object that holds the list and what is said beside it; none where the result itself is the list.
pub(super) fn holder<'v>(result: &'v Value, place: &str) -> Option<&'v Map<String, Value>> {
    let held = place.rfind('/').map_or("", |slash| &place[..slash]);
    if place.is_empty()
        && result.as_object().is_some_and(|map| map.keys().all(|key| key.parse::<i64>().is_ok()))
    {
        return None;
    }
    result.pointer(held)?.as_object()
}

/// A mismatch in a row, seen from the result that has the row.
pub fn in_row(mismatch: Mismatch, place: &str, index: usize) -> Mismatch {
    under(&steps(place), mismatch.at(index))
}

/// The keys of a JSON Pointer.
pub(super) fn steps(place: &str) -> Vec<String> {
    place.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect()
}

fn under(steps: &[String], mismatch: Mismatch) -> Mismatch {
    steps.iter().rev().fold(mismatch, |mismatch, step| mismatch.under(step))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_are_taken_from_their_place_in_any_form_that_php_gives_a_list() {
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
        for (result, place, expected) in cases {
            assert_eq!(
                take_rows(result.clone(), place).map(Value::Array),
                Ok(expected),
                "{result} at {place:?}"
            );
        }
    }

    #[test]
    fn what_is_no_list_is_an_error_with_its_place() {
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
        for (result, place, expected) in cases {
            let error = take_rows(result.clone(), place).unwrap_err();
            assert_eq!(error.to_string(), expected, "{result} at {place:?}");
        }
    }

    #[test]
    fn a_mismatch_in_a_row_has_the_path_from_the_result() {
        let mismatch = Mismatch::missing("ID");
        assert_eq!(in_row(mismatch.clone(), "/items", 3).path(), "items[3].ID");
        assert_eq!(in_row(mismatch, "", 0).path(), "[0].ID");
    }
}
