//! Compares entities, and the kinds of those that have several.

use std::collections::BTreeSet;

use super::context::{Comparison, Subject};
use crate::descriptor::{Api, Spec};
use crate::diff::register as rules;
use crate::diff::surface::{join, method_name};
use crate::model::{KindsItem, Module, ModulePath, Presence};

pub(super) fn compare(comparison: &mut Comparison<'_>, old: &Spec, new: &Spec) {
    compare_entities(comparison, old, new);
    let modules = (&comparison.old.library.modules, &comparison.new.library.modules);
    let both: Vec<(&ModulePath, &Module, &Module)> =
        modules.0.iter().filter_map(|(path, module)| Some((path, module, modules.1.get(path)?))).collect();
    for (path, old, new) in both {
        match (&old.kinds, &new.kinds) {
            (Some(before), Some(now)) => {
                compare_kinds(comparison, path, before, now);
                compare_methods(comparison, path, (old, before), (new, now));
            }
            (Some(before), None) => {
                for kind in &before.of {
                    let subject = Subject::item(join(path, &kind.name));
                    comparison.report(&rules::KIND_REMOVED, &subject, "", None, None);
                }
            }
            (None, Some(now)) => {
                for kind in &now.of {
                    let subject = Subject::item(join(path, &kind.name));
                    comparison.report(&rules::KIND_ADDED, &subject, "", None, None);
                }
            }
            (None, None) => {}
        }
    }
}

/// Compares which entities the descriptors have.
fn compare_entities(comparison: &mut Comparison<'_>, old: &Spec, new: &Spec) {
    let names = |spec: &Spec| -> BTreeSet<(Api, String)> {
        spec.entities.iter().map(|file| (file.content.api, file.content.entity.clone())).collect()
    };
    let (before, now) = (names(old), names(new));
    for (api, name) in before.difference(&now) {
        let subject = Subject::item("");
        comparison.report(&rules::ENTITY_REMOVED, &subject, &method_name(*api, name), None, None);
    }
    for (api, name) in now.difference(&before) {
        let subject = Subject::item("");
        comparison.report(&rules::ENTITY_ADDED, &subject, &method_name(*api, name), None, None);
    }
}

fn compare_kinds(comparison: &mut Comparison<'_>, path: &ModulePath, old: &KindsItem, new: &KindsItem) {
    let of_trait = Subject::item(format!("{path}::Kind"));
    let parameters = (&old.constant, &new.constant);
    comparison.report_difference(&rules::KIND_PARAMETER_CHANGED, &of_trait, parameters, |constant| {
        Some(constant.to_string())
    });
    for kind in &old.of {
        let subject = Subject::item(join(path, &kind.name));
        match new.of.iter().find(|other| other.name == kind.name) {
            None => comparison.report(&rules::KIND_REMOVED, &subject, "", Some(kind.value.to_string()), None),
            Some(other) => {
                let values = (&kind.value, &other.value);
                comparison.report_difference(&rules::KIND_CHANGED, &subject, values, |value| {
                    Some(value.to_string())
                });
                let fields = (&kind.fields, &other.fields);
                comparison.report_difference(&rules::KIND_CHANGED, &subject, fields, |fields| {
                    Some(fields.as_ref().map_or_else(|| "Map<String, Value>".to_owned(), ToString::to_string))
                });
            }
        }
    }
    for kind in new.of.iter().filter(|kind| old.of.iter().all(|other| other.name != kind.name)) {
        let subject = Subject::item(join(path, &kind.name));
        comparison.report(&rules::KIND_ADDED, &subject, "", None, Some(kind.value.to_string()));
    }
}

/// Compares the methods of the trait: those whose first argument is the parameter of the kind.
fn compare_methods(
    comparison: &mut Comparison<'_>,
    path: &ModulePath,
    old: (&Module, &KindsItem),
    new: (&Module, &KindsItem),
) {
    let methods = |(module, kinds): (&Module, &KindsItem)| -> BTreeSet<String> {
        let of_kinds = module.methods.iter().filter(|method| {
            let first = method.request.params.first();
            first.is_some_and(|param| param.wire == kinds.parameter && param.presence == Presence::Required)
        });
        of_kinds.map(|method| method.function.to_string()).collect()
    };
    let (before, now) = (methods(old), methods(new));
    let subject = Subject::item(format!("{path}::Kind"));
    for method in before.difference(&now) {
        comparison.report(&rules::KIND_METHOD_REMOVED, &subject, method, None, None);
    }
    for method in now.difference(&before) {
        comparison.report(&rules::KIND_METHOD_ADDED, &subject, method, None, None);
    }
}
