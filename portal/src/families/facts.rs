//! What the names of methods do not say.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Map, Value};

const FILE: &str = include_str!("facts.json");

/// All facts. Fields of rows are named as results name them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Facts {
    /// Last words of names that set flags, in every family with the first field of which the family has: folded names.
    verbs: HashMap<String, IndexMap<String, Value>>,
    /// Facts by the prefix of the methods.
    families: IndexMap<String, FamilyFacts>,
    /// The rows that exist in every portal, by table.
    rows: HashMap<String, Vec<Map<String, Value>>>,
    /// The results of methods about the portal, by name in lower case.
    results: HashMap<String, Value>,
    /// The family of each method that has another prefix.
    #[serde(skip)]
    homes: HashMap<String, String>,
}

/// What is special about the methods with a prefix.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct FamilyFacts {
    /// The table, where several families have one.
    pub(super) table: Option<String>,
    /// The field with the identifier.
    pub(super) id: Option<String>,
    /// The parameters each of whose values has rows of its own.
    pub(super) partition: Option<Vec<String>>,
    /// The table whose identifiers the rows do not have.
    pub(super) beside: Option<String>,
    /// Whether no method shows the rows, which matter to the portal.
    pub(super) unread: bool,
    /// The values of fields with which a row is added.
    pub(super) defaults: IndexMap<String, Value>,
    /// The kinds whose rows are those of another family, by the value of the parameter that chooses the kind.
    pub(super) kinds: IndexMap<String, SharedKind>,
    /// What methods do, by the last word of the name, or by the whole name of a method with another prefix.
    pub(super) methods: IndexMap<String, MethodFacts>,
}

/// A kind of rows that another family has too.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SharedKind {
    pub(super) table: String,
    /// Fields with another name in that family.
    pub(super) names: IndexMap<String, String>,
}

/// What a method does. Values that begin with `$` are sources: see [`Source`](super::sources::Source).
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MethodFacts {
    /// A word for the role. `none`: no state.
    pub(super) role: String,
    /// The parameters that choose rows, with their fields. Default: derived, unless there are conditions.
    pub(super) keys: Option<IndexMap<String, String>>,
    /// Conditions on rows.
    #[serde(rename = "where")]
    pub(super) conditions: IndexMap<String, Value>,
    /// Fields that are set.
    pub(super) set: IndexMap<String, Value>,
    /// The parameter with a file: its name and its content.
    pub(super) file: Option<String>,
    /// The parameter with a list, each of whose values is a row.
    pub(super) each: Option<String>,
    /// The table whose rows a list has too.
    pub(super) with: Option<String>,
    /// Rows of other families that are added too, by prefix: the fields of each.
    pub(super) also: IndexMap<String, IndexMap<String, Value>>,
}

impl Facts {
    pub(super) fn embedded() -> Self {
        let mut facts: Self = serde_json::from_str(FILE).unwrap_or_default();
        for (prefix, family) in &facts.families {
            let named = family.methods.keys().filter(|name| name.contains('.'));
            facts.homes.extend(named.map(|name| (name.clone(), prefix.clone())));
        }
        facts
    }

    /// The facts about a prefix.
    pub(super) fn of(&self, prefix: &str) -> Option<&FamilyFacts> {
        self.families.get(prefix)
    }

    /// The prefix of the family of a method, in lower case.
    pub(super) fn home(&self, method: &str) -> Option<&str> {
        self.homes.get(method).map(String::as_str)
    }

    /// The first prefix whose rows are in a table.
    pub(super) fn prefix_of(&self, table: &str) -> Option<&str> {
        let has = |family: &FamilyFacts| {
            family.table.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(table))
        };
        self.families.iter().find(|(_, family)| has(family)).map(|(prefix, _)| prefix.as_str())
    }

    /// The flags that the last word of a name sets.
    pub(super) fn flags(&self, verb: &str) -> Option<&IndexMap<String, Value>> {
        self.verbs.get(verb)
    }

    /// The rows that a table has in every portal.
    pub(super) fn rows(&self, table: &str) -> &[Map<String, Value>] {
        self.rows.get(table).map_or(&[], Vec::as_slice)
    }

    /// The result of a method about the portal.
    pub(super) fn result(&self, method: &str) -> Option<&Value> {
        self.results.get(&method.to_ascii_lowercase())
    }

    /// The further names of the fields of a table, with those of the table.
    pub(super) fn names(&self, table: &str) -> impl Iterator<Item = (&String, &String)> {
        let kinds = self.families.values().flat_map(|family| family.kinds.values());
        kinds.filter(move |kind| kind.table == table).flat_map(|kind| &kind.names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::Families;
    use crate::spec::{Api, Spec};

    #[test]
    fn the_file_is_read() {
        serde_json::from_str::<Facts>(FILE).expect("facts");
        assert_eq!(Facts::embedded().home("disk.storage.addfolder"), Some("disk.folder"));
    }
    #[test]
    fn rows_and_results_are_documented() {
        let (spec, families, facts) = (Spec::embedded(), Families::new(), Facts::embedded());
        for (table, rows) in &facts.rows {
            let family = families.by_table(&spec, table).unwrap_or_else(|| panic!("no table {table}"));
            for name in rows.iter().flat_map(Map::keys) {
                assert!(family.fields.contains_key(name), "{table} has no {name}");
            }
        }
        for method in facts.results.keys() {
            assert!(spec.method(Api::V2, method).is_some(), "{method}");
        }
    }
}
