//! Schemas of every kind that descriptors hold, and values for them in every form of the wire.
//!
//! Each file that includes it uses a part of it, hence the `allow`.
#![allow(dead_code, unreachable_pub)]

pub mod values;

use bitrix24_codegen::descriptor::{AdditionalProperties, JsonType, Schema};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A schema in YAML.
fn yaml(text: &str) -> Schema {
    serde_yaml::from_str(text).unwrap()
}

/// Schemas without parts.
pub fn simple() -> Vec<Schema> {
    let texts = [
        "{type: boolean}",
        "{type: boolean, format: char}",
        "{type: integer}",
        "{type: integer, format: zoo_cage}",
        "{type: integer, enum: [1, 7]}",
        "{type: number}",
        "{type: string}",
        "{type: string, format: zoo_taste}",
        "{type: string, format: date}",
        "{type: string, format: date-time}",
        "{type: string, enum: [open, shut]}",
        "{type: 'null'}",
        "{type: object}",
        "{type: array}",
        "{type: [string, integer]}",
        "{type: [boolean, string, 'null']}",
        "{type: [array, object]}",
        "{anyOf: [{type: string, format: date}, {type: string, format: date-time}]}",
        "{anyOf: [{type: integer}, {type: array, items: {type: integer}}]}",
        "{oneOf: [{type: boolean}, {type: 'null'}]}",
        "{format: zoo_animal}",
        "{}",
    ];
    texts.map(yaml).to_vec()
}

/// Any schema. Fields are named `a`, `b` and `c`, so that two schemas often have some in common.
pub fn schema() -> impl Strategy<Value = Schema> {
    parts(select(simple()).boxed())
}

/// A schema of which some parts refer to a shared one.
pub fn schema_with_shared_parts() -> impl Strategy<Value = Schema> {
    let shared = Schema { reference: Some("#/$defs/Shared".to_owned()), ..Schema::default() };
    let leaf = prop_oneof![4 => select(simple()), 1 => Just(shared)];
    (parts(leaf.boxed()), schema()).prop_map(|(mut schema, shared)| {
        schema.defs.insert("Shared".to_owned(), shared);
        schema
    })
}

fn parts(leaf: BoxedStrategy<Schema>) -> impl Strategy<Value = Schema> {
    leaf.prop_recursive(3, 16, 3, |part| {
        prop_oneof![
            2 => part.clone().prop_map(|part| Schema { items: Some(Box::new(part)), ..Schema::of(JsonType::Array) }),
            1 => part.clone().prop_map(|part| {
                let additional = Some(AdditionalProperties::Of(Box::new(part)));
                Schema { additional, ..Schema::any_object() }
            }),
            3 => vec((select(vec!["a", "b", "c"]), part.clone(), prop::bool::weighted(0.3)), 1..4)
                .prop_map(object),
            2 => part.prop_map(nullable),
        ]
    })
}

fn object(fields: Vec<(&str, Schema, bool)>) -> Schema {
    let mut object = Schema::any_object();
    for (name, field, required) in fields {
        object.required.retain(|known| known != name);
        object.required.extend(required.then(|| name.to_owned()));
        object.properties.insert(name.to_owned(), field);
    }
    object
}

fn nullable(mut schema: Schema) -> Schema {
    if schema.types.single().is_some() && !schema.types.nullable() {
        schema.types.0.push(JsonType::Null);
    }
    schema
}
