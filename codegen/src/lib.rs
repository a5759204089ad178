//! From the documentation to descriptors, and from descriptors to Rust.

pub mod descriptor;
pub mod diagnostic;
