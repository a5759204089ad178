//! The parameters of one page.

use indexmap::IndexMap;
use serde_json::Number;

use crate::descriptor::Schema;
use crate::extract::evidence::Evidence;
use crate::extract::rules::params::required::{Choice, Marks};

/// Sets of names of which one set must be given.
pub(crate) type Alternatives = Evidence<Vec<Vec<String>>>;

/// The parameters that a page lists.
#[derive(Debug, Default)]
pub(crate) struct Params {
    /// The parameters by name, in the order of the table.
    pub(crate) list: IndexMap<String, Param>,
    /// Whether the page has no way of marking a parameter as required.
    pub(crate) required_unknown: bool,
    /// Whether parameters may have names that only a portal knows.
    pub(crate) open: bool,
    /// Whether a column of the table says which parameters are required.
    pub(super) has_required_column: bool,
    /// The sets of parameters of which one must be given.
    pub(crate) any_of: Option<Alternatives>,
    /// Names of which one must be given, for each such rule of the table.
    pub(super) choices: Vec<Choice>,
    /// The marks of the parameters.
    pub(super) marks: Marks,
}

/// One parameter.
#[derive(Debug)]
pub(crate) struct Param {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) required: bool,
    /// The type in the table, with everything that the table refers to.
    pub(crate) documented: Option<Evidence<Schema>>,
    /// The type of the values in example requests.
    pub(crate) in_request: Option<Evidence<Schema>>,
    /// The type of the value in the column of examples.
    pub(crate) in_table: Option<Evidence<Schema>>,
    pub(crate) range: Option<Evidence<(Number, Number)>>,
}
