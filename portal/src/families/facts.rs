//! What the names of methods do not say.

mod method;

use std::collections::HashMap;

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Map, Value};

pub(super) use method::{EffectFacts, FindFacts, MethodFacts, NeedFacts};

use super::follows::Follows;
use super::sources::{Setting, Source, settings};
use crate::spec::{Api, Schema};

/// The parts of the facts.
const FILES: [&str; 18] = [
    include_str!("facts.json"),
    include_str!("facts/bots.json"),
    include_str!("facts/chats.json"),
    include_str!("facts/collaboration.json"),
    include_str!("facts/crm.json"),
    include_str!("facts/crm_values.json"),
    include_str!("facts/disk.json"),
    include_str!("facts/entity.json"),
    include_str!("facts/lists.json"),
    include_str!("facts/messages.json"),
    include_str!("facts/office.json"),
    include_str!("facts/open_lines.json"),
    include_str!("facts/sales.json"),
    include_str!("facts/sites.json"),
    include_str!("facts/staff.json"),
    include_str!("facts/tasks.json"),
    include_str!("facts/telephony.json"),
    include_str!("facts/votes.json"),
];

/// All facts. Fields of rows are named as results name them.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Facts {
    /// Last words of names that set flags, in every family with the first field of which the family has: folded names.
    verbs: HashMap<String, IndexMap<String, Value>>,
    /// Facts by the prefix of the methods.
    families: IndexMap<String, FamilyFacts>,
    /// The rows that exist in every portal, by table.
    rows: HashMap<String, Vec<Map<String, Value>>>,
    /// The results of methods about the portal, by name in lower case.
    results: HashMap<String, Value>,
    /// The numbers of the kinds of items by their codes.
    codes: HashMap<String, i64>,
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
    /// Fields of rows that no result has.
    pub(super) fields: IndexMap<String, Schema>,
    /// The entity that rows are, where no result says it.
    pub(super) entity: Option<String>,
    /// The field with the identifier.
    pub(super) id: Option<String>,
    /// The parameters each of whose values has rows of its own.
    pub(super) partition: Option<Vec<String>>,
    /// Fields of this family's methods that the table has under another name.
    pub(super) names: IndexMap<String, String>,
    /// Fields whose values this family's methods write in other words than the table: the values of the table by these words.
    pub(super) values: IndexMap<String, IndexMap<String, Value>>,
    /// The values of the partition of the table.
    pub(super) within: Vec<String>,
    /// What all rows of the family have in their table, where others have it too: fields with sources. Methods set it and see no other
    /// rows.
    pub(super) of: IndexMap<String, Value>,
    /// What follows from changes of the rows.
    pub(super) follows: Follows,
    /// The table whose identifiers the rows do not have.
    pub(super) beside: Option<String>,
    /// The values of fields with which a row is added.
    pub(super) defaults: IndexMap<String, Value>,
    /// The kinds whose rows are those of another family, by the value of the parameter that chooses the kind.
    pub(super) kinds: IndexMap<String, SharedKind>,
    /// Whether no method shows the rows, which matter to the portal.
    pub(super) unread: bool,
    /// Fields whose values follow from a row and from those of other families, by their names in results.
    pub(super) show: IndexMap<String, Value>,
    /// Rows of other families without which no method works, apart from those that describe fields.
    pub(super) needs: Vec<NeedFacts>,
    /// The directories whose codes fields have, by the names of the fields.
    pub(super) directories: IndexMap<String, String>,
    /// Fields whose values only one row has together.
    pub(super) unique: Vec<String>,
    /// What happens to rows of other families when a row is added, whichever method adds it.
    pub(super) added: Vec<EffectFacts>,
    /// What methods do, by the last word of the name, or by the whole name of a method with another prefix.
    pub(super) methods: IndexMap<String, MethodFacts>,
    /// The facts about the methods of REST 3, where they are others.
    pub(super) v3: Option<Box<FamilyFacts>>,
}

/// A kind of rows that another family has too.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SharedKind {
    pub(super) table: String,
    /// Fields with another name in that family.
    pub(super) names: IndexMap<String, String>,
}

impl FamilyFacts {
    /// Whether the rows matter although no method shows them, or their fields are described.
    pub(super) fn is_read(&self) -> bool {
        self.unread || self.entity.is_some() || !self.fields.is_empty()
    }
}

impl Facts {
    pub(super) fn embedded() -> Self {
        let mut facts = Self::default();
        for part in FILES.iter().filter_map(|file| serde_json::from_str::<Self>(file).ok()) {
            facts.verbs.extend(part.verbs);
            facts.families.extend(part.families);
            facts.rows.extend(part.rows);
            facts.results.extend(part.results);
            facts.codes.extend(part.codes);
        }
        for (prefix, family) in &facts.families {
            let methods = family.methods.keys().chain(family.v3.iter().flat_map(|v3| v3.methods.keys()));
            let named = methods.filter(|name| name.contains('.'));
            facts.homes.extend(named.map(|name| (name.clone(), prefix.clone())));
        }
        facts
    }

    /// The facts about a prefix.
    pub(super) fn of(&self, api: Api, prefix: &str) -> Option<&FamilyFacts> {
        let family = self.families.get(prefix)?;
        Some(family.v3.as_deref().filter(|_| api == Api::V3).unwrap_or(family))
    }

    /// Whether the rows of a prefix are those of its methods of REST 2, with other facts in REST 3.
    pub(super) fn differs_in_v3(&self, prefix: &str) -> bool {
        self.families.get(prefix).is_some_and(|family| family.v3.is_some())
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

    /// What follows from changes of the rows of each table.
    pub(super) fn follows(&self) -> impl Iterator<Item = (&String, &Follows)> {
        self.families.iter().map(|(table, family)| (table, &family.follows)).filter(|(_, of)| !of.is_empty())
    }

    /// The table of a kind of items, by its number or its code, with its partition.
    pub(super) fn items(&self, kind: &str) -> Option<(String, Vec<String>)> {
        let hexadecimal = || i64::from_str_radix(kind.strip_prefix('T')?, 16).ok();
        let number = kind.parse().ok().or_else(|| self.codes.get(kind).copied()).or_else(hexadecimal)?;
        let number = number.to_string();
        let (prefix, family) = self.families.iter().find(|(_, family)| !family.kinds.is_empty())?;
        Some(match family.kinds.get(&number) {
            Some(kind) => (kind.table.clone(), Vec::new()),
            None => (prefix.clone(), vec![number]),
        })
    }

    /// The flags that the last word of a name sets.
    pub(super) fn flags(&self, verb: &str) -> Option<&IndexMap<String, Value>> {
        self.verbs.get(verb)
    }

    /// The rows that a table has in every portal. Names of tables are compared without case.
    pub(super) fn rows(&self, table: &str) -> &[Map<String, Value>] {
        let of_table = self.rows.iter().find(|(name, _)| name.eq_ignore_ascii_case(table));
        of_table.map_or(&[], |(_, rows)| rows.as_slice())
    }

    /// The fields whose values divide a table between families, folded.
    pub(super) fn divided_by(&self, table: &str) -> Vec<String> {
        let families = self.families.values().filter(|family| family.table.as_deref() == Some(table));
        let settings = families.map(|family| settings(&family.of));
        let is_fixed = |of: &Vec<Setting>| of.iter().all(|one| matches!(one.source, Source::Value(_)));
        settings.filter(is_fixed).flatten().map(|setting| setting.field).collect()
    }

    /// The result of a method about the portal.
    pub(super) fn result(&self, method: &str) -> Option<&Value> {
        self.results.get(&method.to_ascii_lowercase())
    }

    /// The further names of the fields of a table, with those of the table.
    pub(super) fn names(&self, table: &str) -> impl Iterator<Item = (&String, &String)> {
        let kinds = self.families.values().flat_map(|family| family.kinds.values());
        let of_kinds = kinds.filter(move |kind| kind.table == table).flat_map(|kind| &kind.names);
        let families = self.families.values().filter(move |family| family.table.as_deref() == Some(table));
        let v3 = self.families.iter().filter(move |(prefix, _)| *prefix == table);
        let of_v3 = v3.filter_map(|(_, family)| family.v3.as_ref()).flat_map(|v3| &v3.names);
        of_kinds.chain(families.flat_map(|family| &family.names)).chain(of_v3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::Families;
    use crate::spec::{Api, Spec};

    #[test]
    fn the_files_are_read() {
        let parts = FILES.map(|file| serde_json::from_str::<Facts>(file).expect("facts"));
        let families: usize = parts.iter().map(|part| part.families.len()).sum();
        assert_eq!(families, Facts::embedded().families.len(), "a family is in one file");
        assert_eq!(Facts::embedded().home("disk.storage.addfolder"), Some("disk.folder"));
    }

    #[test]
    fn the_families_and_errors_that_facts_name_exist() {
        let (spec, families, facts) = (Spec::embedded(), Families::new(), Facts::embedded());
        let mut wrong = Vec::new();
        let is_denied = |family: &FamilyFacts| family.methods.values().all(|method| method.role == "none");
        for (prefix, _) in facts.families.iter().filter(|(_, family)| !is_denied(family)) {
            let family = [Api::V2, Api::V3].into_iter().find_map(|api| families.family(&spec, api, prefix));
            let Some(family) = family else {
                wrong.push(format!("{prefix} is no family"));
                continue;
            };
            let looks =
                family.operations.values().flat_map(|operation| &operation.looks).chain(&family.looks);
            for look in looks {
                if families.named(&spec, Api::V3, look).is_none() {
                    wrong.push(format!("{prefix}: {look} is no family"));
                }
            }
            let of_all: Vec<&String> = facts
                .of(Api::V2, prefix)
                .iter()
                .flat_map(|of| &of.needs)
                .filter_map(|need| need.error.as_ref())
                .collect();
            for (name, operation) in &family.operations {
                let Some(method) = spec.method(Api::V2, name) else { continue };
                let named =
                    operation.needs.iter().filter_map(|need| need.error.as_ref()).chain(&operation.error);
                let unknown = named.filter(|error| method.error(error).is_none() && !of_all.contains(error));
                wrong.extend(unknown.map(|code| format!("{name} has no error {code}")));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
