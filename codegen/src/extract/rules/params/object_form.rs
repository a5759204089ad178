//! The form of an object that a description shows as code: `{"a": "1", b: [x, y], C: integer}`.

use serde_json::Value;

use crate::descriptor::{JsonType, Schema};
use crate::schema::example;
use crate::schema::words::{self, TypeLookup};

/// The keys in `{"a": "1", b: [x, y], C: integer}`; `None` for something else, or for keys that stand for others.
pub(super) fn keys_in(shown: &str, index: Option<&dyn TypeLookup>) -> Option<Vec<(String, Schema)>> {
    let json = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(shown).ok();
    let inside = shown.strip_prefix('{')?.strip_suffix('}')?;
    let mut depth = 0_usize;
    let mut parts = vec![String::new()];
    for c in inside.chars() {
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut()?.push(c);
    }
    let key = |part: String| {
        let (key, value) = part.split_once(':')?;
        let key = key.trim().trim_matches(['"', '\'', '‘', '’']);
        let is_word = key.starts_with(|c: char| c.is_ascii_alphabetic())
            && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && key.len() > 2
            && !key.ends_with(|c: char| c.is_ascii_digit())
            && !value.contains("...")
            && !value.contains('…');
        let sample = json.as_ref().and_then(|json| json.get(key)).map(example::schema_of);
        let is_scalar = |schema: &Schema| {
            !schema.types.is_empty() && schema.properties.is_empty() && schema.items.is_none()
        };
        let scalar = sample.filter(is_scalar);
        is_word.then(|| {
            let schema = scalar.or_else(|| typed(value, index)).unwrap_or_default();
            (key.to_owned(), schema)
        })
    };
    // A comma may be behind the last of them.
    if parts.last().is_some_and(|part| part.trim().is_empty()) {
        parts.pop();
    }
    parts.into_iter().map(key).collect()
}

/// The type that `integer`, `datetime|date` or `'NONE'|'NOW'` in the place of a value gives; `None` where a part is something
/// else.
fn typed(value: &str, index: Option<&dyn TypeLookup>) -> Option<Schema> {
    if value.trim().starts_with('[') && value.trim().ends_with(']') {
        return Some(Schema::of(JsonType::Array));
    }
    let parts: Vec<&str> = value.split('|').map(str::trim).collect();
    let literal = |part: &&str| {
        let text = part.strip_prefix('\'')?.strip_suffix('\'')?;
        (!text.is_empty() && !text.contains('\'')).then(|| Value::from(text))
    };
    if let Some(values) = parts.iter().map(literal).collect::<Option<Vec<Value>>>() {
        // One literal is a sample more often than the only value.
        let values = if values.len() > 1 { values } else { Vec::new() };
        return Some(Schema { values, ..Schema::of(JsonType::String) });
    }
    // A word that is no JSON type of any kind may as well be a sample.
    let known = |schema: &Schema| !schema.types.is_empty();
    let schema = |part: &&str| Some(words::documented_type(part, index)?.schema).filter(known);
    let schemas = parts.iter().map(schema).collect::<Option<Vec<Schema>>>()?;
    let mut schemas = schemas.into_iter();
    let first = schemas.next()?;
    schemas.all(|other| other.types == first.types).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_an_object_gives_its_keys_unless_they_are_data() {
        for (shown, keys) in [
            (r#"{"module": "zoo", "code": "CAGE"}"#, Some("module string, code string")),
            ("{fileData: [name, content]}", Some("fileData array")),
            (r#"{"from": 1, "to_day": {"x": 2}}"#, Some("from integer, to_day")),
            (r#"{"lang_1": "value_1", "lang_2": "value_2"}"#, None),
            (r#"{"colour": "...", "size": "..."}"#, None),
            (r#"{"en": "Cage", "de": "Käfig"}"#, None),
            ("{=Document:NAME}", None),
            (
                "{\n    SIZE: integer,\n    KIND: 'cage'|'pond',\n    SINCE: datetime|date,\n}",
                Some("SIZE integer, KIND string, SINCE string"),
            ),
            ("{\n    field_1: value_1,\n    field_n: value_n,\n}", None),
            ("{}}", None),
        ] {
            let written = |(key, schema): (String, Schema)| {
                let of = serde_json::to_value(&schema).unwrap()["type"].as_str().map(|of| format!(" {of}"));
                format!("{key}{}", of.unwrap_or_default())
            };
            let found = keys_in(shown, None)
                .map(|found| found.into_iter().map(written).collect::<Vec<_>>().join(", "));
            assert_eq!(found.as_deref(), keys, "{shown}");
        }
    }
}
