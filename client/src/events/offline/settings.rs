//! The settings of a stream of offline events.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::{Map, Value};

use super::claims::OfflineClaims;
use super::stream::OfflineEvents;

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) connector: Option<String>,
    pub(super) filter: Map<String, Value>,
    pub(super) order: Option<Value>,
    pub(super) failed: bool,
    pub(super) limit: usize,
    pub(super) max_in_flight: usize,
    pub(super) poll: [Duration; 2],
    pub(super) lease: Duration,
    pub(super) clear_within: Duration,
    pub(super) only_worker: bool,
    pub(super) resume: Vec<String>,
    pub(super) claims: Option<Arc<dyn OfflineClaims>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connector: None,
            filter: Map::new(),
            order: None,
            failed: false,
            limit: 50,
            max_in_flight: 1000,
            poll: [Duration::from_secs(1), Duration::from_secs(30)],
            lease: Duration::from_secs(300),
            clear_within: Duration::from_secs(1),
            only_worker: false,
            resume: Vec::new(),
            claims: None,
        }
    }
}

impl OfflineEvents {
    /// Reads the queue of this source: the `auth_connector` with which the events were bound. Default: events that were bound without
    /// one. A portal has a queue for each.
    ///
    /// Call it before the stream is polled, like the other settings.
    pub fn connector(mut self, connector: impl Into<String>) -> Self {
        self.settings.connector = Some(connector.into());
        self
    }

    /// Takes only events that meet this condition, in addition to earlier ones. Fields: `ID`, `TIMESTAMP_X`, `EVENT_NAME`, `MESSAGE_ID`,
    /// with an operator before the name.
    ///
    /// ```no_run
    /// # fn example(portal: bitrix24_client::Client) {
    /// let deals = portal.offline_events().filter("EVENT_NAME", "ONCRMDEALUPDATE");
    /// # drop(deals);
    /// # }
    /// ```
    pub fn filter(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.settings.filter.insert(field.into(), value.into());
        self
    }

    /// Takes events in the order of this field, `ascending` or not. Fields: those of [`filter`](Self::filter). Default: `TIMESTAMP_X`,
    /// ascending.
    pub fn order(mut self, field: &str, ascending: bool) -> Self {
        let direction = if ascending { "ASC" } else { "DESC" };
        let order = Map::from_iter([(field.to_owned(), Value::from(direction))]);
        self.settings.order = Some(order.into());
        self
    }

    /// Takes the events that were marked by [`OfflineEvent::failed`](super::OfflineEvent::failed), instead of those that were not. Default: events that were
    /// not.
    pub fn failed_before(mut self) -> Self {
        self.settings.failed = true;
        self
    }

    /// Sets how many events are taken by one call, at least one. Default: 50.
    pub fn limit(mut self, events: usize) -> Self {
        self.settings.limit = events.max(1);
        self
    }

    /// Sets how many events may be taken and not cleared yet, at least one. Default: 1000. If the program holds as many, the stream waits
    /// until some of them are acknowledged or dropped.
    pub fn max_in_flight(mut self, events: usize) -> Self {
        self.settings.max_in_flight = events.clamp(1, 100_000);
        self
    }

    /// Sets the shortest and the longest pause between two calls while the queue is empty. The pause starts with the shortest and is
    /// doubled each time. Default: 1 s and 30 s. [`OfflineHandle::wake`](super::OfflineHandle::wake) ends it.
    pub fn poll_interval(mut self, shortest: Duration, longest: Duration) -> Self {
        let shortest = shortest.max(Duration::from_millis(1));
        self.settings.poll = [shortest, longest.max(shortest)];
        self
    }

    /// Sets after what time without progress the events of another worker are taken over, and with them events that a handler has dropped.
    /// Default: 5 minutes.
    ///
    /// A portal does not say whether a worker is alive. A worker that takes longer for the events of one call than this may be taken for a
    /// dead one: then its events are handled twice. Workers on one machine know it at once with [`claims`](Self::claims).
    pub fn lease(mut self, lease: Duration) -> Self {
        self.settings.lease = lease;
        self
    }

    /// Declares that no other worker reads this queue: events that were reserved before this stream started are those of an earlier run
    /// of the program, and come first, without waiting for the [`lease`](Self::lease).
    pub fn only_worker(mut self) -> Self {
        self.settings.only_worker = true;
        self
    }

    /// Reads the events of this reservation first, if they are not cleared yet. It is for programs that store
    /// [`OfflineRow::process_id`](bitrix24_core::events::OfflineRow::process_id) of the events that they handle.
    pub fn resume(mut self, process_id: impl Into<String>) -> Self {
        self.settings.resume.push(process_id.into());
        self
    }

    /// Sets within what time an acknowledged event is cleared. Default: 1 s. Those of one reservation are cleared together, and at once if
    /// none of them is left. After a crash as many events are delivered again as were not cleared.
    pub fn clear_within(mut self, time: Duration) -> Self {
        self.settings.clear_within = time;
        self
    }

    /// Sets what else the workers share, so that each knows at once which of the others are alive: [`FileClaims`](super::FileClaims)
    /// for those of one machine. Default: nothing but the portal.
    pub fn claims(mut self, claims: impl OfflineClaims) -> Self {
        self.settings.claims = Some(Arc::new(claims));
        self
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("connector", &self.connector)
            .field("limit", &self.limit)
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}
