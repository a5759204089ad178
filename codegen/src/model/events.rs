//! What a portal sends: events and their payloads.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Module, ModulePath, RustName, TypeItem, TypeRef, feature};
use crate::descriptor::{Context, EventTokens, Undocumented};

/// The module with all events, at the root of the crate.
pub const EVENTS_MODULE: &str = "events";

/// An event: its payload, and what is known about it.
#[derive(Debug, PartialEq, Serialize)]
pub struct EventItem {
    /// The name, spelled as documented.
    pub wire: String,
    /// The text before, in and after the braces in the names of a family.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<[String; 3]>,
    /// The file of the descriptor, relative to the project.
    pub source: String,
    /// The page of the documentation, without a file extension.
    pub page: Option<String>,
    /// The summary.
    pub summary: Option<String>,
    /// What happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What else there is to know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The scopes. A subscriber needs one of them.
    pub scopes: Vec<String>,
    /// Who may subscribe, as a word of the documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscribers: Option<String>,
    /// What may subscribe.
    pub context: Context,
    /// Whether its requests contain access tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<EventTokens>,
    /// The replacements of a deprecated event. `None`: it is not deprecated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<Vec<String>>,
    /// Since when no document describes it. `None`: it is documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undocumented: Option<Undocumented>,
    /// The variant of the enumeration over all events.
    pub variant: RustName,
    /// The type of the payload.
    pub name: RustName,
    /// What the payload is.
    pub payload: Payload,
    /// Methods of the payload for what is inside of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accessors: Vec<Accessor>,
    /// The types that no other event shares. That of a payload with fields is among them.
    pub types: Vec<TypeItem>,
}

/// What a payload is.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Payload {
    /// An object with known fields: the struct with the name of the event.
    Fields,
    /// Anything else: the one field of the struct, with its documented type.
    Whole {
        /// The name of the field.
        field: RustName,
        /// The type.
        ty: TypeRef,
        /// The documented name of the type.
        type_name: String,
    },
}

/// A method that returns a field of an object in the payload.
#[derive(Debug, PartialEq, Serialize)]
pub struct Accessor {
    /// The name of the method.
    pub name: RustName,
    /// The type of the value.
    pub ty: TypeRef,
    /// The places of the value. The first that has one counts.
    pub places: Vec<Place>,
}

/// The place of a value: a field of the payload, or a field of an object in it.
#[derive(Debug, PartialEq, Serialize)]
pub struct Place {
    /// The object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<RustName>,
    /// The field.
    pub field: RustName,
    /// The names on the wire.
    pub wire: String,
}

impl EventItem {
    /// The features that each enable the event, one for each scope. `None`: it needs no scope.
    pub fn features(&self) -> Option<BTreeSet<String>> {
        (!self.scopes.is_empty()).then(|| self.scopes.iter().map(|scope| feature(scope)).collect())
    }

    /// The scope that the event counts for in totals: the first one, or `no scope`.
    pub fn first_scope(&self) -> String {
        self.scopes.first().map_or("no scope", String::as_str).to_owned()
    }

    /// The name in capital letters.
    pub fn wire_name(&self) -> String {
        self.wire.to_ascii_uppercase()
    }
}

impl ModulePath {
    /// Whether this is the module of all events.
    pub fn is_events(&self) -> bool {
        matches!(self.0.as_slice(), [word] if word.bare() == EVENTS_MODULE)
    }
}

impl super::Library {
    /// All events, each with its module.
    pub fn events(&self) -> impl Iterator<Item = (&ModulePath, &Module, &EventItem)> {
        self.modules
            .iter()
            .flat_map(|(path, module)| module.events.iter().map(move |event| (path, module, event)))
    }
}
