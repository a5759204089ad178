//! The limits of a receiver.

use std::time::Duration;

use bitrix24_core::php::Limits;

#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) body_limit: usize,
    pub(crate) body_timeout: Duration,
    pub(crate) limits: Limits,
    /// In seconds.
    pub(crate) max_age: u64,
    /// In seconds.
    pub(crate) clock_skew: u64,
    /// In seconds.
    pub(crate) repeat_tolerance: u64,
    pub(crate) remembered: usize,
    pub(crate) confirmations: usize,
    pub(crate) waiting: usize,
    pub(crate) confirmation_timeout: Duration,
    pub(crate) needs_timestamp: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            body_limit: 2 << 20,
            body_timeout: Duration::from_secs(10),
            limits: Limits::default(),
            max_age: 3600,
            clock_skew: 300,
            repeat_tolerance: 60,
            remembered: 100_000,
            confirmations: 8,
            waiting: 64,
            confirmation_timeout: Duration::from_secs(60),
            needs_timestamp: true,
        }
    }
}
