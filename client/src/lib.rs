#![doc = include_str!("../README.md")]

mod address;
mod batch;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod call;
mod client;
mod clock;
mod credentials;
mod exchange;
mod files;
mod http;
mod oauth;
mod observe;
mod pace;
mod portal;
mod redirect;
mod rows;
mod secret;
mod trouble;

/// The HTTP library below, for those who hand in a client or a proxy of their own.
pub use reqwest;

pub use address::{AddressError, AddressProblem};
pub use batch::{Batch, Handle, Replies};
pub use builder::ClientBuilder;
pub use client::Client;
pub use files::{Download, Upload};
pub use oauth::{App, FileStore, MemoryStore, OriginError, StoreError, StoreFuture, TokenStore};
pub use observe::{End, Event, Observer, Step};
pub use pace::{Admission, Ask, Limiter, News, Pace, Unlimited};
pub use rows::{Interrupted, Pages, Progress, Rows};
