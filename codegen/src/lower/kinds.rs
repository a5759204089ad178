//! The kinds of an entity: the types of their results and of what they write.

use crate::descriptor::{Descriptor, Entity, Kind, Pointer, Schema, Spec};
use crate::model::{Direction, Field, KindItem, KindsItem, Module, RustName, TypeItem, TypeRef};

use super::rust_types::TypeBuilder;
use super::schema_path::SchemaPath;
use super::{Lowering, names};

/// The entity with kinds whose methods a descriptor is the first of.
pub(super) fn entity_of<'s>(spec: &'s Spec, descriptor: &Descriptor) -> Option<&'s Entity> {
    let (family, _) = descriptor.method.rsplit_once('.')?;
    let entity = spec.entities.iter().map(|file| &file.content).find(|entity| {
        entity.api == descriptor.api && entity.kinds.is_some() && entity.entity.eq_ignore_ascii_case(family)
    })?;
    let first = methods(spec, entity).next()?;
    (first.method == descriptor.method).then_some(entity)
}

/// The methods of an entity.
fn methods<'s>(spec: &'s Spec, entity: &'s Entity) -> impl Iterator<Item = &'s Descriptor> {
    let methods = spec.methods.iter().map(|file| &file.content);
    methods.filter(|descriptor| {
        let family = descriptor.method.rsplit_once('.').map_or("", |(family, _)| family);
        descriptor.api == entity.api && family.eq_ignore_ascii_case(&entity.entity)
    })
}

/// Lowers the kinds of an entity. Returns them with their types.
pub(super) fn lower(
    lowering: &mut Lowering<'_, Descriptor>,
    spec: &Spec,
    entity: &Entity,
) -> Option<(KindsItem, Vec<TypeItem>)> {
    let kinds = entity.kinds.as_ref()?;
    let requests: Vec<&Descriptor> = methods(spec, entity).collect();
    let mut types = TypeBuilder::new(lowering, entity.api);
    let mut of = Vec::new();
    for (name, kind) in &kinds.of {
        let about = format!("`{}` with the {} {}", entity.entity, kinds.parameter, kind.value);
        let result = subset(entity, &kind.fields);
        let item = types.lower_kind(&result, &[name], Direction::Response, &about)?;
        let writes = written(kind, &requests);
        let role = format!("The fields of {about} that requests write");
        let fields = (!writes.properties.is_empty())
            .then(|| types.lower_kind(&writes, &[name, "fields"], Direction::Request, &role))
            .flatten();
        of.push(KindItem { name: item, fields, value: kind.value });
    }
    let (parameter, constant) = (kinds.parameter.clone(), names::constant(&kinds.parameter)?);
    Some((
        KindsItem { parameter, constant, written: written_parameter(&requests), entity: None, of },
        types.declared,
    ))
}

/// An object with some fields of an entity.
fn subset(entity: &Entity, names: &[String]) -> Schema {
    let fields = names.iter().filter_map(|name| Some((name.clone(), entity.fields.get(name)?.clone())));
    Schema { properties: fields.collect(), ..Schema::any_object() }
}

/// The object that requests write for a kind: of the alternatives in requests those whose fields all are fields of the kind.
fn written(kind: &Kind, requests: &[&Descriptor]) -> Schema {
    let parameters = requests.iter().flat_map(|descriptor| descriptor.params.properties.values());
    let of_kind = parameters
        .flat_map(|schema| &schema.one_of)
        .filter(|alternative| alternative.properties.keys().all(|name| kind.writes.contains(name)));
    let mut written = Schema::any_object();
    for (name, schema) in of_kind.flat_map(|alternative| &alternative.properties) {
        written.properties.entry(name.clone()).or_insert_with(|| schema.clone());
    }
    written
}

/// The parameter with the object that a kind writes.
fn written_parameter(requests: &[&Descriptor]) -> Option<String> {
    let mut parameters = requests.iter().flat_map(|descriptor| &descriptor.params.properties);
    parameters.find(|(_, schema)| !schema.one_of.is_empty()).map(|(name, _)| name.clone())
}

impl<T> TypeBuilder<'_, '_, T> {
    /// Declares the type of a kind, named by these words.
    fn lower_kind(
        &mut self,
        schema: &Schema,
        words: &[&str],
        direction: Direction,
        role: &str,
    ) -> Option<RustName> {
        let mut path = SchemaPath::root(words.first()?, schema, Pointer::default().key("returns"), direction);
        path.words = words.iter().map(|word| (*word).to_owned()).collect();
        let TypeRef::Named(name) = self.lower_value(schema, &path) else { return None };
        let item = self.declared.iter_mut().find(|item| *item.name() == name)?;
        item.set_role(role.to_owned());
        Some(name)
    }
}

/// Makes the results that contain the entity generic over it, now that all types have their final names.
pub(super) fn make_results_generic(module: &mut Module) {
    let Module { methods, types, kinds: Some(kinds), .. } = module else { return };
    let is_entity = |item: &&TypeItem| matches!(item, TypeItem::Struct(item) if item.is_entity);
    let all = || types.iter().chain(methods.iter().flat_map(|method| &method.types));
    let Some(entity) = all().find(is_entity).map(|item| item.name().clone()) else { return };
    let results: Vec<RustName> = methods.iter().filter_map(|method| method.output.named().cloned()).collect();
    let own = methods.iter_mut().flat_map(|method| &mut method.types);
    for item in types.iter_mut().chain(own) {
        let TypeItem::Struct(item) = item else { continue };
        let contains = |field: &Field| field.ty.named() == Some(&entity);
        if results.contains(&item.name) && item.name != entity && item.fields.iter().any(contains) {
            item.generic_over = Some(entity.clone());
        }
    }
    kinds.entity = Some(entity);
}
