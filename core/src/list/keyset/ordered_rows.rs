//! The check that rows are in the requested order.

use super::direction::Direction;
use crate::error::Failure;
use crate::list::incomplete::incomplete;
use crate::list::rows::{find, mismatch_in_row};
use crate::wire::{Json, JsonRef, Mismatch, decode_json_strict};

/// The rows of a page before the first one that is out of order.
pub(super) struct OrderedRows {
    pub(super) rows: Vec<OrderedRow>,
    /// Whether the page is a sparse list.
    pub(super) is_sparse: bool,
    /// The failure of the first row that is out of order.
    pub(super) failure: Option<Failure>,
}

pub(super) struct OrderedRow {
    pub(super) index: usize,
    pub(super) id: i64,
    pub(super) row: Json,
}

/// Takes the rows of a page whose identifiers must come after `from`, each after the previous one. If they do not, the method
/// ignores the condition or the order, and reading would lose rows or never end.
pub(super) fn take_ordered_rows(
    result: &Json,
    pointer: &str,
    row_id: &str,
    direction: Direction,
    from: i64,
) -> OrderedRows {
    let found = match find(result.get(), pointer) {
        Ok(found) => found,
        Err(mismatch) => {
            let failure = Some(Failure::decode(mismatch));
            return OrderedRows { rows: Vec::new(), is_sparse: false, failure };
        }
    };
    let mut ordered = OrderedRows { rows: Vec::new(), is_sparse: found.is_sparse(), failure: None };
    let mut last = from;
    for (index, row) in found.iter().enumerate() {
        let id = match identifier(row, row_id) {
            Ok(id) => id,
            Err(mismatch) => {
                ordered.failure = Some(Failure::decode(mismatch_in_row(mismatch, pointer, index)));
                break;
            }
        };
        if !direction.is_after(id, last) {
            ordered.failure = Some(out_of_order(row_id, id, direction, last));
            break;
        }
        last = id;
        ordered.rows.push(OrderedRow { index, id, row: result.part(row) });
    }
    ordered
}

fn identifier(row: JsonRef<'_>, row_id: &str) -> Result<i64, Mismatch> {
    let value = row.field(row_id).ok_or_else(|| Mismatch::missing(row_id))?;
    decode_json_strict::<i64>(value).map_err(|mismatch| mismatch.under(row_id))
}

fn out_of_order(row_id: &str, id: i64, direction: Direction, last: i64) -> Failure {
    let (side, order) = match direction {
        Direction::Ascending => ("above", "ascending"),
        Direction::Descending => ("below", "descending"),
    };
    incomplete(&format!(
        "the response contains a row with the `{row_id}` {id}, but the request was for rows {side} {last} in {order} order; \
         the method ignores conditions or order by this field, so read its list page by page"
    ))
}
