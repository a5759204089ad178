//! An offline event as it is delivered.

use std::fmt;

use bitrix24_core::events::{EventType, FromEvent, OtherEvent, RawEvent, Received};
use tokio::sync::mpsc;
use tracing::debug;

use super::acknowledgement::{Ack, Outcome};
use super::reservation::Ticket;

/// An event of the queue, reserved for this worker; see [`Client::offline_events`](crate::Client::offline_events).
///
/// Read it with [`raw`](Self::raw), [`read`](Self::read) or [`decode`](Self::decode), then say how it ended.
/// An event that is dropped without that stays in the queue, and is delivered again after the
/// [`lease`](super::OfflineEvents::lease).
#[must_use = "an event that is not acknowledged is delivered again"]
pub struct OfflineEvent {
    event: RawEvent,
    ticket: Ticket,
    acks: mpsc::Sender<Ack>,
    redelivered: bool,
}

impl OfflineEvent {
    pub(super) fn new(event: RawEvent, ticket: Ticket, acks: mpsc::Sender<Ack>, redelivered: bool) -> Self {
        Self { event, ticket, acks, redelivered }
    }

    /// The event, with its payload as JSON. Its envelope has the identifiers of the row of the queue.
    pub fn raw(&self) -> &RawEvent {
        &self.event
    }

    /// The name in capital letters: `ONCRMDEALUPDATE`.
    pub fn name(&self) -> &str {
        self.event.name()
    }

    /// Whether it was taken before, by this program or another worker, and not cleared: it may have been handled.
    pub fn is_redelivered(&self) -> bool {
        self.redelivered
    }

    /// The event as this type; `None` if it has another name. Values of the payload that do not fit cost their field.
    ///
    /// ```no_run
    /// # use bitrix24_client::Client;
    /// # use bitrix24_core::{AnyError, events::EventType, wire::{Fields, FromFields}};
    /// # #[derive(Debug, Default)] struct DealUpdate { id: Option<i64> }
    /// # impl FromFields for DealUpdate { fn from_fields(_: &mut Fields<'_>) -> Self { Self::default() } }
    /// # impl EventType for DealUpdate { const NAME: &'static str = "ONCRMDEALUPDATE"; }
    /// # async fn example(portal: Client) -> Result<(), AnyError> {
    /// let mut events = portal.offline_events();
    /// while let Some(event) = events.next().await {
    ///     let event = event?;
    ///     if let Some(update) = event.read::<DealUpdate>() {
    ///         println!("deal {:?} has changed", update.id);
    ///     }
    ///     event.done().await;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn read<E: EventType>(&self) -> Option<Received<E>> {
        self.decode().ok()
    }

    /// The event as any type of events: [`Received`] of one, the enumeration `Event` of the generated crate, or one of the program.
    ///
    /// # Errors
    /// An [`OtherEvent`] if the type is not for events of this name.
    pub fn decode<T: FromEvent>(&self) -> Result<T, OtherEvent> {
        self.event.clone().decode()
    }

    /// The event was handled: it is cleared from the queue soon, together with others; see
    /// [`clear_within`](super::OfflineEvents::clear_within).
    ///
    /// This waits only while very many events are waiting to be cleared. If the future is dropped before its end, the event is delivered
    /// again. [`OfflineEvents::drain`](super::OfflineEvents::drain) waits until everything is cleared.
    ///
    /// If the portal refuses that for ever, since the application has lost a right for example, the stream yields the error with the rows,
    /// once. They stay in the queue, and are delivered again after the lease.
    pub async fn done(self) {
        self.acknowledge(Outcome::Done).await;
    }

    /// The event cannot be handled: it is marked as erroneous by `event.offline.error`, and stays in the queue. It is not delivered again,
    /// except by a stream with [`failed_before`](super::OfflineEvents::failed_before). An event of such a stream stays marked and reserved,
    /// and is delivered again after the [`lease`](super::OfflineEvents::lease). The portal keeps no text; `error` is written by
    /// `tracing`, at the level `debug`.
    pub async fn failed(self, error: impl fmt::Display) {
        debug!(event = self.name(), %error, "an offline event failed");
        self.acknowledge(Outcome::Failed).await;
    }

    async fn acknowledge(self, outcome: Outcome) {
        // An error means that the runtime is about to end; the event is then delivered again.
        let _ = self.acks.send(Ack { ticket: self.ticket, outcome }).await;
    }
}

/// Shows the envelope, and nothing of the payload.
impl fmt::Debug for OfflineEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OfflineEvent")
            .field("event", &self.event)
            .field("redelivered", &self.redelivered)
            .finish_non_exhaustive()
    }
}
