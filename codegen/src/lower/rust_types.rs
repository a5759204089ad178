//! The Rust type of a parameter or a field, by its schema in the descriptor.
//!
//! | schema | Rust |
//! |---|---|
//! | `boolean` | `bool`; written as `Y` or `N` beside `format: char` |
//! | `string` with the values `Y` and `N` alone, or one of them | `bool`, written as `Y` or `N` |
//! | `integer` beside `format: flag` | `bool`, written as `1` or `0` |
//! | `integer`, `number` | `i64`, `Decimal` |
//! | `string` | `String`; `DateTime` beside `format: date-time` or `date` |
//! | `string` or `integer` with `enum` | an open enumeration, if each value has a name in Rust |
//! | `array` | `Vec` |
//! | `oneOf` a list and one of its items, in a result | `OneOrMany` |
//! | `oneOf` a scalar and an object or a list, in a result | `ScalarOr` |
//! | `object` with `properties` | a struct |
//! | `object` whose keys are data, in a result | a map |
//! | any other `object` | a map in a result with `additionalProperties`, else a JSON object |
//! | `null` beside another type | `Option` |
//! | `null` alone | `()` |
//! | `oneOf` or `anyOf` of dates | `DateTime` |
//! | `oneOf` of objects with known fields alone, in a request | a struct with the fields of all |
//! | several types, any other `oneOf` or `anyOf`, no type | JSON |

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use indexmap::IndexMap;

use super::schema_path::SchemaPath;
use super::{Lowering, field_docs, map, names, variants};
use crate::descriptor::{AdditionalProperties, Api, FLAG, JsonType, Pointer, Schema, value_key};
use crate::model::{
    Direction, EnumItem, EnumValues, Field, Presence, RustName, RustPath, StructItem, TypeItem, TypeRef,
};

/// Builds the types that a method needs.
pub(super) struct TypeBuilder<'a, 'b, T> {
    pub(super) lowering: &'a mut Lowering<'b, T>,
    pub(super) declared: Vec<TypeItem>,
    api: Api,
    /// The types of shared schemas, by pointer and direction.
    shared: HashMap<(Pointer, Direction), TypeRef>,
    /// The names in use.
    used: HashSet<RustName>,
}

impl<'a, 'b, T> TypeBuilder<'a, 'b, T> {
    pub(super) fn new(lowering: &'a mut Lowering<'b, T>, api: Api) -> Self {
        Self { lowering, api, declared: Vec::new(), shared: HashMap::new(), used: HashSet::new() }
    }

    /// Lowers the result of a method.
    pub(super) fn lower_result(&mut self, returns: &Schema, word: &str) -> TypeRef {
        let mut path =
            SchemaPath::root(word, returns, Pointer::default().key("returns"), Direction::Response);
        path.words.push(names::RESULT.to_owned());
        self.lower_nullable(returns, &path)
    }

    /// Lowers a value that is neither absent nor null.
    pub(super) fn lower_value(&mut self, schema: &Schema, path: &SchemaPath<'_>) -> TypeRef {
        if let Some((shared, path)) = schema.reference.as_deref().and_then(|reference| path.shared(reference))
        {
            let key = (path.at.clone(), path.direction);
            if let Some(known) = self.shared.get(&key) {
                return known.clone();
            }
            // Validation rejects a schema that contains itself. Here the recursion must only end.
            self.shared.insert(key.clone(), TypeRef::Json);
            let found = self.lower_value(shared, &path);
            self.shared.insert(key, found.clone());
            return found;
        }
        if path.direction == Direction::Request
            && let Some(all) = variants::united(schema)
        {
            return self.declare_struct(&all, path);
        }
        if !schema.any_of.is_empty() || !schema.one_of.is_empty() {
            return match path.direction {
                Direction::Response => self.lower_forms(schema, path),
                Direction::Request => lower_alternatives(schema),
            };
        }
        match (scalar(schema), schema.types.single()) {
            (Some(plain @ (TypeRef::Integer | TypeRef::Text)), _) => {
                self.declare_enum(schema, path).unwrap_or(plain)
            }
            // How a flag is written matters in a request only.
            (Some(TypeRef::YesNo | TypeRef::ZeroOne), _) if path.direction == Direction::Response => {
                TypeRef::Bool
            }
            (Some(scalar), _) => scalar,
            (None, Some(JsonType::Array)) => self.lower_list(schema, path),
            (None, Some(JsonType::Object)) => self.lower_object(schema, path),
            _ if schema.types.0 == [JsonType::Null] => TypeRef::Nothing,
            _ => TypeRef::Json,
        }
    }

    /// Lowers a result that has several forms.
    fn lower_forms(&mut self, schema: &Schema, path: &SchemaPath<'_>) -> TypeRef {
        if let Some(item) = one_or_many(schema) {
            let path = path.named("item", path.at.key("oneOf").index(0).key("items"));
            return TypeRef::OneOrMany(Box::new(self.lower_value(item, &path)));
        }
        let forms = schema.scalar_or_structure();
        match forms.and_then(|(single, structure)| Some((scalar(single)?, structure))) {
            Some((single, structure)) => {
                let path = path.at(path.at.key("oneOf").index(1));
                TypeRef::ScalarOr(Box::new(single), Box::new(self.lower_value(structure, &path)))
            }
            None => lower_alternatives(schema),
        }
    }

    /// Lowers a value that may be null.
    fn lower_nullable(&mut self, schema: &Schema, path: &SchemaPath<'_>) -> TypeRef {
        let value = self.lower_value(schema, path);
        if is_nullable(schema, path) && !matches!(value, TypeRef::Nothing | TypeRef::Json) {
            TypeRef::Nullable(Box::new(value))
        } else {
            value
        }
    }

    fn lower_list(&mut self, schema: &Schema, path: &SchemaPath<'_>) -> TypeRef {
        let items = match &schema.items {
            Some(items) => self.lower_nullable(items, &path.named("item", path.at.key("items"))),
            None => TypeRef::Json,
        };
        TypeRef::List(Box::new(items))
    }

    /// A struct if the fields are known. An object with free keys stays JSON in a request, where the order of keys may matter
    /// (`order`), and is a map in a result.
    fn lower_object(&mut self, schema: &Schema, path: &SchemaPath<'_>) -> TypeRef {
        if let Some(external) = self.external(schema, path.direction) {
            return TypeRef::External(external.clone());
        }
        if let Some(values) = map::of_data(schema).filter(|_| path.direction == Direction::Response) {
            let key = schema.properties.keys().next().map(String::as_str).unwrap_or_default();
            let path = path.named("value", path.at.key("properties").key(key));
            return TypeRef::Map(Box::new(self.lower_nullable(&values, &path)));
        }
        if !schema.properties.is_empty() {
            return self.declare_struct(schema, path);
        }
        match (&schema.additional, path.direction) {
            (Some(AdditionalProperties::Of(values)), Direction::Response) => {
                let at = path.at.key("additionalProperties");
                TypeRef::Map(Box::new(self.lower_nullable(values, &path.named("value", at))))
            }
            _ => TypeRef::Object,
        }
    }

    /// The type of an entity that is not generated. In a request, the type with the fields that callers set is generated,
    /// unless no fields are known.
    fn external(&self, schema: &Schema, direction: Direction) -> Option<&'b RustPath> {
        let entities = self.lowering.entities;
        let (path, has_fields) = entities.external(&entities.identity(self.api, schema)?)?;
        (direction == Direction::Response || !has_fields).then_some(path)
    }

    fn declare_struct(&mut self, schema: &Schema, path: &SchemaPath<'_>) -> TypeRef {
        let Some(name) = self.claim_type_name(path) else {
            return TypeRef::Object;
        };
        let fields = self.lower_fields(schema, path);
        let is_entity = schema.entity.is_some() && path.direction == Direction::Response;
        let item = StructItem {
            name: name.clone(),
            role: path.role(),
            text: None,
            fields,
            direction: path.direction,
            generic_over: None,
            is_entity,
            is_named: path.is_shared(),
            entity: is_entity.then(|| self.lowering.entities.identity(self.api, schema)).flatten(),
        };
        self.declared.push(TypeItem::Struct(item));
        TypeRef::Named(name)
    }

    /// Lowers the fields of an object. Required fields of a request are arguments of the constructor; each
    /// field of a result is optional, since no portal sends all of them.
    pub(super) fn lower_fields(&mut self, schema: &Schema, path: &SchemaPath<'_>) -> Vec<Field> {
        let mut used = IndexMap::new();
        let mut fields = Vec::new();
        let names = names::fields(schema.properties.keys().map(String::as_str));
        for ((wire, property), name) in schema.properties.iter().zip(names) {
            let path = path.property(wire);
            let Some(name) = self.claim_field_name(wire, name, &path.at, &mut used) else {
                continue;
            };
            let required = schema.required.contains(wire);
            let always = path.direction == Direction::Request && required && !is_nullable(property, &path);
            fields.push(Field {
                wire: wire.clone(),
                name,
                ty: self.lower_value(property, &path),
                presence: if always { Presence::Required } else { Presence::Optional },
                docs: field_docs::describe(
                    property,
                    (path.direction == Direction::Request).then_some(required),
                ),
            });
        }
        fields
    }

    /// Claims the Rust name of a field. Reports a name that another field of the object has.
    pub(super) fn claim_field_name(
        &mut self,
        wire: &str,
        name: Option<RustName>,
        at: &Pointer,
        used: &mut IndexMap<RustName, String>,
    ) -> Option<RustName> {
        let Some(name) = name else {
            let message = format!("the name {wire:?} has no form in Rust");
            self.lowering.report_key(at, message, "a name with an ASCII letter or digit");
            return None;
        };
        if let Some(other) = used.insert(name.clone(), wire.to_owned()) {
            let message = format!("the names {other:?} and {wire:?} would both be `{name}` in Rust");
            self.lowering.report_key(at, message, "names that differ in more than case and punctuation");
            return None;
        }
        Some(name)
    }

    /// Declares an open enumeration of the documented values. `None` if a value has no name in Rust, or two have the same one.
    fn declare_enum(&mut self, schema: &Schema, path: &SchemaPath<'_>) -> Option<TypeRef> {
        let values = enum_values(schema)?;
        let name = self.claim_type_name(path)?;
        let item = EnumItem {
            name: name.clone(),
            role: path.role(),
            text: None,
            values,
            value_texts: BTreeMap::new(),
            directions: BTreeSet::from([path.direction]),
        };
        self.declared.push(TypeItem::Enum(item));
        Some(TypeRef::Named(name))
    }

    /// Claims the name of the type at this path.
    fn claim_type_name(&mut self, path: &SchemaPath<'_>) -> Option<RustName> {
        let (head, rest) = path.head_and_rest();
        let mut names =
            if path.is_sent() { names::part_names(&head, &rest) } else { names::type_names(&head, &rest) };
        let free = names.iter().position(|name| !self.used.contains(name));
        let name = free.map(|free| names.swap_remove(free)).or_else(|| names.pop());
        self.used.extend(name.clone());
        if name.is_none() {
            let message = "this type has no name in Rust";
            self.lowering.report_key(&path.at, message, "a name with an ASCII letter or digit");
        }
        name
    }
}

/// The type of a single value; `None` for any other.
pub(super) fn scalar(schema: &Schema) -> Option<TypeRef> {
    Some(match (schema.types.single()?, schema.format.as_deref()) {
        (JsonType::Boolean, Some("char")) => TypeRef::YesNo,
        (JsonType::Boolean, _) => TypeRef::Bool,
        (JsonType::Integer, Some(FLAG)) => TypeRef::ZeroOne,
        (JsonType::String, _) if is_yes_or_no(schema) => TypeRef::YesNo,
        (JsonType::Integer, _) => TypeRef::Integer,
        (JsonType::Number, _) => TypeRef::Number,
        (JsonType::String, Some("date-time" | "date")) => TypeRef::DateTime,
        (JsonType::String, _) => TypeRef::Text,
        _ => return None,
    })
}

/// Whether `Y` and `N` are the only values.
fn is_yes_or_no(schema: &Schema) -> bool {
    let is_letter = |value: &serde_json::Value| matches!(value.as_str(), Some("Y" | "N"));
    !schema.values.is_empty() && schema.values.iter().all(is_letter)
}

/// The schema of a single value; `None` for any other.
pub(super) fn scalar_schema(ty: &TypeRef) -> Option<Schema> {
    let (json_type, format) = match ty {
        TypeRef::YesNo => (JsonType::Boolean, Some("char")),
        TypeRef::ZeroOne => (JsonType::Integer, Some(FLAG)),
        TypeRef::Bool => (JsonType::Boolean, None),
        TypeRef::Integer => (JsonType::Integer, None),
        TypeRef::Number => (JsonType::Number, None),
        TypeRef::DateTime => (JsonType::String, Some("date-time")),
        TypeRef::Text => (JsonType::String, None),
        _ => return None,
    };
    Some(Schema { format: format.map(str::to_owned), ..Schema::of(json_type) })
}

/// The item of a value that is either a list or one of its items.
fn one_or_many(schema: &Schema) -> Option<&Schema> {
    let [list, item] = schema.one_of.as_slice() else { return None };
    let is_list = list.types.single() == Some(JsonType::Array) && list.items.as_deref() == Some(item);
    is_list.then_some(item)
}

/// Lowers a value with alternatives: dates with and without a time have the same form on the wire, anything else is JSON.
fn lower_alternatives(schema: &Schema) -> TypeRef {
    let date = |schema: &Schema| {
        schema.types.single() == Some(JsonType::String)
            && matches!(schema.format.as_deref(), Some("date-time" | "date"))
    };
    if schema.any_of.iter().chain(&schema.one_of).all(date) { TypeRef::DateTime } else { TypeRef::Json }
}

/// Whether a value may be `null`. A shared schema that allows `null` allows it for each reference to it.
fn is_nullable(schema: &Schema, path: &SchemaPath<'_>) -> bool {
    let shared = schema.reference.as_deref().and_then(|reference| path.shared(reference));
    shared.map_or(schema, |(shared, _)| shared).types.nullable()
}

fn enum_values(schema: &Schema) -> Option<EnumValues> {
    if schema.values.is_empty() {
        return None;
    }
    if let Some(numbers) = schema.values.iter().map(serde_json::Value::as_i64).collect::<Option<Vec<_>>>() {
        let by_value = numbers.iter().map(|number| Some(names::integer_value(*number))).collect();
        let named = value_variants(schema, by_value)?.into_iter().zip(numbers);
        return Some(EnumValues::Integers(named.collect()));
    }
    let texts: Vec<&str> = schema.values.iter().map(serde_json::Value::as_str).collect::<Option<_>>()?;
    // Beside `N`, `Y` is a flag, also if there is a third value.
    let is_flag = texts.contains(&"Y") && texts.contains(&"N");
    let own = |text: &&str| match *text {
        "Y" if is_flag => names::value("yes"),
        "N" if is_flag => names::value("no"),
        text => names::value(text),
    };
    let by_value = texts.iter().map(own).collect();
    let named = value_variants(schema, by_value)?.into_iter().zip(texts.into_iter().map(str::to_owned));
    Some(EnumValues::Texts(named.collect()))
}

/// The variant of each value: by its documented name, else by the value itself. If two would be the same, all are by value.
/// `None` if a value has no name in Rust, or two have the same one.
fn value_variants(schema: &Schema, by_value: Vec<Option<RustName>>) -> Option<Vec<RustName>> {
    let by_value: Vec<RustName> = by_value.into_iter().collect::<Option<_>>()?;
    let named = |(value, own): (&serde_json::Value, &RustName)| {
        let name = schema.value_names.get(&value_key(value)).and_then(|name| names::value(name));
        name.unwrap_or_else(|| own.clone())
    };
    let named: Vec<RustName> = schema.values.iter().zip(&by_value).map(named).collect();
    [named, by_value].into_iter().find(|names| names.iter().collect::<HashSet<_>>().len() == names.len())
}
