//! Fields that follow from a code, which a row of another table explains: whether a stage is a final one.

use serde_json::Value;

use super::Machine;
use crate::check::Refusal;
use crate::families::{Follows, Lookup, fold};
use crate::php;
use crate::store::{Field, Table, TableKey};

impl Machine {
    /// The fields that follow from codes among these.
    pub(super) fn looked_up(
        &mut self,
        follows: &Follows,
        key: &TableKey,
        fields: &[Field<'_>],
    ) -> Result<Vec<Field<'static>>, Refusal> {
        let mut found = Vec::new();
        for lookup in &follows.lookups {
            let Some(table) = self.store.get(key) else { break };
            let (field, into) = (fold(&lookup.field), fold(&lookup.into));
            let given = |name: &str| fields.iter().rev().find(|(folded, ..)| table.own_name(folded) == name);
            // What is given is right.
            let Some((.., code)) = given(&field).filter(|_| given(&into).is_none()) else { continue };
            let key = TableKey::of(&lookup.table);
            self.ensure_table(&key)?;
            let value = self.store.get(&key).and_then(|table| explained(lookup, table, &php::text(code)));
            let value = value.unwrap_or_else(|| lookup.or.clone());
            for (flag, values) in &lookup.flags {
                found.push((fold(flag).into(), flag.clone().into(), values.contains(&value).into()));
            }
            found.push((into.into(), lookup.into.clone().into(), value));
        }
        Ok(found)
    }
}

/// The value of the row with a code.
fn explained(lookup: &Lookup, table: &Table, code: &str) -> Option<Value> {
    let by = table.column(&fold(&lookup.by))?;
    let take = table.column(&fold(&lookup.take))?;
    let text =
        |row: &crate::store::Row, column| row.value(column).as_ref().map(php::text).unwrap_or_default();
    let is_within = |row: &crate::store::Row| {
        lookup.within.iter().all(|(field, start)| {
            table.column(&fold(field)).is_some_and(|column| text(row, column).starts_with(start.as_str()))
        })
    };
    let mut rows = table.range(0, i64::MAX).map(|(_, row)| row);
    let row = rows.find(|row| text(row, by) == code && is_within(row))?;
    row.value(take).filter(|value| !value.is_null())
}
