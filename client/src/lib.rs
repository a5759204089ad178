#![doc = include_str!("../README.md")]

mod address;
mod batch;
mod client;
mod http;
mod secret;
mod send;
mod trouble;

pub use address::{AddressError, AddressProblem};
pub use batch::{Batch, Handle, Replies};
pub use client::{Client, ClientBuilder};
