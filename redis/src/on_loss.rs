//! What a limiter does without Redis.

use bitrix24_client::MemoryLimiter;

/// What a [`RedisLimiter`](crate::RedisLimiter) does while Redis cannot be reached.
///
/// There is no default, since each choice costs something else.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum OnLoss {
    /// Calls wait until Redis is back, or until their deadline. No call exceeds the limits, and none is sent meanwhile.
    Wait,
    /// Calls fail with [`ErrorKind::Limiter`](bitrix24_core::ErrorKind::Limiter) before they are sent.
    Fail,
    /// Calls keep the pace of this limiter, in this process alone. Its quota should be a part of the portal's: for eight processes
    /// [`MemoryLimiter::new(6, 0.25)`](MemoryLimiter::new). With the whole quota the portal rejects calls, which are sent again.
    Local(MemoryLimiter),
}
