//! Validation of schemas beyond their keywords.

use std::collections::HashSet;

use serde_json::Value;

use super::{Validator, quoted};
use crate::descriptor::{AdditionalProperties, JsonType, Pointer, Schema, value_key};

impl<T> Validator<'_, T> {
    /// Checks a schema and everything below it.
    pub(super) fn check_schema(&mut self, root: &Schema, at: &Pointer) {
        self.check_schema_tree(root, at);
        if self.complete {
            self.check_references(root, at);
        }
    }

    fn check_schema_tree(&mut self, schema: &Schema, at: &Pointer) {
        self.check_keyword_types(schema, at);
        self.check_bounds(schema, at);
        self.check_values(schema, at);
        let is_object = schema.types.0.contains(&JsonType::Object);
        for (index, name) in schema.required.iter().enumerate().filter(|_| is_object) {
            self.check_known_property(schema, name, &at.key("required").index(index));
        }
        for (name, property) in &schema.properties {
            self.check_wire_name(name, &at.key("properties").key(name));
            self.check_schema_tree(property, &at.key("properties").key(name));
        }
        for (name, shared) in &schema.defs {
            self.check_wire_name(name, &at.key("$defs").key(name));
            self.check_schema_tree(shared, &at.key("$defs").key(name));
        }
        for (pointer, part) in parts(schema, at) {
            self.check_schema_tree(part, &pointer);
        }
    }

    /// Checks that keywords apply to the type.
    fn check_keyword_types(&mut self, schema: &Schema, at: &Pointer) {
        if schema.reference.is_some() {
            let alone = Schema { reference: schema.reference.clone(), ..Schema::default() };
            if *schema != alone {
                self.report(at, "`$ref` beside other keywords", "`$ref` alone");
            }
            return;
        }
        let has = |json_type| schema.types.0.contains(&json_type);
        let number = has(JsonType::Integer) || has(JsonType::Number);
        let words = [
            ("items", schema.items.is_some(), has(JsonType::Array), "array"),
            ("maxItems", schema.max_items.is_some(), has(JsonType::Array), "array"),
            ("properties", !schema.properties.is_empty(), has(JsonType::Object), "object"),
            ("additionalProperties", schema.additional.is_some(), has(JsonType::Object), "object"),
            ("minimum", schema.minimum.is_some(), number, "integer"),
            ("maximum", schema.maximum.is_some(), number, "integer"),
            ("minLength", schema.min_length.is_some(), has(JsonType::String), "string"),
            ("maxLength", schema.max_length.is_some(), has(JsonType::String), "string"),
            ("pattern", schema.pattern.is_some(), has(JsonType::String), "string"),
        ];
        for (word, present, applies, json_type) in words {
            if present && !applies && self.complete {
                self.report_key(
                    &at.key(word),
                    format!("`{word}` does not apply to this type"),
                    format!("`type: {json_type}`"),
                );
            }
        }
    }

    fn check_bounds(&mut self, schema: &Schema, at: &Pointer) {
        let number = |bound: &Option<serde_json::Number>| bound.as_ref().and_then(serde_json::Number::as_f64);
        if let (Some(low), Some(high)) = (number(&schema.minimum), number(&schema.maximum))
            && low > high
        {
            let message = format!("the minimum {low} is above the maximum {high}");
            self.report(&at.key("maximum"), message, "a maximum that is not below the minimum");
        }
        if let (Some(low), Some(high)) = (schema.min_length, schema.max_length)
            && low > high
        {
            let message = "the minimum length is above the maximum length";
            self.report(&at.key("maxLength"), message, "a maximum that is not below the minimum");
        }
    }

    /// Checks that documented values are scalars of the type, each once, and that names belong to them.
    fn check_values(&mut self, schema: &Schema, at: &Pointer) {
        for (value, name) in &schema.value_names {
            let at = at.key("enumNames").key(value);
            self.check_printable(name, &at);
            if !schema.values.iter().any(|known| value_key(known) == *value) {
                self.report(&at, format!("{value:?} is no documented value"), "a value of `enum`");
            }
        }
        let mut seen = HashSet::new();
        for (index, value) in schema.values.iter().enumerate() {
            let at = at.key("enum").index(index);
            let fits = match value {
                Value::String(text) => {
                    self.check_printable(text, &at);
                    schema.types.single() == Some(JsonType::String)
                }
                Value::Number(number) => schema.types.single() == Some(JsonType::Integer) && number.is_i64(),
                _ => false,
            };
            if !fits {
                self.report(
                    &at,
                    format!("{value} is not a value of this type"),
                    "strings for `type: string`, integers for `type: integer`",
                );
            } else if !seen.insert(value.to_string()) {
                self.report(&at, format!("duplicate value {value}"), "each value once");
            }
        }
    }

    fn check_references(&mut self, root: &Schema, at: &Pointer) {
        let mut problems = Vec::new();
        each_reference(root, at, &mut |reference, pointer| match reference.strip_prefix("#/$defs/") {
            Some(name) if root.defs.contains_key(name) => {}
            _ => problems.push((
                pointer.key("$ref"),
                format!("{} does not exist", quoted(reference)),
                "`#/$defs/<name>` with a name in `$defs`",
            )),
        });
        for name in root.defs.keys() {
            if reaches(root, name, name, &mut HashSet::new()) {
                problems.push((
                    at.key("$defs").key(name),
                    format!("{} contains itself", quoted(name)),
                    "a schema without a cycle of references",
                ));
            }
        }
        for (pointer, message, expected) in problems {
            self.report(&pointer, message, expected);
        }
    }
}

/// The direct subschemas, except properties and shared schemas.
fn parts<'a>(schema: &'a Schema, at: &Pointer) -> Vec<(Pointer, &'a Schema)> {
    let mut parts = Vec::new();
    parts.extend(schema.items.iter().map(|items| (at.key("items"), &**items)));
    if let Some(AdditionalProperties::Of(values)) = &schema.additional {
        parts.push((at.key("additionalProperties"), values));
    }
    let alternatives = [("anyOf", &schema.any_of), ("oneOf", &schema.one_of)];
    for (word, schemas) in alternatives {
        parts.extend(schemas.iter().enumerate().map(|(index, schema)| (at.key(word).index(index), schema)));
    }
    parts
}

/// Visits every `$ref` at or below a schema.
fn each_reference<'a>(schema: &'a Schema, at: &Pointer, visit: &mut dyn FnMut(&'a str, &Pointer)) {
    if let Some(reference) = &schema.reference {
        visit(reference, at);
    }
    for (name, property) in &schema.properties {
        each_reference(property, &at.key("properties").key(name), visit);
    }
    for (name, shared) in &schema.defs {
        each_reference(shared, &at.key("$defs").key(name), visit);
    }
    for (pointer, part) in parts(schema, at) {
        each_reference(part, &pointer, visit);
    }
}

/// Whether the shared schema `from` refers to `target`, directly or through other schemas.
fn reaches<'a>(root: &'a Schema, from: &'a str, target: &str, seen: &mut HashSet<&'a str>) -> bool {
    let Some(schema) = root.defs.get(from) else {
        return false;
    };
    if !seen.insert(from) {
        return false;
    }
    let mut next = Vec::new();
    each_reference(schema, &Pointer::default(), &mut |reference, _| {
        next.extend(reference.strip_prefix("#/$defs/"))
    });
    next.into_iter().any(|name| name == target || reaches(root, name, target, seen))
}
