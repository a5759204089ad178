//! Rows that bind others to an owner, and the owner's fields with their identifiers: each follows the other.
//!
//! The fields of the owner are read when methods work on the rows, so that owners are added and changed as fast as others.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::rows::defaults;
use super::values::Context;
use super::{Call, Machine, id_number};
use crate::check::Refusal;
use crate::families::{Family, Follows, Link, fold};
use crate::php;
use crate::store::{Field, Row, Table, TableKey, last_value};

/// The identifiers that an owner has in its fields, and the primary one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Bound {
    all: Vec<i64>,
    first: Option<i64>,
}

impl Bound {
    fn of(all: Option<&Value>, first: Option<&Value>) -> Self {
        let number = |value: &Value| Some(id_number(value)).filter(|id| *id > 0);
        let mut ids: Vec<i64> = match all {
            Some(Value::Array(ids)) => ids.iter().filter_map(number).collect(),
            Some(Value::Object(ids)) => ids.values().filter_map(number).collect(),
            Some(one) => number(one).into_iter().collect(),
            None => Vec::new(),
        };
        let first = first.and_then(number);
        if let Some(first) = first.filter(|first| !ids.contains(first)) {
            ids.insert(0, first);
        }
        Self { first: first.or_else(|| ids.first().copied()), all: ids }
    }

    fn of_row(link: &Link, table: &Table, row: &Row) -> Self {
        let value = |name: &str| table.column(&fold(name)).and_then(|column| row.value(column));
        Self::of(value(&link.all).as_ref(), value(&link.first).as_ref())
    }

    fn fields(&self, link: &Link) -> [Field<'static>; 2] {
        let first = self.first.map_or(Value::Null, Value::from);
        [
            (fold(&link.all).into(), link.all.clone().into(), self.all.clone().into()),
            (fold(&link.first).into(), link.first.clone().into(), first),
        ]
    }
}

/// The fields with identifiers of an owner, as far as one of them is given; `row` is what the owner was before.
pub(super) fn bound(
    follows: &Follows,
    fields: &[Field<'_>],
    row: Option<(&Table, i64)>,
) -> Vec<Field<'static>> {
    let given =
        |name: &str| last_value(fields, &fold(name)).filter(|value| row.is_some() || !value.is_null());
    let of_link = |link: &Link| {
        let bound = match (given(&link.all), given(&link.first)) {
            (None, None) => return Vec::new(),
            // Of those that are given, one may be the primary one.
            (Some(all), first) => {
                let all = Bound::of(Some(all), None);
                let first = first.map(id_number).filter(|first| all.all.contains(first));
                Bound { first: first.or(all.first), all: all.all }
            }
            // The primary one is replaced, and others stay.
            (None, Some(first)) => {
                let before = row.and_then(|(table, id)| Some(Bound::of_row(link, table, table.row(id)?)));
                let before = before.unwrap_or_default();
                let others = before.all.into_iter().filter(|id| Some(*id) != before.first);
                let others: Value = others.map(Value::from).collect();
                Bound::of(Some(&others), Some(first))
            }
        };
        bound.fields(link).to_vec()
    };
    follows.links.iter().flat_map(of_link).collect()
}

impl Machine {
    /// Brings the rows of a link up to date with the fields of their owners.
    pub(super) fn read_links(&mut self, call: &Call<'_>) -> Result<(), Refusal> {
        self.table(call)?;
        for (owners, link) in &call.family.links {
            let key = TableKey::of(owners);
            self.ensure_table(&key)?;
            let Some(owners) = self.store.get(&key) else { continue };
            let of = |row: &Row| Bound::of_row(link, owners, row);
            let wanted: Vec<(i64, Bound)> = match self.link_owner(call, link) {
                Some(id) => owners.row(id).map(|row| (id, of(row))).into_iter().collect(),
                None => owners.range(0, i64::MAX).map(|(id, row)| (id, of(row))).collect(),
            };
            let home = self.families.by_table(&self.spec, &link.rows);
            let family = home.as_deref().unwrap_or(call.family);
            let Some(table) = self.store.get_mut(&call.table_key()) else { continue };
            let rows = Rows { link, family };
            let mut existing = rows.by_owner(table);
            for (owner, bound) in wanted {
                let exist = existing.remove(&owner).unwrap_or_default();
                rows.correct(table, owner, &bound, &exist);
            }
        }
        Ok(())
    }

    /// The owner whose rows a method is about.
    fn link_owner(&self, call: &Call<'_>, link: &Link) -> Option<i64> {
        let owner = fold(&link.owner);
        let of = self.settings(call, call.family, &call.family.of, &Context::default());
        of.into_iter().find(|(field, ..)| *field == owner).map(|(.., id)| id_number(&id))
    }

    /// Sets the fields of the owners of rows that a method has changed, of which one is the primary one.
    pub(super) fn bind(&mut self, call: &Call<'_>) -> Result<(), Refusal> {
        for (owners, link) in &call.family.links {
            let rows = Rows { link, family: call.family };
            let Some(table) = self.store.get_mut(&call.table_key()) else { continue };
            let changed: BTreeSet<i64> = table.changed_rows().map(|(id, _)| id).collect();
            let touched: BTreeSet<i64> =
                table.changed_rows().map(|(_, row)| rows.number(table, row, &link.owner)).collect();
            let mut bound = Vec::new();
            for owner in touched {
                let exist = rows.by_owner(table).remove(&owner).unwrap_or_default();
                bound.push((owner, rows.agree(table, &exist, &changed)));
            }
            let key = TableKey::of(owners);
            self.ensure_table(&key)?;
            if let Some(table) = self.store.get_mut(&key) {
                for (owner, bound) in bound {
                    table.set(owner, bound.fields(link));
                }
            }
        }
        Ok(())
    }
}

/// The rows of a link.
struct Rows<'l> {
    link: &'l Link,
    family: &'l Family,
}

/// A row: its identifier, what it binds, and whether that is the primary one.
type BoundRow = (i64, i64, bool);

const PRIMARY: &str = "IS_PRIMARY";

impl Rows<'_> {
    fn number(&self, table: &Table, row: &Row, name: &str) -> i64 {
        table.column(&fold(name)).and_then(|column| row.value(column)).map_or(0, |value| id_number(&value))
    }

    fn by_owner(&self, table: &Table) -> BTreeMap<i64, Vec<BoundRow>> {
        let primary = table.column(&fold(PRIMARY));
        let mut rows: BTreeMap<i64, Vec<BoundRow>> = BTreeMap::new();
        for (id, row) in table.range(0, i64::MAX) {
            let is_primary =
                primary.and_then(|column| row.value(column)).is_some_and(|flag| php::is_true(&flag));
            let value = self.number(table, row, &self.link.value);
            rows.entry(self.number(table, row, &self.link.owner)).or_default().push((id, value, is_primary));
        }
        rows
    }

    fn field(name: &str, value: Value) -> Field<'static> {
        (fold(name).into(), name.to_owned().into(), value)
    }

    /// Makes the rows of an owner what its fields say.
    fn correct(&self, table: &mut Table, owner: i64, bound: &Bound, exist: &[BoundRow]) {
        for (id, ..) in exist.iter().filter(|(_, value, _)| !bound.all.contains(value)) {
            table.remove(*id);
        }
        for (at, value) in (1..).zip(&bound.all) {
            let is_primary = bound.first == Some(*value);
            match exist.iter().find(|(_, known, _)| known == value) {
                Some((_, _, known)) if *known == is_primary => {}
                Some((id, ..)) => drop(table.set(*id, [Self::field(PRIMARY, is_primary.into())])),
                None => {
                    let id = table.next_id();
                    let fields = [
                        Self::field(&self.link.owner, owner.into()),
                        Self::field(&self.link.value, (*value).into()),
                        Self::field(PRIMARY, is_primary.into()),
                        Self::field("SORT", (10 * at).into()),
                        Self::field("ROLE_ID", 0.into()),
                    ];
                    table.add(defaults(self.family, id).into_iter().chain(fields));
                }
            }
        }
    }

    /// Lets the rows of an owner bind each identifier once, and one of them be the primary one. Those that have changed are right.
    fn agree(&self, table: &mut Table, exist: &[BoundRow], changed: &BTreeSet<i64>) -> Bound {
        let mut last: BTreeMap<i64, BoundRow> = BTreeMap::new();
        for row in exist {
            if let Some((older, ..)) = last.insert(row.1, *row) {
                table.remove(older);
            }
        }
        let mut rows: Vec<BoundRow> = last.into_values().collect();
        rows.sort_unstable();
        let primary = rows.iter().rfind(|(id, _, primary)| *primary && changed.contains(id));
        let primary = primary.or_else(|| rows.iter().find(|(.., primary)| *primary)).or_else(|| rows.first());
        let first = primary.map(|(_, value, _)| *value);
        for (at, (id, value, is_primary)) in (1..).zip(&rows) {
            if *is_primary != (first == Some(*value)) {
                table.set(*id, [Self::field(PRIMARY, (!is_primary).into())]);
            }
            for (name, default) in [("SORT", 10 * at), ("ROLE_ID", 0)] {
                let column = table.column(&fold(name));
                let row = table.row(*id);
                if column.is_some_and(|column| row.is_some_and(|row| row.view(column).is_null())) {
                    table.set(*id, [Self::field(name, default.into())]);
                }
            }
        }
        Bound { all: rows.iter().map(|(_, value, _)| *value).collect(), first }
    }
}
