//! Which schemas are an entity without any difference, and which entities have a type that is not generated.

use std::collections::HashMap;

use crate::descriptor::{Api, Entities, Schema, Spec};
use crate::model::RustPath;

/// The types of entities that are not generated, by interface and name of the entity.
pub type ExternalTypes = HashMap<(Api, String), RustPath>;

/// The entities that schemas may refer to.
pub(super) struct EntityTypes<'a> {
    /// The schema that a reference without differences stands for.
    bare: HashMap<(Api, String), Schema>,
    external: &'a ExternalTypes,
}

impl<'a> EntityTypes<'a> {
    pub(super) fn of(spec: &Spec, external: &'a ExternalTypes) -> Self {
        let entities: Entities = spec.all_entities();
        let bare = entities.iter().map(|entity| {
            ((entity.api, entity.entity.clone()), entities.bare_schema(entity.api, &entity.entity))
        });
        Self { bare: bare.collect(), external }
    }

    /// The entity that an object is, with all of its fields and nothing else. It may be `null`.
    pub(super) fn identity(&self, api: Api, schema: &Schema) -> Option<(Api, String)> {
        let key = (api, schema.entity.clone()?);
        let bare = self.bare.get(&key)?;
        let same_types = Schema { types: bare.types.clone(), ..schema.clone() };
        (same_types == *bare).then_some(key)
    }

    /// The type of an entity that is not generated, and whether its fields are known.
    pub(super) fn external(&self, key: &(Api, String)) -> Option<(&'a RustPath, bool)> {
        let has_fields = self.bare.get(key).is_some_and(|bare| !bare.properties.is_empty());
        Some((self.external.get(key)?, has_fields))
    }
}
