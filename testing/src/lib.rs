#![doc = include_str!("../README.md")]
#![warn(missing_debug_implementations)]

mod batch;
mod caller;
mod lock;
pub mod php;
mod server;

pub use batch::run as run_batch;
pub use caller::MockCaller;
pub use server::{Call, Fault, FaultPlan, MockResponse, MockServer, SECRET};
