//! What the documentation calls a type, in terms of JSON Schema.

use crate::descriptor::{JsonType, Schema};

/// The JSON types of words that the documentation itself explains.
pub(crate) trait TypeLookup {
    /// The JSON type of a word in lower case, and the kind of table that gives it.
    fn json_type(&self, word: &str) -> Option<(JsonType, TypeOrigin)>;
}

/// What the schema of a documented type is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypeOrigin {
    /// A word for a JSON type: `datetime`.
    Word,
    /// A word of the documentation whose JSON type is not known: `sale_order`.
    OwnWord,
    /// The name of an identifier or of a code: `catalog_product.id`.
    EntityField,
    /// A table of types in the documentation.
    TypeTable,
    /// A table of the fields of an entity in the documentation.
    EntityTable,
    /// Brackets behind a type, or around it.
    List,
    /// Several types with strokes between them.
    Alternatives,
}

/// The schema of a documented type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DocumentedType {
    pub(crate) schema: Schema,
    /// What it is known by, from the whole type down to its words. Never empty.
    pub(crate) origins: Vec<TypeOrigin>,
}

/// The words that stand for an unknown type.
pub(crate) const UNTYPED: &[&str] = &["unknown", "any", "mixed", "enum"];

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
    ("location", Some(JsonType::String), Some("location")),
    ("file", None, Some("file")),
    ("lang_map", Some(JsonType::Object), Some("lang_map")),
    ("dict", Some(JsonType::Object), None),
    ("целое", Some(JsonType::Integer), None),
    ("строка", Some(JsonType::String), None),
    ("число", Some(JsonType::Number), None),
    ("массив", Some(JsonType::Array), None),
    ("список", Some(JsonType::Array), None),
    ("объект", Some(JsonType::Object), None),
    ("логический", Some(JsonType::Boolean), None),
    ("дата", Some(JsonType::String), Some("date")),
    ("файл", None, Some("file")),
];

/// The schema that a documented type stands for by itself; `None` where it stands for none.
pub(crate) fn schema_of(documented: &str) -> Option<Schema> {
    documented_type(documented, None).map(|found| found.schema)
}

/// The schema that a documented type stands for. `index` knows the words that the documentation explains.
pub(crate) fn documented_type(documented: &str, index: Option<&dyn TypeLookup>) -> Option<DocumentedType> {
    let mut alternatives: Vec<Schema> = Vec::new();
    let mut origins = Vec::new();
    for word in documented.split('|').map(str::trim) {
        let found = type_of_word(word, index)?;
        if !alternatives.contains(&found.schema) {
            alternatives.push(found.schema);
            origins.extend(found.origins);
        }
    }
    if alternatives.len() <= 1 {
        return alternatives.pop().map(|schema| DocumentedType { schema, origins });
    }
    origins.insert(0, TypeOrigin::Alternatives);
    Some(DocumentedType { schema: any_of(alternatives), origins })
}

/// One schema for several alternatives.
fn any_of(alternatives: Vec<Schema>) -> Schema {
    // A single type beside `null` keeps its format.
    let null = Schema::of(JsonType::Null);
    if let [one, other] = alternatives.as_slice()
        && let Some(typed) = [one, other].into_iter().find(|schema| **schema != null)
        && alternatives.contains(&null)
        && !typed.types.is_empty()
    {
        let mut schema = typed.clone();
        schema.types.0.push(JsonType::Null);
        return schema;
    }
    // Where types are all there is to the alternatives, they are in one list.
    let bare = alternatives
        .iter()
        .all(|schema| Schema { types: schema.types.clone(), ..Schema::default() } == *schema);
    let mut schema = Schema::default();
    if bare {
        schema.types.0 = alternatives.into_iter().flat_map(|schema| schema.types.0).collect();
    } else {
        schema.any_of = alternatives;
    }
    schema
}

/// The ends of the names of those fields of entities whose values are texts.
const CODES: &[&str] = &[".code", ".lid", ".currency", ".xmlid"];

/// How many pairs of brackets a type may end with: a list of lists of lists is the most any page has.
const LIST_DEPTH: usize = 4;

/// What is before and behind the type of the items of a list.
const ITEMS_BETWEEN: &[(&str, &str)] = &[("array<", ">"), ("list<", ">"), ("array[", "]"), ("list[", "]")];

fn type_of_word(word: &str, index: Option<&dyn TypeLookup>) -> Option<DocumentedType> {
    let of_items = ITEMS_BETWEEN.iter().find_map(|(before, behind)| {
        let (head, rest) = word.split_at_checked(before.len())?;
        let inside = head.eq_ignore_ascii_case(before).then(|| rest.strip_suffix(behind))??;
        (!inside.is_empty()).then_some(inside)
    });
    let item = of_items.unwrap_or(word).trim_end_matches("[]");
    let brackets = of_items.unwrap_or(word).len() - item.len();
    let lists = brackets / 2 + usize::from(of_items.is_some());
    let found = type_of_item(item, index);
    if lists == 0 {
        return found.map(|(schema, origin)| DocumentedType { schema, origins: vec![origin] });
    }
    let (mut schema, origin) = found.unzip();
    for _ in 0..lists.min(LIST_DEPTH) {
        schema = Some(Schema { items: schema.map(Box::new), ..Schema::of(JsonType::Array) });
    }
    let origins = std::iter::once(TypeOrigin::List).chain(origin).collect();
    schema.map(|schema| DocumentedType { schema, origins })
}

fn type_of_item(word: &str, index: Option<&dyn TypeLookup>) -> Option<(Schema, TypeOrigin)> {
    let lower = word.to_lowercase();
    let typed = |json_type: Option<JsonType>, format: Option<&str>| Schema {
        format: format.map(str::to_owned),
        ..json_type.map(Schema::of).unwrap_or_default()
    };
    if let Some((_, json_type, format)) = WORDS.iter().find(|(known, _, _)| *known == lower) {
        return Some((typed(*json_type, *format), TypeOrigin::Word));
    }
    if UNTYPED.contains(&lower.as_str()) {
        return None;
    }
    if let Some((_, json_type, format)) = WORDS.iter().find(|(known, _, _)| is_swapped(known, &lower)) {
        return Some((typed(*json_type, *format), TypeOrigin::Word));
    }
    if let Some((json_type, origin)) = index.and_then(|index| index.json_type(&lower)) {
        return Some((typed(Some(json_type), Some(word)), origin));
    }
    // `catalog_product.id`: a field of an entity. Identifiers of entities are integers, and codes are texts.
    if lower.ends_with(".id") {
        return Some((typed(Some(JsonType::Integer), Some(word)), TypeOrigin::EntityField));
    }
    if CODES.iter().any(|field| lower.ends_with(field)) {
        return Some((typed(Some(JsonType::String), Some(word)), TypeOrigin::EntityField));
    }
    is_type_name(word).then(|| (typed(None, Some(word)), TypeOrigin::OwnWord))
}

/// Whether two words differ by two letters side by side that have changed places: `srting`.
fn is_swapped(known: &str, word: &str) -> bool {
    let pairs = || known.bytes().zip(word.bytes()).enumerate().filter(|(_, (one, other))| one != other);
    let mut differing = pairs().map(|(at, _)| at);
    known.len() == word.len()
        && known.len() > SHORT
        && pairs().count() == 2
        && differing.next().is_some_and(|at| {
            differing.next() == Some(at + 1)
                && known.as_bytes().get(at) == word.as_bytes().get(at + 1)
                && known.as_bytes().get(at + 1) == word.as_bytes().get(at)
        })
}

/// A word of this length or less may be another one than a mistyped type.
const SHORT: usize = 4;

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
            ("Array<integer>", json!({"type": "array", "items": {"type": "integer"}})),
            ("array[string]", json!({"type": "array", "items": {"type": "string"}})),
            ("array[]", json!({"type": "array", "items": {"type": "array"}})),
            ("строка", json!({"type": "string"})),
            ("srting", json!({"type": "string"})),
            ("strign[]", json!({"type": "array", "items": {"type": "string"}})),
            ("sritng", json!({"format": "sritng"})),
            ("itn", json!({"format": "itn"})),
            ("array<object>", json!({"type": "array", "items": {"type": "object"}})),
            ("unknown", Value::Null),
            ("one of: a, b", Value::Null),
        ] {
            assert_eq!(serde_json::to_value(schema_of(documented)).unwrap(), schema, "{documented}");
        }
    }

    #[test]
    fn a_type_names_what_it_is_known_by() {
        use TypeOrigin::{Alternatives, EntityField, List, OwnWord, Word};
        for (documented, origins) in [
            ("integer", &[Word][..]),
            ("string|string", &[Word]),
            ("integer|deal[]", &[Alternatives, Word, List, OwnWord]),
            ("cage.code", &[EntityField]),
        ] {
            assert_eq!(documented_type(documented, None).unwrap().origins, origins, "{documented}");
        }
    }
}
