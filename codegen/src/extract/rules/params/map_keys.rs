//! Keys that are data: objects that hold a record for each language, each code or each section, of which a page lists the
//! fields of the record.

use crate::descriptor::{AdditionalProperties, JsonType, Schema};
use crate::extract::lexicon::params::DATA_KEYS;
use crate::extract::rules::params::filters_and_orders;
use crate::extract::syntax::ast::Cell;
use crate::schema::join::join;

/// What example requests send below keys that are data, as one schema for all of them: none of the keys is a listed field,
/// and every value is an object of listed fields alone.
pub(super) fn records_of(example: &Schema, listed: &[String]) -> Option<Schema> {
    let is_listed = |name: &String| listed.contains(name);
    let is_record = |value: &Schema| {
        value.types.0 == [JsonType::Object]
            && !value.properties.is_empty()
            && value.properties.keys().all(is_listed)
    };
    let keyed = !example.properties.is_empty()
        && !example.properties.keys().any(is_listed)
        && example.properties.values().all(is_record);
    if !keyed {
        return None;
    }
    let records = example.properties.values().cloned();
    records.reduce(join)
}

/// Whether the keys are data by the description, and no example request sends a listed field as a key.
pub(super) fn are_keys_data(
    name: &str,
    description: Option<&Cell>,
    example: &Schema,
    listed: &[String],
) -> bool {
    !filters_and_orders::is_open_list(name)
        && description.is_some_and(|cell| DATA_KEYS.stand_in(&cell.prose()))
        && !example.properties.keys().any(|key| listed.contains(key))
}

/// An object that has such a record below each key.
pub(super) fn keyed(record: Schema) -> Schema {
    Schema { additional: Some(AdditionalProperties::Of(Box::new(record))), ..Schema::any_object() }
}
