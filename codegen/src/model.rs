//! The model of the generated crate: all names and types, before emission.
//!
//! [`crate::lower`] builds a [`Library`] from the spec, [`crate::emit`] converts it to Rust. The model depends on neither YAML nor
//! tokens. It can be printed, compared and snapshot-tested.

mod entity_types;
mod events;
mod names;
mod sent;
mod texts;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub(crate) use entity_types::EntityType;
pub use events::{Accessor, EVENTS_MODULE, EventItem, Payload, Place};
pub use names::{ModulePath, RustName, RustPath};
pub use sent::{Family, HANDLERS_MODULE, HandlerItem, PLACEMENTS_MODULE, PlacementItem};
pub(crate) use texts::first_sentence;
pub use texts::{MethodTexts, ModuleTexts, ScopeTexts};
pub use types::{Direction, EnumItem, EnumValues, Field, FieldDocs, Presence, StructItem, TypeItem, TypeRef};

use crate::descriptor::{
    Api, Context, CountedBy, Keyset, OperatingTime, Pagination, Ran, RateLimit, Undocumented,
};

/// The whole generated crate.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Library {
    /// The modules with methods or shared types, by path below the crate root: `["crm", "item"]`.
    pub modules: BTreeMap<ModulePath, Module>,
    /// Earlier paths of modules, each with the module that it stands for.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub module_aliases: BTreeMap<ModulePath, ModulePath>,
    /// The words about modules, also those without methods.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub module_texts: BTreeMap<ModulePath, ModuleTexts>,
    /// What all methods share.
    pub system: System,
}

impl Library {
    /// The types that the result of a method may use: its own, those of its module, and imported ones.
    pub fn types<'a>(&'a self, module: &'a Module, method: &'a Method) -> impl Iterator<Item = &'a TypeItem> {
        method.types.iter().chain(&module.types).chain(self.imported(module))
    }

    /// The types that the payload of an event may use.
    pub fn event_types<'a>(
        &'a self,
        module: &'a Module,
        event: &'a EventItem,
    ) -> impl Iterator<Item = &'a TypeItem> {
        // An entity that is imported has parts in its own module.
        let homes = module.imports.iter().filter_map(|import| self.modules.get(&import.module));
        let parts = homes.flat_map(|home| {
            home.methods.iter().flat_map(|method| &method.types).chain(&home.types).chain(self.imported(home))
        });
        event.types.iter().chain(&module.types).chain(parts)
    }

    fn imported<'a>(&'a self, module: &'a Module) -> impl Iterator<Item = &'a TypeItem> {
        module.imports.iter().filter_map(|import| {
            let types = &self.modules.get(&import.module)?.types;
            types.iter().find(|item| *item.name() == import.name)
        })
    }
}

/// The methods or events of one module.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Module {
    /// The methods, by name.
    pub methods: Vec<Method>,
    /// The events, by name. A module has methods or events.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventItem>,
    /// The placements, by code. A module with placements has nothing else but types.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub placements: Vec<PlacementItem>,
    /// The handlers, by name. A module with handlers has nothing else.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub handlers: Vec<HandlerItem>,
    /// The types that several methods or events share.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<TypeItem>,
    /// The kinds of its entity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kinds: Option<KindsItem>,
    /// The types that are declared in another module.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub imports: Vec<Import>,
    /// Earlier names of types.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<TypeAlias>,
}

/// An earlier name of a type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TypeAlias {
    /// The earlier name.
    pub name: RustName,
    /// The module with the type.
    pub module: ModulePath,
    /// The name of the type there.
    pub target: RustName,
}

/// The kinds of an entity: several things behind the same methods.
#[derive(Debug, PartialEq, Serialize)]
pub struct KindsItem {
    /// The parameter that chooses the kind, by its wire name.
    pub parameter: String,
    /// The name of the constant with its value.
    pub constant: RustName,
    /// The parameter with the fields that a request writes, by its wire name.
    pub written: Option<String>,
    /// The type of the entity, which has the fields of all kinds.
    pub entity: Option<RustName>,
    /// The kinds.
    pub of: Vec<KindItem>,
}

/// A kind of an entity.
#[derive(Debug, PartialEq, Serialize)]
pub struct KindItem {
    /// The type in results.
    pub name: RustName,
    /// The type of the fields that requests write.
    pub fields: Option<RustName>,
    /// The value of the parameter.
    pub value: i64,
}

/// An imported type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Import {
    /// The module that declares it.
    pub module: ModulePath,
    /// The name of the type.
    pub name: RustName,
}

impl Module {
    /// The features that each enable the module. `None` if a method or an event needs no feature.
    pub fn features(&self) -> Option<BTreeSet<String>> {
        let events = self.events.iter().map(EventItem::features);
        let placements = self.placements.iter().map(PlacementItem::features);
        let handlers = self.handlers.iter().map(HandlerItem::features);
        let all = self.methods.iter().map(Method::features).chain(events).chain(placements);
        union_features(all.chain(handlers))
    }

    /// The names of its types: requests, errors, their parts, and imports.
    pub(crate) fn names(&self) -> BTreeSet<&RustName> {
        let of_events = self.events.iter().flat_map(|event| &event.types);
        let types = self.methods.iter().flat_map(|method| &method.types).chain(of_events).chain(&self.types);
        let imports = self.imports.iter().map(|import| &import.name);
        let own = self.methods.iter().flat_map(|method| [&method.request.name, &method.error.name]);
        let aliases = self.aliases.iter().map(|alias| &alias.name);
        let payloads = self.events.iter().map(|event| &event.name);
        let placements = self.placements.iter().map(|placement| &placement.name);
        let handlers = self.handlers.iter().map(|handler| &handler.name);
        let of_placements = self.placements.iter().flat_map(|placement| &placement.types);
        let of_handlers = self.handlers.iter().flat_map(|handler| &handler.types);
        let types = types.chain(of_placements).chain(of_handlers);
        let own = own.chain(placements).chain(handlers);
        own.chain(types.map(TypeItem::name)).chain(imports).chain(aliases).chain(payloads).collect()
    }
}

/// The union of several sets of features. `None` if one of them needs no feature.
pub fn union_features(sets: impl IntoIterator<Item = Option<BTreeSet<String>>>) -> Option<BTreeSet<String>> {
    sets.into_iter().try_fold(BTreeSet::new(), |mut all, set| {
        all.extend(set?);
        Some(all)
    })
}

/// The feature of a scope: its name with dashes for dots, which the registry does not allow.
fn feature(scope: &str) -> String {
    scope.replace('.', "-")
}

/// A method: its function, request, result and errors.
#[derive(Debug, PartialEq, Serialize)]
pub struct Method {
    /// The name on the wire.
    pub wire: String,
    /// The interface.
    pub api: Api,
    /// The file of the descriptor, relative to the project.
    pub source: String,
    /// The page of the documentation, without a file extension.
    pub page: Option<String>,
    /// The summary.
    pub summary: Option<String>,
    /// The words about it.
    #[serde(skip_serializing_if = "MethodTexts::is_empty")]
    pub texts: MethodTexts,
    /// The scopes. The caller needs one of them.
    pub scopes: Vec<String>,
    /// The replacements of a deprecated method. `None`: it is not deprecated.
    pub deprecated: Option<Vec<String>>,
    /// Since when no document describes it. `None`: it is documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undocumented: Option<Undocumented>,
    /// Whether parameters are sent by position.
    pub positional: bool,
    /// Who may call the method.
    pub context: Context,
    /// How further pages are requested.
    pub pagination: Pagination,
    /// JSON Pointer to the page number or offset, if it is inside a parameter.
    pub page_at: Option<String>,
    /// JSON Pointer to the rows of a list.
    pub rows: Option<String>,
    /// How the list is read by ascending identifier, if it can be.
    pub keyset: Option<Keyset>,
    /// Whether a call may change data on the portal.
    pub changes: bool,
    /// The rate limit of the method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimit>,
    /// The row type. `None`: the method returns no list.
    pub row: Option<TypeRef>,
    /// The name of the function.
    pub function: RustName,
    /// Earlier names of the function.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub function_aliases: Vec<RustName>,
    /// The request.
    pub request: Request,
    /// The type of the result.
    pub output: TypeRef,
    /// The errors of the method.
    pub error: ErrorEnum,
    /// The types of the request and the result that no other method shares.
    pub types: Vec<TypeItem>,
}

impl Method {
    /// The features that each enable the method, one for each scope. `None`: it needs no scope.
    pub fn features(&self) -> Option<BTreeSet<String>> {
        (!self.scopes.is_empty()).then(|| self.scopes.iter().map(|scope| feature(scope)).collect())
    }

    /// The scope that the method counts for in totals: the first one, or `no scope`.
    pub fn first_scope(&self) -> String {
        self.scopes.first().map_or("no scope", String::as_str).to_owned()
    }
}

/// A request type.
#[derive(Debug, PartialEq, Serialize)]
pub struct Request {
    /// The name of the type.
    pub name: RustName,
    /// The parameters, in the documented order.
    pub params: Vec<Field>,
    /// Sets of parameters by wire name. At least one set is required; empty if there is no such rule.
    pub alternatives: Vec<Vec<String>>,
}

/// The errors of one method.
#[derive(Debug, PartialEq, Serialize)]
pub struct ErrorEnum {
    /// The name of the type.
    pub name: RustName,
    /// The documented errors.
    pub variants: Vec<ErrorVariant>,
    /// The enumeration of another method with the same errors. The name is then an alias of it.
    pub same_as: Option<RustName>,
}

/// A documented error.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct ErrorVariant {
    /// The name in Rust.
    pub name: RustName,
    /// The code on the wire.
    pub code: String,
    /// The HTTP status.
    pub status: Option<u16>,
    /// The message of the portal, if it distinguishes this error from others with the same code.
    pub message: Option<String>,
    /// Whether only an earlier version of the documentation lists it.
    pub historical: bool,
    /// When it happens, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// What all methods share.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct System {
    /// The errors that any method can return.
    pub errors: Vec<SystemError>,
    /// The fields of the `time` object.
    pub time: Vec<Field>,
    /// The limits of a portal.
    pub limits: Limits,
}

/// The limits of a portal. A limit that is not documented has no item.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Limits {
    /// The plans with a quota of their own, and last the plan that stands for all others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<Plan>,
    /// What a portal has a count of its own for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub counted_by: Vec<CountedBy>,
    /// The time that one method may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operating_time: Option<OperatingTime>,
    /// The seconds after which a portal ends a request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_seconds: Option<u32>,
    /// The maximum number of commands of a batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_commands: Option<u32>,
    /// The number of rows of a full page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_rows: Option<u32>,
}

/// A plan, by its quota.
#[derive(Debug, PartialEq, Serialize)]
pub struct Plan {
    /// The name in Rust.
    pub name: RustName,
    /// The name in the documentation. `None`: every other plan.
    pub plan: Option<String>,
    /// The number of requests at once.
    pub burst: u32,
    /// The number of requests per second over time.
    pub per_second: u32,
}

/// An error that any method can return.
#[derive(Debug, PartialEq, Serialize)]
pub struct SystemError {
    /// The name in Rust.
    pub name: RustName,
    /// The code on the wire.
    pub code: String,
    /// The HTTP status.
    pub status: Option<u16>,
    /// Further HTTP statuses.
    pub other_statuses: Vec<u16>,
    /// Whether the portal ran the request.
    pub ran: Ran,
    /// When it happens, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}
