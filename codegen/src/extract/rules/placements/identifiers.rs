//! The identifiers in the options of placements, which requests send as texts.

use serde_json::Value;

use crate::descriptor::{JsonType, Schema};
use crate::extract::page_log::PageLog;
use crate::extract::register::placements::IDENTIFIER_IN_PLACEMENT_OPTIONS;

/// Makes texts whose names end in `id` integers, if all examples show digits.
pub(super) fn with_identifiers(mut object: Schema, samples: &[&Value], log: &mut PageLog) -> Schema {
    for (name, schema) in &mut object.properties {
        let mut values = samples.iter().filter_map(|sample| sample.get(name)).peekable();
        let is_identifier = name.to_ascii_lowercase().ends_with("id")
            && schema.types.0 == [JsonType::String]
            && schema.values.is_empty();
        let is_number =
            |value: &Value| value.is_u64() || value.as_str().is_some_and(|text| text.parse::<u64>().is_ok());
        if is_identifier && values.peek().is_some() && values.all(is_number) {
            schema.types = Schema::of(JsonType::Integer).types;
            log.fire(&IDENTIFIER_IN_PLACEMENT_OPTIONS);
        }
    }
    object
}
