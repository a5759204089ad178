//! Compares the result of a method, and the rows of a list.

use super::context::{Comparison, Subject};
use super::method_pairs::MethodPair;
use crate::diff::register as rules;
use crate::diff::surface::{refines, shown};

pub(super) fn compare(comparison: &mut Comparison<'_>, pair: &MethodPair<'_>) {
    let (old, new) = (pair.old.method, pair.new.method);
    let subject = Subject::item_of(&pair.new, &new.request.name);
    if !comparison.same_in(pair, &old.output, &new.output) {
        let rule =
            if refines(&old.output, &new.output) { &rules::RESULT_TYPED } else { &rules::RESULT_RETYPED };
        comparison.report(rule, &subject, "", Some(shown(&old.output)), Some(shown(&new.output)));
    }
    match (&old.row, &new.row) {
        (None, Some(row)) => comparison.report(&rules::LIST_ADDED, &subject, "", None, Some(shown(row))),
        (Some(row), None) => comparison.report(&rules::LIST_REMOVED, &subject, "", Some(shown(row)), None),
        (Some(before), Some(now)) if !comparison.same_in(pair, before, now) => {
            comparison.report(&rules::ROW_RETYPED, &subject, "", Some(shown(before)), Some(shown(now)));
        }
        _ => {}
    }
}
