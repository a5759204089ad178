//! HTTP: connections, routes, and the forms in which parameters are sent.

mod body;
mod control;
mod respond;
mod route;
mod server;

pub(crate) use server::{Server, Settings};
