//! Values for schemas.

use bitrix24_codegen::descriptor::{AdditionalProperties, JsonType, Schema};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

/// The values on the wire for single values, whether it can be read or not.
pub fn single_values() -> Vec<Value> {
    let mut values: Vec<Value> = nothings();
    values.extend([json!(true), json!(0), json!(1), json!(7), json!(-7), json!(1.0), json!(7.0), json!(7.5)]);
    values.extend([json!(1e300), json!(i64::MAX), json!(u64::MAX), json!(9_007_199_254_740_993_i64)]);
    values.extend([json!(9_007_199_254_740_991.0), json!(9_007_199_254_740_992.0), json!(1_767_312_000)]);
    let texts = [
        " ",
        "0",
        "1",
        "7",
        " 7",
        "7 ",
        "\u{a0}7",
        "+7",
        "-7",
        "007",
        "7.",
        ".5",
        "7.0",
        "7.5",
        "7,5",
        "7e2",
        "1e300",
        "1e999",
        "-0",
        ".",
        "-",
        "e",
        "9007199254740993",
        "9007199254740993.0",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "0x10",
        "inf",
        "NaN",
        "Y",
        "N",
        "y",
        "Y ",
        " n",
        "D",
        "yes",
        "true",
        "TRUE",
        "false",
        "on",
        "open",
        "2026-01-02",
        "2026-01-02T03:04:05+00:00",
        "02.01.2026",
    ];
    values.extend(texts.map(Value::from));
    values.extend([json!([1]), json!(["x"]), json!([null]), json!([[]]), json!({"a": 1}), json!({"a": "x"})]);
    values.extend([json!({"0": 1, "2": 2}), json!({"+1": 1}), json!({"01": 1}), json!({"-1": "x"})]);
    values.extend([json!({"9223372036854775808": 1}), json!({"": 1}), json!({"0": {"a": []}})]);
    values
}

/// The forms in which PHP writes "nothing".
fn nothings() -> Vec<Value> {
    vec![json!(null), json!(""), json!(false), json!([]), json!({})]
}

/// A value that a schema describes in each of its parts, in some form of the wire; `None` where the schema says nothing.
pub fn described(schema: &Schema) -> Option<BoxedStrategy<Value>> {
    Values { root: schema, stray: 0 }.of(schema)
}

/// The same, with single values anywhere in it that may not fit.
pub fn nearly_described(schema: &Schema) -> BoxedStrategy<Value> {
    Values { root: schema, stray: 1 }.or_stray(schema)
}

struct Values<'a> {
    /// The schema in which `$ref` is looked up.
    root: &'a Schema,
    /// How often of eight times a place has another value.
    stray: u32,
}

impl Values<'_> {
    fn or_stray(&self, schema: &Schema) -> BoxedStrategy<Value> {
        let stray = select(single_values());
        match self.of(schema) {
            Some(value) if self.stray > 0 => {
                prop_oneof![8 - self.stray => value, self.stray => stray].boxed()
            }
            Some(value) => value,
            None => stray.boxed(),
        }
    }

    fn of(&self, schema: &Schema) -> Option<BoxedStrategy<Value>> {
        if let Some(reference) = &schema.reference {
            return self.of(&self.root.defs[reference.strip_prefix("#/$defs/")?]);
        }
        let alternatives = schema.any_of.iter().chain(&schema.one_of).filter_map(|part| self.of(part));
        let kinds = schema.types.0.iter().filter_map(|kind| self.of_kind(*kind, schema));
        let all: Vec<BoxedStrategy<Value>> = alternatives.chain(kinds).collect();
        (!all.is_empty()).then(|| any::<Index>().prop_flat_map(move |one| one.get(&all).clone()).boxed())
    }

    fn of_kind(&self, kind: JsonType, schema: &Schema) -> Option<BoxedStrategy<Value>> {
        let date = matches!(schema.format.as_deref(), Some("date" | "date-time"));
        let forms = match kind {
            JsonType::Null => nothings(),
            JsonType::Boolean => {
                vec![json!(true), json!(false), json!(1), json!(0.0), json!("Y"), json!(" n"), json!("TRUE")]
            }
            JsonType::Integer => {
                vec![
                    json!(7),
                    json!(-7.0),
                    json!("7"),
                    json!(" 007 "),
                    json!("7e2"),
                    json!(i64::MAX),
                    json!("1.000"),
                ]
            }
            JsonType::Number => {
                vec![json!(7), json!(7.5), json!(u64::MAX), json!(" -0.5 "), json!(".5"), json!("1E-3")]
            }
            JsonType::String if date => {
                vec![json!("2026-01-02"), json!("2026-01-02T03:04:05+00:00"), json!(" ")]
            }
            JsonType::String => vec![json!("open"), json!(""), json!(12), json!(1.5)],
            JsonType::Array => return Some(self.list(schema)),
            JsonType::Object if schema.properties.is_empty() => return Some(self.map(schema)),
            JsonType::Object => return self.fields(schema),
        };
        Some(select(forms).boxed())
    }

    /// A list, with or without gaps.
    fn list(&self, schema: &Schema) -> BoxedStrategy<Value> {
        let Some(item) = self.part(schema.items.as_deref()) else { return Just(json!([])).boxed() };
        (vec(item, 0..4), any::<bool>())
            .prop_map(|(items, gaps)| if gaps { keyed("", items) } else { Value::Array(items) })
            .boxed()
    }

    /// A map, whose keys may happen to be those of a list.
    fn map(&self, schema: &Schema) -> BoxedStrategy<Value> {
        let values = match &schema.additional {
            Some(AdditionalProperties::Of(values)) => self.part(Some(values)),
            _ => None,
        };
        let Some(values) = values else { return select(vec![json!([]), json!({})]).boxed() };
        (vec(values, 0..4), 0..3)
            .prop_map(|(values, form)| match form {
                0 => Value::Array(values),
                1 => keyed("", values),
                _ => keyed("key", values),
            })
            .boxed()
    }

    /// An object with what is required, and some of the other fields; `None` where nothing is known of what is required.
    fn fields(&self, schema: &Schema) -> Option<BoxedStrategy<Value>> {
        let mut object = Just(Map::new()).boxed();
        for (name, field) in &schema.properties {
            let name = name.clone();
            let value = match (schema.required.contains(&name), self.part(Some(field))) {
                (true, Some(value)) => value.prop_map(Some).boxed(),
                (true, None) => return None,
                (false, Some(value)) => {
                    prop_oneof![2 => value.prop_map(Some), 1 => select(nothings()).prop_map(Some), 1 => Just(None)].boxed()
                }
                (false, None) => Just(None).boxed(),
            };
            let stray = self.stray > 0;
            let left_out = prop::bool::weighted(if stray { 0.1 } else { 0.0 });
            object = (object, value, left_out)
                .prop_map(move |(mut object, value, left_out)| {
                    object.extend(value.filter(|_| !left_out).map(|value| (name.clone(), value)));
                    object
                })
                .boxed();
        }
        Some(object.prop_map(Value::Object).boxed())
    }

    fn part(&self, schema: Option<&Schema>) -> Option<BoxedStrategy<Value>> {
        if self.stray > 0 { schema.map(|schema| self.or_stray(schema)) } else { self.of(schema?) }
    }
}

/// An object with a number in each key, and one key left out.
fn keyed(word: &str, values: Vec<Value>) -> Value {
    values.into_iter().enumerate().map(|(at, value)| (format!("{word}{}", at * 2), value)).collect()
}
