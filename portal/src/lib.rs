#![doc = include_str!("../README.md")]
#![warn(missing_debug_implementations)]

mod answer;
mod batch;
mod check;
mod data;
mod families;
mod fault;
mod files;
mod http;
mod idempotency;
mod limits;
mod lock;
mod oauth;
mod page;
mod php;
mod portal;
mod record;
mod run;
mod spec;
mod state;
mod store;

pub use fault::Fault;
pub use limits::Plan;
pub use oauth::TokenPair;
pub use portal::{Builder, Portal};
pub use record::Call;
pub use spec::Api;
