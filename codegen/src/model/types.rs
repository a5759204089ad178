//! Types in Rust, their fields, and what the documentation says of these.

use serde::Serialize;

use super::RustName;

/// A parameter of a request, or a field of a struct.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Field {
    /// The name on the wire.
    pub wire: String,
    /// The name in Rust.
    pub name: RustName,
    /// The type of a value that is there.
    pub ty: TypeRef,
    /// Whether the Rust type allows for its absence.
    pub presence: Presence,
    /// What the documentation says of it, for people.
    pub docs: FieldDocs,
}

/// Whether a value may be absent in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// An argument of the constructor, or a field that is always there.
    Required,
    /// An `Option`.
    Optional,
}

/// What the documentation says of a value beyond its Rust type.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FieldDocs {
    /// The type in the documentation's words: `integer`, `list of crm_status`.
    pub type_name: String,
    /// Whether the documentation marks it as required; `None` where the page marks nothing.
    pub required: Option<bool>,
    /// The smallest and the largest value allowed.
    pub range: (Option<String>, Option<String>),
    /// The shortest and the longest text allowed, in characters.
    pub length: (Option<u64>, Option<u64>),
    /// The largest number of items.
    pub max_items: Option<u64>,
    /// The pattern that a text has to match.
    pub pattern: Option<String>,
    /// The documented values, as JSON.
    pub values: Vec<String>,
    /// The value that is taken where none is given, as JSON.
    pub default: Option<String>,
    /// Whether the documentation advises against it.
    pub deprecated: bool,
}

/// A type in Rust.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeRef {
    /// `()`, read from any of PHP's empty forms.
    Nothing,
    /// `bool`.
    Bool,
    /// `bool` that is written `Y` and `N`.
    YesNo,
    /// `i64`.
    Integer,
    /// `f64`.
    Number,
    /// `String`.
    Text,
    /// The wire's dates.
    DateTime,
    /// Any JSON.
    Json,
    /// Any JSON object, in its order.
    Object,
    /// A list.
    List(Box<TypeRef>),
    /// An object whose keys are data.
    Map(Box<TypeRef>),
    /// `Option`, inside a list or a map.
    Nullable(Box<TypeRef>),
    /// A type generated beside the method.
    Named(RustName),
}

impl TypeRef {
    /// The same type with other names in it.
    pub(crate) fn map_names(&self, map: &dyn Fn(&RustName) -> RustName) -> Self {
        match self {
            Self::List(inner) => Self::List(Box::new(inner.map_names(map))),
            Self::Map(inner) => Self::Map(Box::new(inner.map_names(map))),
            Self::Nullable(inner) => Self::Nullable(Box::new(inner.map_names(map))),
            Self::Named(name) => Self::Named(map(name)),
            plain => plain.clone(),
        }
    }

    /// The generated type in it, where there is one.
    pub(crate) fn named(&self) -> Option<&RustName> {
        match self {
            Self::List(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.named(),
            Self::Named(name) => Some(name),
            _ => None,
        }
    }
}

/// A type that is generated beside a method.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeItem {
    /// An object with known fields.
    Struct(StructItem),
    /// A value of which the documentation lists some.
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

    /// Says anew what it is, for people.
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
    /// What it is, for people: ``the `fields` parameter of `crm.deal.add` ``.
    pub role: String,
    /// The fields, in the documented order.
    pub fields: Vec<Field>,
    /// Where it is used.
    pub direction: Direction,
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

/// A value of which the documentation lists some.
#[derive(Debug, PartialEq, Serialize)]
pub struct EnumItem {
    /// The name of the type.
    pub name: RustName,
    /// What it is, for people.
    pub role: String,
    /// What its values are on the wire.
    pub values: EnumValues,
    /// Where it is used.
    pub direction: Direction,
}

/// The documented values of an enumeration, each with its name in Rust.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EnumValues {
    /// Texts.
    Texts(Vec<(RustName, String)>),
    /// Integers.
    Integers(Vec<(RustName, i64)>),
}
