//! The spec in formats that other tools read.

#[path = "export/command.rs"]
mod command;
mod common;
#[path = "export/documents.rs"]
mod documents;
mod schemas;
#[path = "export/validators.rs"]
mod validators;
#[path = "export/values.rs"]
mod values;
