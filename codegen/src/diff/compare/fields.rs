//! Compares lists of fields: parameters of a request or of an object inside it, and fields of a result.

use super::context::{Comparison, Subject};
use crate::diff::register::{self as rules, Rule};
use crate::diff::surface::{refines, shown};
use crate::model::{Direction, Field, FieldDocs, ModulePath, Presence, TypeRef};

/// The fields of one side, and the module whose names their types use.
#[derive(Clone, Copy)]
pub(super) struct FieldList<'a> {
    pub(super) module: &'a ModulePath,
    pub(super) fields: &'a [Field],
}

/// Which rules apply to the fields of a direction.
struct FieldRules {
    removed: &'static Rule,
    renamed: &'static Rule,
    respelled: &'static Rule,
    retyped: &'static Rule,
    typed: &'static Rule,
    described: &'static Rule,
}

const OF_REQUESTS: FieldRules = FieldRules {
    removed: &rules::PARAMETER_REMOVED,
    renamed: &rules::PARAMETER_RENAMED,
    respelled: &rules::PARAMETER_RESPELLED,
    retyped: &rules::PARAMETER_RETYPED,
    typed: &rules::PARAMETER_TYPED,
    described: &rules::CONSTRAINTS_CHANGED,
};

const OF_RESULTS: FieldRules = FieldRules {
    removed: &rules::FIELD_REMOVED,
    renamed: &rules::FIELD_RENAMED,
    respelled: &rules::FIELD_RESPELLED,
    retyped: &rules::FIELD_RETYPED,
    typed: &rules::FIELD_TYPED,
    described: &rules::FIELD_DESCRIPTION_CHANGED,
};

/// Compares two lists of fields. `subject` is the type that has them.
pub(super) fn compare(
    comparison: &mut Comparison<'_>,
    direction: Direction,
    subject: &Subject,
    old: FieldList<'_>,
    new: FieldList<'_>,
) {
    let of_direction = match direction {
        Direction::Request => &OF_REQUESTS,
        Direction::Response => &OF_RESULTS,
    };
    for before in old.fields {
        let at = subject.part(&before.name);
        match counterpart(before, new.fields, old.fields) {
            Some(now) => {
                let at = subject.part(&now.name);
                compare_names(comparison, of_direction, &at, before, now);
                compare_types(comparison, of_direction, &at, (old.module, before), (new.module, now));
                if direction == Direction::Request {
                    compare_presence(comparison, &at, before, now);
                }
            }
            None => {
                comparison.report(of_direction.removed, &at, &before.wire, Some(shown(&before.ty)), None);
            }
        }
    }
    for now in new.fields.iter().filter(|now| counterpart(now, old.fields, new.fields).is_none()) {
        let at = subject.part(&now.name);
        comparison.report(added(direction, now), &at, &now.wire, None, Some(shown(&now.ty)));
    }
    compare_order(comparison, subject, old.fields, new.fields);
}

/// The field of the same name on the wire; else one that differs in case, if that has no counterpart of its own.
fn counterpart<'f>(field: &Field, others: &'f [Field], own: &[Field]) -> Option<&'f Field> {
    let same = others.iter().find(|other| other.wire == field.wire);
    same.or_else(|| {
        let in_other_case = others.iter().find(|other| other.wire.eq_ignore_ascii_case(&field.wire))?;
        own.iter().all(|own| own.wire != in_other_case.wire).then_some(in_other_case)
    })
}

fn added(direction: Direction, field: &Field) -> &'static Rule {
    match (direction, field.presence, field.docs.required) {
        (Direction::Response, ..) => &rules::FIELD_ADDED,
        (Direction::Request, Presence::Required, _) => &rules::ARGUMENT_ADDED,
        (Direction::Request, Presence::Optional, Some(true)) => &rules::REQUIRED_PARAMETER_ADDED,
        (Direction::Request, Presence::Optional, _) => &rules::PARAMETER_ADDED,
    }
}

fn compare_names(
    comparison: &mut Comparison<'_>,
    of_direction: &FieldRules,
    at: &Subject,
    old: &Field,
    new: &Field,
) {
    if old.name != new.name {
        let names = (old.name.to_string(), new.name.to_string());
        comparison.report(of_direction.renamed, at, &new.wire, Some(names.0), Some(names.1));
    }
    if old.wire != new.wire {
        let names = (old.wire.clone(), new.wire.clone());
        comparison.report(of_direction.respelled, at, &new.wire, Some(names.0), Some(names.1));
    }
}

fn compare_types(
    comparison: &mut Comparison<'_>,
    of_direction: &FieldRules,
    at: &Subject,
    old: (&ModulePath, &Field),
    new: (&ModulePath, &Field),
) {
    let (before, now) = (old.1, new.1);
    if !comparison.same((old.0, &before.ty), (new.0, &now.ty)) {
        let rule = if refines(&before.ty, &now.ty) { of_direction.typed } else { of_direction.retyped };
        let (before, now) = (shown(&before.ty), shown(&now.ty));
        comparison.report(rule, at, &new.1.wire, Some(before), Some(now));
        return;
    }
    if has_letters(&before.ty) != has_letters(&now.ty) {
        let form = |ty: &TypeRef| Some(if has_letters(ty) { "Y and N" } else { "true and false" }.to_owned());
        comparison.report(&rules::WIRE_FORM_CHANGED, at, &now.wire, form(&before.ty), form(&now.ty));
    }
    if !before.docs.deprecated && now.docs.deprecated {
        let rule = match of_direction.removed.id == rules::FIELD_REMOVED.id {
            true => of_direction.described,
            false => &rules::PARAMETER_DEPRECATED,
        };
        comparison.report(rule, at, &now.wire, None, Some("deprecated".to_owned()));
    }
    let is_enumeration = now.ty.named().is_some();
    let (before, after) = (facts(&before.docs, is_enumeration), facts(&now.docs, is_enumeration));
    if before != after {
        comparison.report(of_direction.described, at, &now.wire, Some(before), Some(after));
    }
}

/// Whether a flag in the type is written as `Y` or `N`.
fn has_letters(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::YesNo => true,
        TypeRef::List(inner)
        | TypeRef::OneOrMany(inner)
        | TypeRef::ScalarOr(_, inner)
        | TypeRef::Map(inner)
        | TypeRef::Nullable(inner) => has_letters(inner),
        _ => false,
    }
}

/// What the documentation says about a value of an unchanged type. The values of an enumeration are compared with the type.
fn facts(docs: &FieldDocs, is_enumeration: bool) -> String {
    let mut facts = vec![docs.type_name.clone()];
    let bounds = |least: Option<String>, most: Option<String>, of: &str| {
        let between = match (least, most) {
            (Some(least), Some(most)) => format!("{least} to {most}"),
            (Some(least), None) => format!("at least {least}"),
            (None, Some(most)) => format!("at most {most}"),
            (None, None) => return None,
        };
        Some(format!("{between}{of}"))
    };
    let (least, most) = docs.length;
    facts.extend(bounds(docs.range.0.clone(), docs.range.1.clone(), ""));
    facts.extend(bounds(least.map(|n| n.to_string()), most.map(|n| n.to_string()), " characters"));
    facts.extend(bounds(None, docs.max_items.map(|n| n.to_string()), " items"));
    facts.extend(docs.pattern.as_ref().map(|pattern| format!("matching {pattern}")));
    facts.extend(
        (!is_enumeration && !docs.values.is_empty()).then(|| format!("one of {}", docs.values.join(", "))),
    );
    facts.extend(docs.default.as_ref().map(|default| format!("default {default}")));
    facts.join(", ")
}

fn compare_presence(comparison: &mut Comparison<'_>, at: &Subject, old: &Field, new: &Field) {
    let is_required = |field: &Field| field.docs.required == Some(true);
    let rule = match (old.presence, new.presence) {
        (Presence::Optional, Presence::Required) => &rules::SETTER_BECAME_ARGUMENT,
        (Presence::Required, Presence::Optional) => &rules::ARGUMENT_BECAME_SETTER,
        (Presence::Optional, Presence::Optional) if !is_required(old) && is_required(new) => {
            &rules::PARAMETER_REQUIRED
        }
        _ if is_required(old) && new.docs.required == Some(false) => &rules::PARAMETER_NOT_REQUIRED,
        _ => return,
    };
    comparison.report(rule, at, &new.wire, None, None);
}

/// Compares the order of the arguments that both constructors take.
fn compare_order(comparison: &mut Comparison<'_>, subject: &Subject, old: &[Field], new: &[Field]) {
    let arguments = |fields: &[Field], others: &[Field]| -> Vec<String> {
        let required = |field: &&Field| field.presence == Presence::Required;
        let in_both = |field: &&Field| {
            others.iter().filter(required).any(|other| other.wire.eq_ignore_ascii_case(&field.wire))
        };
        let arguments = fields.iter().filter(required).filter(in_both);
        arguments.map(|field| field.wire.to_lowercase()).collect()
    };
    let (before, now) = (arguments(old, new), arguments(new, old));
    if before != now {
        let shown = |names: &[String]| Some(names.join(", "));
        comparison.report(&rules::ARGUMENTS_REORDERED, subject, "", shown(&before), shown(&now));
    }
}
