//! How methods find parameters by their names.

use serde_json::{Map, Value};

use crate::families::find;
use crate::spec::{Api, Method};

/// How a method compares names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    Exact,
    AnyCase,
}

impl Names {
    /// The way of a method: REST 3 and some modules of REST 2 compare exactly.
    pub(super) fn of(method: &Method) -> Self {
        let is_exact = method.api == Api::V3 || has_exact_names(method);
        if is_exact { Self::Exact } else { Self::AnyCase }
    }

    /// A parameter by its name.
    pub(super) fn find<'p>(self, params: &'p Map<String, Value>, name: &str) -> Option<&'p Value> {
        match self {
            Self::Exact => params.get(name),
            Self::AnyCase => find(params, name),
        }
    }
}

/// Modules of REST 2 whose methods find parameters by their exact names.
const EXACT_MODULES: [&str; 1] = ["disk."];

/// Whether a method of REST 2 finds parameters by their exact names.
pub(super) fn has_exact_names(method: &Method) -> bool {
    let is_of = |module: &&str| {
        method.name.get(..module.len()).is_some_and(|start| start.eq_ignore_ascii_case(module))
    };
    method.api == Api::V2 && EXACT_MODULES.iter().any(is_of)
}
