//! From the documentation to descriptors, and from descriptors to Rust.
//!
//! ```text
//! documents ──import──▶ spec/*.yaml ──descriptor──▶ Spec ──lower──▶ model::Library ──emit──▶ Files ──output_folder──▶ generated/
//! ```
//!
//! Each stage is a value that can be printed and compared; each reports through [`diagnostic`], none prints, and none but
//! the first and the last touches a file.

#![allow(
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    reason = "the tool and its tests are the only users of these types, and must notice a new variant or field"
)]

pub mod conform;
pub mod descriptor;
pub mod diagnostic;
pub mod emit;
pub mod extract;
pub mod fingerprint;
pub mod lower;
pub mod model;
pub mod output_folder;
mod regenerate;
pub mod schema;

pub use regenerate::{RegenSummary, generate, regenerate};
