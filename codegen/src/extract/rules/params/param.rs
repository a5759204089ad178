//! The parameters of one page.

use indexmap::IndexMap;
use serde_json::Number;

use crate::descriptor::Schema;
use crate::extract::evidence::Evidence;

/// Sets of names of which one set must be given, and the line that says so.
pub(crate) type Alternatives = (Vec<Vec<String>>, usize);

/// The parameters that a page lists.
#[derive(Debug, Default)]
pub(crate) struct Params {
    /// The parameters by name, in the order of the table.
    pub(crate) list: IndexMap<String, Param>,
    /// Whether the page has no way of marking a parameter as required.
    pub(crate) required_unknown: bool,
    /// Whether parameters may have names that only a portal knows.
    pub(crate) open: bool,
    /// The sets of parameters of which one must be given, and the line that says so.
    pub(crate) any_of: Option<Alternatives>,
    /// Names of which one must be given, for each rule of the table, and its line.
    pub(super) rules: Vec<(Vec<String>, usize)>,
    /// The names with a mark, whatever it is worth.
    pub(super) marked: Vec<String>,
}

/// One parameter.
#[derive(Debug)]
pub(crate) struct Param {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) required: bool,
    /// What the table and what it refers to give.
    pub(crate) documented: Option<Evidence<Schema>>,
    /// What the bodies of the example requests show.
    pub(crate) in_request: Option<Evidence<Schema>>,
    /// What the column of examples shows.
    pub(crate) in_table: Option<Evidence<Schema>>,
    pub(crate) range: Option<(Number, Number)>,
}
