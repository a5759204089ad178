//! Rows that exist because they are asked for.

use serde_json::Value;

use super::rows::{plausible_row, seed};
use super::values::Context;
use super::{Call, Machine, id_number};
use crate::check::Refusal;
use crate::families::{Column, find, fold};
use crate::store::{Field, Table};

/// The greatest identifier of a row that is made, which is a whole number in every language.
const LARGEST_ID: i64 = 1 << 53;

/// How many rows one call makes at most.
const MOST_ROWS: usize = 1_000;

impl Machine {
    /// Makes the rows that a call chooses, unless they are there or were deleted.
    pub(super) fn make_chosen(&mut self, call: &Call<'_>) -> Result<(), Refusal> {
        let portal_seed = self.seed;
        let home = self.home(call.family, &call.table_key());
        let family = home.as_deref().unwrap_or(call.family);
        let of = self.settings(call, call.family, &call.family.of, &Context::default());
        let table = self.table(call)?;
        for wanted in all_wanted(call, table) {
            let id = wanted.id.unwrap_or_else(|| table.next_id());
            let is_there = match wanted.id {
                Some(id) => table.row(id).is_some(),
                None => !call.chosen(table).is_empty(),
            };
            if is_there || !(1..LARGEST_ID).contains(&id) || table.was_removed(id) {
                continue;
            }
            let values = plausible_row(seed(portal_seed, family, id), family, id);
            table.insert(id, values.into_iter().enumerate().chain(wanted.values));
            // Columns that no row had before.
            table.set(id, of.iter().cloned().chain(wanted.further));
        }
        Ok(())
    }
}

/// A row that a call chooses.
struct Wanted {
    id: Option<i64>,
    /// The columns by which it is chosen beside.
    values: Vec<(usize, Value)>,
    /// The fields by which it is chosen and that no row has.
    further: Vec<Field<'static>>,
}

/// The rows that a call chooses: one, or one for each item of a parameter that is a list.
fn all_wanted(call: &Call<'_>, table: &Table) -> Vec<Wanted> {
    let keys: Vec<(Option<&str>, &Value)> = call
        .operation
        .keys
        .iter()
        .filter_map(|key| {
            let column = match &key.column {
                Column::Id => None,
                Column::Field(name) => Some(name.as_str()),
            };
            Some((column, find(call.params, &key.param)?))
        })
        .collect();
    let conditions = call.conditions;
    if call.operation.keys.is_empty() && conditions.is_empty() {
        return Vec::new();
    }
    let id_name = call.family.id.as_ref().map(|id| fold(id));
    let rows = keys.iter().find_map(|(_, value)| value.as_array()).map_or(1, Vec::len).min(MOST_ROWS);
    let wanted = |at: usize| {
        let mut wanted = Wanted { id: None, values: Vec::new(), further: Vec::new() };
        let mut add = |field: Option<&str>, value: &Value| match field {
            Some(name) => match table.column(name) {
                Some(column) => wanted.values.push((column, value.clone())),
                None => wanted.further.push((name.to_owned().into(), name.to_owned().into(), value.clone())),
            },
            None => wanted.id = Some(id_number(value)),
        };
        for (column, value) in &keys {
            match value {
                Value::Array(items) => items.get(at).into_iter().for_each(|item| add(*column, item)),
                one => add(*column, one),
            }
        }
        for (field, value) in conditions {
            add(Some(field.as_str()).filter(|field| id_name.as_deref() != Some(*field)), value);
        }
        wanted
    };
    (0..rows).map(wanted).collect()
}
