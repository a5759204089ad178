//! `spec/system.yaml`: the errors, the timing and the limits that all methods share.

#[cfg(feature = "importer")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Schema, Source, SystemLimits, is_default};

/// The system errors, the timing of a call, and the limits of a portal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SystemDescriptor {
    /// The errors that any method can return.
    pub errors: Vec<SystemErrorDescriptor>,
    /// JSON Schema of the `time` object in responses.
    pub time: Schema,
    /// The limits of every portal.
    #[serde(default, skip_serializing_if = "is_default")]
    pub limits: SystemLimits,
    /// The documents that the facts come from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
}

/// An error that any method can return.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SystemErrorDescriptor {
    /// The code on the wire; compared without case.
    pub code: String,
    /// The HTTP status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Further HTTP statuses with which portals send the code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_statuses: Vec<u16>,
    /// Whether the portal ran the request.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ran: Ran,
}

/// Whether the portal ran a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Ran {
    /// It was rejected before.
    No,
    /// Unknown.
    #[default]
    Maybe,
    /// It ran.
    Yes,
}
