//! From the documentation to descriptors, and from descriptors to Rust.

#![allow(
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    reason = "the tool and its tests are the only users of these types, and must notice a new variant or field"
)]

pub mod descriptor;
pub mod diagnostic;
pub mod import;
