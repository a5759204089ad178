//! Journals: an entry for each change of a field.
//!
//! The entry that says that a row was added is written when somebody reads the journal or the row changes, so that rows are added as
//! fast as others.

use std::collections::HashSet;

use serde_json::Value;

use super::rows::defaults;
use super::values::Context;
use super::{Call, Machine};
use crate::check::Refusal;
use crate::families::{Follows, Journal, Setting, fold};
use crate::php;
use crate::store::{Field, Row, Table, TableKey, View, compare};

/// An entry, with the table that it is for.
pub(super) type Entry = (String, Vec<Field<'static>>);

impl Machine {
    /// Changes a row. Returns the entries of journals that follow.
    pub(super) fn set_row(
        &mut self,
        call: &Call<'_>,
        follows: &Follows,
        (key, id): (&TableKey, i64),
        fields: Vec<Field<'_>>,
    ) -> Vec<Entry> {
        let (mut entries, changes) = self.before(call, follows, (key, id), &fields);
        if let Some(table) = self.store.get_mut(key) {
            table.set(id, fields);
        }
        let Some((table, row)) = self.store.get(key).and_then(|table| Some((table, table.row(id)?))) else {
            return entries;
        };
        for (journal, of_journal) in changes {
            for (field, from, to) in &of_journal {
                let row = Some((id, table, row));
                let context = Context { row, change: Some((field, from, to)), ..Context::default() };
                let flag = journal.closed.as_ref().and_then(|flag| row?.2.value(table.column(&fold(flag))?));
                let last: &[Setting] =
                    if flag.is_some_and(|flag| php::is_true(&flag)) { &journal.last } else { &[] };
                entries.push((journal.rows.clone(), self.entry(call, &[&journal.set, last], &context)));
            }
        }
        entries
    }

    /// The entries that say that the row was added, where a journal has none about it, and the changes that are entries.
    fn before<'f>(
        &self,
        call: &Call<'_>,
        follows: &'f Follows,
        (key, id): (&TableKey, i64),
        fields: &[Field<'_>],
    ) -> (Vec<Entry>, Vec<(&'f Journal, Vec<Change>)>) {
        let (mut entries, mut changes) = (Vec::new(), Vec::new());
        let Some(table) = self.store.get(key) else { return (entries, changes) };
        for journal in &follows.journals {
            let of_journal = changed(journal, table, id, fields);
            if of_journal.is_empty() {
                continue;
            }
            let context = Context { row: table.row(id).map(|row| (id, table, row)), ..Context::default() };
            let first = self.entry(call, &[&journal.set, &journal.first], &context);
            let written = TableKey::of(&journal.rows);
            let has_first = self.store.get(&written).is_some_and(|entries| has(journal, entries, &first));
            if !journal.first.is_empty() && !has_first {
                entries.push((journal.rows.clone(), first));
            }
            changes.push((journal, of_journal));
        }
        (entries, changes)
    }

    /// Adds entries to their journals.
    pub(super) fn write_down(&mut self, entries: Vec<Entry>) -> Result<(), Refusal> {
        for (name, fields) in entries {
            let key = TableKey::of(&name);
            self.ensure_table(&key)?;
            let family = self.families.by_table(&self.spec, &key.name);
            if let (Some(family), Some(table)) = (family, self.store.get_mut(&key)) {
                let id = table.next_id();
                table.add(defaults(&family, id).into_iter().chain(fields));
            }
        }
        Ok(())
    }

    /// Adds the entries of rows that were added and have none.
    pub(super) fn read_journals(&mut self, call: &Call<'_>) -> Result<(), Refusal> {
        let mut entries = Vec::new();
        self.table(call)?;
        for (rows, journal) in call.family.journals.iter().filter(|(_, journal)| !journal.first.is_empty()) {
            let Some(table) = self.store.get(&call.table_key()) else { continue };
            let known = known(journal, table);
            let mut keys = self.store.keys(rows).map_err(super::unreadable)?;
            if keys.is_empty() {
                keys.push(TableKey::of(rows));
            }
            for key in keys {
                self.ensure_table(&key)?;
                let Some(table) = self.store.get(&key) else { continue };
                for (id, row) in table.range(0, i64::MAX) {
                    let context = Context { row: Some((id, table, row)), ..Context::default() };
                    let entry = self.entry(call, &[&journal.set, &journal.first], &context);
                    if !known.contains(&about(journal, &entry)) {
                        entries.push((journal.rows.clone(), entry));
                    }
                }
            }
        }
        self.write_down(entries)
    }

    /// The fields of an entry.
    fn entry(&self, call: &Call<'_>, settings: &[&[Setting]], context: &Context<'_>) -> Vec<Field<'static>> {
        let field = |setting: &Setting| {
            let value = self.value_of(call, &setting.source, context)?;
            Some((setting.field.clone().into(), setting.name.clone().into(), value))
        };
        settings.iter().flat_map(|settings| settings.iter()).filter_map(field).collect()
    }
}

/// A field that changes, with its values before and after.
type Change = (String, Value, Value);

/// The fields of a journal that change in a row.
fn changed(journal: &Journal, table: &Table, id: i64, fields: &[Field<'_>]) -> Vec<Change> {
    let Some(row) = table.row(id) else { return Vec::new() };
    let of_field = |name: &String| {
        let folded = fold(name);
        let (.., to) = fields.iter().rev().find(|(field, ..)| table.own_name(field) == folded)?;
        let from = table.column(&folded).and_then(|column| row.value(column)).unwrap_or_default();
        let is_other = php::text(&from) != php::text(to) && compare(View::of(&from), View::of(to)).is_ne();
        is_other.then(|| (name.clone(), from, to.clone()))
    };
    journal.fields.iter().filter_map(of_field).collect()
}

/// Which row an entry is about.
fn about(journal: &Journal, entry: &[Field<'_>]) -> Vec<String> {
    let value = |name: &String| {
        let folded = fold(name);
        entry
            .iter()
            .find(|(field, ..)| *field == folded)
            .map(|(.., value)| php::text(value))
            .unwrap_or_default()
    };
    journal.key.iter().map(value).collect()
}

/// Whether a journal has an entry about the same row.
fn has(journal: &Journal, table: &Table, entry: &[Field<'_>]) -> bool {
    let wanted = journal.key.iter().rev().map(|name| {
        let folded = fold(name);
        let value = entry.iter().find(|(field, ..)| *field == folded).map(|(.., value)| value);
        (table.column(&folded), View::of(value.unwrap_or(&Value::Null)))
    });
    let wanted: Vec<_> = wanted.collect();
    let is_about = |row: &Row| {
        wanted
            .iter()
            .all(|(column, value)| column.is_some_and(|column| compare(row.view(column), *value).is_eq()))
    };
    table.range(0, i64::MAX).any(|(_, row)| is_about(row))
}

/// The rows that a journal has entries about.
fn known(journal: &Journal, table: &Table) -> HashSet<Vec<String>> {
    let columns: Vec<Option<usize>> = journal.key.iter().map(|name| table.column(&fold(name))).collect();
    let rows = table.range(0, i64::MAX).map(|(_, row)| {
        let value = |column: &Option<usize>| column.and_then(|column| row.value(column));
        columns.iter().map(|column| value(column).as_ref().map(php::text).unwrap_or_default()).collect()
    });
    rows.collect()
}
