//! Parts that results of many families have in common: descriptions of fields, and the settings of custom fields. Each page shows
//! some of their fields; all of them have the fields of all.

use std::collections::{BTreeMap, HashSet};

use indexmap::IndexMap;

use crate::descriptor::{AdditionalProperties, Api, Entity, JsonType, Schema};
use crate::extract::entities::Described;
use crate::extract::entities::elsewhere::{is_open, module};
use crate::extract::entities::family::describes_fields;
use crate::extract::ledger::Ledger;
use crate::extract::lexicon::results::{KIND_OF_A_FIELD, SETTINGS};
use crate::extract::register::entities::{
    DESCRIPTIONS_OF_A_MODULE, DESCRIPTIONS_THAT_NO_PAGE_SHOWS, SETTINGS_OF_ALL_KINDS,
};
use crate::extract::rules::returns::resolve::letters;
use crate::schema::join::{join, readable};

/// Descriptions of fields have this many names in common.
const MIN_SHARED: usize = 3;

/// This many methods of a module describe fields in one form before others are known to do.
const MANY: usize = 3;

/// Gives all descriptions of fields, and all settings of custom fields, the fields of the others.
pub(super) fn unify(methods: &mut [Described], entities: &mut [&mut Entity], ledger: &mut Ledger) {
    let mut settings = Vec::new();
    let mut described: BTreeMap<(Api, String), Vec<&mut Schema>> = BTreeMap::new();
    for Described { descriptor, .. } in methods.iter_mut().filter(|method| describes(method)) {
        let key = (descriptor.api, module(&descriptor.method));
        described.entry(key).or_default().extend(descriptor.returns.defs.values_mut());
    }
    for descriptions in described.values_mut() {
        if unify_descriptions(descriptions) {
            ledger.fire(&DESCRIPTIONS_OF_A_MODULE);
        }
    }
    for entity in entities.iter_mut().filter(|entity| has_kind_of_a_field(&entity.fields)) {
        settings.extend(settings_in(&mut entity.fields));
    }
    for description in described.into_values().flatten() {
        settings.extend(settings_in(&mut description.properties));
    }
    if settings.len() > 1 {
        let all = settings.iter().map(|settings| (**settings).clone()).reduce(with_all).unwrap_or_default();
        settings.into_iter().for_each(|settings| *settings = all.clone());
        ledger.fire(&SETTINGS_OF_ALL_KINDS);
    }
    describe_silent(methods, ledger);
}

/// Whether a method describes fields, with one shared description.
fn describes(method: &Described) -> bool {
    describes_fields(&method.descriptor)
}

/// Whether an entity is a custom field: it has a kind.
fn has_kind_of_a_field(fields: &IndexMap<String, Schema>) -> bool {
    fields.keys().any(|name| KIND_OF_A_FIELD.are(&letters(name)))
}

/// The settings of a custom field.
fn settings_in(fields: &mut IndexMap<String, Schema>) -> Option<&mut Schema> {
    let (_, settings) = fields.iter_mut().find(|(name, _)| SETTINGS.are(name))?;
    (settings.types.single() == Some(JsonType::Object)).then_some(settings)
}

/// Gives the descriptions of a module that have names in common the fields of all. Parts of descriptions of custom fields are
/// added to those of things that have custom fields. Returns whether there are several.
fn unify_descriptions(descriptions: &mut [&mut Schema]) -> bool {
    let Some(largest) = descriptions.iter().max_by_key(|one| one.properties.len()) else { return false };
    let names: HashSet<String> = largest.properties.keys().cloned().collect();
    let is_alike =
        |one: &Schema| one.properties.keys().filter(|name| names.contains(*name)).count() >= MIN_SHARED;
    let mut all: IndexMap<String, Schema> = IndexMap::new();
    for (name, field) in descriptions.iter().filter(|one| is_alike(one)).flat_map(|one| &one.properties) {
        let known = all.entry(name.clone()).or_default();
        if is_open(known) {
            *known = field.clone();
        }
    }
    for one in descriptions.iter_mut().filter(|one| is_alike(one)) {
        let has_custom_fields = one.properties.keys().any(|name| SETTINGS.are(name));
        for (name, field) in &all {
            let is_scalar = !matches!(field.types.single(), None | Some(JsonType::Array | JsonType::Object));
            let known = one.properties.get(name);
            if known.is_none() && (is_scalar || has_custom_fields) || known.is_some_and(is_open) {
                one.properties.insert(name.clone(), field.clone());
            }
        }
    }
    descriptions.iter().filter(|one| is_alike(one)).count() > 1
}

/// A method that describes fields, and whose page shows nothing, does so as the others of its module of the same name.
fn describe_silent(methods: &mut [Described], ledger: &mut Ledger) {
    let mut forms: BTreeMap<(Api, String, String), Vec<Schema>> = BTreeMap::new();
    let key = |method: &Described| {
        let verb = method.descriptor.method.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        (method.descriptor.api, module(&method.descriptor.method), verb)
    };
    for method in methods.iter().filter(|method| describes(method)) {
        let returns = &method.descriptor.returns;
        let is_map = matches!(&returns.additional, Some(AdditionalProperties::Of(values)) if values.reference.is_some());
        if is_map {
            forms.entry(key(method)).or_default().push(returns.clone());
        }
    }
    for method in
        methods.iter_mut().filter(|method| describes(method) && method.descriptor.returns.is_unknown())
    {
        let same = forms.get(&key(method)).map(Vec::as_slice).unwrap_or_default();
        let Some((first, others)) = same.split_first().filter(|_| same.len() >= MANY) else { continue };
        let most = others.iter().filter(|other| *other == first).count();
        if most + 1 >= MANY {
            method.descriptor.returns = first.clone();
            ledger.fire(&DESCRIPTIONS_THAT_NO_PAGE_SHOWS);
        }
    }
}

/// A schema with the fields of both; a field that both have has a type that reads the values of both.
fn with_all(one: Schema, other: Schema) -> Schema {
    let mut all = one;
    for (name, field) in other.properties {
        match all.properties.get_mut(&name) {
            Some(known) => *known = of_both(std::mem::take(known), field),
            None => {
                all.properties.insert(name, field);
            }
        }
    }
    all
}

fn of_both(one: Schema, other: Schema) -> Schema {
    let is_object = |schema: &Schema| schema.types.single() == Some(JsonType::Object);
    if one == other || is_open(&other) {
        return one;
    }
    if is_open(&one) {
        return other;
    }
    if is_object(&one) && is_object(&other) {
        return with_all(one, other);
    }
    let (scalar, structure) = parts(one);
    let (other_scalar, other_structure) = parts(other);
    let scalar = of_either(scalar, other_scalar, |one, other| readable(&join(one, other)));
    let structure = of_either(structure, other_structure, |one, other| {
        (one.types.single() == other.types.single()).then(|| with_all(one, other))
    });
    match (scalar, structure) {
        (Ok(Some(scalar)), Ok(Some(structure))) => {
            Schema { one_of: vec![scalar, structure], ..Schema::default() }
        }
        (Ok(Some(only)), Ok(None)) | (Ok(None), Ok(Some(only))) => only,
        _ => Schema::default(),
    }
}

/// The scalar and the structure among the forms of a value.
fn parts(schema: Schema) -> (Option<Schema>, Option<Schema>) {
    if let Some((scalar, structure)) = schema.scalar_or_structure() {
        return (Some(scalar.clone()), Some(structure.clone()));
    }
    match schema.types.single() {
        Some(JsonType::Array | JsonType::Object) => (None, Some(schema)),
        _ => (Some(schema), None),
    }
}

/// One of two types, or what reads both; an error if nothing does.
fn of_either(
    one: Option<Schema>,
    other: Option<Schema>,
    both: impl Fn(Schema, Schema) -> Option<Schema>,
) -> Result<Option<Schema>, ()> {
    match (one, other) {
        (Some(one), Some(other)) if one == other => Ok(Some(one)),
        (Some(one), Some(other)) => both(one, other).map(Some).ok_or(()),
        (one, other) => Ok(one.or(other)),
    }
}
