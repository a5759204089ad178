//! The API in Rust terms: what will be generated, decided but not yet written.
//!
//! Lowering makes a [`Library`] of the spec, emitters make Rust of it. Nothing here knows YAML, and nothing here is a token:
//! the whole of it can be printed, compared and snapshot-tested.

mod names;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use names::{ModulePath, RustName};
pub use types::{Direction, EnumItem, EnumValues, Field, FieldDocs, Presence, StructItem, TypeItem, TypeRef};

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
        union_features(self.methods.iter().map(Method::features))
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
pub fn union_features(sets: impl IntoIterator<Item = Option<BTreeSet<String>>>) -> Option<BTreeSet<String>> {
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
