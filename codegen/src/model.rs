//! The API in Rust terms: what will be generated, decided but not yet written.
//!
//! Lowering makes a [`Library`] of the spec, emitters make Rust of it. Nothing here knows YAML, and nothing here is a token:
//! the whole of it can be printed, compared and snapshot-tested.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::descriptor::{Api, Context, Keyset, Pagination, Ran};

/// The whole generated crate.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Library {
    /// The modules that hold methods, by their path below the crate's root: `["crm", "item"]`.
    pub modules: BTreeMap<ModulePath, Module>,
    /// What all methods share.
    pub system: System,
}

impl Library {
    /// The types by which the result of a method can be read: its own, those of its module, and those from elsewhere.
    pub fn types<'a>(&'a self, module: &'a Module, method: &'a Method) -> impl Iterator<Item = &'a TypeItem> {
        let imported = module.imports.iter().filter_map(|import| {
            let types = &self.modules.get(&import.module)?.types;
            types.iter().find(|item| *item.name() == import.name)
        });
        method.types.iter().chain(&module.types).chain(imported)
    }
}

/// The path of a module below the crate's root.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModulePath(pub Vec<RustName>);

impl ModulePath {
    /// Whether this module is `other` or lies below it.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }
}

impl fmt::Display for ModulePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(RustName::as_str).collect();
        f.write_str(&names.join("::"))
    }
}

/// As it is written in Rust, so that it can be a key of YAML.
impl Serialize for ModulePath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An identifier that is legal in Rust; a wire name can never be printed in its place. Made by [`crate::lower`] alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct RustName(pub(crate) String);

impl RustName {
    /// The identifier as it is written, with `r#` before a keyword.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name without the mark of a raw identifier, as it stands in paths of files and in links.
    pub fn bare(&self) -> &str {
        self.0.trim_start_matches("r#")
    }

    /// A link of rustdoc to the function of this name in the same module. rustdoc takes the `#` of a raw identifier for the
    /// beginning of a fragment, and finds the item by its bare name.
    pub(crate) fn function_link(&self) -> String {
        let name = self.bare();
        format!("[`{name}`]({name}())")
    }
}

impl fmt::Display for RustName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The methods of one module.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Module {
    /// The methods, by name.
    pub methods: Vec<Method>,
    /// The types that several of them share, the module's entity first of all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<TypeItem>,
    /// The types that it has in common with other modules and that stand elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub imports: Vec<Import>,
}

/// A type that a module takes in from another, under the same name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Import {
    /// The module that has it.
    pub module: ModulePath,
    /// The name of the type.
    pub name: RustName,
}

impl Module {
    /// The features of which one brings the module in; none where a method of it needs no scope.
    pub fn features(&self) -> Option<BTreeSet<String>> {
        union(self.methods.iter().map(Method::features))
    }

    /// The names of its types: of requests, errors, what these are made of, and what comes from elsewhere.
    pub(crate) fn names(&self) -> BTreeSet<&RustName> {
        let types = self.methods.iter().flat_map(|method| &method.types).chain(&self.types);
        let imports = self.imports.iter().map(|import| &import.name);
        let own = self.methods.iter().flat_map(|method| [&method.request.name, &method.error.name]);
        own.chain(types.map(TypeItem::name)).chain(imports).collect()
    }
}

/// All features of several sets, or none where one of them asks for none.
pub fn union(sets: impl IntoIterator<Item = Option<BTreeSet<String>>>) -> Option<BTreeSet<String>> {
    sets.into_iter().try_fold(BTreeSet::new(), |mut all, set| {
        all.extend(set?);
        Some(all)
    })
}

/// The feature of a scope: its name, with dashes for the dots that the registry does not allow.
fn feature(scope: &str) -> String {
    scope.replace('.', "-")
}

/// One method: the function that makes its request, the request, what it gives and how it fails.
#[derive(Debug, PartialEq, Serialize)]
pub struct Method {
    /// The name on the wire.
    pub wire: String,
    /// The interface it belongs to.
    pub api: Api,
    /// The descriptor it comes from, relative to the project.
    pub source: String,
    /// The page in the documentation, without an ending.
    pub page: Option<String>,
    /// What it does.
    pub summary: Option<String>,
    /// The scopes of which the caller needs one.
    pub scopes: Vec<String>,
    /// What the documentation advises instead; `None` where it does not advise against the method.
    pub deprecated: Option<Vec<String>>,
    /// Whether parameters go by position.
    pub positional: bool,
    /// Who may call.
    pub context: Context,
    /// How further pages are asked for.
    pub pagination: Pagination,
    /// Where the page's number or offset is, where it is no parameter of its own.
    pub page_at: Option<String>,
    /// Where the rows of a list are.
    pub rows: Option<String>,
    /// How the list is read by ascending identifier.
    pub keyset: Option<Keyset>,
    /// Whether a call may change something.
    pub changes: bool,
    /// What the rows are; `None` where the method gives no list.
    pub row: Option<TypeRef>,
    /// The name of the function.
    pub function: RustName,
    /// The request.
    pub request: Request,
    /// The type of the result.
    pub output: TypeRef,
    /// The method's own errors.
    pub error: ErrorEnum,
    /// The types that the request and the result are made of.
    pub types: Vec<TypeItem>,
}

impl Method {
    /// The features of which one brings the method in: those of its scopes. `None` where it needs no scope.
    pub fn features(&self) -> Option<BTreeSet<String>> {
        (!self.scopes.is_empty()).then(|| self.scopes.iter().map(|scope| feature(scope)).collect())
    }
}

/// A request type.
#[derive(Debug, PartialEq, Serialize)]
pub struct Request {
    /// The name of the type.
    pub name: RustName,
    /// The parameters, in the documented order.
    pub params: Vec<Field>,
    /// Sets of parameters of which at least one must be given, by wire name; empty where there is no such rule.
    pub alternatives: Vec<Vec<String>>,
}

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
    pub facts: Facts,
}

/// Whether a value may be absent in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// An argument of the constructor, or a field that is always there.
    Always,
    /// An `Option`.
    Optional,
}

/// What the documentation says of a value beyond its Rust type.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Facts {
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
    pub usage: Usage,
}

/// Whether a type is part of a request or of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Usage {
    /// Part of a request.
    Sent,
    /// Part of a result.
    Received,
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
    pub usage: Usage,
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

/// The errors of one method.
#[derive(Debug, PartialEq, Serialize)]
pub struct ErrorEnum {
    /// The name of the type.
    pub name: RustName,
    /// The documented errors.
    pub variants: Vec<ErrorVariant>,
    /// The enumeration of another method of the module that lists the same errors; the name is then an alias of it.
    pub same_as: Option<RustName>,
}

/// One documented error.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct ErrorVariant {
    /// The name in Rust.
    pub name: RustName,
    /// The code on the wire.
    pub code: String,
    /// The HTTP status that comes with it.
    pub status: Option<u16>,
    /// The portal's message, where it is what tells this error from others with the same code.
    pub message: Option<String>,
    /// Whether only an earlier documentation listed it.
    pub historical: bool,
}

/// What all methods share.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct System {
    /// The errors that any method can answer with.
    pub errors: Vec<SystemError>,
    /// The fields of the `time` object.
    pub time: Vec<Field>,
}

/// One error that any method can answer with.
#[derive(Debug, PartialEq, Serialize)]
pub struct SystemError {
    /// The name in Rust.
    pub name: RustName,
    /// The code on the wire.
    pub code: String,
    /// The HTTP status that comes with it.
    pub status: Option<u16>,
    /// Whether the request has run.
    pub ran: Ran,
}
