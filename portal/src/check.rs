//! Whether a request is accepted, and the documented error if it is not.

mod messages;
mod names;
mod params;
mod problem;
mod refusal;

pub(crate) use params::{check, is_accepted};
pub(crate) use problem::Problem;
pub use refusal::Refusal;
pub(crate) use refusal::refuse;
