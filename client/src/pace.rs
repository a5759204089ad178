//! When a request may go: the limiter that a client asks before each, and tells what came of it.

mod limiter;

pub use limiter::{Admission, Ask, Limiter, News, Unlimited};
