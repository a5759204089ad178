//! Requests that write an entity: the types that they document, and their references to the entity.

use crate::descriptor::{AdditionalProperties, Descriptor, Entities, Entity, FLAG, JsonType, Schema};
use crate::extract::entities::family::Family;
use crate::extract::entities::kinds;
use crate::extract::evidence::Evidence;
use crate::extract::ledger::Ledger;
use crate::extract::lexicon::results::SELECTING;
use crate::extract::register::Rule;
use crate::extract::register::entities::{FIELD_OF_A_REQUEST, MAP_OF_A_REQUEST, REQUEST_OF_AN_ENTITY};
use crate::extract::rules::returns::tree::{Inner, Node};

/// A request with fewer fields in common names none of its entity.
const MIN_SHARED: usize = 3;

/// Adds the types that requests document. Fields that no result has are added too, unless the fields are known from elsewhere.
pub(super) fn add(object: &mut Node<'_>, family: &Family<'_>, is_complete: bool) -> Vec<&'static Rule> {
    let Inner::Object(fields) = &mut object.inner else { return Vec::new() };
    let mut rules = Vec::new();
    let alternatives = kinds::alternatives(family);
    for (name, schema) in alternatives.into_iter().flatten().flat_map(|schema| &schema.properties) {
        fields.entry(name.clone()).or_default().absorb(documented(schema));
        rules.push(&FIELD_OF_A_REQUEST);
    }
    for written in written_objects(family, fields.len(), &|name| fields.contains_key(name)) {
        for (name, schema) in &written.properties {
            if is_complete && !fields.contains_key(name) {
                continue;
            }
            fields.entry(name.clone()).or_default().absorb(documented(schema));
            rules.push(&FIELD_OF_A_REQUEST);
        }
    }
    rules
}

/// Makes maps of the objects that requests describe as maps.
pub(super) fn key_by_data(object: &mut Node<'_>, family: &Family<'_>) -> Vec<&'static Rule> {
    let Inner::Object(fields) = &mut object.inner else { return Vec::new() };
    let mut rules = Vec::new();
    for written in written_objects(family, fields.len(), &|name| fields.contains_key(name)) {
        for (name, schema) in &written.properties {
            if let Some(field) = fields.get_mut(name) {
                key_as_written(field, schema, &mut rules);
            }
        }
    }
    rules
}

fn key_as_written(node: &mut Node<'_>, written: &Schema, rules: &mut Vec<&'static Rule>) {
    let values = match &written.additional {
        Some(AdditionalProperties::Of(values)) if written.properties.is_empty() => Some(&**values),
        _ => None,
    };
    if values.is_some() && node.key_by_data(&MAP_OF_A_REQUEST) {
        rules.push(&MAP_OF_A_REQUEST);
    }
    match (&mut node.inner, values, written.items.as_deref()) {
        (Inner::Map(inside), Some(values), _) => key_as_written(inside, values, rules),
        (Inner::List(inside), _, Some(items)) => key_as_written(inside, items, rules),
        (Inner::Object(fields), ..) => {
            for (name, schema) in &written.properties {
                if let Some(field) = fields.get_mut(name) {
                    key_as_written(field, schema, rules);
                }
            }
        }
        _ => {}
    }
}

/// What a request documents about a field.
fn documented<'a>(schema: &Schema) -> Node<'a> {
    // A file is sent as a list and returned as something else.
    let is_file = schema.types.single() == Some(JsonType::Array) && schema.items.is_none();
    let from_table = Some(plain(schema))
        .filter(|schema| !schema.is_unknown() && !is_file)
        .map(|schema| Evidence::new(&FIELD_OF_A_REQUEST, schema, 0));
    Node { from_table, ..Node::default() }
}

/// Adds the values that requests document to fields of the same type.
pub(super) fn add_documented_values(object: &mut Schema, family: &Family<'_>) {
    let properties = &object.properties;
    let written: Vec<Schema> =
        written_objects(family, properties.len(), &|name| properties.contains_key(name))
            .into_iter()
            .cloned()
            .collect();
    for (name, documented) in written.iter().flat_map(|written| &written.properties) {
        let Some(field) = object.properties.get_mut(name) else { continue };
        let is_flag = field.format.is_none() && documented.format.as_deref() == Some(FLAG);
        let is_same = field.format == documented.format || is_flag;
        if field.values.is_empty() && field.types == documented.types && is_same {
            field.format.clone_from(&documented.format);
            field.values.clone_from(&documented.values);
            field.value_names.clone_from(&documented.value_names);
        }
    }
}

/// The objects with fields of the entity in the requests of a family.
fn written_objects<'a>(
    family: &Family<'a>,
    known: usize,
    is_field: &dyn Fn(&str) -> bool,
) -> Vec<&'a Schema> {
    let is_written = |schema: &&'a Schema| {
        let shared = schema.properties.keys().filter(|name| is_field(name)).count();
        shared >= MIN_SHARED && shared * 2 >= schema.properties.len().min(known)
    };
    let objects = |descriptor: &'a Descriptor| {
        let parts = descriptor.params.properties.iter().filter(|(name, _)| !selects(name));
        std::iter::once(&descriptor.params)
            .chain(parts.flat_map(|(_, part)| [Some(part), inside(part)]).flatten())
    };
    let writing = family.descriptors().filter(|descriptor| descriptor.changes);
    writing.flat_map(objects).filter(is_written).collect()
}

/// The items of a list, or the values of a map.
fn inside(schema: &Schema) -> Option<&Schema> {
    match (&schema.items, &schema.additional) {
        (Some(items), _) => Some(items),
        (None, Some(AdditionalProperties::Of(values))) => Some(values),
        _ => None,
    }
}

/// Whether a parameter chooses rows and writes none.
pub(super) fn selects(name: &str) -> bool {
    SELECTING.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The type of a field, without what only a request has.
fn plain(schema: &Schema) -> Schema {
    Schema {
        types: schema.types.clone(),
        format: schema.format.clone(),
        values: schema.values.clone(),
        value_names: schema.value_names.clone(),
        items: schema.items.clone(),
        ..Schema::default()
    }
}

/// Makes the objects of a request refer to the entity of its family.
pub(super) fn refer(descriptor: &mut Descriptor, entities: &Entities, ledger: &mut Ledger) {
    let Some((family, _)) = descriptor.method.rsplit_once('.') else { return };
    let Some(entity) = entities.find(descriptor.api, family) else { return };
    let Schema { properties, .. } = &mut descriptor.params;
    for (name, schema) in properties {
        if selects(name) {
            continue;
        }
        match schema.types.single() {
            Some(JsonType::Object) => refer_object(schema, entity, ledger),
            Some(JsonType::Array) => {
                let items = schema.items.as_deref_mut();
                let object = items.filter(|items| items.types.single() == Some(JsonType::Object));
                object.into_iter().for_each(|items| refer_object(items, entity, ledger));
            }
            _ => {}
        }
        for alternative in schema.one_of.iter_mut().chain(&mut schema.any_of) {
            refer_object(alternative, entity, ledger);
        }
    }
}

fn refer_object(schema: &mut Schema, entity: &Entity, ledger: &mut Ledger) {
    let shared = schema.properties.keys().filter(|name| entity.fields.contains_key(*name)).count();
    if shared < MIN_SHARED || shared * 2 < schema.properties.len().min(entity.fields.len()) {
        return;
    }
    ledger.fire(&REQUEST_OF_AN_ENTITY);
    for (name, documented) in &mut schema.properties {
        let Some(field) = entity.fields.get(name) else { continue };
        // What is a list or an object in a result may be written in another form.
        let is_structured = matches!(field.types.single(), Some(JsonType::Array | JsonType::Object));
        if documented.types.is_empty() && !is_structured {
            let own = std::mem::take(documented);
            *documented = Schema { default: own.default, deprecated: own.deprecated, ..field.clone() };
        } else if documented.types == field.types
            && documented.format.is_none()
            && documented.values.is_empty()
        {
            documented.format.clone_from(&field.format);
            documented.values.clone_from(&field.values);
            documented.value_names.clone_from(&field.value_names);
        }
    }
    schema.entity = Some(entity.entity.clone());
}
