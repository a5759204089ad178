//! The settings of a receiver.

use std::fmt;
use std::time::Duration;

use crate::incoming::Candidate;
use crate::installations::{Installations, StoreError};
use crate::receiver::{Confirm, Receiver};
use crate::settings::Settings;

impl Receiver {
    /// Starts the settings of a receiver with this store.
    pub fn builder(installations: impl Installations) -> ReceiverBuilder {
        ReceiverBuilder {
            settings: Settings::default(),
            installations: Box::new(installations),
            confirm: None,
        }
    }
}

/// The settings of a [`Receiver`].
pub struct ReceiverBuilder {
    settings: Settings,
    installations: Box<dyn Installations>,
    confirm: Option<Confirm>,
}

impl ReceiverBuilder {
    /// Sets what confirms an installation that is not proved by a known application token: the first one of a portal, or one with
    /// another token. `true`: it is genuine, and its application token is saved. Default: no installation is accepted.
    ///
    /// The request proves nothing, and neither does a call to the address in it, which may be the sender's. A refresh does, at
    /// the authorization server of the program: the server refuses tokens of other applications, and its response has the true
    /// `member_id`, to be compared, and the true address. The new tokens are to be saved here, since the refresh has spent
    /// those of the request.
    ///
    /// Any user of a portal gets genuine tokens of the application, with each page. So ask the portal at the true address
    /// whether the user is an administrator (`user.admin`): only administrators install applications.
    ///
    /// `App::confirm` of the client does the first of these; the example `application_server` does all of them.
    pub fn confirm<F, Fut>(mut self, confirm: F) -> Self
    where
        F: Fn(Candidate) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<bool, StoreError>> + Send + 'static,
    {
        self.confirm = Some(Box::new(move |candidate| Box::pin(confirm(candidate))));
        self
    }

    /// Sets how many installations may be confirmed at the same time: anyone can cause such requests. Others wait for their turn. Default: 8.
    ///
    /// A sender of many installations does not keep others waiting: a source has at most half of the places, and sources take turns. A source is an address
    /// ([`IncomingRequest::with_source`](bitrix24_core::oauth::IncomingRequest::with_source)), and without one a `member_id`, which a
    /// sender can make up. So let the server say who has sent a request.
    pub fn max_confirmations(mut self, count: usize) -> Self {
        self.settings.confirmations = count;
        self
    }

    /// Sets how many installations may wait to be confirmed. If there are more, the oldest of the source with the most is refused with the
    /// status 503. Default: 64.
    pub fn max_waiting_confirmations(mut self, count: usize) -> Self {
        self.settings.waiting = count;
        self
    }

    /// Sets how long an installation waits to be confirmed, and how long `confirm` may take then. After that it is refused with the status
    /// 503. Default: 60 s. It must be longer than a refresh takes, whose tokens would be lost.
    pub fn confirmation_timeout(mut self, timeout: Duration) -> Self {
        self.settings.confirmation_timeout = timeout;
        self
    }

    /// Sets the maximum length of a body, in bytes. Default: 2 MiB. The extractors do not read more.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.settings.body_limit = bytes;
        self
    }

    /// Sets how long an extractor waits for the whole body. Default: 10 s.
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        self.settings.body_timeout = timeout;
        self
    }

    /// Sets the maximum number of values in a request, including the arrays that contain them. Default: 10,000.
    pub fn max_values(mut self, count: usize) -> Self {
        self.settings.limits = self.settings.limits.with_values(count);
        self
    }

    /// Sets the maximum number of brackets after a name, at most 64. Default: 32.
    pub fn max_depth(mut self, depth: usize) -> Self {
        self.settings.limits = self.settings.limits.with_depth(depth);
        self
    }

    /// Sets how old a request may be, in whole seconds since the portal sent it. Default: 1 h, since the queue of a portal
    /// delays requests to a server that is slow.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.settings.max_age = age.as_secs();
        self
    }

    /// Sets by how many seconds the clock of a portal may be ahead. Default: 5 min.
    pub fn clock_skew(mut self, skew: Duration) -> Self {
        self.settings.clock_skew = skew.as_secs();
        self
    }

    /// Sets how many accepted requests are remembered, to refuse those that are repeated. Default: 100,000, which take 12 MB at
    /// most. If there are more within [`max_age`](Self::max_age), requests of the busiest portal count as too old earlier.
    ///
    /// A portal sends each event once, but proxies may repeat a request, and so may who has read it. 0: nothing is remembered.
    pub fn remembered(mut self, requests: usize) -> Self {
        self.settings.remembered = requests;
        self
    }

    /// Sets for how long after it was sent an event that was accepted before is accepted again, in whole seconds. Default: 1 min.
    ///
    /// Two changes of one thing within a second may cause two events that are equal in every byte. They cannot be distinguished from
    /// one event that is repeated, and refusing the second would lose a change. [`Duration::ZERO`] refuses each repetition: for
    /// handlers that must not run twice and may miss such a change. Installations, robots and other requests are never accepted again.
    pub fn repeat_tolerance(mut self, tolerance: Duration) -> Self {
        self.settings.repeat_tolerance = tolerance.as_secs();
        self
    }

    /// Accepts requests without `ts` too, which are never too old nor repeated. Default: they are refused, except those of the
    /// settings form.
    pub fn accept_without_time(mut self) -> Self {
        self.settings.needs_timestamp = false;
        self
    }

    /// Creates the receiver.
    pub fn build(self) -> Receiver {
        Receiver::new(self.settings, self.installations, self.confirm)
    }
}

/// Shows the settings.
impl fmt::Debug for ReceiverBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceiverBuilder").field("settings", &self.settings).finish_non_exhaustive()
    }
}
