//! What every portal has from the start: rows without which others are not added, the values that a row gets when it is added, and
//! results about the portal. Facts that no descriptor has.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::families::fold;

const FILE: &str = include_str!("basics.json");

/// What every portal has from the start, by the names of tables and methods in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Basics {
    rows: HashMap<String, Vec<Map<String, Value>>>,
    defaults: HashMap<String, Map<String, Value>>,
    results: HashMap<String, Value>,
}

impl Basics {
    /// Those of the embedded file.
    pub(super) fn get() -> &'static Self {
        static READ: OnceLock<Basics> = OnceLock::new();
        READ.get_or_init(|| serde_json::from_str(FILE).unwrap_or_default())
    }

    /// The rows of a table.
    pub(super) fn rows(&self, table: &str) -> &[Map<String, Value>] {
        self.rows.get(&table.to_ascii_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// The value that a field gets when a row is added without it.
    pub(super) fn default(&self, table: &str, folded: &str) -> Option<&Value> {
        let fields = self.defaults.get(&table.to_ascii_lowercase())?;
        fields.iter().find(|(name, _)| fold(name) == folded).map(|(_, value)| value)
    }

    /// The result of a method.
    pub(super) fn result(&self, method: &str) -> Option<&Value> {
        self.results.get(&method.to_ascii_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::Families;
    use crate::spec::{Api, Spec};

    #[test]
    fn the_file_has_fields_that_are_documented() {
        let (spec, families, basics) = (Spec::embedded(), Families::new(), Basics::get());
        let of_rows = basics.rows.iter().flat_map(|(table, rows)| rows.iter().map(move |row| (table, row)));
        let mut checked = 0;
        for (table, fields) in of_rows.chain(&basics.defaults) {
            let family = families.by_table(&spec, table).unwrap_or_else(|| panic!("no table {table}"));
            for name in fields.keys() {
                assert!(family.fields.contains_key(name), "{table} has no {name}");
                checked += 1;
            }
        }
        assert!(checked > 100, "{checked}");
        for method in basics.results.keys() {
            assert!(spec.method(Api::V2, method).is_some(), "{method}");
        }
    }
}
