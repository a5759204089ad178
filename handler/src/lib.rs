#![doc = include_str!("../README.md")]
#![warn(missing_debug_implementations)]

#[cfg(feature = "actix-web")]
pub mod actix_web;
#[cfg(feature = "axum")]
pub mod axum;
mod builder;
mod confirmations;
#[cfg(any(feature = "axum", feature = "actix-web"))]
mod extract;
mod file_installations;
mod inbox;
mod incoming;
mod installation;
mod installations;
mod receiver;
mod refusal;
mod replays;
mod settings;
mod verified;

pub use builder::ReceiverBuilder;
#[cfg(feature = "axum")]
pub use extract::SentBy;
#[cfg(any(feature = "axum", feature = "actix-web"))]
pub use extract::{Event, Handed, Page};
pub use file_installations::FileInstallations;
pub use inbox::{Handled, Inbox, Worker};
pub use incoming::{Candidate, Incoming, Install, Uninstall};
pub use installation::Installation;
pub use installations::{Installations, MemoryInstallations, StoreError, StoreFuture};
pub use receiver::Receiver;
pub use refusal::Refusal;
