//! Compares the request of a method.

use super::context::{Comparison, Subject};
use super::fields::{self, FieldList};
use super::method_pairs::MethodPair;
use crate::diff::register as rules;
use crate::model::Direction;

pub(super) fn compare(comparison: &mut Comparison<'_>, pair: &MethodPair<'_>) {
    let (old, new) = (&pair.old.method.request, &pair.new.method.request);
    let subject = Subject::item_of(&pair.new, &new.name);
    let before = FieldList { module: pair.old.path, fields: &old.params };
    let now = FieldList { module: pair.new.path, fields: &new.params };
    fields::compare(comparison, Direction::Request, &subject, before, now);
    let sets = (&old.alternatives, &new.alternatives);
    comparison.report_difference(&rules::ALTERNATIVES_CHANGED, &subject, sets, |sets| {
        let sets: Vec<String> = sets.iter().map(|set| set.join(" with ")).collect();
        (!sets.is_empty()).then(|| sets.join(" or "))
    });
    let positional = (&pair.old.method.positional, &pair.new.method.positional);
    comparison.report_difference(&rules::POSITIONAL_CHANGED, &subject, positional, |positional| {
        Some(if *positional { "by position" } else { "by name" }.to_owned())
    });
}
