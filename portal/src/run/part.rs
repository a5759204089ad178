//! Conditions on a part of a field: `datePeriod.from`, or `PROPERTY_PRICE`, which is in `PROPERTY_VALUES`.

use serde_json::Value;

use crate::families::fold;
use crate::store::{Row, Table, View};

/// Where in a row the value of a condition is.
pub(super) struct Place<'n> {
    column: usize,
    /// The folded names of the parts of the value, one after the other. Empty: all of it.
    part: &'n str,
}

impl<'n> Place<'n> {
    pub(super) fn of(table: &Table, name: &'n str) -> Option<Self> {
        if let Some(column) = table.column(name) {
            return Some(Self { column, part: "" });
        }
        let columns = table.columns().enumerate();
        let within = columns.filter_map(|(column, (folded, _))| {
            let part = name.strip_prefix(folded.strip_suffix("values").unwrap_or(folded))?;
            Some(Self { column, part }).filter(|_| !part.is_empty())
        });
        within.min_by_key(|place| place.part.len())
    }

    /// The value. `None`: there are no parts, so that the condition says nothing.
    pub(super) fn view<'r>(&self, row: &'r Row) -> Option<View<'r>> {
        let value = row.view(self.column);
        if self.part.is_empty() {
            return Some(value);
        }
        match value {
            View::Json(value @ Value::Object(_)) => {
                Some(inside(value, self.part).map_or(View::Null, View::of))
            }
            _ => None,
        }
    }
}

/// A part of a value by the folded names on the way to it, without anything between them.
fn inside<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    if path.is_empty() {
        return Some(value);
    }
    let parts = value.as_object()?.iter();
    parts.filter_map(|(name, part)| inside(part, path.strip_prefix(fold(name).as_str())?)).next()
}
