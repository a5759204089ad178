//! HTTP: connections, routes, and the forms in which parameters are sent.

mod answer;
mod body;
mod connection;
mod control;
mod guard;
mod respond;
mod route;
mod server;
#[cfg(feature = "tls")]
mod tls;

pub(crate) use server::{Server, Settings, listen};
#[cfg(feature = "tls")]
pub(crate) use tls::Tls;
