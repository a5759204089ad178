//! Freezing of names at an import: `names.yaml` for a new spec, from the earlier one.

use crate::descriptor::{FrozenNames, Spec};
use crate::diagnostic::{Diagnostic, sort_diagnostics};
use crate::lower::{Freeze, freeze, lower};

/// The frozen names for a new spec, so that callers of the earlier one compile. Both are read from folders. Of an earlier spec
/// without methods, nothing is frozen.
///
/// # Errors
/// A spec that `cargo spec check` rejects. A file of the earlier spec is named by its path.
pub fn freeze_names(earlier: &Spec, now: &mut Spec) -> Result<FrozenNames, Vec<Diagnostic>> {
    if earlier.methods.is_empty() {
        return Ok(FrozenNames::default());
    }
    let library = lower(earlier).map_err(sort_diagnostics)?;
    let from = Freeze {
        earlier: &library,
        earlier_names: earlier.names.as_ref().map(|file| &file.content),
        version: env!("CARGO_PKG_VERSION"),
    };
    freeze(&from, now).map_err(sort_diagnostics)
}
