//! What is known of one method.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

/// What a method does. Values that begin with `$` are sources: see [`Source`](crate::families::sources::Source).
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::families) struct MethodFacts {
    /// A word for the role. `none`: no state.
    pub(in crate::families) role: String,
    /// The parameters that choose rows, with their fields. Default: derived, unless there are conditions.
    pub(in crate::families) keys: Option<IndexMap<String, String>>,
    /// Further names of parameters, which examples of the page use, with the documented ones.
    pub(in crate::families) aliases: IndexMap<String, String>,
    /// Conditions on rows. Those of a list may begin with the operators of filters.
    #[serde(rename = "where")]
    pub(in crate::families) conditions: IndexMap<String, Value>,
    /// Fields that are set.
    pub(in crate::families) set: IndexMap<String, Value>,
    /// The parameter with a file: its name and its content.
    pub(in crate::families) file: Option<String>,
    /// The parameter with a list, each of whose values is a row.
    pub(in crate::families) each: Option<String>,
    /// The table whose rows a list has too.
    pub(in crate::families) with: Option<String>,
    /// Parameters, or parts of them, with texts that one of several fields contains.
    pub(in crate::families) search: IndexMap<String, Vec<String>>,
    /// The order of a list, unless the request has one: fields, with a minus before those that descend.
    pub(in crate::families) order: Vec<String>,
    /// The fields that rows have unless the request selects some; with minuses, those that they do not have.
    pub(in crate::families) select: Vec<String>,
    /// Fields on which a list has to have a condition.
    pub(in crate::families) conditioned: Vec<String>,
    /// The field whose values a list has in place of rows.
    pub(in crate::families) value: Option<String>,
    /// What happens to rows of other families before the method works.
    pub(in crate::families) before: Vec<EffectFacts>,
    /// What happens to rows of other families too.
    pub(in crate::families) also: Vec<EffectFacts>,
    /// Rows of other families without which the method does not work.
    pub(in crate::families) needs: Vec<NeedFacts>,
    /// Where rows with given values are found.
    pub(in crate::families) find: Option<FindFacts>,
    /// The code of the error if there is no row. Default: the documented one that fits best.
    pub(in crate::families) error: Option<String>,
    /// The result, or some of its properties.
    pub(in crate::families) result: Option<Value>,
}

/// Which rows have one of several values in a field. All but the tables are sources.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::families) struct FindFacts {
    /// The tables, by the names that the result has for them.
    pub(in crate::families) tables: IndexMap<String, String>,
    /// The name of the only table that is wanted.
    pub(in crate::families) only: Value,
    /// The name of the field.
    pub(in crate::families) field: Value,
    /// The values.
    pub(in crate::families) values: Value,
}

/// What happens to rows of another family.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::families) struct EffectFacts {
    /// The prefix of the family's methods.
    #[serde(rename = "in")]
    pub(in crate::families) family: String,
    /// `add`, `update`, `put` (changes the rows, or adds one) or `delete`. Default: `add`.
    pub(in crate::families) role: String,
    /// A list, for each of whose values it happens.
    pub(in crate::families) each: Option<Value>,
    /// A value without which it does not happen.
    pub(in crate::families) when: Option<Value>,
    /// Conditions on rows.
    #[serde(rename = "where")]
    pub(in crate::families) conditions: IndexMap<String, Value>,
    /// Fields that are set.
    pub(in crate::families) set: IndexMap<String, Value>,
}

/// A row that has to exist.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::families) struct NeedFacts {
    /// The prefix of the family's methods. Empty: none, and a request with a value of `when` is wrong.
    #[serde(rename = "in")]
    pub(in crate::families) family: String,
    /// A value without which the row is not needed.
    pub(in crate::families) when: Option<Value>,
    /// Conditions on the row.
    #[serde(rename = "where")]
    pub(in crate::families) conditions: IndexMap<String, Value>,
    /// Whether there must be no such row.
    pub(in crate::families) absent: bool,
    /// The field of the request that is wrong otherwise.
    pub(in crate::families) field: Option<String>,
    /// The error otherwise: its code, or how its message begins. Default: as for a row of the method's own.
    pub(in crate::families) error: Option<String>,
    /// Its message, where no page has one.
    pub(in crate::families) message: Option<String>,
}
