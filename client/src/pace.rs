//! When a request may go: the limiter that a client asks before each, and tells what came of it.

mod accounts;
mod limiter;
mod memory;

pub use limiter::{Admission, Ask, Limiter, News, Unlimited};
pub use memory::Pace;
