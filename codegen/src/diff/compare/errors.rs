//! Compares the errors of methods.

use std::collections::BTreeMap;

use super::context::{Comparison, Subject};
use super::method_pairs::{MethodPair, MethodPairs};
use crate::descriptor::message_key;
use crate::diff::register as rules;
use crate::diff::surface::join;
use crate::model::{ErrorEnum, ErrorVariant};

pub(super) fn compare(comparison: &mut Comparison<'_>, pair: &MethodPair<'_>) {
    let (old, new) = (&pair.old.method.error, &pair.new.method.error);
    let subject = Subject::item_of(&pair.new, &new.name);
    for before in &old.variants {
        match new.variants.iter().find(|now| key(now) == key(before)) {
            Some(now) => compare_variants(comparison, &subject, before, now),
            None => comparison.report(
                &rules::ERROR_REMOVED,
                &subject.part(&before.name),
                &described(before),
                None,
                None,
            ),
        }
    }
    for now in new.variants.iter().filter(|now| old.variants.iter().all(|before| key(before) != key(now))) {
        comparison.report(&rules::ERROR_ADDED, &subject.part(&now.name), &described(now), None, None);
    }
}

/// What distinguishes an error from the others of a method.
fn key(variant: &ErrorVariant) -> (&str, Option<String>) {
    (&variant.code, variant.message.as_deref().map(message_key))
}

/// The code, or the message of an error without a code.
fn described(variant: &ErrorVariant) -> String {
    match &variant.message {
        Some(message) if variant.code.is_empty() => message.clone(),
        Some(message) => format!("{}: {message}", variant.code),
        None if variant.code.is_empty() => "no code".to_owned(),
        None => variant.code.clone(),
    }
}

fn compare_variants(
    comparison: &mut Comparison<'_>,
    subject: &Subject,
    old: &ErrorVariant,
    new: &ErrorVariant,
) {
    let (at, name) = (subject.part(&new.name), described(new));
    if old.name != new.name {
        let names = (Some(old.name.to_string()), Some(new.name.to_string()));
        comparison.report(&rules::ERROR_RENAMED, &at, &name, names.0, names.1);
    }
    if !old.historical && new.historical {
        comparison.report(&rules::ERROR_HISTORICAL, &at, &name, None, None);
    }
    if old.status != new.status {
        let shown = |status: Option<u16>| status.map(|status| status.to_string());
        comparison.report(&rules::ERROR_STATUS_CHANGED, &at, &name, shown(old.status), shown(new.status));
    }
}

/// Compares which methods of a module share an enumeration of errors.
pub(super) fn compare_shared(comparison: &mut Comparison<'_>, pairs: &MethodPairs<'_>) {
    let mut modules: BTreeMap<String, Vec<&MethodPair<'_>>> = BTreeMap::new();
    for pair in &pairs.both {
        modules.entry(pair.new.path.to_string()).or_default().push(pair);
    }
    for pair in pairs.both.iter().filter(|pair| pair.old.path == pair.new.path) {
        let (old, new) = (&pair.old.method.error, &pair.new.method.error);
        let others = modules.get(&pair.new.path.to_string()).into_iter().flatten();
        let shares = |one: &ErrorEnum, other: &ErrorEnum| one.same_as.as_ref() == Some(&other.name);
        for other in others {
            let were = shares(old, &other.old.method.error);
            let are = shares(new, &other.new.method.error);
            let is_one = |a: &ErrorEnum, b: &ErrorEnum| owner(a) == owner(b);
            let subject = Subject::item_of(&pair.new, &new.name);
            let with = Some(join(pair.new.path, &other.new.method.error.name));
            if were && !is_one(new, &other.new.method.error) {
                comparison.report(&rules::TYPES_SEPARATED, &subject, "", with, None);
            } else if are && !is_one(old, &other.old.method.error) {
                comparison.report(&rules::TYPES_MERGED, &subject, "", None, with);
            }
        }
    }
}

/// The name of the enumeration behind the name of a method's errors.
fn owner(error: &ErrorEnum) -> &str {
    error.same_as.as_ref().unwrap_or(&error.name).as_str()
}
