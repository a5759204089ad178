//! Whether a request is accepted, and the documented error if it is not.

mod messages;
mod params;
mod refusal;

pub(crate) use params::check;
pub(crate) use refusal::{Problem, Refusal, refuse};
