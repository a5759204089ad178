//! What changed about methods as a whole.

use std::collections::BTreeSet;

use super::context::{Comparison, Subject};
use super::method_pairs::{MethodPair, MethodPairs};
use crate::descriptor::method_key;
use crate::diff::register as rules;
use crate::diff::surface::{Placed, join, method_name};
use crate::model::Method;

/// Reports the methods that only one library has.
pub(super) fn compare_sets(comparison: &mut Comparison<'_>, pairs: &MethodPairs<'_>) {
    for placed in &pairs.removed {
        comparison.report(&rules::METHOD_REMOVED, &Subject::function(placed), "", None, None);
    }
    for placed in &pairs.added {
        comparison.report(&rules::METHOD_ADDED, &Subject::function(placed), "", None, None);
    }
    for pair in &pairs.both {
        let key = method_key(pair.new.method.api, &pair.new.method.wire);
        let of_same_name = pair.old.method.wire.eq_ignore_ascii_case(&pair.new.method.wire);
        if let Some((old, new)) = pairs.aliases.get(&key).filter(|_| of_same_name) {
            let subject = Subject::function(&pair.new);
            comparison.report_difference(&rules::ALIASES_CHANGED, &subject, (old, new), |names| list(names));
        }
    }
}

/// Compares a method as a whole: its names, scopes, deprecation and documentation.
pub(super) fn compare(comparison: &mut Comparison<'_>, pair: &MethodPair<'_>) {
    let (old, new) = (pair.old.method, pair.new.method);
    let subject = Subject::function(&pair.new);
    compare_names(comparison, pair, &subject);
    match (&old.deprecated, &new.deprecated) {
        (None, Some(by)) => {
            comparison.report(&rules::METHOD_DEPRECATED, &subject, "", None, list(by));
        }
        (Some(by), None) => comparison.report(&rules::METHOD_RESTORED, &subject, "", list(by), None),
        (Some(before), Some(now)) => {
            comparison.report_difference(&rules::REPLACEMENT_CHANGED, &subject, (before, now), |by| list(by));
        }
        (None, None) => {}
    }
    match (&old.undocumented, &new.undocumented) {
        (None, Some(undocumented)) => {
            let since = undocumented.since.clone();
            comparison.report(&rules::METHOD_UNDOCUMENTED, &subject, "", None, since);
        }
        (Some(_), None) => comparison.report(&rules::METHOD_RESTORED, &subject, "", None, None),
        _ => {}
    }
    comparison.report_difference(&rules::PAGE_MOVED, &subject, (&old.page, &new.page), Clone::clone);
    comparison.report_difference(
        &rules::SUMMARY_CHANGED,
        &subject,
        (&old.summary, &new.summary),
        Clone::clone,
    );
    compare_scopes(comparison, old, new, &subject);
}

fn compare_names(comparison: &mut Comparison<'_>, pair: &MethodPair<'_>, subject: &Subject) {
    let (old, new) = (pair.old.method, pair.new.method);
    if old.wire != new.wire {
        let is_case = old.wire.eq_ignore_ascii_case(&new.wire);
        let rule = if is_case { &rules::METHOD_RESPELLED } else { &rules::METHOD_RENAMED };
        let names = (method_name(old.api, &old.wire), method_name(new.api, &new.wire));
        comparison.report(rule, subject, "", Some(names.0), Some(names.1));
    }
    let items = |placed: &Placed<'_>| {
        let Method { function, request, error, .. } = placed.method;
        [function, &request.name, &error.name].map(|name| join(placed.path, name))
    };
    let (before, now) = (items(&pair.old), items(&pair.new));
    if before != now {
        let rule =
            if is_kept(comparison, pair) { &rules::METHOD_DEPRECATED } else { &rules::FUNCTION_RENAMED };
        let [old, ..] = before;
        let [new, ..] = now;
        comparison.report(rule, subject, "", Some(old), Some(new));
    }
}

/// Whether the earlier path of a function is a deprecated alias of the new one.
fn is_kept(comparison: &Comparison<'_>, pair: &MethodPair<'_>) -> bool {
    let (old, new) = (&pair.old, &pair.new);
    let module = comparison.new.library.module_aliases.get(old.path).unwrap_or(old.path);
    let name = &old.method.function;
    module == new.path && (*name == new.method.function || new.method.function_aliases.contains(name))
}

fn compare_scopes(comparison: &mut Comparison<'_>, old: &Method, new: &Method, subject: &Subject) {
    let (before, now): (BTreeSet<&String>, BTreeSet<&String>) =
        (old.scopes.iter().collect(), new.scopes.iter().collect());
    // A method without a scope needs none: its first scope takes it from builds without the feature.
    if before.is_empty() != now.is_empty() {
        let rule = if now.is_empty() { &rules::METHOD_SCOPE_ADDED } else { &rules::METHOD_SCOPE_REMOVED };
        let shown = |scopes: &[String]| Some(list(scopes).unwrap_or_else(|| "no scope".to_owned()));
        comparison.report(rule, subject, "", shown(&old.scopes), shown(&new.scopes));
        return;
    }
    for scope in now.difference(&before) {
        comparison.report(&rules::METHOD_SCOPE_ADDED, subject, scope, None, None);
    }
    for scope in before.difference(&now) {
        comparison.report(&rules::METHOD_SCOPE_REMOVED, subject, scope, None, None);
    }
}

/// Names with commas. `None`: there are none.
fn list(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| names.join(", "))
}
