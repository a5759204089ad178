//! `spec/system.yaml`: what any method can answer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Schema, Source, is_default};

/// The errors and the timing that all methods share.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemDescriptor {
    /// The errors that any method can answer with.
    pub errors: Vec<SystemErrorDescriptor>,
    /// JSON Schema of the `time` object that comes with an answer.
    pub time: Schema,
    /// Which documents the facts came from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
}

/// One error that any method can answer with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemErrorDescriptor {
    /// The code on the wire; compared without case.
    pub code: String,
    /// The HTTP status that comes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Whether the portal had carried out the request when it answered so.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ran: Ran,
}

/// Whether a request was carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ran {
    /// It was refused before.
    No,
    /// Nobody can tell.
    #[default]
    Maybe,
    /// It was.
    Yes,
}
