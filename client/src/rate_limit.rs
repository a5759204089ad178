//! Rate limiting: a client asks its limiter before each request, and reports the outcome to it.

mod lane;
mod limiter;
mod memory;
mod portal_limiter;

pub use limiter::{AcquireFuture, CallReport, Limiter, LimiterError, NoLimit, RateLimitRequest};
pub use memory::MemoryLimiter;
