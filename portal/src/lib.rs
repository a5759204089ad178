#![doc = include_str!("../README.md")]
#![warn(missing_debug_implementations)]

mod answer;
mod application;
mod batch;
mod batch_v3;
mod bindings;
mod calls_back;
mod changes;
mod check;
mod control;
mod controls;
mod data;
mod deliveries;
mod exchange;
mod families;
mod fault;
mod files;
mod http;
mod idempotency;
mod limits;
mod lock;
mod moment;
mod notify;
mod oauth;
mod outgoing;
mod page;
mod php;
mod portal;
mod record;
mod run;
mod script;
mod spec;
mod state;
mod store;
mod uploads;

pub use check::Refusal;
pub use exchange::Answer;
pub use fault::{Fault, ScheduledFault};
pub use limits::Plan;
pub use oauth::{TokenPair, TokenRequests};
pub use outgoing::{Delivery, Outgoing};
pub use portal::{Builder, Portal};
pub use record::Call;
pub use script::{Script, ScriptedCall};
pub use spec::Api;
