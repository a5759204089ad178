//! Methods that find parameters by their exact names.

use crate::spec::{Api, Method};

/// Modules of REST 2 whose methods find parameters by their exact names.
const EXACT_MODULES: [&str; 1] = ["disk."];

/// Whether a method of REST 2 finds parameters by their exact names.
pub(super) fn has_exact_names(method: &Method) -> bool {
    let name = method.name.to_ascii_lowercase();
    method.api == Api::V2 && EXACT_MODULES.iter().any(|module| name.starts_with(module))
}
