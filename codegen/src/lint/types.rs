//! Types of one field that contradict each other.

use super::{Findings, Method};
use crate::descriptor::{AdditionalProperties, JsonType, Pointer, Schema};
use crate::schema::join::{join, readable};

/// A field that a request writes has a type that no result of the module can have: pages of one thing contradict each other.
pub(super) fn contradictions(method: &Method<'_>, findings: &mut Findings<'_>) {
    let descriptor = method.descriptor();
    let root = Pointer::default().key("params").key("properties");
    for (parameter, object) in &descriptor.params.properties {
        let Some(entity) = &object.entity else { continue };
        let results: Vec<&Schema> = method
            .spec
            .siblings(descriptor)
            .iter()
            .flat_map(|sibling| objects_of(&sibling.returns, entity))
            .collect();
        for (name, written) in &object.properties {
            let read: Vec<&Schema> = results
                .iter()
                .filter_map(|result| result.properties.get(name))
                .filter(|read| is_scalar(read))
                .collect();
            let contradicts = is_scalar(written)
                && !read.is_empty()
                && read.iter().all(|read| readable(&join((*read).clone(), written.clone())).is_none());
            if contradicts {
                let at = root.key(parameter);
                let place = format!("/params/properties/{parameter}/properties/{name}");
                let message = format!(
                    "{name} is written as {}, but results have it as {}",
                    type_words(written),
                    read.first().map(|read| type_words(read)).unwrap_or_default()
                );
                findings.report(&at, &place, message, "one type, or a patch that says why there are two");
            }
        }
    }
}

/// The objects in a result that are an entity.
fn objects_of<'s>(schema: &'s Schema, entity: &str) -> Vec<&'s Schema> {
    let own = (schema.entity.as_deref() == Some(entity)).then_some(schema);
    let values = match &schema.additional {
        Some(AdditionalProperties::Of(values)) => Some(values.as_ref()),
        _ => None,
    };
    let parts = schema.properties.values().chain(schema.items.as_deref()).chain(values).chain(&schema.one_of);
    own.into_iter().chain(parts.flat_map(|part| objects_of(part, entity))).collect()
}

fn is_scalar(schema: &Schema) -> bool {
    matches!(
        schema.types.single(),
        Some(JsonType::Boolean | JsonType::Integer | JsonType::Number | JsonType::String)
    )
}

fn type_words(schema: &Schema) -> String {
    let json_type = schema.types.single().map(|json_type| format!("{json_type:?}").to_lowercase());
    let format = schema.format.as_ref().map(|format| format!(" ({format})"));
    format!("{}{}", json_type.unwrap_or_default(), format.unwrap_or_default())
}
