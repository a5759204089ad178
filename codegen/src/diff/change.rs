//! A change, and the two sides of a comparison.

use serde::Serialize;

use super::register::Rule;
use super::severity::Severity;
use crate::descriptor::Spec;
use crate::model::Library;

/// One of the two specs, and the crate that is generated from it.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The descriptors.
    pub spec: &'a Spec,
    /// What they are lowered to.
    pub library: &'a Library,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// What kind of change it is.
    pub rule: &'static Rule,
    /// How much it means for callers.
    pub severity: Severity,
    /// The item in Rust: `crm::deal::Add::fields`. Empty if there is none.
    pub path: String,
    /// The parameter, field, code or scope on the wire. Empty if the change is about the method or the type as a whole.
    pub name: String,
    /// The methods that it concerns, by name; a method of REST 3 is `tasks.task.get (v3)`.
    pub methods: Vec<String>,
    /// The first scopes of these methods.
    pub scopes: Vec<String>,
    /// What was there before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// What is there now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
}
