#![doc = include_str!("../README.md")]

mod address;
mod client;
mod http;
mod secret;
mod send;
mod trouble;

pub use address::{AddressError, AddressProblem};
pub use client::{Client, ClientBuilder};
