//! The shared schemas that a document refers to.

use std::sync::LazyLock;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::components::{Component, Components, Context, Direction, Owner, Place};
use super::extensions::{DESCRIPTION, kinds};
use super::options::Values;
use super::received::{object, received};
use super::sent::sent;
use super::wire::{Wire, description, wire_forms};
use crate::descriptor::{Api, Entity, Kind, Schema};

/// Writes all shared schemas, and those to which they refer. Sorted by name.
pub(super) fn definitions<'a>(context: &Context<'a>, mut components: Components<'a>) -> Map<String, Value> {
    while let Some((name, component)) = components.next_pending() {
        let schema = definition(context, &mut components, component);
        components.write(name, schema);
    }
    components.into_schemas().collect()
}

fn definition<'a>(context: &Context<'a>, components: &mut Components<'a>, component: Component<'a>) -> Value {
    match component {
        Component::Wire((kind, false)) => wire_forms(kind, context.dialect),
        Component::Wire((kind, true)) => {
            let own = components.refer(Component::Wire((kind, false)));
            let empty = components.refer(Component::Wire((Wire::Empty, false)));
            json!({"description": format!("{} Or nothing.", description(kind)), "anyOf": [own, empty]})
        }
        Component::Entity(of) => entity(context, components, of),
        Component::Kind(of, name, one) => kind(context, components, of, name, one),
        Component::Shared(owner, name) => shared(context, components, owner, name),
        Component::Time => time(context, components),
        Component::Error(api) => error(context, components, api),
        Component::ErrorDetails => error_details(context, components),
    }
}

/// The schema of an entity: its fields, each of which may be absent, and the references to its kinds.
pub(super) fn entity<'a>(context: &Context<'a>, components: &mut Components<'a>, of: &'a Entity) -> Value {
    let mut schema = fields(context, components, of, of.entity.clone());
    if let (Some(known), Value::Object(written)) = (&of.kinds, &mut schema) {
        written.extend([kinds(known, |name, kind| components.refer(Component::Kind(of, name, kind)))]);
    }
    schema
}

/// The schema of a kind of an entity: some of its fields.
pub(super) fn kind<'a>(
    context: &Context<'a>,
    components: &mut Components<'a>,
    of: &'a Entity,
    name: &str,
    kind: &'a Kind,
) -> Value {
    let mut schema = fields(context, components, of, format!("{} of kind {name}", of.entity));
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|field, _| kind.fields.contains(field));
    }
    schema
}

fn fields<'a>(
    context: &Context<'a>,
    components: &mut Components<'a>,
    of: &'a Entity,
    title: String,
) -> Value {
    // Fields of an entity refer to no shared schema.
    static NONE: LazyLock<IndexMap<String, Schema>> = LazyLock::new(IndexMap::new);
    let owner =
        Owner { operation: of.entity.clone(), api: of.api, direction: Direction::Received, shared: &NONE };
    let schema = object(&mut Place { context, components, owner }, &of.fields);
    let mut titled = Map::from_iter([("title".to_owned(), json!(title))]);
    titled.extend(of.description.iter().map(|text| (DESCRIPTION.to_owned(), json!(text))));
    titled.extend(schema.as_object().cloned().unwrap_or_default());
    Value::Object(titled)
}

fn shared<'a>(context: &Context<'a>, components: &mut Components<'a>, owner: Owner<'a>, name: &str) -> Value {
    let direction = owner.direction;
    let Some(schema) = owner.shared.get(name) else { return json!({}) };
    let mut place = Place { context, components, owner };
    match (direction, context.values) {
        (Direction::Received, Values::Wire) => received(&mut place, schema, false),
        _ => sent(&mut place, schema),
    }
}

fn time<'a>(context: &Context<'a>, components: &mut Components<'a>) -> Value {
    let Some(schema) = context.time else { return json!({"type": "object"}) };
    let owner = Owner {
        operation: "system-time".to_owned(),
        api: Api::V2,
        direction: Direction::Received,
        shared: &schema.defs,
    };
    object(&mut Place { context, components, owner }, &schema.properties)
}

/// The body of a response with an error. Nothing in it is certain, so that nothing is required.
fn error<'a>(context: &Context<'a>, components: &mut Components<'a>, api: Api) -> Value {
    json!({"type": "object", "properties": error_properties(context, components, api)})
}

/// The members of such a body.
pub(super) fn error_properties<'a>(
    context: &Context<'a>,
    components: &mut Components<'a>,
    api: Api,
) -> Map<String, Value> {
    let mut properties = Map::new();
    let code = match (api, context.values) {
        (Api::V3, _) => components.refer(Component::ErrorDetails),
        // Some methods nest their error as REST 3 does.
        (Api::V2, Values::Wire) => {
            let details = components.refer(Component::ErrorDetails);
            json!({"anyOf": [text(context, components), details]})
        }
        (Api::V2, Values::Documented) => text(context, components),
    };
    properties.insert("error".to_owned(), code);
    if api == Api::V2 {
        properties.insert("error_description".to_owned(), text(context, components));
    }
    properties
}

/// The error object of REST 3.
fn error_details<'a>(context: &Context<'a>, components: &mut Components<'a>) -> Value {
    let mut text = || text(context, components);
    let (code, message, field, of_field) = (text(), text(), text(), text());
    let invalid = json!({"type": "object", "properties": {"field": field, "message": of_field}});
    json!({"type": "object", "properties": {
        "code": code, "message": message, "validation": {"type": "array", "items": invalid},
    }})
}

fn text<'a>(context: &Context<'a>, components: &mut Components<'a>) -> Value {
    match context.values {
        Values::Wire => components.refer(Component::Wire((Wire::Text, true))),
        Values::Documented => json!({"type": "string"}),
    }
}
