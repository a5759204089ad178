//! The Rust type of a parameter or of a field: decided here, from its schema in the descriptor.
//!
//! | schema | Rust |
//! |---|---|
//! | `boolean` | `bool`; `YesNo` beside `format: char` |
//! | `integer`, `number` | `i64`, `f64` |
//! | `string` | `String`; `DateTime` beside `format: date-time` or `date` |
//! | `string` or `integer` with `enum` | an open enumeration, where each value can be named |
//! | `array` | `Vec` |
//! | `object` with `properties` | a struct |
//! | any other `object` | in a result with `additionalProperties` a map, else a JSON object |
//! | `null` beside another type | `Option` |
//! | `null` alone | `()` |
//! | `oneOf` or `anyOf` of dates | `DateTime` |
//! | several types, any other `oneOf` or `anyOf`, nothing known | JSON |

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::site::Site;
use super::{Lowering, facts, names};
use crate::descriptor::{AdditionalProperties, JsonType, Pointer, Schema};
use crate::model::{EnumItem, EnumValues, Field, Presence, RustName, StructItem, TypeItem, TypeRef, Usage};

/// The types that one method needs, as they are found.
pub(super) struct Types<'a, 'b, T> {
    pub(super) lowering: &'a mut Lowering<'b, T>,
    pub(super) declared: Vec<TypeItem>,
    /// The shared schemas that already have a type, by their pointer and use.
    shared: HashMap<(Pointer, Usage), TypeRef>,
    /// The names that are not free any more.
    taken: HashSet<RustName>,
}

impl<'a, 'b, T> Types<'a, 'b, T> {
    pub(super) fn new(lowering: &'a mut Lowering<'b, T>) -> Self {
        Self { lowering, declared: Vec::new(), shared: HashMap::new(), taken: HashSet::new() }
    }

    /// The type of a method's result.
    pub(super) fn result(&mut self, returns: &Schema, word: &str) -> TypeRef {
        let mut site = Site::root(word, returns, Pointer::default().key("returns"), Usage::Received);
        site.words.push(names::RESULT.to_owned());
        self.nullable(returns, &site)
    }

    /// The type of a value that must be there.
    pub(super) fn value(&mut self, schema: &Schema, site: &Site<'_>) -> TypeRef {
        if let Some((shared, site)) = schema.reference.as_deref().and_then(|reference| site.shared(reference))
        {
            let key = (site.at.clone(), site.usage);
            if let Some(known) = self.shared.get(&key) {
                return known.clone();
            }
            // A schema that contains itself is refused elsewhere; here it must only come to an end.
            self.shared.insert(key.clone(), TypeRef::Json);
            let found = self.value(shared, &site);
            self.shared.insert(key, found.clone());
            return found;
        }
        if !schema.any_of.is_empty() || !schema.one_of.is_empty() {
            return alternatives(schema);
        }
        match (scalar(schema), schema.types.single()) {
            (Some(plain @ (TypeRef::Integer | TypeRef::Text)), _) => {
                self.enumeration(schema, site).unwrap_or(plain)
            }
            (Some(scalar), _) => scalar,
            (None, Some(JsonType::Array)) => self.list(schema, site),
            (None, Some(JsonType::Object)) => self.object(schema, site),
            _ if schema.types.0 == [JsonType::Null] => TypeRef::Nothing,
            _ => TypeRef::Json,
        }
    }

    /// The type of a value in whose place `null` may stand.
    fn nullable(&mut self, schema: &Schema, site: &Site<'_>) -> TypeRef {
        let value = self.value(schema, site);
        if is_nullable(schema, site) && !matches!(value, TypeRef::Nothing | TypeRef::Json) {
            TypeRef::Nullable(Box::new(value))
        } else {
            value
        }
    }

    fn list(&mut self, schema: &Schema, site: &Site<'_>) -> TypeRef {
        let items = match &schema.items {
            Some(items) => self.nullable(items, &site.named("item", site.at.key("items"))),
            None => TypeRef::Json,
        };
        TypeRef::List(Box::new(items))
    }

    /// A struct where the fields are known. Objects with free keys stay JSON in a request, where the order of keys may
    /// matter (`order`), and are maps in a result.
    fn object(&mut self, schema: &Schema, site: &Site<'_>) -> TypeRef {
        if !schema.properties.is_empty() {
            return self.declare_struct(schema, site);
        }
        match (&schema.additional, site.usage) {
            (Some(AdditionalProperties::Of(values)), Usage::Received) => {
                let at = site.at.key("additionalProperties");
                TypeRef::Map(Box::new(self.nullable(values, &site.named("value", at))))
            }
            _ => TypeRef::Object,
        }
    }

    fn declare_struct(&mut self, schema: &Schema, site: &Site<'_>) -> TypeRef {
        let Some(name) = self.name(site) else {
            return TypeRef::Object;
        };
        let fields = self.fields(schema, site);
        let item = StructItem { name: name.clone(), role: site.role(), fields, usage: site.usage };
        self.declared.push(TypeItem::Struct(item));
        TypeRef::Named(name)
    }

    /// The fields of an object, each under a name of its own.
    pub(super) fn fields(&mut self, schema: &Schema, site: &Site<'_>) -> Vec<Field> {
        let mut taken = IndexMap::new();
        let mut fields = Vec::new();
        for (wire, property) in &schema.properties {
            let site = site.property(wire);
            let Some(name) = self.field_name(wire, &site.at, &mut taken) else {
                continue;
            };
            let required = schema.required.contains(wire);
            let always = required && site.usage == Usage::Received && !is_nullable(property, &site);
            fields.push(Field {
                wire: wire.clone(),
                name,
                ty: self.value(property, &site),
                presence: if always { Presence::Always } else { Presence::Optional },
                facts: facts::of(property, (site.usage == Usage::Sent).then_some(required)),
            });
        }
        fields
    }

    /// The name of a field in Rust, unless another of the same object has it.
    pub(super) fn field_name(
        &mut self,
        wire: &str,
        at: &Pointer,
        taken: &mut IndexMap<RustName, String>,
    ) -> Option<RustName> {
        let Some(name) = names::field(wire) else {
            let message = format!("the name {wire:?} has no form in Rust");
            self.lowering.report_key(at, message, "a letter or a digit of ASCII in it");
            return None;
        };
        if let Some(other) = taken.insert(name.clone(), wire.to_owned()) {
            let message = format!("the names {other:?} and {wire:?} would both be `{name}` in Rust");
            self.lowering.report_key(at, message, "names that differ in more than case and punctuation");
            return None;
        }
        Some(name)
    }

    /// An open enumeration of the documented values; none where a value cannot be named, or two would get one name.
    fn enumeration(&mut self, schema: &Schema, site: &Site<'_>) -> Option<TypeRef> {
        let values = enum_values(schema)?;
        let name = self.name(site)?;
        let item = EnumItem { name: name.clone(), role: site.role(), values, usage: site.usage };
        self.declared.push(TypeItem::Enum(item));
        Some(TypeRef::Named(name))
    }

    /// The name of the type that stands here.
    fn name(&mut self, site: &Site<'_>) -> Option<RustName> {
        let (head, path) = site.head_and_path();
        let mut names = names::type_names(&head, &path);
        let free = names.iter().position(|name| !self.taken.contains(name));
        let name = free.map(|free| names.swap_remove(free)).or_else(|| names.pop());
        self.taken.extend(name.clone());
        if name.is_none() {
            let message = "this type has no name in Rust";
            self.lowering.report_key(&site.at, message, "a letter or a digit of ASCII in its name");
        }
        name
    }
}

/// The type of a single value; `None` for any other.
pub(super) fn scalar(schema: &Schema) -> Option<TypeRef> {
    Some(match (schema.types.single()?, schema.format.as_deref()) {
        (JsonType::Boolean, Some("char")) => TypeRef::YesNo,
        (JsonType::Boolean, _) => TypeRef::Bool,
        (JsonType::Integer, _) => TypeRef::Integer,
        (JsonType::Number, _) => TypeRef::Number,
        (JsonType::String, Some("date-time" | "date")) => TypeRef::DateTime,
        (JsonType::String, _) => TypeRef::Text,
        _ => return None,
    })
}

/// The schema of a single value; `None` for any other.
pub(super) fn scalar_schema(ty: &TypeRef) -> Option<Schema> {
    let (json_type, format) = match ty {
        TypeRef::YesNo => (JsonType::Boolean, Some("char")),
        TypeRef::Bool => (JsonType::Boolean, None),
        TypeRef::Integer => (JsonType::Integer, None),
        TypeRef::Number => (JsonType::Number, None),
        TypeRef::DateTime => (JsonType::String, Some("date-time")),
        TypeRef::Text => (JsonType::String, None),
        _ => return None,
    };
    Some(Schema { format: format.map(str::to_owned), ..Schema::of(json_type) })
}

/// The type of a value that may be several things: their common type where they are alike on the wire (a date, with or
/// without a time), and JSON else.
fn alternatives(schema: &Schema) -> TypeRef {
    let date = |schema: &Schema| {
        schema.types.single() == Some(JsonType::String)
            && matches!(schema.format.as_deref(), Some("date-time" | "date"))
    };
    if schema.any_of.iter().chain(&schema.one_of).all(date) { TypeRef::DateTime } else { TypeRef::Json }
}

/// Whether `null` may stand in the place of a value: a shared schema says so for each place that refers to it.
fn is_nullable(schema: &Schema, site: &Site<'_>) -> bool {
    let shared = schema.reference.as_deref().and_then(|reference| site.shared(reference));
    shared.map_or(schema, |(shared, _)| shared).types.nullable()
}

fn enum_values(schema: &Schema) -> Option<EnumValues> {
    if schema.values.is_empty() {
        return None;
    }
    if let Some(numbers) = schema.values.iter().map(serde_json::Value::as_i64).collect::<Option<Vec<_>>>() {
        let named = numbers.into_iter().map(|number| (names::integer_value(number), number));
        return Some(EnumValues::Integers(named.collect()));
    }
    let mut named: IndexMap<RustName, String> = IndexMap::new();
    for value in &schema.values {
        let text = value.as_str()?;
        if named.insert(names::value(text)?, text.to_owned()).is_some() {
            return None;
        }
    }
    Some(EnumValues::Texts(named.into_iter().collect()))
}
