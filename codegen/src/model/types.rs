//! Types, fields and their documentation.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde::Serialize;

use super::{RustName, RustPath};
use crate::descriptor::Api;

/// A parameter of a request, or a field of a struct.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Field {
    /// The name on the wire.
    pub wire: String,
    /// The name in Rust.
    pub name: RustName,
    /// The type of a present value.
    pub ty: TypeRef,
    /// Whether the value may be absent.
    pub presence: Presence,
    /// Documented facts.
    pub docs: FieldDocs,
}

/// Whether a value may be absent in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// An argument of the constructor. A field of a result is never required.
    Required,
    /// An `Option`.
    Optional,
}

/// Documented facts about a value beyond its Rust type.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FieldDocs {
    /// The documented name of the type: `integer`, `list of crm_status`.
    pub type_name: String,
    /// Whether it is marked as required. `None`: the page has no marks.
    pub required: Option<bool>,
    /// The minimum and the maximum.
    pub range: (Option<String>, Option<String>),
    /// The minimum and the maximum length, in characters.
    pub length: (Option<u64>, Option<u64>),
    /// The maximum number of items.
    pub max_items: Option<u64>,
    /// The pattern that a string has to match.
    pub pattern: Option<String>,
    /// The documented values, as JSON.
    pub values: Vec<String>,
    /// The default value, as JSON.
    pub default: Option<String>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// What it means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What values of its format are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format_text: Option<String>,
    /// What its values mean, by value as JSON.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub value_texts: IndexMap<String, String>,
}

/// A type in Rust.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeRef {
    /// `()`, read from any empty value of PHP.
    Nothing,
    /// `bool`.
    Bool,
    /// `bool`, written as `Y` or `N`.
    YesNo,
    /// `bool`, written as `1` or `0`.
    ZeroOne,
    /// `i64`.
    Integer,
    /// A number that may have a fraction, with all of its digits.
    Number,
    /// `f64`: what a portal measures.
    Float,
    /// `String`.
    Text,
    /// A date, with or without a time.
    DateTime,
    /// Any JSON.
    Json,
    /// Any JSON object. The order of keys is kept.
    Object,
    /// A list.
    List(Box<TypeRef>),
    /// A list, or one of its items.
    OneOrMany(Box<TypeRef>),
    /// A scalar, or an object or a list in its place.
    ScalarOr(Box<TypeRef>, Box<TypeRef>),
    /// An object with arbitrary keys.
    Map(Box<TypeRef>),
    /// `Option`, inside a list or a map.
    Nullable(Box<TypeRef>),
    /// A generated type.
    Named(RustName),
    /// A type that is not generated.
    External(RustPath),
}

impl TypeRef {
    /// The same type with mapped names.
    pub(crate) fn map_names(&self, map: &dyn Fn(&RustName) -> RustName) -> Self {
        match self {
            Self::List(inner) => Self::List(Box::new(inner.map_names(map))),
            Self::OneOrMany(inner) => Self::OneOrMany(Box::new(inner.map_names(map))),
            Self::ScalarOr(scalar, inner) => Self::ScalarOr(scalar.clone(), Box::new(inner.map_names(map))),
            Self::Map(inner) => Self::Map(Box::new(inner.map_names(map))),
            Self::Nullable(inner) => Self::Nullable(Box::new(inner.map_names(map))),
            Self::Named(name) => Self::Named(map(name)),
            plain => plain.clone(),
        }
    }

    /// The generated type inside, if there is one.
    pub(crate) fn named(&self) -> Option<&RustName> {
        match self {
            Self::List(inner)
            | Self::OneOrMany(inner)
            | Self::ScalarOr(_, inner)
            | Self::Map(inner)
            | Self::Nullable(inner) => inner.named(),
            Self::Named(name) => Some(name),
            _ => None,
        }
    }
}

/// A generated type.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeItem {
    /// An object with known fields.
    Struct(StructItem),
    /// An open enumeration of documented values.
    Enum(EnumItem),
}

impl TypeItem {
    /// The name of the type.
    pub fn name(&self) -> &RustName {
        match self {
            Self::Struct(item) => &item.name,
            Self::Enum(item) => &item.name,
        }
    }

    /// Sets the description in the generated documentation.
    pub(crate) fn set_role(&mut self, role: String) {
        match self {
            Self::Struct(item) => item.role = role,
            Self::Enum(item) => item.role = role,
        }
    }
}

/// An object with known fields.
#[derive(Debug, PartialEq, Serialize)]
pub struct StructItem {
    /// The name of the type.
    pub name: RustName,
    /// The description in the generated documentation: ``The `fields` parameter of `crm.deal.add` ``.
    pub role: String,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The fields, in the documented order.
    pub fields: Vec<Field>,
    /// Whether it is part of a request or of a result.
    pub direction: Direction,
    /// The type that callers may replace by one of their own: the entity in the result of a method with kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generic_over: Option<RustName>,
    /// Whether it is an entity with all of its fields.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_entity: bool,
    /// Whether the descriptor names it.
    #[serde(skip)]
    pub is_named: bool,
    /// The entity that it is without any difference.
    #[serde(skip)]
    pub entity: Option<(Api, String)>,
}

/// Whether a type is part of a request or of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Part of a request.
    Request,
    /// Part of a result.
    Response,
}

/// An open enumeration of documented values.
#[derive(Debug, PartialEq, Serialize)]
pub struct EnumItem {
    /// The name of the type.
    pub name: RustName,
    /// The description in the generated documentation.
    pub role: String,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The values on the wire.
    pub values: EnumValues,
    /// What the values mean, by their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub value_texts: BTreeMap<RustName, String>,
    /// Whether it is part of requests, of results, or of both.
    pub directions: BTreeSet<Direction>,
}

/// The documented values of an enumeration, each with its name in Rust.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EnumValues {
    /// Strings.
    Texts(Vec<(RustName, String)>),
    /// Integers.
    Integers(Vec<(RustName, i64)>),
}
