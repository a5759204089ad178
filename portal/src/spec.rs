//! The spec: what methods exist, and what each takes and returns.
//!
//! `cargo regen` writes the spec to `portal/generated/spec.txt`, which is part of the program: one line of JSON for each method.
//! At the start only the names are read. A method is parsed when it is called first, and then kept.

mod entity;
mod method;
mod schema;
mod sent;
mod system;
mod table;

pub(crate) use entity::Kind;
pub(crate) use method::{Context, DocumentedError, Method, Pagination};
pub(crate) use schema::{Additional, JsonType, Schema, Types};
pub(crate) use sent::{Event, EventTokens};
pub(crate) use system::System;
pub(crate) use table::{Head, Spec};

/// The two interfaces of a portal.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Api {
    /// REST 2, under `/rest/`.
    #[default]
    V2,
    /// REST 3, under `/rest/api/`.
    V3,
}

impl Api {
    /// The name in the table and in recorded traffic.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::V2 => "v2",
            Self::V3 => "v3",
        }
    }
}
