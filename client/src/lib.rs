#![doc = include_str!("../README.md")]

mod address;
mod client;
mod http;
mod pace;
mod secret;
mod send;
mod trouble;

pub use address::{AddressError, AddressProblem};
pub use client::{Client, ClientBuilder};
pub use pace::{Admission, Ask, Limiter, News, Pace, Unlimited};
