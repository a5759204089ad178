//! The system clock.

use std::time::{SystemTime, UNIX_EPOCH};

/// The time of this machine, in seconds since 1970-01-01 UTC.
pub(super) fn unix_time() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
