//! The JSON Schema of the files with words, for editors.

use schemars::JsonSchema;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};

use super::format::{
    EntitiesFile, ErrorsFile, EventsFile, HandlersFile, MethodsFile, ModulesFile, PartFile, PlacementsFile,
    ScopesFile, Texts, ValueTexts,
};

/// The file of the schema, below the folder of the descriptors.
pub const WORDS_SCHEMA_FILE: &str = "words/words.schema.json";

/// Generates one JSON Schema for all files, with a part for each kind of file below `$defs`: `methods`, `entities`, `glossary`.
pub fn generate_words_json_schema() -> String {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let kinds = [
        ("glossary", of::<Texts>(&mut generator)),
        ("part", of::<PartFile>(&mut generator)),
        ("values", of::<ValueTexts>(&mut generator)),
        ("errors", of::<ErrorsFile>(&mut generator)),
        ("formats", of::<Texts>(&mut generator)),
        ("scopes", of::<ScopesFile>(&mut generator)),
        ("modules", of::<ModulesFile>(&mut generator)),
        ("entities", of::<EntitiesFile>(&mut generator)),
        ("methods", of::<MethodsFile>(&mut generator)),
        ("events", of::<EventsFile>(&mut generator)),
        ("placements", of::<PlacementsFile>(&mut generator)),
        ("handlers", of::<HandlersFile>(&mut generator)),
    ];
    let any: Vec<Value> = kinds.iter().map(|(name, _)| json!({"$ref": format!("#/$defs/{name}")})).collect();
    let mut definitions: Map<String, Value> =
        kinds.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    definitions.extend(generator.take_definitions(true));
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Words",
        "anyOf": any,
        "$defs": definitions,
    });
    format!("{schema:#}\n")
}

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}
