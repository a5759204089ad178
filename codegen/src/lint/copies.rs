//! Codes and values that are probably from another page.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Findings, Method, module};
use crate::descriptor::{Pointer, Schema};

/// An error that names the thing of a neighbouring module, which has the same error.
///
/// `LEAD_NOT_FOUND` of `crm.deal.get` is reported if a method of `crm.lead` has it: the code has the last word of the other
/// module, and no word of the method.
pub(super) fn codes(method: &Method<'_>, findings: &mut Findings<'_>) {
    let descriptor = method.descriptor();
    let own = words(&descriptor.method);
    let parameters = field_words(&descriptor.params);
    let Some((scope, _)) = module(&descriptor.method).rsplit_once('.') else { return };
    let neighbours = || {
        method.spec.modules.iter().filter(|((api, other), _)| {
            *api == descriptor.api
                && *other != module(&descriptor.method)
                && other.rsplit_once('.').is_some_and(|(above, _)| above == scope)
        })
    };
    for (index, error) in descriptor.errors.iter().enumerate().filter(|(_, error)| !error.historical) {
        let of_code = words(&error.code);
        if of_code.len() < 2 || of_code.iter().any(|word| own.contains(word) || parameters.contains(word)) {
            continue;
        }
        let source = neighbours().find(|((_, other), methods)| {
            let thing = other.rsplit('.').next().unwrap_or_default().to_lowercase();
            of_code.contains(&thing)
                && methods.iter().any(|neighbour| neighbour.errors.iter().any(|own| own.code == error.code))
        });
        if let Some(((_, other), _)) = source {
            let at = Pointer::default().key("errors").index(index).key("code");
            let message = format!("the code {} is probably from a page of {other}", error.code);
            findings.report(
                &at,
                &format!("/errors/{}", error.code),
                message,
                "the code of this method, or a patch",
            );
        }
    }
}

/// The words of all names of parameters and their fields.
fn field_words(schema: &Schema) -> BTreeSet<String> {
    let of_field = |(name, field): (&String, &Schema)| {
        let mut all = words(name);
        all.extend(field_words(field));
        all
    };
    let items = schema.items.as_deref().map(field_words).unwrap_or_default();
    schema.properties.iter().flat_map(of_field).chain(items).collect()
}

/// Fewer values may be equal by chance.
const MIN_VALUES: usize = 3;

/// Whether a value is a word: many fields have the same letters.
fn is_word(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.chars().count() > 1)
}

/// Two fields of one object with the same values and names that have no common word.
pub(super) fn enums(method: &Method<'_>, findings: &mut Findings<'_>) {
    let root = Pointer::default();
    let descriptor = method.descriptor();
    for (key, schema) in [("params", &descriptor.params), ("returns", &descriptor.returns)] {
        compare_fields(schema, &root.key(key), &format!("/{key}"), findings);
    }
}

fn compare_fields(schema: &Schema, at: &Pointer, place: &str, findings: &mut Findings<'_>) {
    let with_words = |schema: &Schema| schema.values.len() >= MIN_VALUES && schema.values.iter().all(is_word);
    let fields: Vec<_> = schema.properties.iter().filter(|(_, schema)| with_words(schema)).collect();
    for (index, (name, field)) in fields.iter().enumerate() {
        let values = |schema: &Schema| schema.values.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
        let copied = fields[..index].iter().find(|(other, earlier)| {
            values(earlier) == values(field) && words(other).is_disjoint(&words(name))
        });
        if let Some((other, _)) = copied {
            // A field of an entity has its location in the file of the entity.
            let message = format!("{name} has the same values as {other}");
            let place = format!("{place}/properties/{name}");
            findings.report(
                &at.key("properties").key(name),
                &place,
                message,
                "the values of this field, or a patch",
            );
        }
    }
    for (name, field) in &schema.properties {
        let place = format!("{place}/properties/{name}");
        compare_fields(field, &at.key("properties").key(name), &place, findings);
    }
    if let Some(items) = &schema.items {
        compare_fields(items, &at.key("items"), &format!("{place}/items"), findings);
    }
}

/// The words of a name in any case: `dealId`, `DEAL_ID` and `crm.deal`.
fn words(name: &str) -> BTreeSet<String> {
    use heck::ToSnakeCase;

    name.to_snake_case().split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
