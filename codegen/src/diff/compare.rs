//! Compares two libraries.

mod context;
mod errors;
mod facts;
mod fields;
mod kinds;
mod method_pairs;
mod methods;
mod requests;
mod results;
mod sent;
mod sent_types;
mod system;
mod type_pairs;
mod types;
mod words;

use context::Comparison;

use super::change::{Change, Side};
use super::scopes;

/// All differences, with the severity of their rules.
pub(super) fn compare(old: &Side<'_>, new: &Side<'_>) -> Vec<Change> {
    let pairs = method_pairs::pair(old, new);
    let mut comparison = Comparison::new(old, new, &pairs);
    methods::compare_sets(&mut comparison, &pairs);
    for pair in &pairs.both {
        methods::compare(&mut comparison, pair);
        facts::compare(&mut comparison, pair);
        requests::compare(&mut comparison, pair);
        results::compare(&mut comparison, pair);
        errors::compare(&mut comparison, pair);
        words::compare_methods(&mut comparison, pair);
    }
    types::compare(&mut comparison, &pairs);
    errors::compare_shared(&mut comparison, &pairs);
    kinds::compare(&mut comparison, old.spec, new.spec);
    system::compare(&mut comparison);
    let mut changes = comparison.changes;
    changes.extend(sent::compare(old.spec, new.spec));
    changes.extend(sent_types::compare(old.library, new.library));
    changes.extend(scopes::compare(old.library, new.library));
    changes
}
