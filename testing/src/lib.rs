#![doc = include_str!("../README.md")]
#![warn(missing_debug_implementations)]

mod batch;
mod caller;
mod lock;
pub mod php;
mod portal;
mod server;

pub use batch::run as run_batch;
pub use caller::MockCaller;
pub use portal::{
    Bindings, CLIENT_ID, CLIENT_SECRET, Issued, Limits, MockPortal, OfflineQueue, Paging, Row, Table, Tokens,
};
pub use server::{Call, Fault, FaultPlan, MockResponse, MockServer, SECRET};
