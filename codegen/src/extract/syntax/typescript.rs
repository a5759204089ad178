//! Extracts the result type `T` of `call.make<T>` from TypeScript examples, with the declarations that it refers to.
//!
//! The parser reads types only. It skips any other token, so every text is valid input.

mod parse;
mod tokens;

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::descriptor::{AdditionalProperties, JsonType, Schema};
use crate::extract::register::Rule;
use crate::extract::register::returns::{
    TYPESCRIPT_DECLARATION, TYPESCRIPT_FIELD_OF_A_TYPE, TYPESCRIPT_GENERIC_OF_ALL_FIELDS,
    TYPESCRIPT_INTERSECTION, TYPESCRIPT_LIST, TYPESCRIPT_MAP, TYPESCRIPT_NAMES, TYPESCRIPT_OBJECT,
    TYPESCRIPT_UNION,
};
use crate::extract::syntax::typescript::parse::Type;
use crate::schema::join::join;

/// The type of a result.
#[derive(Debug)]
pub(crate) struct ResultType {
    pub(crate) schema: Schema,
    /// The rules that apply to the type, without duplicates.
    pub(crate) rules: Vec<&'static Rule>,
}

/// The result type in a call of the method; `None` if the code contains none.
pub(crate) fn result_type(code: &str, method: &str) -> Option<ResultType> {
    if !code.contains("make<") {
        return None;
    }
    let source = parse::read(&tokens::tokens(code));
    let of_method =
        |called: &Option<String>| called.as_ref().is_none_or(|name| name.eq_ignore_ascii_case(method));
    let (result, _) = source.results.iter().find(|(_, called)| of_method(called))?;
    let mut writer = SchemaWriter { declared: &source.declared, budget: BUDGET, rules: Vec::new() };
    let schema = writer.schema(result, 0);
    (!schema.is_unknown()).then_some(ResultType { schema, rules: writer.rules })
}

/// The maximum number of nodes in the schema of a result. Declarations that refer to each other twice would double the
/// schema at each level.
const BUDGET: usize = 5_000;
/// The maximum depth of nested and referenced types.
const DEPTH: usize = 24;

struct SchemaWriter<'a> {
    declared: &'a HashMap<String, Type>,
    budget: usize,
    /// The rules that applied so far.
    rules: Vec<&'static Rule>,
}

impl SchemaWriter<'_> {
    fn schema(&mut self, of: &Type, depth: usize) -> Schema {
        if self.budget == 0 || depth > DEPTH {
            return Schema::default();
        }
        self.budget -= 1;
        self.record(of);
        match of {
            Type::Unknown => Schema::default(),
            Type::Null => Schema::of(JsonType::Null),
            Type::String => Schema::of(JsonType::String),
            Type::True | Type::False => Schema::of(JsonType::Boolean),
            Type::Number => Schema::of(JsonType::Number),
            Type::Named(name) => self.named(name, depth),
            Type::List(items) => {
                let items = self.schema(items, depth + 1);
                let items = Some(Box::new(items)).filter(|items| !items.is_unknown());
                Schema { items, ..Schema::of(JsonType::Array) }
            }
            Type::Map(values) => {
                let values = self.schema(values, depth + 1);
                let additional = Some(AdditionalProperties::Of(Box::new(values.clone())));
                let additional = additional.filter(|_| !values.is_unknown());
                Schema { additional, ..Schema::of(JsonType::Object) }
            }
            Type::Object(fields) => self.object(fields, depth),
            Type::Intersection(parts) => self.intersection(parts, depth),
            Type::Union(parts) => self.union(parts, depth),
            Type::AllFieldsOf(inside) | Type::FieldOf(inside) => self.schema(inside, depth),
        }
    }

    /// Records the rule that applies to a type.
    fn record(&mut self, of: &Type) {
        let rule = match of {
            Type::Unknown => return,
            Type::Named(name) if self.declared.contains_key(name) => &TYPESCRIPT_DECLARATION,
            Type::Null | Type::String | Type::True | Type::False | Type::Number | Type::Named(_) => {
                &TYPESCRIPT_NAMES
            }
            Type::List(_) => &TYPESCRIPT_LIST,
            Type::Map(_) => &TYPESCRIPT_MAP,
            Type::Object(_) => &TYPESCRIPT_OBJECT,
            Type::Intersection(_) => &TYPESCRIPT_INTERSECTION,
            Type::Union(_) => &TYPESCRIPT_UNION,
            Type::AllFieldsOf(_) => &TYPESCRIPT_GENERIC_OF_ALL_FIELDS,
            Type::FieldOf(_) => &TYPESCRIPT_FIELD_OF_A_TYPE,
        };
        if !self.rules.contains(&rule) {
            self.rules.push(rule);
        }
    }

    fn named(&mut self, name: &str, depth: usize) -> Schema {
        if let Some(declared) = self.declared.get(name) {
            return self.schema(declared, depth + 1);
        }
        match name {
            "string" | "NumberString" | "BoolString" => Schema::of(JsonType::String),
            "number" | "bigint" => Schema::of(JsonType::Number),
            "boolean" => Schema::of(JsonType::Boolean),
            "object" => Schema::any_object(),
            "ISODate" | "Date" => {
                Schema { format: Some("date-time".to_owned()), ..Schema::of(JsonType::String) }
            }
            _ => Schema::default(),
        }
    }

    fn object(&mut self, fields: &IndexMap<String, Type>, depth: usize) -> Schema {
        let properties =
            fields.iter().map(|(name, field)| (name.clone(), self.schema(field, depth + 1))).collect();
        Schema { properties, ..Schema::any_object() }
    }

    /// An object with the fields of all types.
    fn intersection(&mut self, parts: &[Type], depth: usize) -> Schema {
        let mut all = Schema::any_object();
        for part in parts {
            let part = self.schema(part, depth + 1);
            all.properties.extend(part.properties);
        }
        all
    }

    /// A value of one of the types. Unknown if one of them is unknown, since such a value can be anything.
    fn union(&mut self, parts: &[Type], depth: usize) -> Schema {
        let nullable = parts.iter().any(|part| matches!(part, Type::Null | Type::False));
        let parts = parts.iter().filter(|part| !matches!(part, Type::Null | Type::False));
        let mut schemas: Vec<Schema> = parts.map(|part| self.schema(part, depth + 1)).collect();
        if schemas.is_empty() || schemas.iter().any(Schema::is_unknown) {
            return Schema::default();
        }
        schemas.extend(nullable.then(|| Schema::of(JsonType::Null)));
        schemas.into_iter().reduce(join).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(code: &str) -> Value {
        serde_json::to_value(result_type(code, "zoo.animal.get").map(|found| found.schema)).unwrap()
    }

    #[test]
    fn types_become_schemas() {
        for (typescript, schema) in [
            ("boolean", json!({"type": "boolean"})),
            ("string[] | null", json!({"type": ["array", "null"], "items": {"type": "string"}})),
            ("number | false", json!({"type": ["number", "null"]})),
            (
                "Array<{ id: number, 'a-b'?: string; }>",
                json!({"type": "array", "items": {"type": "object",
                "properties": {"id": {"type": "number"}, "a-b": {"type": "string"}}}}),
            ),
            (
                "Record<string, number[]>",
                json!({"type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "number"}}}),
            ),
            (
                "{ [key: string]: unknown; at: ISODate | null }",
                json!({"type": "object",
                "properties": {"at": {"type": ["string", "null"], "format": "date-time"}}}),
            ),
            (
                "{ [id: string]: { n: string } }",
                json!({"type": "object", "additionalProperties":
                {"type": "object", "properties": {"n": {"type": "string"}}}}),
            ),
            ("'Y' | 'N'", json!({"type": "string"})),
            ("string | number", json!({"type": ["string", "number"]})),
            (
                "string | { a: string } | { a: number; b: null }",
                json!({"type": ["string", "object"], "properties":
                {"a": {"type": ["string", "number"]}, "b": {"type": "null"}}}),
            ),
            (
                "Record<string, number> | string[] | false",
                json!({"type": ["object", "array", "null"], "items": {"type": "string"},
                "additionalProperties": {"type": "number"}}),
            ),
            ("string | Elsewhere", Value::Null),
            ("Array<", Value::Null),
        ] {
            assert_eq!(
                read(&format!("await $b24.call.make<{typescript}>({{method: 'zoo.animal.get'}})")),
                schema
            );
        }
    }

    #[test]
    fn declarations_resolve_and_recursion_ends() {
        let code = "import type { X } from 'y'\ninterface Animal extends Base { name: string }\n\
                    // type Base = nothing\ntype Base = { id: number; mother?: Animal }\n\
                    make<Animal>({method: 'zoo.animal.get'})";
        let schema = read(code);
        assert_eq!(schema["properties"]["id"], json!({"type": "number"}));
        assert_eq!(schema["properties"]["mother"]["properties"]["name"], json!({"type": "string"}));
        let doubling: String =
            (0..60).map(|i| format!("type T{i} = {{ a: T{0}; b: T{0} }}\n", i + 1)).collect();
        assert!(read(&format!("{doubling} make<T0>(")).is_object());
    }

    #[test]
    fn a_call_of_another_method_is_ignored() {
        assert_eq!(read("call.make<boolean>({ method: 'zoo.animal.list' })"), Value::Null);
    }
}
