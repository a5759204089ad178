//! Generates Rust from descriptors of methods, in a build script: see [`Builder`].
//!
//! Everything else belongs to the tools of the maintainers of `bitrix24` and changes without notice. With the feature `importer`
//! the crate also imports the documentation into descriptors.
//!
//! ```text
//! documents ──import──▶ spec/*.yaml ──descriptor──▶ Spec ──lower──▶ model::Library ──emit──▶ Files ──output_folder──▶ generated/
//! ```
//!
//! The result of each stage is a value that can be printed and compared. Stages report through [`diagnostic`] and print nothing.
//! Only the first and the last stage access files.

#![cfg_attr(
    not(feature = "importer"),
    allow(dead_code, unused_imports, reason = "the importer uses more of the descriptors")
)]
#![allow(
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    reason = "only the tool and its tests use these types, and a new variant or field must break them"
)]

#[cfg(feature = "importer")]
pub mod baseline;
mod builder;
#[cfg(feature = "cli")]
pub mod change_log;
#[cfg(feature = "importer")]
pub mod conform;
pub mod descriptor;
pub mod diagnostic;
#[cfg(feature = "cli")]
pub mod diff;
pub mod emit;
#[cfg(feature = "importer")]
pub mod export;
#[cfg(feature = "importer")]
pub mod extract;
pub mod fingerprint;
#[cfg(feature = "importer")]
mod frozen_names;
mod known_entities;
#[cfg(feature = "importer")]
pub mod lint;
pub mod lower;
pub mod marked_regions;
pub mod model;
pub mod output_folder;
mod parallel;
mod portal_table;
mod portal_words;
#[cfg(feature = "importer")]
pub mod recorded;
mod regenerate;
pub mod schema;
#[cfg(feature = "importer")]
pub mod staging;
pub mod transaction;
pub mod words;

pub use builder::{BuildError, Builder};
#[cfg(feature = "importer")]
pub use frozen_names::freeze_names;
pub use regenerate::{RegenSummary, generate, regenerate};
