//! Rows that meet conditions, without order and pages.

use crate::families::{Family, fold};
use crate::store::{Filter, Row, Table, View};

/// The identifiers of the rows that meet conditions. A field that no row has is nothing.
pub(super) fn found(family: &Family, table: &Table, filter: &Filter) -> Vec<i64> {
    let id_name = family.id.as_ref().map_or_else(|| "id".to_owned(), |id| fold(id));
    let is_number = table.range(0, i64::MAX).next().is_none_or(|(_, row)| {
        table
            .column(&id_name)
            .is_none_or(|column| matches!(row.view(column), View::Integer(_) | View::Number(..) | View::Null))
    });
    let (low, high) = if is_number { filter.id_range(&id_name) } else { (0, i64::MAX) };
    let meets = |(id, row): &(i64, &Row)| {
        filter.meets(&|name| match table.column(name) {
            _ if name == id_name && is_number => Some(View::Integer(*id)),
            Some(column) => Some(row.view(column)),
            None => Some(View::Null),
        })
    };
    table.range(low, high).filter(meets).map(|(id, _)| id).collect()
}
