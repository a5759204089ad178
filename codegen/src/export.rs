//! The spec in formats that other tools read: OpenAPI and JSON Schema.
//!
//! | file | decides |
//! |---|---|
//! | `options` | what a document contains |
//! | `dialect` | how the same schema is written in OpenAPI 3.1, OpenAPI 3.0 and JSON Schema |
//! | `wire` | the forms in which a portal sends each kind of value, as shared schemas |
//! | `sent`, `received` | the schema of a value in a request, and in a response |
//! | `components`, `definitions` | the shared schemas of one document, each written once |
//! | `extensions`, `errors` | what OpenAPI cannot say, as `x-bitrix24-…` |
//! | `operation`, `openapi` | one method, and the whole document |
//! | `from_portal` | what a portal sends: payloads of events, contexts of placements, requests to handlers |
//! | `json_schema` | one document for each entity, request and result |
//!
//! A document is a function of the spec: the same spec gives the same bytes.

mod components;
mod definitions;
mod dialect;
mod errors;
mod extensions;
mod from_portal;
mod json_schema;
mod openapi;
mod operation;
mod options;
mod received;
mod sent;
mod wire;

pub use json_schema::{SchemaDocument, json_schema, json_schema_bundle};
pub use openapi::openapi;
pub use options::{Credentials, JsonSchemaOptions, OpenApiOptions, OpenApiVersion, Values};
