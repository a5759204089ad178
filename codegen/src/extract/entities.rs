//! Draws the entities: the things that several methods return and accept.
//!
//! Methods with the same name but for its last word are a family. The object that most of its methods return is its entity.
//! The evidence of all their pages on it, of tables of fields on other pages, of descriptions of fields and of requests is
//! joined, and each field is resolved once. The methods refer to the result. An object on which there is the evidence of one
//! page only is no entity.

mod agreement;
mod descriptions;
pub(crate) mod dictionary;
mod elsewhere;
mod family;
pub(crate) mod kinds;
pub(crate) mod parts;
mod requests;
mod shared_parts;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::descriptor::{
    AdditionalProperties, Api, Descriptor, Entities, Entity, JsonType, MethodKey, Schema, TypeSet, method_key,
};
pub(crate) use elsewhere::refer_payload;

use crate::extract::entities::dictionary::Dictionary;
use crate::extract::entities::family::{Family, Place, Shown};
use crate::extract::entities::kinds::NumberTable;
use crate::extract::entities::parts::TypeFields;
use crate::extract::ledger::Ledger;
use crate::extract::page_log::PageLog;
use crate::extract::register::Rule;
use crate::extract::register::entities::{KINDS_OF_AN_ENTITY, OBJECT_OF_A_FAMILY, RESULT_THAT_NO_PAGE_SHOWS};
use crate::extract::rules::returns::custom_fields;
use crate::extract::rules::returns::evidence::ResultEvidence;
use crate::extract::rules::returns::resolve::{self, Sources};
use crate::extract::rules::returns::tree::{Inner, Node, Step};

/// A method with the evidence on its result.
pub(crate) struct Described {
    pub(crate) descriptor: Descriptor,
    pub(crate) evidence: Option<ResultEvidence>,
}

/// The tables on pages about no single method.
#[derive(Default)]
pub(crate) struct FieldLists {
    /// Tables of fields.
    pub(crate) dictionaries: Vec<Dictionary>,
    /// The fields that belong to words for types.
    pub(crate) types: TypeFields,
    /// Tables that number things.
    pub(crate) numbers: Vec<NumberTable>,
}

/// An entity, and the places that refer to it.
struct Drawn {
    entity: Entity,
    places: Vec<Place>,
    rules: Vec<&'static Rule>,
}

/// Draws the entities of all families, corrects each with `patch`, and makes the methods refer to them.
pub(crate) fn draw(
    methods: &mut [Described],
    tables: &FieldLists,
    ledger: &mut Ledger,
    patch: &mut dyn FnMut(&mut Entity, &mut Ledger),
) -> Entities {
    let known: &[Described] = methods;
    let mut types = tables.types.clone();
    types.extend(descriptions::types(known));
    let grouped = families(known);
    let mut drawn: Vec<Drawn> = grouped
        .par_iter()
        .filter_map(|((api, _), members)| {
            draw_one(*api, &spelled(members, known)?, members, known, tables, &types)
        })
        .collect();
    drawn.iter_mut().for_each(|drawn| patch(&mut drawn.entity, ledger));
    let mut all: Vec<&mut Entity> = drawn.iter_mut().map(|drawn| &mut drawn.entity).collect();
    shared_parts::unify(methods, &mut all, ledger);
    let objects = elsewhere::KnownObjects::of(methods, drawn.iter().map(|drawn| &drawn.entity));
    drawn.iter_mut().for_each(|drawn| objects.fill_entity(&mut drawn.entity, ledger));
    for Drawn { entity, places, rules } in &drawn {
        rules.iter().for_each(|rule| ledger.fire(rule));
        for Place { method, path, shown } in places {
            let Some(Described { descriptor, .. }) = methods.get_mut(*method) else { continue };
            let Some(schema) = schema_at(&mut descriptor.returns, path) else { continue };
            let object = || reference(entity, TypeSet(vec![JsonType::Object]));
            match shown {
                Shown::NothingOfOne => *schema = object(),
                Shown::NothingOfList => {
                    let items = Some(Box::new(object()));
                    *schema = Schema { items, ..Schema::of(JsonType::Array) };
                    descriptor.rows.get_or_insert_default();
                }
                Shown::Object if schema.types.single() == Some(JsonType::Object) => {
                    let own = std::mem::replace(schema, reference(entity, schema.types.clone()));
                    differ(schema, own);
                }
                Shown::Object => {}
            }
        }
    }
    let entities: Entities = drawn.into_iter().map(|drawn| drawn.entity).collect();
    elsewhere::refer(methods, &entities, ledger);
    for Described { descriptor, .. } in methods.iter_mut() {
        objects.fill(descriptor.api, &descriptor.method, &mut descriptor.returns, ledger);
    }
    for method in methods.iter_mut() {
        requests::refer(&mut method.descriptor, &entities, ledger);
        entities.expand_bare(&mut method.descriptor);
    }
    for members in grouped.values() {
        agreement::agree(methods, members, &entities, ledger);
    }
    entities
}

/// The families: methods by their names without the last word, compared without case.
fn families(methods: &[Described]) -> BTreeMap<MethodKey, Vec<usize>> {
    let mut families: BTreeMap<MethodKey, Vec<usize>> = BTreeMap::new();
    for (index, method) in methods.iter().enumerate() {
        if let Some((family, _)) = method.descriptor.method.rsplit_once('.') {
            families.entry(method_key(method.descriptor.api, family)).or_default().push(index);
        }
    }
    families
}

/// The name of a family in the spelling of most of its methods.
fn spelled(members: &[usize], methods: &[Described]) -> Option<String> {
    let mut spellings: BTreeMap<&str, usize> = BTreeMap::new();
    for method in members.iter().filter_map(|index| methods.get(*index)) {
        let (family, _) = method.descriptor.method.rsplit_once('.')?;
        *spellings.entry(family).or_default() += 1;
    }
    spellings.into_iter().max_by_key(|(_, count)| *count).map(|(name, _)| name.to_owned())
}

fn draw_one(
    api: Api,
    name: &str,
    members: &[usize],
    methods: &[Described],
    tables: &FieldLists,
    types: &TypeFields,
) -> Option<Drawn> {
    let FieldLists { dictionaries, numbers, .. } = tables;
    let family = Family::of(members, methods);
    let mut rules = Vec::new();
    let silent = family.silent_places();
    let (mut object, mut places) = match family.entity() {
        Some(found) => found,
        None if silent.is_empty() => return None,
        None => (dictionary::on_own_page(&family, dictionaries)?, Vec::new()),
    };
    if !silent.is_empty() {
        rules.push(&RESULT_THAT_NO_PAGE_SHOWS);
        places.extend(silent);
    }
    let of_requests = requests::key_by_data(&mut object, &family);
    rules.extend(descriptions::add(&mut object, &family, false));
    let is_near = |table: &Dictionary| dictionary::is_near(table, &family);
    let kinds = kinds::find(&family, dictionaries, numbers, &is_near);
    let of_kinds = kinds.as_ref().map(|kinds| kinds.tables().collect());
    let (pages, by_dictionary) = dictionary::add(&mut object, name, &family, dictionaries, of_kinds);
    rules.extend(by_dictionary);
    rules.extend(requests::add(&mut object, &family, !rules.is_empty()));
    rules.extend(parts::add_types(&mut object, name, types));
    rules.extend(descriptions::add(&mut object, &family, true));
    let methods: BTreeSet<usize> = places.iter().map(|place| place.method).collect();
    if methods.len() < 2 && rules.is_empty() {
        return None;
    }
    rules.extend(of_requests);
    rules.push(&OBJECT_OF_A_FAMILY);
    let fields = resolved(&object, &family)?;
    let kinds = kinds.map(|kinds| {
        rules.push(&KINDS_OF_AN_ENTITY);
        kinds.kinds(&family, &fields)
    });
    let entity = Entity { entity: name.to_owned(), api, pages, kinds, fields, ..Entity::default() };
    Some(Drawn { entity, places, rules })
}

/// The schema of each field, by the rules for results.
fn resolved(object: &Node<'_>, family: &Family<'_>) -> Option<indexmap::IndexMap<String, Schema>> {
    // What contradicts on one page was reported with the page.
    let mut log = PageLog::default();
    let sources =
        Sources { root: "returns", lines: family.lines().unwrap_or_default(), recorded: &Default::default() };
    let mut schema = resolve::entity(object, sources, &mut log);
    custom_fields::remove(&mut schema);
    requests::add_documented_values(&mut schema, family);
    Some(schema.properties).filter(|fields| !fields.is_empty())
}

/// The schema at a path in a result.
fn schema_at<'a>(schema: &'a mut Schema, path: &[Step]) -> Option<&'a mut Schema> {
    let Some((step, rest)) = path.split_first() else { return Some(schema) };
    let inside = match step {
        Step::Field(name) => schema.properties.get_mut(name)?,
        Step::Inside => match (&mut schema.items, &mut schema.additional) {
            (Some(items), _) => items,
            (None, Some(AdditionalProperties::Of(values))) => values,
            _ => return None,
        },
    };
    schema_at(inside, rest)
}

/// A reference to an entity.
fn reference(entity: &Entity, types: TypeSet) -> Schema {
    let (name, properties) = (Some(entity.entity.clone()), entity.fields.clone());
    Schema { entity: name, types, properties, ..Schema::default() }
}

/// Keeps the fields that a method returns in another structure than the entity has: a text in a list for what is a map of texts by
/// language in the object itself.
fn differ(reference: &mut Schema, own: Schema) {
    let structured = |kind| matches!(kind, JsonType::Array | JsonType::Object);
    for (name, shown) in own.properties {
        let Some(field) = reference.properties.get_mut(&name) else { continue };
        let (Some(kind), Some(own)) = (field.types.single(), shown.types.single()) else { continue };
        // An empty object of PHP is a list.
        if kind != own && !elsewhere::is_open(&shown) && (structured(kind) || structured(own)) {
            *field = shown;
        }
    }
}

/// The fields of an object.
fn fields<'n, 'a>(node: &'n Node<'a>) -> Option<&'n indexmap::IndexMap<String, Node<'a>>> {
    match &node.inner {
        Inner::Object(fields) => Some(fields),
        _ => None,
    }
}
