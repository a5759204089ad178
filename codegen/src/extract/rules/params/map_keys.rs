//! Keys that are data: objects that hold a record for each language, each code or each section, of which a page lists the
//! fields of the record.

use crate::descriptor::{AdditionalProperties, JsonType, Schema};
use crate::extract::lexicon::params::DATA_KEYS;
use crate::extract::rules::params::filters_and_orders;
use crate::extract::syntax::ast::{Block, Cell, flat};
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

/// Whether code in the description of a list shows it as an object of records below keys that are data: `"phones": {"n0": {`.
pub(super) fn is_shown_by_keys(name: &str, description: Option<&Cell>) -> bool {
    let blocks = description.into_iter().flat_map(|cell| flat(&cell.blocks));
    let shown: Vec<bool> = blocks
        .filter_map(|block| match block {
            Block::Code(code) => first_key(name, &code.text),
            _ => None,
        })
        .map(|key| is_data(&key))
        .collect();
    !shown.is_empty() && shown.into_iter().all(|is_data| is_data)
}

/// The first key of the object of objects that code shows below a name; empty for anything else below it.
fn first_key(name: &str, code: &str) -> Option<String> {
    let signs: String = code.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'')).collect();
    let value = signs.trim_start_matches('{').strip_prefix(name)?.strip_prefix(':')?;
    let key = value.strip_prefix('{').and_then(|inside| inside.split_once(":{"));
    Some(key.map(|(key, _)| key.to_owned()).unwrap_or_default())
}

/// Whether a key is a number, or one of a new record: `n0`.
fn is_data(key: &str) -> bool {
    let number = key.strip_prefix('n').unwrap_or(key);
    !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
}

/// The values of an object of which a page lists nothing but numbers and a placeholder.
pub(super) fn numbered(object: &Schema) -> Option<Schema> {
    let is_number = |name: &String| name.bytes().all(|b| b.is_ascii_digit());
    let is_open = object.additional == Some(AdditionalProperties::Allowed(true));
    let are_numbers = is_open && object.properties.keys().all(is_number);
    object.properties.values().filter(|_| are_numbers).cloned().reduce(join)
}

/// An object that has such a record below each key.
pub(super) fn keyed(record: Schema) -> Schema {
    Schema { additional: Some(AdditionalProperties::Of(Box::new(record))), ..Schema::any_object() }
}
