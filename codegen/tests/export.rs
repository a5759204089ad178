//! The spec in formats that other tools read.

#[path = "export/documents.rs"]
mod documents;
mod schemas;
#[path = "export/validators.rs"]
mod validators;
#[path = "export/values.rs"]
mod values;
