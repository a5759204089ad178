//! Compares the scopes: the features of the crate.

use std::collections::BTreeSet;

use super::change::Change;
use super::register::{self as rules, Rule};
use crate::model::Library;

pub(super) fn compare(old: &Library, new: &Library) -> Vec<Change> {
    let (before, now) = (scopes(old), scopes(new));
    let removed = before.difference(&now).map(|scope| change(&rules::SCOPE_REMOVED, scope));
    let added = now.difference(&before).map(|scope| change(&rules::SCOPE_ADDED, scope));
    removed.chain(added).collect()
}

/// The scopes of all methods.
pub(super) fn scopes(library: &Library) -> BTreeSet<String> {
    let methods = library.modules.values().flat_map(|module| &module.methods);
    methods.flat_map(|method| method.scopes.iter().cloned()).collect()
}

fn change(rule: &'static Rule, scope: &str) -> Change {
    Change {
        rule,
        severity: rule.severity,
        path: String::new(),
        name: scope.to_owned(),
        methods: Vec::new(),
        scopes: vec![scope.to_owned()],
        old: None,
        new: None,
    }
}
