//! The laws of `join`, and what it means for values.

mod schemas;

use bitrix24_codegen::descriptor::{AdditionalProperties, JsonType, Schema, TypeSet};
use bitrix24_codegen::schema::{accepts, join};
use proptest::prelude::*;
use schemas::schema;
use schemas::values::described;
use serde_json::Value;

/// The types of a schema and of its parts, in an order that does not depend on how it was made.
fn types_of(schema: &Schema) -> Schema {
    let mut types = schema.types.0.clone();
    types.sort_by_key(|kind| format!("{kind:?}"));
    let is_typed = types.iter().any(|kind| *kind != JsonType::Null);
    let parts = |schemas: &[Schema]| schemas.iter().map(types_of).collect();
    let mut properties: Vec<_> =
        schema.properties.iter().map(|(name, field)| (name.clone(), types_of(field))).collect();
    properties.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut required = schema.required.clone();
    required.sort();
    Schema {
        types: TypeSet(types),
        // A word beside no type says nothing of it.
        format: schema.format.clone().filter(|_| is_typed),
        items: schema.items.as_deref().map(types_of).filter(|items| !items.is_unknown()).map(Box::new),
        required,
        properties: properties.into_iter().collect(),
        additional: match &schema.additional {
            Some(AdditionalProperties::Of(values)) => Some(types_of(values))
                .filter(|values| !values.is_unknown())
                .map(Box::new)
                .map(AdditionalProperties::Of),
            other => other.clone(),
        },
        any_of: parts(&schema.any_of),
        one_of: parts(&schema.one_of),
        ..Schema::default()
    }
}

/// The join, as far as types go.
fn joined(a: &Schema, b: &Schema) -> Schema {
    types_of(&join(a.clone(), b.clone()))
}

/// Two schemas, and a value that the first one describes.
fn schemas_and_value() -> impl Strategy<Value = (Schema, Schema, Value)> {
    let describing =
        schema().prop_filter("a schema that says something", |schema| described(schema).is_some());
    (describing, schema()).prop_flat_map(|(a, b)| {
        let value = described(&a).unwrap_or_else(|| Just(Value::Null).boxed());
        (Just(a), Just(b), value)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn the_order_does_not_matter(a in schema(), b in schema()) {
        prop_assert_eq!(joined(&a, &b), joined(&b, &a));
    }

    #[test]
    fn nor_do_parentheses(a in schema(), b in schema(), c in schema()) {
        let (left, right) = (join(join(a.clone(), b.clone()), c.clone()), join(a, join(b, c)));
        prop_assert_eq!(types_of(&left), types_of(&right));
    }

    #[test]
    fn a_schema_joins_with_itself_to_itself(a in schema(), b in schema()) {
        prop_assert_eq!(join(a.clone(), a.clone()), a.clone());
        let both = join(a.clone(), b.clone());
        prop_assert_eq!(joined(&both, &a), types_of(&both));
        prop_assert_eq!(joined(&both, &b), types_of(&both));
    }

    #[test]
    fn nothing_known_adds_nothing(a in schema()) {
        prop_assert_eq!(join(a.clone(), Schema::default()), a.clone());
        prop_assert_eq!(join(Schema::default(), a.clone()), a);
    }

    #[test]
    fn what_one_of_them_describes_is_accepted((a, b, value) in schemas_and_value()) {
        prop_assert!(accepts(&a, &value), "{} is described, and not accepted", value);
        let both = join(a, b);
        prop_assert!(accepts(&both, &value), "{} as {:?}", value, both);
    }
}
