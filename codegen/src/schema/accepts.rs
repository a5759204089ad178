//! Whether a value fits a schema. There are two readers with different rules:
//!
//! | reader | function | rule |
//! |---|---|---|
//! | this library, of a result | [`accepts`] | exactly what `core/src/wire` reads as the Rust type of the schema, without a mismatch |
//! | PHP, of a request | [`coerces`] | the same for a single value, and what PHP converts: `true` to 1, `""` to 0 or `false`, `null` and an array to anything |
//!
//! They differ, since a result that is converted in silence may be a mistake of the descriptor, while a request is the
//! caller's: PHP does not distinguish lists from objects, and casts its arguments.

use indexmap::IndexMap;
use serde_json::Value;

use crate::descriptor::{AdditionalProperties, JsonType, Schema};

/// Whether a value is one of the five forms in which PHP writes "nothing": `null`, `""`, `false`, `[]` and `{}`.
pub(crate) fn is_empty_form(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// Whether a result of this schema can be read from a value without a mismatch in any of its fields.
///
/// True exactly where `decode_strict` of core succeeds for the Rust type that [`lower`](crate::lower) makes of the schema:
/// `codegen/tests/accepts_matches_core.rs` compares the two. A `$ref` is looked up in the `$defs` of this schema; one that
/// leads nowhere accepts any value.
pub fn accepts(schema: &Schema, value: &Value) -> bool {
    SchemaReader { defs: &schema.defs }.reads(schema, value)
}

/// Whether PHP converts a value in a request to the wanted type. The items of lists and the fields of objects are not
/// compared.
pub(crate) fn coerces(wanted: JsonType, value: &Value) -> bool {
    match (wanted, value) {
        (_, Value::Null) => true,
        (JsonType::Array | JsonType::Object, Value::Array(_) | Value::Object(_)) => true,
        (JsonType::Integer | JsonType::Number | JsonType::String, Value::Bool(_)) => true,
        (JsonType::Boolean | JsonType::Integer | JsonType::Number, Value::String(text))
            if text.is_empty() =>
        {
            true
        }
        (wanted, value) => accepts(&Schema::of(wanted), value),
    }
}

/// A schema with the schemas that its parts may refer to.
struct SchemaReader<'a> {
    defs: &'a IndexMap<String, Schema>,
}

impl<'a> SchemaReader<'a> {
    /// A value that may be an empty form if the schema is nullable.
    fn reads(&self, schema: &'a Schema, value: &Value) -> bool {
        let Some(schema) = self.resolved(schema) else { return true };
        schema.types.nullable() && is_empty_form(value) || self.reads_value(schema, value)
    }

    /// A field that may be absent: it accepts any empty form.
    fn reads_optional(&self, schema: &'a Schema, value: &Value) -> bool {
        is_empty_form(value) || self.reads(schema, value)
    }

    fn reads_value(&self, schema: &'a Schema, value: &Value) -> bool {
        if !schema.any_of.is_empty() || !schema.one_of.is_empty() {
            if let Some((scalar, structure)) = schema.scalar_or_structure() {
                let is_structure = value.is_array() || value.is_object();
                return self.reads(if is_structure { structure } else { scalar }, value);
            }
            let dates = schema.any_of.iter().chain(&schema.one_of).all(is_date);
            return !dates || reads_date(value);
        }
        match schema.types.single() {
            // Several types, or none, are read as JSON; `null` alone accepts only empty forms.
            None => schema.types.0 != [JsonType::Null] || is_empty_form(value),
            Some(JsonType::Null) => is_empty_form(value),
            Some(JsonType::Boolean) => reads_flag(value),
            Some(JsonType::Integer) => reads_integer(value),
            Some(JsonType::Number) => reads_number(value),
            Some(JsonType::String) if is_date(schema) => reads_date(value),
            Some(JsonType::String) => matches!(value, Value::String(_) | Value::Number(_)),
            Some(JsonType::Array) => self.reads_list(schema, value),
            Some(JsonType::Object) if schema.properties.is_empty() => self.reads_map(schema, value),
            Some(JsonType::Object) => self.reads_fields(schema, value),
        }
    }

    /// A list, or an object with integers for keys: PHP's list with gaps.
    fn reads_list(&self, schema: &'a Schema, value: &Value) -> bool {
        let item = |item: &Value| schema.items.as_ref().is_none_or(|items| self.reads(items, item));
        match value {
            Value::Array(items) => items.iter().all(item),
            Value::Object(map) => map.iter().all(|(key, value)| key.parse::<i64>().is_ok() && item(value)),
            _ => false,
        }
    }

    /// An object, or a list, whose indexes are then the keys.
    fn reads_map(&self, schema: &'a Schema, value: &Value) -> bool {
        let entry = |value: &Value| match &schema.additional {
            Some(AdditionalProperties::Of(values)) => self.reads(values, value),
            Some(AdditionalProperties::Allowed(_)) | None => true,
        };
        match value {
            Value::Object(map) => map.values().all(entry),
            Value::Array(items) => items.iter().all(entry),
            _ => false,
        }
    }

    /// An object with known fields, each of which may be absent; `[]` is one without any.
    fn reads_fields(&self, schema: &'a Schema, value: &Value) -> bool {
        let empty = serde_json::Map::new();
        let given = match value {
            Value::Object(map) => map,
            Value::Array(items) if items.is_empty() => &empty,
            _ => return false,
        };
        schema
            .properties
            .iter()
            .all(|(name, field)| given.get(name).is_none_or(|value| self.reads_optional(field, value)))
    }

    /// A schema, or what it refers to; `None` where the reference leads nowhere.
    fn resolved(&self, mut schema: &'a Schema) -> Option<&'a Schema> {
        // A chain of references that is longer than there are shared schemas leads back to itself.
        for _ in 0..=self.defs.len() {
            let Some(reference) = &schema.reference else { return Some(schema) };
            schema = self.defs.get(reference.strip_prefix("#/$defs/")?)?;
        }
        None
    }
}

fn is_date(schema: &Schema) -> bool {
    schema.types.single() == Some(JsonType::String)
        && matches!(schema.format.as_deref(), Some("date-time" | "date"))
}

/// A date is any text but an empty one.
fn reads_date(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

fn reads_flag(value: &Value) -> bool {
    const FORMS: [&str; 6] = ["Y", "N", "1", "0", "true", "false"];
    match value {
        Value::Bool(_) => true,
        Value::Number(number) => matches!(number.as_f64(), Some(0.0 | 1.0)),
        Value::String(text) => FORMS.iter().any(|form| form.eq_ignore_ascii_case(text.trim())),
        _ => false,
    }
}

fn reads_integer(value: &Value) -> bool {
    match value {
        Value::Number(number) => is_integer(&number.to_string()),
        Value::String(text) => is_integer(text.trim()),
        _ => false,
    }
}

fn reads_number(value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::String(text) => decimal(text.trim()).is_some(),
        _ => false,
    }
}

fn is_integer(text: &str) -> bool {
    text.parse::<i64>().is_ok() || is_whole(text)
}

/// Whether a number with a decimal point or an exponent is an integer that is the only one with its double. This is the rule of
/// `core/src/wire/scalar.rs`, by digits: a double loses the fraction of `4503599627370497.4`.
fn is_whole(text: &str) -> bool {
    // 2⁵³, to which 2⁵³ + 1 is rounded.
    const INEXACT: f64 = 9_007_199_254_740_992.0;
    decimal(text).is_some_and(|number| number.abs() < INEXACT) && !has_fraction(text)
}

fn has_fraction(text: &str) -> bool {
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let Some(last) = number.rfind(|c| matches!(c, '1'..='9')) else { return false };
    let point = number.find('.').unwrap_or(number.len());
    // The power of ten of the last digit that is not 0.
    let power = if last < point { (point - last - 1) as i64 } else { -((last - point) as i64) };
    // An exponent beyond `i64` is of a number that is rounded to 0, or infinite.
    power.saturating_add(exponent.parse().unwrap_or(i64::MIN)) < 0
}

/// A number in plain decimal notation: Rust also reads `inf` and `nan`, which PHP does not send.
fn decimal(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    if plain { text.parse().ok().filter(|number: &f64| number.is_finite()) } else { None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn php_takes_more_in_a_request_than_core_reads_in_a_result() {
        use JsonType::{Array, Boolean, Integer, Null, Number, Object, String};
        for (value, read, taken) in [
            (json!(null), &[Null][..], &[Null, Boolean, Integer, Number, String, Array, Object][..]),
            (json!(""), &[Null, String], &[Null, Boolean, Integer, Number, String]),
            (json!(false), &[Null, Boolean], &[Null, Boolean, Integer, Number, String]),
            (json!(true), &[Boolean], &[Boolean, Integer, Number, String]),
            (json!([]), &[Null, Array, Object], &[Null, Array, Object]),
            (json!([7]), &[Array, Object], &[Array, Object]),
            (json!({"a": 7}), &[Object], &[Array, Object]),
            (json!(1.0), &[Boolean, Integer, Number, String], &[Boolean, Integer, Number, String]),
            (json!(" 7.0"), &[Integer, Number, String], &[Integer, Number, String]),
            (json!("7.5"), &[Number, String], &[Number, String]),
            (json!("1e300"), &[Number, String], &[Number, String]),
            (json!("Y "), &[Boolean, String], &[Boolean, String]),
            (json!("yes"), &[String], &[String]),
        ] {
            for wanted in [Null, Boolean, Integer, Number, String, Array, Object] {
                assert_eq!(
                    accepts(&Schema::of(wanted), &value),
                    read.contains(&wanted),
                    "{value} as {wanted:?}"
                );
                assert_eq!(coerces(wanted, &value), taken.contains(&wanted), "{value} for {wanted:?}");
            }
        }
    }
}
