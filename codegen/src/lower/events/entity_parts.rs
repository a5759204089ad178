//! Objects in payloads that are an entity have its type.

use std::collections::{BTreeSet, HashMap};

use crate::descriptor::Api;
use crate::model::{EntityType, EventItem, Import, Module, Payload, RustName, TypeItem};

/// Replaces the types of a module of events that are an entity without any difference by the type of the entity, where each build with
/// the event has it.
pub(super) fn reuse(module: &mut Module, entities: &HashMap<(Api, String), EntityType<'_>>) {
    let mut taken: BTreeSet<RustName> = module.names().into_iter().cloned().collect();
    let mut imports: Vec<Import> = Vec::new();
    for event in &mut module.events {
        let features = event.features();
        let mut renamed: HashMap<RustName, RustName> = HashMap::new();
        for item in &event.types {
            let TypeItem::Struct(item) = item else { continue };
            let found = item.entity.as_ref().and_then(|entity| entities.get(entity));
            // The payload itself has a type of its own, since two events may have the same entity.
            let Some(found) = found.filter(|_| item.name != event.name) else { continue };
            let ensures = match (&features, &found.features) {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some(from), Some(to)) => from.is_subset(to),
            };
            let import = Import { module: found.module.clone(), name: found.name.clone() };
            if ensures && (imports.contains(&import) || taken.insert(import.name.clone())) {
                renamed.insert(item.name.clone(), import.name.clone());
                if !imports.contains(&import) {
                    imports.push(import);
                }
            }
        }
        if !renamed.is_empty() {
            rename(event, &renamed);
            event.types.retain(|item| !renamed.contains_key(item.name()));
            drop_unused(event);
        }
    }
    imports.sort();
    module.imports.extend(imports);
}

/// Gives the parts of a payload other types.
pub(super) fn rename(event: &mut EventItem, renamed: &HashMap<RustName, RustName>) {
    let map = |name: &RustName| renamed.get(name).cloned().unwrap_or_else(|| name.clone());
    for item in &mut event.types {
        if let TypeItem::Struct(item) = item {
            for field in &mut item.fields {
                field.ty = field.ty.map_names(&map);
            }
        }
    }
    if let Payload::Whole { ty, .. } = &mut event.payload {
        *ty = ty.map_names(&map);
    }
}

/// Removes the types that only removed ones used.
fn drop_unused(event: &mut EventItem) {
    let mut used: BTreeSet<RustName> = BTreeSet::from([event.name.clone()]);
    let mut open: Vec<RustName> = vec![event.name.clone()];
    if let Payload::Whole { ty, .. } = &event.payload {
        open.extend(ty.named().cloned());
        used.extend(ty.named().cloned());
    }
    while let Some(name) = open.pop() {
        let item = event.types.iter().find(|item| *item.name() == name);
        let Some(TypeItem::Struct(item)) = item else { continue };
        let parts = item.fields.iter().filter_map(|field| field.ty.named().cloned());
        open.extend(parts.filter(|part| used.insert(part.clone())));
    }
    event.types.retain(|item| used.contains(item.name()));
}
