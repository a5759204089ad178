//! What follows from changes of rows, in other rows.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Call, Machine, id_number};
use crate::check::Refusal;
use crate::families::{Follows, Role, Total, find, fold, is_folded};
use crate::php;
use crate::store::{Field, Row, Table, TableKey, last_value};

/// The fields that a row has from its other fields.
pub(super) fn equal(follows: &Follows, fields: &[Field<'_>]) -> Vec<Field<'static>> {
    let value = |name: &str| last_value(fields, &fold(name)).filter(|value| !value.is_null());
    let missing = follows.same.iter().filter(|(name, _)| value(name).is_none());
    missing
        .filter_map(|(name, other)| Some((fold(name).into(), name.clone().into(), value(other)?.clone())))
        .collect()
}

impl Machine {
    /// Changes what follows from the rows that a method has changed.
    pub(super) fn follow(&mut self, call: &Call<'_>) -> Result<(), Refusal> {
        let key = call.table_key();
        self.bind(call)?;
        if call.operation.role == Role::Update {
            self.sum_again(call, &key)?;
        }
        let Some(follows) = self.families.follows(&key.name) else { return Ok(()) };
        for total in &follows.totals {
            let owners = self.store.get(&key).map(|table| owners(total, table)).unwrap_or_default();
            for owner in owners {
                self.sum_up(total, &key, &owner)?;
            }
        }
        Ok(())
    }

    /// Sets sums of owners whose flag a request changes: those without it are sums again.
    fn sum_again(&mut self, call: &Call<'_>, key: &TableKey) -> Result<(), Refusal> {
        let input = call.operation.input.as_ref().and_then(|input| find(call.params, input)?.as_object());
        let Some(input) = input else { return Ok(()) };
        for (rows, total) in self.families.flagged_totals().iter() {
            let flag = total.unless.as_deref().map(fold).unwrap_or_default();
            if !input.keys().any(|name| is_folded(name, &flag)) {
                continue;
            }
            let rows = TableKey::of(rows);
            self.ensure_table(&rows)?;
            let ids = call.chosen(self.table(call)?);
            let is_here = |owner: &Owner| {
                let table = owner.kind.as_ref().and_then(|kind| self.families.items(kind));
                let is_table =
                    table.is_some_and(|(name, partition)| name == key.name && partition == key.partition);
                is_table && ids.contains(&owner.id)
            };
            let all = self.store.get(&rows).map(|table| all_owners(total, table.range(0, i64::MAX), table));
            let owners: Vec<Owner> = all.into_iter().flatten().filter(is_here).collect();
            for owner in owners {
                self.sum_up(total, &rows, &owner)?;
            }
        }
        Ok(())
    }

    /// Sets a field of an owner to the sum over its rows.
    fn sum_up(&mut self, total: &Total, rows: &TableKey, owner: &Owner) -> Result<(), Refusal> {
        let Some(sum) = self.store.get(rows).map(|table| sum(total, table, owner)) else { return Ok(()) };
        let table = match (&total.table, &owner.kind) {
            (Some(table), _) => Some((table.clone(), Vec::new())),
            (None, Some(kind)) => self.families.items(kind),
            (None, None) => None,
        };
        let Some((name, partition)) = table else { return Ok(()) };
        let key = TableKey { name, partition };
        self.ensure_table(&key)?;
        let Some(table) = self.store.get_mut(&key) else { return Ok(()) };
        let column = total.unless.as_ref().and_then(|flag| table.column(&fold(flag)));
        let Some(row) = table.row(owner.id) else { return Ok(()) };
        if column.and_then(|column| row.value(column)).is_some_and(|flag| php::is_true(&flag)) {
            return Ok(());
        }
        table.set(owner.id, [(fold(&total.into).into(), total.into.as_str().into(), sum)]);
        Ok(())
    }
}

/// A row that others belong to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Owner {
    kind: Option<String>,
    id: i64,
}

/// The owners of the rows that have changed.
fn owners(total: &Total, table: &Table) -> BTreeSet<Owner> {
    all_owners(total, table.changed_rows(), table)
}

/// The owners of rows.
fn all_owners<'r>(
    total: &Total,
    rows: impl Iterator<Item = (i64, &'r Row)>,
    table: &Table,
) -> BTreeSet<Owner> {
    let Some(id) = table.column(&fold(&total.id)) else { return BTreeSet::new() };
    let kind = total.kind.as_ref().and_then(|kind| table.column(&fold(kind)));
    let owner = |(_, row): (i64, &Row)| Owner {
        kind: kind.and_then(|kind| row.value(kind)).map(|kind| php::text(&kind)),
        id: row.value(id).map_or(0, |id| id_number(&id)),
    };
    rows.map(owner).collect()
}

/// The sum over the rows of an owner, with two digits at most.
fn sum(total: &Total, table: &Table, owner: &Owner) -> Value {
    let factors: Vec<usize> = total.of.iter().filter_map(|name| table.column(&fold(name))).collect();
    let id = table.column(&fold(&total.id));
    let kind = total.kind.as_ref().and_then(|kind| table.column(&fold(kind)));
    let is_of = |row: &Row| {
        let same_kind = kind.and_then(|kind| row.value(kind)).map(|kind| php::text(&kind)) == owner.kind;
        same_kind && id.and_then(|id| row.value(id)).is_some_and(|id| id_number(&id) == owner.id)
    };
    let rows = table.range(0, i64::MAX).map(|(_, row)| row).filter(|row| is_of(row));
    let product = |row: &Row| -> f64 {
        let values = factors.iter().map(|factor| row.value(*factor).map_or(0.0, |value| number(&value)));
        values.product()
    };
    let sum = (rows.map(product).sum::<f64>() * 100.0).round() / 100.0;
    // A whole number is no fraction on the wire.
    if sum.fract() == 0.0 && sum.abs() < 1e15 { Value::from(sum as i64) } else { sum.into() }
}

fn number(value: &Value) -> f64 {
    php::text(value).trim().parse().unwrap_or(0.0)
}
