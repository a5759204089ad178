//! The lattice of types: the schema of a value that has either of two schemas.
//!
//! A schema is unknown (the least element), or a set of JSON types, with what is known inside of lists and objects. [`join`] is
//! the least upper bound. Types that no single type covers stay side by side: a request may then send any of them, and for a
//! result [`readable`] returns the one type that reads them all.

use indexmap::IndexMap;

use crate::descriptor::{AdditionalProperties, JsonType, Schema, TypeSet};

/// The schema of values that `a` or `b` describes.
///
/// - An unknown schema and another one join to the other one; `null` makes the other one nullable.
/// - An integer is a number. Other types stay apart, in the order in which they come.
/// - A list has the join of the items, an object the fields of both, a map the join of the values. A map beside an object
///   with fields is a map of all their values: the names of these fields are keys like any other.
/// - A date and a date with a time are a date with a time. Other formats, bounds and documented values stay where both
///   schemas have the same. What both require is required.
/// - Alternatives (`anyOf`, `oneOf`) are joined like schemas of their own.
///
/// As far as types go, the join is commutative, associative and idempotent. `$ref` is not followed: schemas are joined
/// before parts of them are shared.
pub fn join(a: Schema, b: Schema) -> Schema {
    if a.is_unknown() || a == b {
        return b;
    }
    if b.is_unknown() {
        return a;
    }
    let (a, b) = (without_alternatives(a), without_alternatives(b));
    let null = Schema::of(JsonType::Null);
    if a == null || b == null {
        return nullable(if a == null { b } else { a });
    }
    let (format, required) = (format(&a, &b), required(&a, &b));
    let (properties, additional) = entries((a.properties, a.additional), (b.properties, b.additional));
    Schema {
        reference: same(a.reference, b.reference),
        entity: same(a.entity, b.entity),
        fields: Vec::new(),
        types: types(a.types, b.types),
        format,
        value_names: same(a.value_names, b.value_names),
        values: same(a.values, b.values),
        default: same(a.default, b.default),
        minimum: same(a.minimum, b.minimum),
        maximum: same(a.maximum, b.maximum),
        min_length: same(a.min_length, b.min_length),
        max_length: same(a.max_length, b.max_length),
        max_items: same(a.max_items, b.max_items),
        pattern: same(a.pattern, b.pattern),
        items: known(join_parts(a.items, b.items)),
        required,
        properties,
        additional,
        any_of: Vec::new(),
        one_of: Vec::new(),
        deprecated: a.deprecated && b.deprecated,
        description: None,
        defs: same(a.defs, b.defs),
    }
}

/// A schema as the one type that reads each of its values in a result; `None` where the schema is unknown, or only JSON
/// reads them all. A text is also read from a number.
pub(crate) fn readable(schema: &Schema) -> Option<Schema> {
    let kinds = || schema.types.0.iter().filter(|kind| **kind != JsonType::Null);
    let is_plain = |kind: &JsonType| matches!(kind, JsonType::String | JsonType::Integer | JsonType::Number);
    let kind = match schema.types.single() {
        Some(kind) => kind,
        None if kinds().next().is_none() || !kinds().all(is_plain) => return None,
        None if schema.types.0.contains(&JsonType::String) => JsonType::String,
        None => JsonType::Number,
    };
    let (format, items) = (schema.format.clone(), schema.items.clone());
    Some(Schema { format, items, ..Schema::of(kind) })
}

/// Whether a value can be of both schemas, as far as their types go.
pub(crate) fn agree(a: &Schema, b: &Schema) -> bool {
    let number = |json_type: &JsonType| matches!(json_type, JsonType::Integer | JsonType::Number);
    a.types.is_empty()
        || b.types.is_empty()
        || a.types.0.iter().any(|a| b.types.0.iter().any(|b| a == b || number(a) && number(b)))
}

/// The schema with its alternatives joined.
fn without_alternatives(mut schema: Schema) -> Schema {
    let alternatives = schema.any_of.drain(..).chain(schema.one_of.drain(..)).reduce(join);
    match alternatives {
        Some(alternatives) => join(schema, alternatives),
        None => schema,
    }
}

fn nullable(mut schema: Schema) -> Schema {
    if !schema.types.nullable() {
        schema.types.0.push(JsonType::Null);
    }
    schema
}

/// Both sets of types, with `null` at the end.
fn types(mut a: TypeSet, b: TypeSet) -> TypeSet {
    let nullable = a.nullable() || b.nullable();
    for json_type in b.0 {
        if !a.0.contains(&json_type) {
            a.0.push(json_type);
        }
    }
    let has_number = a.0.contains(&JsonType::Number);
    a.0.retain(|kind| *kind != JsonType::Null && !(has_number && *kind == JsonType::Integer));
    if nullable {
        a.0.push(JsonType::Null);
    }
    a
}

fn format(a: &Schema, b: &Schema) -> Option<String> {
    let is_typed = |schema: &Schema| schema.types.0.iter().any(|kind| *kind != JsonType::Null);
    match (a.format.as_deref(), b.format.as_deref()) {
        // A format without a type does not restrict the other schema.
        (_, format) if !is_typed(a) && is_typed(b) => format.map(str::to_owned),
        (format, _) if is_typed(a) && !is_typed(b) => format.map(str::to_owned),
        (Some("date"), Some("date-time")) | (Some("date-time"), Some("date")) => Some("date-time".to_owned()),
        (a, b) => a.filter(|_| a == b).map(str::to_owned),
    }
}

/// The fields that both require where both are objects; else those of the one that is an object.
fn required(a: &Schema, b: &Schema) -> Vec<String> {
    let is_object = |schema: &Schema| schema.types.0.contains(&JsonType::Object);
    match (is_object(a), is_object(b)) {
        (true, false) => a.required.clone(),
        (false, true) => b.required.clone(),
        _ => a.required.iter().filter(|name| b.required.contains(name)).cloned().collect(),
    }
}

/// The fields of an object, and the schema of its other values.
type Entries = (IndexMap<String, Schema>, Option<AdditionalProperties>);

fn entries(a: Entries, b: Entries) -> Entries {
    match (is_map(&a), is_map(&b)) {
        (false, false) => fields(a, b),
        (true, false) if b.0.is_empty() => a,
        (false, true) if a.0.is_empty() => b,
        _ => (IndexMap::new(), of(join(all_values(a), all_values(b)))),
    }
}

/// Whether only the values are known, as of a map.
fn is_map((fields, additional): &Entries) -> bool {
    fields.is_empty() && matches!(additional, Some(AdditionalProperties::Of(_)))
}

/// One schema for each value, whatever its name. It is nullable if there are fields, since a field may be absent.
fn all_values((fields, additional): Entries) -> Schema {
    let null = (!fields.is_empty()).then(|| Schema::of(JsonType::Null));
    let others = values(additional).unwrap_or_default();
    fields.into_values().chain(null).fold(others, join)
}

/// The fields of both, each with the join of its two schemas: a name that one of them does not list is one of its other
/// values.
fn fields((mut a, more_a): Entries, (mut b, more_b): Entries) -> Entries {
    let allowed = same(allowed(&more_a), allowed(&more_b)).map(AdditionalProperties::Allowed);
    let (others_a, others_b) = (values(more_a).unwrap_or_default(), values(more_b).unwrap_or_default());
    for (name, schema) in &mut a {
        let other = b.shift_remove(name).unwrap_or_else(|| others_b.clone());
        *schema = join(std::mem::take(schema), other);
    }
    a.extend(b.into_iter().map(|(name, schema)| (name, join(others_a.clone(), schema))));
    let others = join(others_a, others_b);
    (a, of(others).or(allowed))
}

fn allowed(additional: &Option<AdditionalProperties>) -> Option<bool> {
    match additional {
        Some(AdditionalProperties::Allowed(allowed)) => Some(*allowed),
        _ => None,
    }
}

fn values(additional: Option<AdditionalProperties>) -> Option<Schema> {
    match additional {
        Some(AdditionalProperties::Of(values)) => Some(*values),
        _ => None,
    }
}

fn of(values: Schema) -> Option<AdditionalProperties> {
    known(Some(values)).map(AdditionalProperties::Of)
}

fn join_parts(a: Option<Box<Schema>>, b: Option<Box<Schema>>) -> Option<Schema> {
    let (a, b) = (a.map(|part| *part), b.map(|part| *part));
    match (a, b) {
        (Some(a), Some(b)) => Some(join(a, b)),
        (a, b) => a.or(b),
    }
}

fn known(schema: Option<Schema>) -> Option<Box<Schema>> {
    schema.filter(|schema| !schema.is_unknown()).map(Box::new)
}

/// The value that both have, or the default.
fn same<T: PartialEq + Default>(a: T, b: T) -> T {
    if a == b { a } else { T::default() }
}
