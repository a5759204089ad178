//! The keywords of JSON Schema 2020-12 that the generator supports.

use indexmap::IndexMap;
#[cfg(feature = "importer")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::is_default;

/// The schema of a value on the wire.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// A reference to a shared schema of this file: `#/$defs/<name>`. No other keyword is allowed beside it.
    #[serde(rename = "$ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The entity that the object is, by its name: `crm.deal`. In memory, `properties` has its fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// The fields of the entity that the object has. Default: all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The JSON types. Empty: unknown.
    #[serde(rename = "type", default, skip_serializing_if = "TypeSet::is_empty")]
    pub types: TypeSet,
    /// The documented name of a type that JSON Schema does not have: `date-time`, `crm_status`, `char`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The documented values. The Rust type is an open enumeration, since portals may send others.
    #[serde(rename = "enum", default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
    /// The names of documented values that say nothing by themselves, by value, as the page explains them: `high` for `2`.
    #[serde(rename = "enumNames", default, skip_serializing_if = "IndexMap::is_empty")]
    pub value_names: IndexMap<String, String>,
    /// The default value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// The minimum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<serde_json::Number>,
    /// The maximum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<serde_json::Number>,
    /// The minimum length, in characters.
    #[serde(rename = "minLength", default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u64>,
    /// The maximum length, in characters.
    #[serde(rename = "maxLength", default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u64>,
    /// The maximum number of items.
    #[serde(rename = "maxItems", default, skip_serializing_if = "Option::is_none")]
    pub max_items: Option<u64>,
    /// The regular expression that a string has to match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// The schema of list items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<Box<Schema>>,
    /// The required properties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<String>,
    /// The properties of an object, in the documented order.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub properties: IndexMap<String, Schema>,
    /// The schema of further properties: the values of a map.
    #[serde(rename = "additionalProperties", default, skip_serializing_if = "Option::is_none")]
    pub additional: Option<AdditionalProperties>,
    /// Alternatives, of which at least one matches. At the top of `params`: sets of parameters, of which at least one is required.
    #[serde(rename = "anyOf", default, skip_serializing_if = "Vec::is_empty")]
    pub any_of: Vec<Schema>,
    /// Alternatives, of which exactly one matches.
    #[serde(rename = "oneOf", default, skip_serializing_if = "Vec::is_empty")]
    pub one_of: Vec<Schema>,
    /// Whether the parameter or field is deprecated.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deprecated: bool,
    /// What the value means, for exports. Files do not have it: words are in `spec/words/`.
    #[serde(skip)]
    pub description: Option<String>,
    /// Shared schemas of this file.
    #[serde(rename = "$defs", default, skip_serializing_if = "IndexMap::is_empty")]
    pub defs: IndexMap<String, Schema>,
}

/// The format of an integer that is a flag: 0 or 1.
pub const FLAG: &str = "flag";

/// The JSON types of a value: unknown, one or several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeSet(pub Vec<JsonType>);

/// A JSON type. Integers are a separate type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are JSON's own")]
pub enum JsonType {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

/// Further properties of an object.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(untagged)]
pub enum AdditionalProperties {
    /// Any property, or none.
    Allowed(bool),
    /// Any name, with values of this schema.
    Of(Box<Schema>),
}

impl Schema {
    /// A schema of one type.
    pub fn of(json_type: JsonType) -> Self {
        Self { types: TypeSet(vec![json_type]), ..Self::default() }
    }

    /// An object with unknown properties.
    pub fn any_object() -> Self {
        Self::of(JsonType::Object)
    }

    /// The two forms of a value that is a scalar or, in its place, an object or a list. `None` for any other value.
    pub(crate) fn scalar_or_structure(&self) -> Option<(&Self, &Self)> {
        let [scalar, structure] = self.one_of.as_slice() else { return None };
        let is_structured = |schema: &Self| {
            matches!(schema.types.single(), Some(JsonType::Array | JsonType::Object))
                || schema.entity.is_some()
        };
        let is_scalar =
            scalar.types.single().is_some_and(|kind| kind != JsonType::Null) && !is_structured(scalar);
        (is_scalar && is_structured(structure)).then_some((scalar, structure))
    }

    /// The entities that the schema and its parts refer to.
    pub(crate) fn entities(&self) -> Vec<&str> {
        let mut entities = Vec::new();
        self.visit(&mut |part| entities.extend(part.entity.as_deref()));
        entities
    }

    /// Visits the schema and all parts of it.
    pub fn visit<'s>(&'s self, visit: &mut impl FnMut(&'s Self)) {
        visit(self);
        let values = match &self.additional {
            Some(AdditionalProperties::Of(values)) => Some(values.as_ref()),
            _ => None,
        };
        let parts = self.properties.values().chain(self.items.as_deref()).chain(values);
        parts
            .chain(&self.any_of)
            .chain(&self.one_of)
            .chain(self.defs.values())
            .for_each(|part| part.visit(visit));
    }

    /// Whether the schema has no keyword.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

/// The text of a documented value, by which it has a name.
pub fn value_key(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl TypeSet {
    /// Whether no type is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The only type except `null`. `None` if there is none or several.
    pub fn single(&self) -> Option<JsonType> {
        let mut types = self.0.iter().filter(|json_type| **json_type != JsonType::Null);
        types.next().copied().filter(|_| types.next().is_none())
    }

    /// Whether `null` is among them.
    pub fn nullable(&self) -> bool {
        self.0.contains(&JsonType::Null)
    }
}

/// The two forms of a [`TypeSet`] in YAML, for the JSON Schema.
#[cfg(feature = "importer")]
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its JSON Schema is used")]
enum TypeSetForm {
    One(JsonType),
    Many(Vec<JsonType>),
}

/// Not derived, so that an error inside the schema is reported at its own location.
impl<'de> Deserialize<'de> for AdditionalProperties {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = AdditionalProperties;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("true, false or a schema")
            }
            fn visit_bool<E>(self, allowed: bool) -> Result<AdditionalProperties, E> {
                Ok(AdditionalProperties::Allowed(allowed))
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                map: A,
            ) -> Result<AdditionalProperties, A::Error> {
                let schema = Schema::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                Ok(AdditionalProperties::Of(Box::new(schema)))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl Serialize for TypeSet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(serializer),
            many => many.serialize(serializer),
        }
    }
}

/// Not derived, so that the message for an unknown type lists the known ones.
impl<'de> Deserialize<'de> for TypeSet {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = TypeSet;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON type or a list of them")
            }
            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<TypeSet, E> {
                let one = JsonType::deserialize(serde::de::value::StrDeserializer::new(word))?;
                Ok(TypeSet(vec![one]))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<TypeSet, A::Error> {
                let mut types = Vec::new();
                while let Some(one) = seq.next_element()? {
                    types.push(one);
                }
                Ok(TypeSet(types))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(feature = "importer")]
impl JsonSchema for TypeSet {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TypeSet".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        TypeSetForm::json_schema(generator)
    }
}
