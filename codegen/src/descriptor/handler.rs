//! A handler: what a portal sends to an address that an application has registered with a method, in
//! `spec/handlers/<handler>.yaml`.

use std::path::{Path, PathBuf};

#[cfg(feature = "importer")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Deprecated, OneOrMany, Schema, Source, Undocumented, is_default, one_or_many};

/// The folder of the handlers, below `spec/`.
pub(super) const HANDLERS: &str = "handlers";

/// The requests that a portal sends to one address of an application.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Handler {
    /// The name: that of the methods that register the address, without their last word, and the purpose of the address if there
    /// are several. Unique.
    pub handler: String,
    /// The method that registers the address.
    pub method: String,
    /// The parameter of the method that has the address: `HANDLER`, or a path as `SETTINGS/PRINT_URL`.
    pub address: String,
    /// The scopes. The caller of the method needs one of them. Front matter may give a single word.
    #[serde(default, deserialize_with = "one_or_many")]
    #[cfg_attr(feature = "importer", schemars(with = "OneOrMany"))]
    pub scope: Vec<String>,
    /// Whether the handler is deprecated, and what replaces it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deprecated: Deprecated,
    /// Since when no document describes the handler. It is kept for one release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undocumented: Option<Undocumented>,
    /// JSON Schema of the request, without `auth`, whose form is the same in all requests.
    #[serde(default = "Schema::any_object")]
    pub receives: Schema,
    /// JSON Schema of the response that the portal expects. Absent: it ignores the response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Schema>,
    /// The page of the official documentation, as a path without a file extension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The summary, in the project's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The documents that the facts come from, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
}

/// The path of a handler below `spec/`: `handlers/<handler>.yaml`.
pub fn handler_path(handler: &Handler) -> PathBuf {
    Path::new(HANDLERS).join(format!("{}.yaml", handler.handler))
}
