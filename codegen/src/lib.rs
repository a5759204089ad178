//! Imports the documentation into descriptors, and generates Rust from descriptors.
//!
//! ```text
//! documents ──import──▶ spec/*.yaml ──descriptor──▶ Spec ──lower──▶ model::Library ──emit──▶ Files ──output_folder──▶ generated/
//! ```
//!
//! The result of each stage is a value that can be printed and compared. Stages report through [`diagnostic`] and print nothing.
//! Only the first and the last stage access files.

#![allow(
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    reason = "only the tool and its tests use these types, and a new variant or field must break them"
)]

pub mod change_log;
pub mod conform;
pub mod descriptor;
pub mod diagnostic;
#[cfg(feature = "cli")]
pub mod diff;
pub mod emit;
pub mod export;
pub mod extract;
pub mod fingerprint;
pub mod lower;
pub mod marked_regions;
pub mod model;
pub mod output_folder;
pub mod recorded;
mod regenerate;
pub mod schema;
pub mod staging;
pub mod transaction;

pub use regenerate::{RegenSummary, generate, regenerate};
