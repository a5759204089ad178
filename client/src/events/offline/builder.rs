//! The settings of a stream of offline events, as methods.

use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::{Map, Value};

use super::claims::OfflineClaims;
use super::stream::OfflineEvents;

/// The longest time of a setting: a year. Longer ones would overflow when they are added to the time of now or doubled.
const LONGEST: Duration = Duration::from_secs(365 * 86_400);

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
    /// doubled each time. Default: 1 s and 30 s, at most a year.
    /// [`OfflineHandle::wake`](super::OfflineHandle::wake) ends it.
    pub fn poll_interval(mut self, shortest: Duration, longest: Duration) -> Self {
        let shortest = shortest.clamp(Duration::from_millis(1), LONGEST);
        self.settings.poll = [shortest, longest.clamp(shortest, LONGEST)];
        self
    }

    /// Sets after what time without progress the events of another worker are taken over, and with them events that a handler has dropped.
    /// Default: 5 minutes, at most a year.
    ///
    /// A portal does not say whether a worker is alive. A worker that takes longer for the events of one call than this may be taken for a
    /// dead one: then its events are handled twice. Workers on one machine know it at once with [`claims`](Self::claims).
    pub fn lease(mut self, lease: Duration) -> Self {
        self.settings.lease = lease.min(LONGEST);
        self
    }

    /// Declares that no other worker reads this queue: events that were reserved before this stream started are those of an earlier run
    /// of the program, and come first, without waiting for the [`lease`](Self::lease).
    pub fn only_worker(mut self) -> Self {
        self.settings.only_worker = true;
        self
    }

    /// Reads the events of this reservation first, if they are not cleared yet. It is for programs that store
    /// [`OfflineRow::process_id`](bitrix24_core::events::OfflineRow::process_id) of the events that they handle. An empty text is
    /// ignored.
    pub fn resume(mut self, process_id: impl Into<String>) -> Self {
        let process_id = process_id.into();
        // To a portal it is the queue instead of a reservation.
        if !process_id.is_empty() {
            self.settings.resume.push(process_id);
        }
        self
    }

    /// Sets within what time an acknowledged event is cleared. Default: 1 s, at most a year. Those of one reservation are cleared together, and at once if
    /// none of them is left. After a crash as many events are delivered again as were not cleared.
    pub fn clear_within(mut self, time: Duration) -> Self {
        self.settings.clear_within = time.min(LONGEST);
        self
    }

    /// Sets what else the workers share, so that each knows at once which of the others are alive: [`FileClaims`](super::FileClaims)
    /// for those of one machine. Default: nothing but the portal.
    pub fn claims(mut self, claims: impl OfflineClaims) -> Self {
        self.settings.claims = Some(Arc::new(claims));
        self
    }
}
