//! The kinds of an entity: several things behind the same methods, which a parameter chooses.
//!
//! The methods of the family need one integer parameter, a table numbers its values, and a page lists the fields of each kind
//! below a heading of its own.

use std::collections::{BTreeMap, HashSet};

use indexmap::IndexMap;

use crate::descriptor::{JsonType, Kind, Kinds, Schema};
use crate::extract::entities::dictionary::Dictionary;
use crate::extract::entities::family::Family;
use crate::extract::rules::returns::resolve::letters;
use crate::extract::syntax::ast::Table;

/// A table that numbers things.
#[derive(Debug)]
pub(crate) struct NumberTable {
    /// The parameter whose values the numbers are.
    pub(crate) parameter: String,
    /// The number in each row, and the other cells.
    rows: Vec<(i64, Vec<String>)>,
}

/// So many fields of a kind are in results of the family.
const MIN_SHARED: usize = 4;

/// A page with fewer tables lists no kinds.
const MIN_KINDS: usize = 3;

impl NumberTable {
    /// Reads a table whose head names a parameter as code, above a column of numbers.
    pub(crate) fn of(table: &Table) -> Option<Self> {
        let (head, rows) = table.rows.split_first()?;
        let number = |row: &crate::extract::syntax::ast::Row, column: usize| {
            row.cells.get(column)?.prose().parse::<i64>().ok()
        };
        let column = head.cells.iter().enumerate().position(|(column, cell)| {
            cell.code().len() == 1
                && rows.len() >= MIN_KINDS
                && rows.iter().all(|row| number(row, column).is_some())
        })?;
        let parameter = (*head.cells.get(column)?.code().first()?).to_owned();
        let read = |row: &crate::extract::syntax::ast::Row| {
            let others = row.cells.iter().enumerate().filter(|(index, _)| *index != column);
            Some((number(row, column)?, others.map(|(_, cell)| cell.prose()).collect()))
        };
        Some(Self { parameter, rows: rows.iter().filter_map(read).collect() })
    }

    /// The number of a kind, by its name or by a cell that begins with the name, as in "Invoice (new)"; of several the last.
    /// A row that repeats its number is an example of the kinds that a portal makes.
    fn number(&self, names: &[&str]) -> Option<i64> {
        let fixed = || {
            self.rows.iter().filter(|(number, cells)| {
                let digits = number.to_string();
                !cells.iter().any(|cell| cell.split('_').any(|part| part == digits))
            })
        };
        let is_name = |cell: &str| names.iter().any(|name| letters(cell) == letters(name));
        let begins = |cell: &str| {
            let before = cell.split('(').next().unwrap_or_default();
            cell.contains('(') && is_name(before)
        };
        let exact = fixed().find(|(_, cells)| cells.iter().any(|cell| is_name(cell)));
        let beginning = || fixed().rfind(|(_, cells)| cells.first().is_some_and(|cell| begins(cell)));
        let of_beginning = beginning();
        of_beginning.or(exact).map(|(number, _)| *number)
    }
}

/// The tables of the kinds of a family, and what all kinds have.
pub(super) struct KindTables<'d> {
    parameter: &'d str,
    kinds: Vec<(String, i64, &'d Dictionary)>,
    common: Vec<&'d Dictionary>,
    /// The tables of kinds without a number, which a portal makes.
    others: Vec<&'d Dictionary>,
}

/// Finds the kinds of a family. `is_near`: whether the page of a table is near those of the family.
pub(super) fn find<'d>(
    family: &Family<'_>,
    dictionaries: &'d [Dictionary],
    numbers: &'d [NumberTable],
    is_near: &dyn Fn(&Dictionary) -> bool,
) -> Option<KindTables<'d>> {
    let numbers = numbers.iter().find(|table| is_chosen_by(family, &table.parameter))?;
    let mut by_file: BTreeMap<&str, Vec<&Dictionary>> = BTreeMap::new();
    for dictionary in dictionaries.iter().filter(|dictionary| is_near(dictionary)) {
        by_file.entry(&dictionary.file).or_default().push(dictionary);
    }
    let of_file = |tables: &Vec<&'d Dictionary>| {
        let numbered = |table: &&'d Dictionary| {
            let anchor = table.anchor.as_deref();
            let names: Vec<&str> = anchor.into_iter().chain([table.heading.as_str()]).collect();
            let number = numbers.number(&names)?;
            let name = anchor.unwrap_or(&table.heading).to_lowercase();
            Some((name, number, *table))
        };
        let kinds: Vec<_> = tables.iter().filter_map(numbered).collect();
        // What no kind's heading and no kind of a portal introduces is common to all.
        let first =
            tables.iter().position(|table| kinds.iter().any(|(_, _, kind)| std::ptr::eq(*kind, *table)))?;
        let common = tables.get(..first)?.to_vec();
        let is_kind = |table: &&Dictionary| kinds.iter().any(|(_, _, kind)| std::ptr::eq(*kind, *table));
        let others = tables.iter().skip(first).copied().filter(|table| !is_kind(table)).collect();
        Some(KindTables { parameter: &numbers.parameter, kinds, common, others })
    };
    let found = by_file.values().filter_map(of_file);
    let names = family.shown_names();
    let shown = |table: &Dictionary| table.fields.iter().filter(|field| names.contains(&field.name)).count();
    let are_about = |tables: &KindTables<'_>| {
        tables.kinds.iter().filter(|(_, _, table)| shown(table) >= MIN_SHARED).count() >= MIN_KINDS
    };
    found
        .filter(are_about)
        .max_by_key(|tables| tables.kinds.iter().map(|(_, _, table)| shown(table)).sum::<usize>())
}

/// Whether several methods of a family need a parameter.
fn is_chosen_by(family: &Family<'_>, parameter: &str) -> bool {
    let needs = |schema: &Schema| {
        let is_integer =
            schema.properties.get(parameter).is_some_and(|of| of.types.single() == Some(JsonType::Integer));
        is_integer && schema.required.iter().any(|name| name == parameter)
    };
    family.descriptors().filter(|descriptor| needs(&descriptor.params)).count() >= MIN_KINDS
}

impl<'d> KindTables<'d> {
    /// All tables of the page.
    pub(super) fn tables(&self) -> impl Iterator<Item = &'d Dictionary> {
        let kinds = self.kinds.iter().map(|(_, _, table)| *table);
        self.common.iter().copied().chain(kinds).chain(self.others.iter().copied())
    }

    /// The kinds, with the names of their fields as the entity spells them. Fields that neither a table nor an alternative of a
    /// request gives to a kind belong to all.
    pub(super) fn kinds(&self, family: &Family<'_>, fields: &IndexMap<String, Schema>) -> Kinds {
        let spelled = |tables: &[&Dictionary]| -> HashSet<String> {
            tables.iter().flat_map(|table| &table.fields).map(|field| letters(&field.name)).collect()
        };
        let own: Vec<HashSet<String>> = self.kinds.iter().map(|(_, _, table)| spelled(&[table])).collect();
        let common = spelled(&self.common);
        let written = written(family, &own);
        let of_some: HashSet<&str> = written.iter().flat_map(|of| of.keys()).map(String::as_str).collect();
        let of = self.kinds.iter().zip(&own).zip(&written);
        let of = of.map(|(((name, value, _), own), writes)| {
            let has = |field: &&String| {
                let letters = letters(field);
                let in_tables = common.contains(&letters) || own.contains(&letters);
                let in_other =
                    self.kinds.len() > 1 && (of_some.contains(field.as_str()) || is_of_any(&letters, self));
                in_tables || writes.contains_key(*field) || !in_other
            };
            let names = fields.keys().filter(has).cloned().collect();
            let writes = writes.keys().filter(|name| fields.contains_key(*name)).cloned().collect();
            (name.clone(), Kind { value: *value, fields: names, writes })
        });
        Kinds { parameter: self.parameter.to_owned(), of: of.collect() }
    }
}

/// Whether a table of some kind lists a field.
fn is_of_any(field: &str, tables: &KindTables<'_>) -> bool {
    let kinds = tables.kinds.iter().map(|(_, _, table)| table).chain(&tables.others);
    kinds.flat_map(|table| &table.fields).any(|known| letters(&known.name) == field)
}

/// The fields that requests write, for each kind: of the alternatives of an object the one that shares most with the kind.
fn written(family: &Family<'_>, own: &[HashSet<String>]) -> Vec<IndexMap<String, Schema>> {
    let mut written = vec![IndexMap::new(); own.len()];
    for alternatives in alternatives(family) {
        for (of, known) in written.iter_mut().zip(own) {
            let score = |schema: &&&Schema| {
                let shared = schema.properties.keys().filter(|name| known.contains(&letters(name))).count();
                let union = schema.properties.len() + known.len() - shared;
                shared * 1000 / union.max(1)
            };
            if let Some(best) = alternatives.iter().max_by_key(score) {
                of.extend(best.properties.clone());
            }
        }
    }
    written
}

/// The alternatives of objects in the requests of a family.
pub(super) fn alternatives<'a>(family: &Family<'a>) -> Vec<Vec<&'a Schema>> {
    let parameters = family.descriptors().flat_map(|descriptor| descriptor.params.properties.values());
    let several = parameters.map(|schema| schema.one_of.iter().collect::<Vec<_>>());
    several.filter(|alternatives| alternatives.len() >= MIN_KINDS).collect()
}
