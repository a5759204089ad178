//! The keywords of JSON Schema that descriptors use.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

/// The schema of a value.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Schema {
    /// `#/$defs/<name>` of the same schema.
    #[serde(rename = "$ref")]
    pub(crate) reference: Option<String>,
    /// The entity that the object is.
    pub(crate) entity: Option<String>,
    /// The fields of the entity that the object has. Empty: all.
    pub(crate) fields: Vec<String>,
    /// The JSON types. Empty: unknown.
    #[serde(rename = "type")]
    pub(crate) types: Types,
    /// The documented name of a type that JSON Schema does not have.
    pub(crate) format: Option<String>,
    /// The documented values.
    #[serde(rename = "enum")]
    pub(crate) values: Vec<Value>,
    /// The default value.
    pub(crate) default: Option<Value>,
    /// The minimum.
    pub(crate) minimum: Option<f64>,
    /// The maximum.
    pub(crate) maximum: Option<f64>,
    /// The maximum length, in characters.
    #[serde(rename = "maxLength")]
    pub(crate) max_length: Option<usize>,
    /// The schema of list items.
    pub(crate) items: Option<Box<Schema>>,
    /// The required properties.
    pub(crate) required: Vec<String>,
    /// The properties of an object.
    pub(crate) properties: IndexMap<String, Schema>,
    /// Further properties.
    #[serde(rename = "additionalProperties")]
    pub(crate) additional: Option<Additional>,
    /// Alternatives, of which at least one matches.
    #[serde(rename = "anyOf")]
    pub(crate) any_of: Vec<Schema>,
    /// Alternatives, of which exactly one matches.
    #[serde(rename = "oneOf")]
    pub(crate) one_of: Vec<Schema>,
    /// Schemas that parts refer to.
    #[serde(rename = "$defs")]
    pub(crate) defs: IndexMap<String, Schema>,
}

/// A JSON type. Integers are a separate type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum JsonType {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

/// One type, or several.
#[derive(Clone, Debug, Default)]
pub(crate) struct Types(pub(crate) Vec<JsonType>);

/// Further properties of an object.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Additional {
    /// Any, or none.
    Allowed(bool),
    /// Any name, with values of this schema.
    Of(Box<Schema>),
}

impl Schema {
    /// The only type except `null`. `None` if there is none or several.
    pub(crate) fn single(&self) -> Option<JsonType> {
        let mut types = self.types.0.iter().filter(|one| **one != JsonType::Null);
        types.next().copied().filter(|_| types.next().is_none())
    }

    /// Whether it says nothing about values.
    pub(crate) fn is_open(&self) -> bool {
        self.types.0.is_empty() && self.entity.is_none() && self.one_of.is_empty() && self.any_of.is_empty()
    }

    /// Whether `null` is among the types.
    pub(crate) fn nullable(&self) -> bool {
        self.types.0.contains(&JsonType::Null)
    }

    /// Whether the value is a date, with or without a time.
    pub(crate) fn is_date(&self) -> bool {
        self.single() == Some(JsonType::String)
            && matches!(self.format.as_deref(), Some("date-time" | "date"))
    }

    /// Whether the value is a number, a text or a flag.
    pub(crate) fn is_scalar(&self) -> bool {
        matches!(
            self.single(),
            Some(JsonType::Boolean | JsonType::Integer | JsonType::Number | JsonType::String)
        )
    }

    /// Whether the value is an object, of any form.
    pub(crate) fn is_object(&self) -> bool {
        self.single() == Some(JsonType::Object)
    }

    /// The two forms of a value that is a scalar or, in its place, an object or a list.
    pub(crate) fn scalar_or_structure(&self) -> Option<(&Self, &Self)> {
        let [scalar, structure] = self.one_of.as_slice() else { return None };
        let structured = |schema: &Self| {
            matches!(schema.single(), Some(JsonType::Array | JsonType::Object)) || schema.entity.is_some()
        };
        (scalar.single().is_some() && !structured(scalar) && structured(structure))
            .then_some((scalar, structure))
    }

    /// The schema of the values of a map.
    pub(crate) fn map_values(&self) -> Option<&Self> {
        match &self.additional {
            Some(Additional::Of(values)) => Some(values),
            _ => None,
        }
    }

    /// The schema that this one is or refers to, in the shared schemas of the whole.
    pub(crate) fn resolve<'s>(&'s self, defs: &'s IndexMap<String, Self>) -> &'s Self {
        let mut schema = self;
        for _ in 0..=defs.len() {
            let Some(reference) = &schema.reference else { return schema };
            let Some(target) = reference.strip_prefix("#/$defs/").and_then(|name| defs.get(name)) else {
                break;
            };
            schema = target;
        }
        schema
    }

    /// Visits the schema and all parts of it.
    pub(crate) fn visit_mut(&mut self, visit: &mut dyn FnMut(&mut Self)) {
        visit(self);
        let values = match &mut self.additional {
            Some(Additional::Of(values)) => Some(values.as_mut()),
            _ => None,
        };
        let parts = self.properties.values_mut().chain(self.items.as_deref_mut()).chain(values);
        let parts = parts.chain(&mut self.any_of).chain(&mut self.one_of).chain(self.defs.values_mut());
        parts.for_each(|part| part.visit_mut(visit));
    }
}

impl<'de> Deserialize<'de> for Types {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            One(JsonType),
            Several(Vec<JsonType>),
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::One(one) => Self(vec![one]),
            Form::Several(several) => Self(several),
        })
    }
}
