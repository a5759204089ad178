//! Compares the types that requests and results consist of.

use std::collections::BTreeSet;

use super::context::{Comparison, Subject};
use super::fields::{self, FieldList};
use super::method_pairs::MethodPairs;
use super::words;
use crate::diff::register as rules;
use crate::diff::surface::{Declared, Placed, Surface, TypePath};
use crate::model::{Direction, EnumItem, EnumValues, RustName, StructItem, TypeItem};

pub(super) fn compare(comparison: &mut Comparison<'_>, pairs: &MethodPairs<'_>) {
    for (old, new) in comparison.types.both.clone() {
        let (Some(before), Some(now)) =
            (comparison.old.types.get(&old).copied(), comparison.new.types.get(&new).copied())
        else {
            continue;
        };
        let subject = Subject::declared(&comparison.new, &new);
        compare_pair(comparison, &subject, before, now);
        words::compare_types(comparison, &subject, before.item, now.item);
    }
    compare_names(comparison, pairs);
    compare_identity(comparison);
}

fn compare_pair(comparison: &mut Comparison<'_>, subject: &Subject, old: Declared<'_>, new: Declared<'_>) {
    match (old.item, new.item) {
        (TypeItem::Struct(before), TypeItem::Struct(now)) if before.direction == now.direction => {
            let list =
                |declared: Declared<'_>, item: &StructItem| (declared.module.clone(), item.fields.clone());
            let ((old_module, old_fields), (new_module, new_fields)) = (list(old, before), list(new, now));
            let old = FieldList { module: &old_module, fields: &old_fields };
            let new = FieldList { module: &new_module, fields: &new_fields };
            fields::compare(comparison, now.direction, subject, old, new);
            let generic = (&before.generic_over.is_some(), &now.generic_over.is_some());
            comparison.report_difference(&rules::GENERICS_CHANGED, subject, generic, |generic| {
                Some(if *generic { "with a parameter" } else { "without a parameter" }.to_owned())
            });
        }
        (TypeItem::Enum(before), TypeItem::Enum(now)) => {
            compare_values(comparison, subject, before, now);
            compare_conversions(comparison, subject, before, now);
        }
        (before, now) => {
            let (before, now) = (Some(form(before)), Some(form(now)));
            comparison.report(&rules::TYPE_REPLACED, subject, "", before, now);
        }
    }
}

fn form(item: &TypeItem) -> String {
    let form = match item {
        TypeItem::Struct(StructItem { direction: Direction::Request, .. }) => "object of requests",
        TypeItem::Struct(_) => "object of results",
        TypeItem::Enum(_) => "enumeration",
    };
    form.to_owned()
}

/// The values of an enumeration: what is on the wire, and the variant.
fn values(item: &EnumItem) -> Vec<(String, &RustName)> {
    match &item.values {
        EnumValues::Texts(values) => {
            values.iter().map(|(name, value)| (format!("{value:?}"), name)).collect()
        }
        EnumValues::Integers(values) => {
            values.iter().map(|(name, value)| (value.to_string(), name)).collect()
        }
    }
}

fn compare_values(comparison: &mut Comparison<'_>, subject: &Subject, old: &EnumItem, new: &EnumItem) {
    if std::mem::discriminant(&old.values) != std::mem::discriminant(&new.values) {
        comparison.report(&rules::VALUES_RETYPED, subject, "", None, None);
        return;
    }
    let (before, now) = (values(old), values(new));
    for (value, name) in before.iter().filter(|value| !now.contains(value)) {
        comparison.report(&rules::VALUE_REMOVED, &subject.part(name), value, None, None);
    }
    for (value, name) in now.iter().filter(|value| !before.contains(value)) {
        comparison.report(&rules::VALUE_ADDED, &subject.part(name), value, None, None);
    }
}

/// Compares whether an enumeration is read from results and written to requests.
fn compare_conversions(comparison: &mut Comparison<'_>, subject: &Subject, old: &EnumItem, new: &EnumItem) {
    let conversion = |direction: &Direction| match direction {
        Direction::Request => "ToWire",
        Direction::Response => "FromWire",
    };
    for lost in old.directions.difference(&new.directions) {
        comparison.report(&rules::CONVERSION_REMOVED, subject, conversion(lost), None, None);
    }
    for found in new.directions.difference(&old.directions) {
        comparison.report(&rules::CONVERSION_ADDED, subject, conversion(found), None, None);
    }
}

/// Reports types that are gone, renamed or new. Those of removed and of added methods have no change of their own.
fn compare_names(comparison: &mut Comparison<'_>, pairs: &MethodPairs<'_>) {
    let gone = unmatched(&comparison.old, &comparison.new, &pairs.removed);
    for (path, home) in gone {
        let new = comparison.types.renamed.get(&home).cloned();
        let subject = match &new {
            Some(new) => Subject::declared(&comparison.new, new),
            None => Subject::declared(&comparison.old, &home),
        };
        let is_new_name = new.as_ref().is_some_and(|new| comparison.old.home(new).is_none());
        let rule = if is_new_name { &rules::TYPE_RENAMED } else { &rules::TYPE_REMOVED };
        let old = (!subject.is(&path)).then_some(path);
        comparison.report(rule, &subject, "", old, new);
    }
    let renamed: BTreeSet<TypePath> = comparison.types.renamed.values().cloned().collect();
    for (path, home) in unmatched(&comparison.new, &comparison.old, &pairs.added) {
        if path == home && !renamed.contains(&home) {
            let subject = Subject::declared(&comparison.new, &home);
            comparison.report(&rules::TYPE_ADDED, &subject, "", None, None);
        }
    }
}

/// The paths of one library that the other one does not have, except those of types that only the given methods use.
fn unmatched(one: &Surface<'_>, other: &Surface<'_>, of: &[Placed<'_>]) -> Vec<(TypePath, TypePath)> {
    let is_given = |placed: &&Placed<'_>| of.iter().any(|given| std::ptr::eq(given.method, placed.method));
    let matched = one.homes().filter(|(path, home)| {
        let mut users = one.users(home).peekable();
        let only_given = users.peek().is_some() && users.all(|placed| is_given(&placed));
        other.home(path).is_none() && !only_given
    });
    matched.map(|(path, home)| (path.clone(), home.clone())).collect()
}

/// Reports names that became one type, or several.
fn compare_identity(comparison: &mut Comparison<'_>) {
    let merged = joined(&comparison.new, &comparison.old);
    for (first, second) in merged {
        let subject = Subject::item(first);
        comparison.report(&rules::TYPES_MERGED, &subject, "", None, Some(second));
    }
    let separated = joined(&comparison.old, &comparison.new);
    for (first, second) in separated {
        let subject = Subject::item(first);
        comparison.report(&rules::TYPES_SEPARATED, &subject, "", Some(second), None);
    }
}

/// Pairs of paths that are one type in the first library, and two in the second.
fn joined(one: &Surface<'_>, other: &Surface<'_>) -> Vec<(TypePath, TypePath)> {
    let imported = one.homes().filter(|(path, home)| path != home);
    let apart = imported.filter(|(path, home)| match (other.home(path), other.home(home)) {
        (Some(a), Some(b)) => a != b,
        _ => false,
    });
    apart.map(|(path, home)| (path.clone(), home.clone())).collect()
}
