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
    APPLICATION_TOKEN, Bindings, CLIENT_ID, CLIENT_SECRET, HandlerResponse, Issued, MEMBER_ID, MockPortal,
    OfflineQueue, Outgoing, Row, Table, Tokens,
};
pub use server::{Call, Fault, FaultPlan, MockResponse, MockServer, SECRET};
