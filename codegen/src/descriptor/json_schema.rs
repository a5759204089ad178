//! The JSON Schema of the format, for editors.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

use super::{Descriptor, Entity, Event, Handler, Placement};

/// Generates the JSON Schema of a descriptor from its types.
pub fn generate_json_schema() -> String {
    schema_of::<Descriptor>()
}

/// Generates the JSON Schema of an entity from its types.
pub fn generate_entity_json_schema() -> String {
    schema_of::<Entity>()
}

/// Generates the JSON Schema of an event from its types.
pub fn generate_event_json_schema() -> String {
    schema_of::<Event>()
}

/// Generates the JSON Schema of a placement from its types.
pub fn generate_placement_json_schema() -> String {
    schema_of::<Placement>()
}

/// Generates the JSON Schema of a handler from its types.
pub fn generate_handler_json_schema() -> String {
    schema_of::<Handler>()
}

fn schema_of<T: JsonSchema>() -> String {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    format!("{:#}\n", schema.as_value())
}
