//! A call of a method that works on rows: its parameters, its table, and the rows that it chooses.

use serde_json::Value;

use super::{rows, settings};
use crate::answer::Seed;
use crate::exchange::Params;
use crate::families::{Column, Family, Operation, Role, find, fold, is_folded};
use crate::php;
use crate::spec::{Api, Method};
use crate::store::{Table, TableKey};

/// A call of a method that works on rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'c> {
    pub(super) method: &'c Method,
    pub(super) family: &'c Family,
    pub(super) operation: &'c Operation,
    pub(super) params: &'c Params,
    /// What the request and facts say about the fields of rows; the names are folded.
    pub(super) conditions: &'c [(String, Value)],
}

impl<'c> Call<'c> {
    /// A parameter by its folded name. The parameters of a list may be inside one of them.
    pub(super) fn param(&self, name: &str) -> Option<&'c Value> {
        let last = |params: &'c Params| {
            params.iter().filter(|(given, _)| is_folded(given, name)).map(|(_, value)| value).next_back()
        };
        let container = self.operation.list.container.as_ref();
        let inner = container.and_then(|container| find(self.params, container)?.as_object());
        inner.and_then(last).or_else(|| last(self.params))
    }

    /// The values of the parameters that choose one of several tables.
    pub(super) fn partition(&self) -> Vec<String> {
        if !self.family.within.is_empty() {
            return self.family.within.clone();
        }
        let value = |name: &String| self.param(name).map(php::text).unwrap_or_default();
        self.family.partition.iter().map(value).collect()
    }

    pub(super) fn table_key(&self) -> TableKey {
        let partition = self.partition();
        match partition.first().and_then(|value| self.family.shared.get(value)) {
            Some(table) => TableKey::of(table),
            None => TableKey { name: self.family.table.clone(), partition },
        }
    }

    /// Whether the rows are those of another family too.
    pub(super) fn is_shared(&self) -> bool {
        self.family.borrows
            || self.partition().first().is_some_and(|value| self.family.shared.contains_key(value))
    }

    /// Whether the rows are of a documented kind, or of a kind that users define, whose numbers start at 128.
    pub(super) fn is_known_kind(&self) -> bool {
        let kinds = &self.family.kinds;
        let [parameter] = self.family.partition.as_slice() else { return true };
        let value = self.param(parameter).map_or(0, php::integer);
        kinds.is_empty() || value >= 128 || kinds.iter().any(|kind| kind.value == value)
    }

    /// Whether the request has the identifier of a row.
    pub(super) fn names_a_row(&self) -> bool {
        let mut ids = self.operation.keys.iter().filter(|key| key.column == Column::Id);
        let is_id = |field: &str| self.family.id.as_ref().is_some_and(|id| fold(id) == field);
        ids.any(|key| find(self.params, &key.param).is_some())
            || self.operation.conditions.iter().any(|condition| is_id(&condition.field))
    }

    /// Whether fields that rows do not have are refused in conditions and orders.
    pub(super) fn is_strict(&self) -> bool {
        self.method.api == Api::V3 || self.method.error("INVALID_ARG_VALUE").is_some()
    }

    /// Whether rows have a field of this folded name, or it is a custom one.
    pub(super) fn has_field(&self, folded: &str) -> bool {
        let is_custom = folded.starts_with("uf") || folded.starts_with("parentid");
        is_custom
            || self.family.field(folded).is_some()
            || self.family.id.as_ref().is_some_and(|id| fold(id) == folded)
    }

    /// The identifiers of the chosen rows.
    pub(super) fn chosen(&self, table: &Table) -> Vec<i64> {
        if self.operation.role.changes() && !self.says_which() {
            return Vec::new();
        }
        let mut keys: Vec<(Option<usize>, Value)> = Vec::new();
        for key in &self.operation.keys {
            let Some(wanted) = find(self.params, &key.param).cloned() else { continue };
            match &key.column {
                Column::Id => keys.push((None, wanted)),
                Column::Field(name) => match table.column(name) {
                    Some(column) => keys.push((Some(column), wanted)),
                    // No row has the field.
                    None if self.operation.role.changes() => return Vec::new(),
                    None => {}
                },
            }
        }
        for (field, wanted) in self.conditions.iter().cloned() {
            let field = field.as_str();
            let is_id = self.family.id.as_ref().is_some_and(|id| fold(id) == field);
            match table.column(field).filter(|_| !is_id) {
                // No row has the field.
                None if !is_id => return Vec::new(),
                column => keys.push((column, wanted)),
            }
        }
        let by_id = keys.iter().find(|(column, _)| column.is_none()).map(|(_, wanted)| wanted);
        let candidates: Vec<i64> = match by_id {
            Some(Value::Array(several)) => several.iter().map(id_number).collect(),
            Some(one) => vec![id_number(one)],
            None => table.range(0, i64::MAX).map(|(id, _)| id).collect(),
        };
        let meets = |id: &i64| Self::meets(table, *id, &keys);
        candidates.into_iter().filter(meets).collect()
    }

    /// Whether the request says which rows it means, if the method wants to know it.
    fn says_which(&self) -> bool {
        let Operation { role, keys, conditions, .. } = self.operation;
        // What is removed altogether may be removed in part.
        if *role == Role::Delete && conditions.is_empty() && keys.iter().all(|key| key.column != Column::Id) {
            return true;
        }
        let has_key = || keys.iter().any(|key| find(self.params, &key.param).is_some());
        let has_condition =
            || conditions.iter().any(|one| self.conditions.iter().any(|(field, _)| *field == one.field));
        keys.is_empty() && conditions.is_empty() || has_key() || has_condition()
    }

    /// The identifiers of the rows that meet the conditions of facts.
    pub(super) fn matching(&self, table: &Table) -> Vec<i64> {
        let conditions = self.conditions.iter();
        let keys: Vec<_> = conditions.map(|(field, wanted)| (table.column(field), wanted.clone())).collect();
        table.range(0, i64::MAX).map(|(id, _)| id).filter(|id| Self::meets(table, *id, &keys)).collect()
    }

    pub(super) fn meets(table: &Table, id: i64, keys: &[(Option<usize>, Value)]) -> bool {
        let Some(row) = table.row(id) else { return false };
        keys.iter().all(|(column, wanted)| {
            let Some(column) = column else { return true };
            row.value(*column).is_none_or(|found| settings::is_wanted(&found, wanted))
        })
    }

    /// The seed of a row's plausible values.
    pub(super) fn seed(&self, seed: Seed, id: i64) -> Seed {
        rows::seed(seed, self.family, id)
    }
}

/// An identifier as a number: `chat7` is 7.
pub(super) fn id_number(value: &Value) -> i64 {
    match value {
        Value::String(text) => {
            php::integer(&text.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '_').into())
        }
        other => php::integer(other),
    }
}
