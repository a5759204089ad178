//! Several commands in one call of `batch`: checks, references between them, and the assignment of responses.
//!
//! A portal executes up to [`MAX_COMMANDS`] commands one after another in one call, which counts as one request against the rate
//! limit. [`Commands`] are collected, checked as a whole, and then [run](Commands::run). A [`BatchRun`] returns the next request
//! to send, processes its response, and finally returns one [`CommandOutcome`] for each command. Sending is up to the caller.
//!
//! ```
//! use bitrix24_core::batch::Commands;
//! use bitrix24_core::{Api, MethodInfo, json, parse_response};
//!
//! let mut commands = Commands::new(7);
//! commands.halt_on_error();
//! let found = commands.add(MethodInfo::new(Api::V2, "user.search"), json!({"NAME": "Ann"}).as_object().unwrap().clone());
//! let lead = commands.add(MethodInfo::new(Api::V2, "crm.lead.add"), json!({"fields": {}}).as_object().unwrap().clone());
//! commands.set_param(lead, "fields[ASSIGNED_BY_ID]", found.result().at(0).at("ID"));
//!
//! let mut run = commands.run();
//! while let Some(request) = run.next_request() {
//!     assert_eq!(request.params()["cmd"]["c00000007_0"], "user.search?NAME=Ann");
//!     // Send the request here.
//!     let body = br#"{"result": {"result": {"c00000007_0": [{"ID": "1"}], "c00000007_1": 12}, "result_error": []}}"#;
//!     run.on_response(parse_response(200, body));
//! }
//! let outcomes = run.finish();
//! assert_eq!(outcomes[1].response.as_ref().unwrap().result, 12);
//! ```

mod calls;
mod command_id;
mod commands;
mod outcome;
mod prepare;
mod prepared;
mod reference;
mod request;
mod response;
mod run;
mod split;

pub use command_id::CommandId;
pub use commands::Commands;
pub use outcome::CommandOutcome;
pub use reference::{PathSegment, Reference};
pub use request::BatchRequest;
pub use run::BatchRun;

pub use crate::system::MAX_BATCH_COMMANDS as MAX_COMMANDS;

/// The name of the method that executes the commands.
pub const METHOD: &str = "batch";
