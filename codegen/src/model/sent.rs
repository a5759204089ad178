//! What a portal sends beside events: placements and requests to registered addresses.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{ModulePath, RustName, TypeItem, TypeRef, feature};
use crate::descriptor::Shown;

/// The module with all placements, at the root of the crate.
pub const PLACEMENTS_MODULE: &str = "placements";

/// The module with all handlers, at the root of the crate.
pub const HANDLERS_MODULE: &str = "handlers";

/// A placement: a type for its code, its options, and what its handler receives.
#[derive(Debug, PartialEq, Serialize)]
pub struct PlacementItem {
    /// The code, spelled as documented.
    pub wire: String,
    /// The variable part of a family.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<Family>,
    /// The file of the descriptor, relative to the project.
    pub source: String,
    /// The page of the documentation, without a file extension.
    pub page: Option<String>,
    /// What place of the interface it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What else there is to know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The scopes. The caller needs one of them.
    pub scopes: Vec<String>,
    /// The method that binds a handler to it.
    pub method: String,
    /// What the interface shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown: Option<Shown>,
    /// Whether it is deprecated.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deprecated: bool,
    /// The variant of the enumeration of codes.
    pub variant: RustName,
    /// The type.
    pub name: RustName,
    /// The options of the method. `None`: there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<TypeRef>,
    /// What the handler receives.
    pub context: TypeRef,
    /// The types that no other placement shares.
    pub types: Vec<TypeItem>,
}

/// The variable part of the codes of a family.
#[derive(Debug, PartialEq, Serialize)]
pub struct Family {
    /// The text before it.
    pub before: String,
    /// The text behind it.
    pub behind: String,
    /// The name of the field with its value.
    pub field: RustName,
    /// The type of the value: `i64` or a text.
    pub ty: TypeRef,
}

/// A handler: the fields of the requests to a registered address.
#[derive(Debug, PartialEq, Serialize)]
pub struct HandlerItem {
    /// The name, spelled as in the descriptor.
    pub wire: String,
    /// The file of the descriptor, relative to the project.
    pub source: String,
    /// The page of the documentation, without a file extension.
    pub page: Option<String>,
    /// When the portal sends the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What else there is to know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The scopes of the method. Its caller needs one of them.
    pub scopes: Vec<String>,
    /// The method that registers the address.
    pub method: String,
    /// The parameter with the address.
    pub address: String,
    /// Whether it is deprecated.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deprecated: bool,
    /// The type of a request.
    pub name: RustName,
    /// The response that the portal expects.
    pub response: TypeRef,
    /// The types of the request and the response. The one with the name of the handler is among them.
    pub types: Vec<TypeItem>,
}

impl PlacementItem {
    /// The features that each enable the placement, one for each scope. `None`: it needs no scope.
    pub fn features(&self) -> Option<BTreeSet<String>> {
        features(&self.scopes)
    }
}

impl HandlerItem {
    /// The features that each enable the handler, one for each scope. `None`: it needs no scope.
    pub fn features(&self) -> Option<BTreeSet<String>> {
        features(&self.scopes)
    }
}

fn features(scopes: &[String]) -> Option<BTreeSet<String>> {
    (!scopes.is_empty()).then(|| scopes.iter().map(|scope| feature(scope)).collect())
}

impl ModulePath {
    /// Whether this is the module of all placements.
    pub fn is_placements(&self) -> bool {
        matches!(self.0.as_slice(), [word] if word.bare() == PLACEMENTS_MODULE)
    }

    /// Whether this is the module of all handlers.
    pub fn is_handlers(&self) -> bool {
        matches!(self.0.as_slice(), [word] if word.bare() == HANDLERS_MODULE)
    }
}

impl super::Library {
    /// All placements, each with its module.
    pub fn placements(&self) -> impl Iterator<Item = (&ModulePath, &PlacementItem)> {
        self.modules
            .iter()
            .flat_map(|(path, module)| module.placements.iter().map(move |placement| (path, placement)))
    }

    /// All handlers, each with its module.
    pub fn handlers(&self) -> impl Iterator<Item = (&ModulePath, &HandlerItem)> {
        self.modules
            .iter()
            .flat_map(|(path, module)| module.handlers.iter().map(move |handler| (path, handler)))
    }
}
