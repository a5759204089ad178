//! Whether rows keep to the order by which they were asked for.

use serde_json::Value;

use super::Direction;
use crate::error::Failure;
use crate::list::pages::incomplete;
use crate::list::rows::{Found, find, in_row, take_rows};
use crate::wire::{FromWire, Mismatch};

/// The rows of a page as far as they keep to the order, each with its place and its identifier, and what is wrong with the
/// first one that does not.
pub(super) struct Climbed {
    pub(super) rows: Vec<(usize, i64, Value)>,
    /// Whether the page is a list with holes.
    pub(super) keyed: bool,
    pub(super) failure: Option<Failure>,
}

/// Takes the rows of a page whose identifiers must lie beyond `from`, each beyond the one before. Where they do not, the method
/// ignores the condition or the order, and the walk would lose rows or never end.
pub(super) fn climb(result: Value, place: &str, id: &str, direction: Direction, from: i64) -> Climbed {
    let keyed = matches!(find(&result, place), Ok(Found::Keyed(_)));
    let rows = match take_rows(result, place) {
        Ok(rows) => rows,
        Err(mismatch) => {
            return Climbed { rows: Vec::new(), keyed, failure: Some(Failure::undecodable(mismatch)) };
        }
    };
    let mut climbed = Climbed { rows: Vec::with_capacity(rows.len()), keyed, failure: None };
    let mut last = from;
    for (index, row) in rows.into_iter().enumerate() {
        let number = match identifier(&row, id) {
            Ok(number) => number,
            Err(mismatch) => {
                climbed.failure = Some(Failure::undecodable(in_row(mismatch, place, index)));
                break;
            }
        };
        if !direction.is_beyond(number, last) {
            climbed.failure = Some(out_of_order(id, number, direction, last));
            break;
        }
        last = number;
        climbed.rows.push((index, number, row));
    }
    climbed
}

fn identifier(row: &Value, id: &str) -> Result<i64, Mismatch> {
    let value = row.get(id).ok_or_else(|| Mismatch::missing(id))?;
    i64::from_wire(value.clone()).map_err(|mismatch| mismatch.under(id))
}

fn out_of_order(id: &str, number: i64, direction: Direction, last: i64) -> Failure {
    let (beyond, order) = match direction {
        Direction::Up => ("above", "ascending"),
        Direction::Down => ("below", "descending"),
    };
    incomplete(&format!(
        "a row with the `{id}` {number} came where rows {beyond} {last} in {order} order were asked for; the method heeds \
         neither condition nor order by this field, and its list must be walked page by page"
    ))
}
