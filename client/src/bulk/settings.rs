//! The settings of a bulk.

use std::fmt;
use std::sync::Arc;

use bitrix24_core::Method;
use bitrix24_core::batch::MAX_COMMANDS;

use super::journal::Journal;
use super::stream::Bulk;

impl<K, M: Method, I: Iterator<Item = (K, M)>> Bulk<K, M, I> {
    /// Sets the journal with which a restarted program continues. Default: none. The text of a key is its name in the journal.
    ///
    /// Call it before the stream is polled, like the other settings.
    pub fn journal(mut self, journal: impl Journal) -> Self
    where
        K: fmt::Display,
    {
        self.journal = Some((Arc::new(journal), K::to_string));
        self
    }

    /// Sets how many calls are in progress at the same time, at least one. Default: 2. The rate limit of the portal applies to all
    /// of them together. After a crash the requests of as many calls may be uncertain.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// Sets how many requests go in one call, 1 to 50. Default: 50. The portal ends a call after 60 s, so that requests which take
    /// longer than a second each need smaller calls.
    pub fn requests_per_call(mut self, requests: usize) -> Self {
        self.requests_per_call = requests.clamp(1, MAX_COMMANDS);
        self
    }

    /// Sets after how many calls in a row that failed as a whole nothing more is sent; the remaining requests are
    /// [`ErrorKind::NotExecuted`](bitrix24_core::ErrorKind::NotExecuted). Default: 3. A call fails as a whole if there is no connection, no authorization, or no response,
    /// or if the portal rejects all calls; it has been retried before. 0 means never.
    pub fn max_failed_calls(mut self, calls: u32) -> Self {
        self.max_failed_calls = calls;
        self
    }
}
