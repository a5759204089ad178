//! Objects that methods of several families return: the result of one family may contain the entity of another, or an object
//! that other results show in more detail; payloads of events contain entities too.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexmap::IndexMap;

use crate::descriptor::{AdditionalProperties, Api, Entities, Entity, Event, JsonType, Schema};
use crate::extract::entities::{Described, reference};
use crate::extract::ledger::Ledger;
use crate::extract::register::Rule;
use crate::extract::register::entities::{FIELD_OF_THE_SAME_OBJECT, OBJECT_OF_ANOTHER_FAMILY};
use crate::extract::register::events::EVENT_ENTITY;
use crate::extract::rules::returns::resolve::{FieldName, letters};

/// Objects with fewer common names may be of different things.
const MIN_SHARED: usize = 5;

/// Objects of several modules have this many names in common.
const MANY_SHARED: usize = 12;

/// The objects of all results, in which the types of unknown fields are looked up.
pub(super) struct KnownObjects(Vec<KnownObject>);

struct KnownObject {
    api: Api,
    module: String,
    spelled: HashSet<String>,
    /// The known types, by the letters of the names; `None` for an unknown one.
    fields: HashMap<String, Option<Schema>>,
}

impl KnownObjects {
    /// The objects in the results of methods, and in entities.
    pub(super) fn of<'e>(methods: &[Described], entities: impl Iterator<Item = &'e Entity>) -> Self {
        let mut known = Self(Vec::new());
        for Described { descriptor, .. } in methods {
            known.add(descriptor.api, &module(&descriptor.method), &descriptor.returns);
        }
        for entity in entities {
            known.add(entity.api, &module(&entity.entity), &as_object(&entity.fields));
        }
        known
    }

    fn add(&mut self, api: Api, module: &str, result: &Schema) {
        each_object(result, &mut |object| {
            if object.properties.len() >= MIN_SHARED {
                let known = |schema: &Schema| (!is_open(schema)).then(|| schema.clone());
                let fields = object.properties.iter().map(|(name, schema)| (letters(name), known(schema)));
                let spelled = object.properties.keys().cloned().collect();
                self.0.push(KnownObject {
                    api,
                    module: module.to_owned(),
                    spelled,
                    fields: fields.collect(),
                });
            }
        });
    }

    /// The same for the fields of an entity.
    pub(super) fn fill_entity(&self, entity: &mut Entity, ledger: &mut Ledger) {
        let mut object = as_object(&entity.fields);
        self.fill(entity.api, &entity.entity, &mut object, ledger);
        entity.fields = object.properties;
    }

    /// Gives the unknown fields of all objects in a result the types that the same objects show elsewhere.
    pub(super) fn fill(&self, api: Api, method: &str, result: &mut Schema, ledger: &mut Ledger) {
        let module = module(method);
        each_object_mut("", result, &mut |_, object| {
            if object.properties.len() < MIN_SHARED || !object.properties.values().any(is_open) {
                return;
            }
            let names = Names::of(&object.properties);
            let same: Vec<&KnownObject> =
                self.0.iter().filter(|known| known.api == api && known.is_same(&module, &names)).collect();
            let open = object
                .properties
                .iter_mut()
                .filter(|(name, field)| is_open(field) && !FieldName::of(name).varies());
            for (name, field) in open {
                if let Some(found) = one_type(&same, name, &names, field) {
                    *field = found.clone();
                    ledger.fire(&FIELD_OF_THE_SAME_OBJECT);
                }
            }
        });
    }
}

/// The names of an object, as they are spelled and by their letters.
struct Names {
    spelled: HashSet<String>,
    letters: HashSet<String>,
}

impl Names {
    fn of(fields: &IndexMap<String, Schema>) -> Self {
        let letters = fields.keys().map(|name| letters(name)).collect();
        Self { spelled: fields.keys().cloned().collect(), letters }
    }
}

impl KnownObject {
    /// Whether four fifths of the smaller set of names are in both.
    fn is_same(&self, module: &str, names: &Names) -> bool {
        let least = if self.module == module { MIN_SHARED } else { MANY_SHARED };
        let shared = names.letters.iter().filter(|name| self.fields.contains_key(*name)).count();
        shared >= least && shared * 5 >= names.letters.len().min(self.fields.len()) * 4
    }

    /// Whether both spell their common names in one way, so that the names inside of the fields are spelled alike too.
    fn spells_as(&self, names: &Names) -> bool {
        let shared = names.letters.iter().filter(|name| self.fields.contains_key(*name)).count();
        names.spelled.iter().filter(|name| self.spelled.contains(*name)).count() == shared
    }
}

/// The type of a field where all objects that know one agree. A flag gives way to other types: `false` is nothing.
fn one_type<'o>(
    objects: &[&'o KnownObject],
    name: &str,
    names: &Names,
    field: &Schema,
) -> Option<&'o Schema> {
    let known = objects.iter().filter_map(|object| {
        let schema = object.fields.get(&letters(name))?.as_ref()?;
        let is_structure = matches!(schema.types.single(), None | Some(JsonType::Array | JsonType::Object));
        (!is_structure || object.spells_as(names)).then_some(schema)
    });
    let known: Vec<&Schema> = known.filter(|found| fits_in(field, found)).collect();
    let is_flag = |schema: &&&Schema| schema.types.single() == Some(JsonType::Boolean);
    let mut others = known.iter().filter(|schema| !is_flag(schema)).chain(known.iter().filter(is_flag));
    let first = others.next()?;
    others.filter(|schema| !is_flag(schema)).all(|other| other == first).then_some(first)
}

/// Whether a type may be that of an unknown field: a list or an object stays one.
fn fits_in(field: &Schema, found: &Schema) -> bool {
    let kind = field.types.single();
    kind.is_none() || found.types.single() == kind
}

/// Whether nothing is known of a value, or of what is inside of it.
pub(super) fn is_open(schema: &Schema) -> bool {
    let has_parts = !schema.properties.is_empty() || schema.items.is_some() || schema.additional.is_some();
    let has_forms = !schema.one_of.is_empty() || !schema.any_of.is_empty();
    let is_bare = match schema.types.single() {
        None => schema.types.0.len() < 2,
        Some(kind) => matches!(kind, JsonType::Array | JsonType::Object),
    };
    is_bare && !has_parts && !has_forms && schema.entity.is_none() && schema.reference.is_none()
}

/// Makes the results of methods refer to the entities of other families in the same module.
pub(super) fn refer(methods: &mut [Described], entities: &Entities, ledger: &mut Ledger) {
    for Described { descriptor, .. } in methods {
        let verb = descriptor.method.rsplit('.').next().unwrap_or_default().to_owned();
        let near = near(entities, descriptor.api, &module(&descriptor.method));
        refer_objects(&verb, &mut descriptor.returns, &near, &OBJECT_OF_ANOTHER_FAMILY, ledger);
    }
}

/// Makes the payload of an event refer to the entities of the module of its scope.
pub(crate) fn refer_payload(event: &mut Event, entities: &Entities, ledger: &mut Ledger) {
    let Some(scope) = event.scope.first() else { return };
    let near = near(entities, Api::V2, &module(scope));
    refer_objects("", &mut event.data, &near, &EVENT_ENTITY, ledger);
}

/// The entities of a module.
fn near<'e>(entities: &'e Entities, api: Api, own: &str) -> Vec<&'e Entity> {
    entities.iter().filter(|entity| entity.api == api && module(&entity.entity) == own).collect()
}

/// Makes all objects of a schema refer to the entity that they are. `name` is that of the value as a whole.
fn refer_objects(
    name: &str,
    schema: &mut Schema,
    near: &[&Entity],
    rule: &'static Rule,
    ledger: &mut Ledger,
) {
    each_object_mut(name, schema, &mut |name, object| {
        if object.properties.len() < MIN_SHARED {
            return;
        }
        let mut by_shared: BTreeMap<(bool, usize), Vec<_>> = BTreeMap::new();
        for entity in near.iter().filter(|entity| is_same_thing(&entity.fields, object)) {
            let is_named = is_named_after(name, &entity.entity);
            let shared = shared(&entity.fields, object);
            let is_most = shared * 5 >= entity.fields.len() * 4;
            if is_named || is_most {
                by_shared.entry((is_named, shared)).or_default().push(*entity);
            }
        }
        let Some((_, best)) = by_shared.pop_last() else { return };
        let [entity] = best.as_slice() else { return };
        let mut whole = reference(entity, object.types.clone());
        for (name, own) in std::mem::take(&mut object.properties) {
            let is_other =
                whole.properties.get(&name).is_none_or(|known| !is_open(&own) && differs(known, &own));
            if is_other {
                whole.properties.insert(name, own);
            }
        }
        *object = whole;
        ledger.fire(rule);
    });
}

/// Whether four fifths of the fields of an object are those of the entity, with types of the same structure.
fn is_same_thing(fields: &IndexMap<String, Schema>, object: &Schema) -> bool {
    let shared = shared(fields, object);
    let contradicts =
        |(name, own): (&String, &Schema)| fields.get(name).is_some_and(|known| differs(known, own));
    shared >= MIN_SHARED
        && shared * 5 >= object.properties.len() * 4
        && !object.properties.iter().any(contradicts)
}

fn shared(fields: &IndexMap<String, Schema>, object: &Schema) -> usize {
    object.properties.keys().filter(|name| fields.contains_key(*name)).count()
}

/// Whether two known types are of different kinds. A flag may be the `false` that stands for nothing.
fn differs(one: &Schema, other: &Schema) -> bool {
    let (Some(one), Some(other)) = (one.types.single(), other.types.single()) else { return false };
    one != other && one != JsonType::Boolean && other != JsonType::Boolean
}

/// Whether a field or the last word of a method is named after an entity: `payments` and `uploadfile`.
fn is_named_after(name: &str, entity: &str) -> bool {
    let thing = letters(entity.rsplit('.').next().unwrap_or_default());
    let name = letters(name);
    let single = name.strip_suffix('s').unwrap_or(&name);
    !thing.is_empty() && (single == thing || name == thing || single.ends_with(&thing))
}

/// The fields of an entity as a schema.
fn as_object(fields: &IndexMap<String, Schema>) -> Schema {
    Schema { properties: fields.clone(), ..Schema::any_object() }
}

/// The first word of a name.
pub(super) fn module(name: &str) -> String {
    name.split('.').next().unwrap_or_default().to_ascii_lowercase()
}

/// Visits the objects with fields of a result that are no entities themselves, from outside to inside.
fn each_object(schema: &Schema, visit: &mut dyn FnMut(&Schema)) {
    if !schema.properties.is_empty() {
        visit(schema);
    }
    let values = match &schema.additional {
        Some(AdditionalProperties::Of(values)) => Some(&**values),
        _ => None,
    };
    let parts = schema.properties.values().chain(schema.items.as_deref()).chain(values);
    parts.chain(&schema.one_of).for_each(|part| each_object(part, visit));
}

/// The same with the name of the field that an object is in. An object becomes an entity with all its parts.
fn each_object_mut(name: &str, schema: &mut Schema, visit: &mut dyn FnMut(&str, &mut Schema)) {
    if schema.entity.is_none() && !schema.properties.is_empty() {
        visit(name, schema);
    }
    if schema.entity.is_some() {
        return;
    }
    for (name, property) in &mut schema.properties {
        each_object_mut(name, property, visit);
    }
    if let Some(AdditionalProperties::Of(values)) = &mut schema.additional {
        each_object_mut(name, values, visit);
    }
    schema
        .items
        .as_deref_mut()
        .into_iter()
        .chain(&mut schema.one_of)
        .for_each(|part| each_object_mut(name, part, visit));
}
