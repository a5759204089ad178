//! Several commands in one call of `batch`: which of them may go, what they say of each other, and whose result is whose.
//!
//! A portal carries up to [`LIMIT`] commands one after another in one call, which counts as one against the limit of calls.
//! [`Commands`] are collected, checked as a whole, and then [run](Commands::run): a [`Run`] says what to send next, is told what
//! came back, and gives one [`Outcome`] for each command in the end. Nothing of it knows how a call is carried.
//!
//! ```
//! use bitrix24_core::batch::Commands;
//! use bitrix24_core::{Api, MethodInfo, json, read_answer};
//!
//! let mut commands = Commands::new(7);
//! commands.halt();
//! let found = commands.add(MethodInfo::new(Api::V2, "user.search"), json!({"NAME": "Ann"}).as_object().unwrap().clone());
//! let lead = commands.add(MethodInfo::new(Api::V2, "crm.lead.add"), json!({"fields": {}}).as_object().unwrap().clone());
//! commands.put(lead, "fields[ASSIGNED_BY_ID]", found.result().at(0).at("ID"));
//!
//! let mut run = commands.run();
//! while let Some(request) = run.request() {
//!     assert_eq!(request.params()["cmd"]["c00000007_0"], "user.search?NAME=Ann");
//!     // Here it would be sent.
//!     let body = br#"{"result": {"result": {"c00000007_0": [{"ID": "1"}], "c00000007_1": 12}, "result_error": []}}"#;
//!     run.answered(read_answer(200, body));
//! }
//! let outcomes = run.finish();
//! assert_eq!(outcomes[1].answer.as_ref().unwrap().result, 12);
//! ```

mod answer;
mod commands;
mod prepare;
mod reference;
mod run;
mod split;

pub use commands::{CommandId, Commands};
pub use reference::{Reference, Step};
pub use run::{Outcome, Request, Run};

/// How many commands a portal takes in one call.
pub const LIMIT: usize = 50;

/// The name of the method that carries the others.
pub const NAME: &str = "batch";
