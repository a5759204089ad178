#![doc = include_str!("../README.md")]

mod claims;
mod connection;
mod keys;
mod limiter;
mod on_loss;
mod pace;
mod scripts;
mod store;

/// The Redis library, for the [`Client`](redis::Client) of the limiter and the store.
pub use redis;

pub use claims::RedisClaims;
pub use limiter::RedisLimiter;
pub use on_loss::OnLoss;
pub use store::RedisStore;
