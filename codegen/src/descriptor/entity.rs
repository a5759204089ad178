//! An entity: the thing that several methods return and accept, in `spec/entities/<entity>.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
#[cfg(feature = "importer")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AdditionalProperties, Api, Descriptor, Event, JsonType, Pointer, Schema, Source, TypeSet, is_default,
};

/// A thing with fields. Schemas of methods refer to it by name and say only what differs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// The name: that of the methods without their last word. Unique together with `api`.
    pub entity: String,
    /// The interface of the portal.
    #[serde(default, skip_serializing_if = "is_default")]
    pub api: Api,
    /// The pages with tables of its fields, apart from the pages of its methods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<String>,
    /// The files of patches that correct it, with the paths that they set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// The things behind the same methods, if there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kinds: Option<Kinds>,
    /// What it is, for exports. Files do not have it.
    #[serde(skip)]
    pub description: Option<String>,
    /// JSON Schema of each field, by the name on the wire, in the documented order.
    pub fields: IndexMap<String, Schema>,
}

/// The kinds of an entity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Kinds {
    /// The parameter that chooses the kind.
    pub parameter: String,
    /// The kinds by name.
    pub of: IndexMap<String, Kind>,
}

/// One of several things behind the same methods.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// The value of the parameter.
    pub value: i64,
    /// The fields that results have.
    pub fields: Vec<String>,
    /// The fields that requests may write.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub writes: Vec<String>,
}

/// The entities of a spec, by interface and name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entities(BTreeMap<(Api, String), Entity>);

impl FromIterator<Entity> for Entities {
    fn from_iter<T: IntoIterator<Item = Entity>>(entities: T) -> Self {
        Self(entities.into_iter().map(|entity| ((entity.api, entity.entity.clone()), entity)).collect())
    }
}

impl Entities {
    /// All entities, by interface and name.
    pub fn iter(&self) -> impl Iterator<Item = &Entity> {
        self.0.values()
    }

    /// An entity by its name.
    pub fn get(&self, api: Api, name: &str) -> Option<&Entity> {
        self.0.get(&(api, name.to_owned()))
    }

    /// An entity by its name, compared without case.
    pub(crate) fn find(&self, api: Api, name: &str) -> Option<&Entity> {
        self.iter().find(|entity| entity.api == api && entity.entity.eq_ignore_ascii_case(name))
    }

    /// Replaces each reference to an entity by the fields of the entity. The name stays in the schema. Returns the references
    /// that lead nowhere.
    pub fn expand(&self, descriptor: &mut Descriptor) -> Vec<(Pointer, String)> {
        let mut unknown = Vec::new();
        let api = descriptor.api;
        let root = Pointer::default();
        each_schema(&mut descriptor.params, &root.key("params"), &mut |schema, at| {
            self.expand_schema(api, schema, at, &mut unknown);
        });
        each_schema(&mut descriptor.returns, &root.key("returns"), &mut |schema, at| {
            self.expand_schema(api, schema, at, &mut unknown);
        });
        unknown
    }

    /// Replaces the references in the payload of an event, as [`expand`](Self::expand) does for a method.
    pub fn expand_event(&self, event: &mut Event) -> Vec<(Pointer, String)> {
        let mut unknown = Vec::new();
        each_schema(&mut event.data, &Pointer::default().key("data"), &mut |schema, at| {
            self.expand_schema(Api::V2, schema, at, &mut unknown);
        });
        unknown
    }

    /// Replaces the fields of entities in the payload of an event by references: the opposite of
    /// [`expand_event`](Self::expand_event).
    pub fn collapse_event(&self, event: &mut Event) {
        each_schema(&mut event.data, &Pointer::default(), &mut |schema, _| {
            self.collapse_schema(Api::V2, schema);
        });
    }

    /// Expands references without fields, which patches set. Those of the other methods are expanded already, perhaps to some
    /// fields only.
    pub(crate) fn expand_bare(&self, descriptor: &mut Descriptor) {
        let api = descriptor.api;
        for schema in [&mut descriptor.params, &mut descriptor.returns] {
            each_schema(schema, &Pointer::default(), &mut |schema, at| {
                if schema.properties.is_empty() {
                    self.expand_schema(api, schema, at, &mut Vec::new());
                }
            });
        }
    }

    /// Expands references without fields in the payload of an event, which patches set.
    pub(crate) fn expand_bare_event(&self, event: &mut Event) {
        each_schema(&mut event.data, &Pointer::default(), &mut |schema, at| {
            if schema.properties.is_empty() {
                self.expand_schema(Api::V2, schema, at, &mut Vec::new());
            }
        });
    }

    /// Replaces the fields of entities by references: the opposite of [`expand`](Self::expand).
    pub fn collapse(&self, descriptor: &mut Descriptor) {
        let api = descriptor.api;
        for schema in [&mut descriptor.params, &mut descriptor.returns] {
            each_schema(schema, &Pointer::default(), &mut |schema, _| self.collapse_schema(api, schema));
        }
    }

    /// The names of the entities that a descriptor refers to.
    pub(crate) fn named_in(descriptor: &Descriptor) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let mut copy = descriptor.clone();
        for schema in [&mut copy.params, &mut copy.returns] {
            each_schema(schema, &Pointer::default(), &mut |schema, _| names.extend(schema.entity.clone()));
        }
        names
    }

    /// The schema that a reference to an entity without any difference stands for.
    pub(crate) fn bare_schema(&self, api: Api, name: &str) -> Schema {
        let mut schema = Schema { entity: Some(name.to_owned()), ..Schema::default() };
        each_schema(&mut schema, &Pointer::default(), &mut |schema, at| {
            self.expand_schema(api, schema, at, &mut Vec::new());
        });
        schema
    }

    /// Whether a field of an entity is the entity, or contains it.
    pub(crate) fn contains_itself(&self, entity: &Entity) -> bool {
        let parts = |entity: &Entity| -> Vec<String> {
            entity.fields.values().flat_map(Schema::entities).map(str::to_owned).collect()
        };
        let mut seen = BTreeSet::new();
        let mut next = parts(entity);
        while let Some(name) = next.pop() {
            if name == entity.entity {
                return true;
            }
            if let Some(part) = self.get(entity.api, &name).filter(|_| seen.insert(name)) {
                next.extend(parts(part));
            }
        }
        false
    }

    fn expand_schema(
        &self,
        api: Api,
        schema: &mut Schema,
        at: &Pointer,
        unknown: &mut Vec<(Pointer, String)>,
    ) {
        let Some(name) = &schema.entity else { return };
        let Some(entity) = self.get(api, name) else {
            unknown.push((at.key("entity"), name.clone()));
            return;
        };
        if schema.types.is_empty() {
            schema.types = TypeSet(vec![JsonType::Object]);
        }
        // It is an error in the file of the entity.
        if self.contains_itself(entity) {
            return;
        }
        let mut own = std::mem::take(&mut schema.properties);
        let listed = std::mem::take(&mut schema.fields);
        let names: Vec<&String> =
            if listed.is_empty() { entity.fields.keys().collect() } else { listed.iter().collect() };
        for (index, field) in names.into_iter().enumerate() {
            match own.shift_remove(field).or_else(|| entity.fields.get(field).cloned()) {
                Some(of_field) => {
                    schema.properties.insert(field.clone(), of_field);
                }
                None => unknown.push((at.key("fields").index(index), format!("{name}.{field}"))),
            }
        }
        schema.properties.extend(own);
    }

    fn collapse_schema(&self, api: Api, schema: &mut Schema) {
        let Some(entity) = schema.entity.as_ref().and_then(|name| self.get(api, name)) else { return };
        if schema.types.0 == [JsonType::Object] {
            schema.types = TypeSet::default();
        }
        let has_all = entity.fields.keys().all(|field| schema.properties.contains_key(field));
        if !has_all {
            schema.fields = schema.properties.keys().cloned().collect();
        }
        schema.properties.retain(|name, of_field| entity.fields.get(name) != Some(of_field));
    }
}

/// Visits a schema and everything below it, the parts after the whole.
fn each_schema(schema: &mut Schema, at: &Pointer, visit: &mut dyn FnMut(&mut Schema, &Pointer)) {
    visit(schema, at);
    for (name, property) in &mut schema.properties {
        each_schema(property, &at.key("properties").key(name), visit);
    }
    if let Some(items) = &mut schema.items {
        each_schema(items, &at.key("items"), visit);
    }
    if let Some(AdditionalProperties::Of(values)) = &mut schema.additional {
        each_schema(values, &at.key("additionalProperties"), visit);
    }
    for (index, alternative) in schema.any_of.iter_mut().chain(&mut schema.one_of).enumerate() {
        each_schema(alternative, &at.key("oneOf").index(index), visit);
    }
    for (name, shared) in &mut schema.defs {
        each_schema(shared, &at.key("$defs").key(name), visit);
    }
}
