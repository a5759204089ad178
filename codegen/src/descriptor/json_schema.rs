//! The JSON Schema of the format, for editors.

use schemars::generate::SchemaSettings;

use super::Descriptor;

/// The name of the file below `spec/`.
pub const SCHEMA_FILE: &str = "descriptor.schema.json";

/// Generates the JSON Schema of a descriptor from its types.
pub fn generate_json_schema() -> String {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Descriptor>();
    format!("{:#}\n", schema.as_value())
}
