//! What the documentation calls a type, in terms of JSON Schema.

use crate::descriptor::{JsonType, Schema};

/// What knows the JSON types of words that only the documentation explains.
pub(crate) trait TypeLookup {
    /// The JSON type of a word in lower case.
    fn json_type(&self, word: &str) -> Option<JsonType>;
}

/// A word of the documentation, the JSON type that it stands for, and the format that keeps it readable where JSON Schema
/// has no such word.
const WORDS: &[(&str, Option<JsonType>, Option<&str>)] = &[
    ("integer", Some(JsonType::Integer), None),
    ("int", Some(JsonType::Integer), None),
    ("string", Some(JsonType::String), None),
    ("str", Some(JsonType::String), None),
    ("boolean", Some(JsonType::Boolean), None),
    ("bool", Some(JsonType::Boolean), None),
    ("object", Some(JsonType::Object), None),
    ("array", Some(JsonType::Array), None),
    ("list", Some(JsonType::Array), None),
    ("double", Some(JsonType::Number), None),
    ("float", Some(JsonType::Number), None),
    ("number", Some(JsonType::Number), None),
    ("null", Some(JsonType::Null), None),
    ("datetime", Some(JsonType::String), Some("date-time")),
    ("date", Some(JsonType::String), Some("date")),
    ("text", Some(JsonType::String), None),
    ("url", Some(JsonType::String), Some("url")),
    ("char", Some(JsonType::String), Some("char")),
    ("timestamp", Some(JsonType::Integer), Some("timestamp")),
    ("user", Some(JsonType::Integer), Some("user")),
    ("crm_status", Some(JsonType::String), Some("crm_status")),
    ("crm_company", Some(JsonType::Integer), Some("crm_company")),
    ("crm_contact", Some(JsonType::Integer), Some("crm_contact")),
    ("crm_lead", Some(JsonType::Integer), Some("crm_lead")),
    ("crm_deal", Some(JsonType::Integer), Some("crm_deal")),
    ("crm_quote", Some(JsonType::Integer), Some("crm_quote")),
    ("crm_category", Some(JsonType::Integer), Some("crm_category")),
    ("crm_entity", Some(JsonType::Integer), Some("crm_entity")),
    ("crm_currency", Some(JsonType::String), Some("crm_currency")),
    ("file", None, Some("file")),
    ("lang_map", Some(JsonType::Object), Some("lang_map")),
    // These say that the type is not said.
    ("unknown", None, None),
    ("any", None, None),
    ("mixed", None, None),
    ("enum", None, None),
];

/// The schema that a documented type stands for by itself; `None` where it says nothing.
pub(crate) fn schema_of(documented: &str) -> Option<Schema> {
    schema_in(documented, None)
}

/// The same, where a dictionary may know the words that are the documentation's own.
pub(crate) fn schema_in(documented: &str, index: Option<&dyn TypeLookup>) -> Option<Schema> {
    let mut alternatives: Vec<Schema> = Vec::new();
    for word in documented.split('|').map(str::trim) {
        let schema = schema_of_word(word, index)?;
        if !alternatives.contains(&schema) {
            alternatives.push(schema);
        }
    }
    if alternatives.len() <= 1 {
        return alternatives.pop();
    }
    // A single type beside `null` keeps its format.
    let null = Schema::of(JsonType::Null);
    if let [one, other] = alternatives.as_slice()
        && let Some(typed) = [one, other].into_iter().find(|schema| **schema != null)
        && alternatives.contains(&null)
        && !typed.types.is_empty()
    {
        let mut schema = typed.clone();
        schema.types.0.push(JsonType::Null);
        return Some(schema);
    }
    // Where types are all there is to the alternatives, they stand in one list.
    let bare = alternatives
        .iter()
        .all(|schema| Schema { types: schema.types.clone(), ..Schema::default() } == *schema);
    let mut schema = Schema::default();
    if bare {
        schema.types.0 = alternatives.into_iter().flat_map(|schema| schema.types.0).collect();
    } else {
        schema.any_of = alternatives;
    }
    Some(schema)
}

/// How the fields of an entity end whose values are texts.
const CODES: &[&str] = &[".code", ".lid", ".currency", ".xmlid"];

/// How many pairs of brackets a type may end with: a list of lists of lists is the most any page has.
const LIST_DEPTH: usize = 4;

fn schema_of_word(word: &str, index: Option<&dyn TypeLookup>) -> Option<Schema> {
    let item = word.trim_end_matches("[]");
    let lists = (word.len() - item.len()) / 2;
    let mut schema = schema_of_item(item, index);
    if lists == 0 {
        return schema;
    }
    for _ in 0..lists.min(LIST_DEPTH) {
        schema = Some(Schema { items: schema.map(Box::new), ..Schema::of(JsonType::Array) });
    }
    schema
}

fn schema_of_item(word: &str, index: Option<&dyn TypeLookup>) -> Option<Schema> {
    let lower = word.to_lowercase();
    let told = index.and_then(|index| index.json_type(&lower));
    let known = WORDS.iter().find(|(known, _, _)| *known == lower);
    let (json_type, format) = match known {
        Some((_, json_type, format)) => (*json_type, format.map(str::to_owned)),
        None if told.is_some() => (told, Some(word.to_owned())),
        // `catalog_product.id`: a field of an entity. Identifiers of entities are integers, and codes are texts.
        None if lower.ends_with(".id") => (Some(JsonType::Integer), Some(word.to_owned())),
        None if CODES.iter().any(|field| lower.ends_with(field)) => {
            (Some(JsonType::String), Some(word.to_owned()))
        }
        None if is_type_name(word) => (None, Some(word.to_owned())),
        None => (None, None),
    };
    let schema = Schema { format, ..json_type.map(Schema::of).unwrap_or_default() };
    (!schema.is_unknown()).then_some(schema)
}

/// Whether a word may name a type of the documentation's own: `sale_order`, `location.code`.
fn is_type_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn documented_words_become_json_schema() {
        for (documented, schema) in [
            ("integer", json!({"type": "integer"})),
            ("string|null", json!({"type": ["string", "null"]})),
            (
                "integer | integer[]",
                json!({"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]}),
            ),
            ("datetime", json!({"type": "string", "format": "date-time"})),
            ("catalog_product.id", json!({"type": "integer", "format": "catalog_product.id"})),
            ("deal[]", json!({"type": "array", "items": {"format": "deal"}})),
            ("unknown", Value::Null),
            ("one of: a, b", Value::Null),
        ] {
            assert_eq!(serde_json::to_value(schema_of(documented)).unwrap(), schema, "{documented}");
        }
    }
}
